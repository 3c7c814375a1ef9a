"""Docstrings of the library by the numpydoc standard: what they list is there, in order, whole, and has its shape.

Not asked for: an extended summary, See Also and examples everywhere (ES01, SA01, EX01), a verb to begin with
(SS05: a noun names what a function gives), and words that say no more than a name and a type do (PR07, RT03,
PR04: "costs, demand: as for `coverage_by`").
"""

import importlib
import inspect
import pkgutil
import re

import pytest
from numpydoc.validate import validate

import analysis

NOT_ASKED = {"ES01", "SA01", "EX01", "SS05", "PR04", "PR07", "RT03"}
# What only a description can say: which rows and columns, which unit, which keys.
PLAIN = re.compile(
    r"DataFrame|Series|NDArray|FloatArray|Floats|\b(float|int|str|dict|Mapping|Sequence|tuple|list)\b"
)
TABLES = ("pd.DataFrame", "pd.Series", "tuple[")
# The words of every chart, and what says where it is drawn.
OF_EVERY_CHART = {"title", "subtitle", "x", "y"}
# So many plain parameters that one line cannot say what each is.
MANY = 5
# A command's parameters are its options, which say what they are in its help; migrations are Alembic's.
LEFT_OUT = ("analysis.cli.", "analysis.workshop.migrations")


def members_of(module):
    """Public functions, classes, methods and properties of a module, with their dotted names."""
    for name, item in vars(module).items():
        if (
            not name.isidentifier()
            or name.startswith("_")
            or getattr(item, "__module__", "") != module.__name__
        ):
            continue
        if name != getattr(item, "__name__", ""):
            continue  # another name of what stands elsewhere
        if inspect.isclass(item) or inspect.isfunction(item):
            yield f"{module.__name__}.{name}", item
        if inspect.isclass(item):
            for inner, member in vars(item).items():
                if not inner.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                    yield f"{module.__name__}.{name}.{inner}", member


def library():
    found = [module.name for module in pkgutil.walk_packages(analysis.__path__, "analysis.")]
    return [name for name in found if not name.startswith(LEFT_OUT)]


def due(item):
    """Parameters that a description has to tell of: public, of a plain type, and not those of a base class."""
    if isinstance(item, property):
        return set()
    try:
        signature = inspect.signature(item)
    except ValueError:
        return set()
    inherited = (
        set().union(*(inspect.get_annotations(base) for base in item.__mro__[1:]))
        if inspect.isclass(item)
        else set()
    )
    return {
        name
        for name, each in signature.parameters.items()
        if name not in inherited
        and PLAIN.search(str(each.annotation))
        and not name.startswith("_")
        and name not in OF_EVERY_CHART
    }


def faults_of(name, item):
    lists = "\nParameters\n" in inspect.cleandoc(item.__doc__ or "")
    gives = str(inspect.signature(item).return_annotation) if inspect.isfunction(item) else ""
    for code, words in validate(name)["errors"]:
        if code == "PR01":
            missing = due(item) & set(re.findall(r"'(\w+)'", words))
            if missing and (lists or (inspect.isfunction(item) and len(missing) >= MANY)):
                yield f"{name}: {sorted(missing)} not documented"
        elif code in {"RT01", "YD01"}:
            if lists and gives.startswith(TABLES):
                yield f"{name}: {words}"
        elif code not in NOT_ASKED:
            yield f"{name}: {code} {words}"


@pytest.mark.parametrize("name", library())
def test_docstrings_follow_the_standard(name):
    members = list(members_of(importlib.import_module(name)))
    assert [fault for each in members for fault in faults_of(*each)] == []

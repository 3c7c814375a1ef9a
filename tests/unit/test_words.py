"""Plain words: no term that a councillor would have to look up, on any page, help text, command or paper."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKED_OUT = "How this is worked out"

PLAIN = {
    r"simulated world": "model run",
    r"\bdraws\b": "model runs",
    r"nine of ten|nine in ten": "90%",
    r"P\(top": "chance of being in the top",
    r"\bknee\b": "point of diminishing returns",
    r"how unsure|how sure": "uncertainty",
    r"other recipes": "other weightings",
    r"follow the rank": "base the estimate on",
    r"each site carries": "children near each site",
    r"enough for those": "capacity against need",
    r"who may host": "eligible buildings",
    r"\bflips?\b": "depends on",
    r"claimed to": "expected effect",
    r"another authority come in": "add an authority",
    r"more than chance": "outside its control limits",
    r"\b(is|are) (missed|extra)\b": "named, lower in the model; high, not named",
    r"word it yourself": "edit the text",
    r"take (it|one) away": "remove",
    r"nothing can be said": "no data yet",
    r"look at what is in": "check files",
    r"\bfarther\b": "further",
    r"\btold\b": "reported",
    r"\bin force\b": "in use, selected",
    r"\bnobody\b|\beverybody\b": "name the areas: no part of X",
    r"\bGBP\b": "£",
}
STATISTICS = r"p-values?|p ≤|p <=|\bMoran|\bGini\b|[Pp]ermutations?|Dirichlet"

# Words for programmers, in the sentences of faults that only code can meet, and the formulas of the method.
METHOD = {"analysis/report/method_text.py"}


def _strings(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, text, and whether it stands under "How this is worked out", of every string that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs, method = set(), set()
    # A command's docstring is its help.
    commands = {
        id(node.body[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("command" in ast.unparse(each) for each in node.decorator_list)
    }
    for node in ast.walk(tree):
        for statement in getattr(node, "body", []) if isinstance(getattr(node, "body", None), list) else []:
            told = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if told and id(statement) not in commands:
                docs.add(id(statement.value))
        named = isinstance(node, ast.FunctionDef) and node.name.endswith(("_method", "_explained"))
        expander = isinstance(node, ast.With) and WORKED_OUT in ast.unparse(node.items[0].context_expr)
        sentence = isinstance(node, ast.JoinedStr | ast.Constant) and WORKED_OUT in ast.unparse(node)
        if named or expander or sentence:
            method.update(map(id, ast.walk(node)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value, id(node) in method


def _faults(path: Path, root: Path = ROOT) -> Iterator[str]:
    where = path.relative_to(root)
    if path.suffix == ".py":
        # A key has no space and no capital; a label of one word begins with one.
        strings = [each for each in _strings(path) if " " in each[1].strip() or each[1][:1].isupper()]
    else:
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        strings = [(number, text, False) for number, text in lines if not text.startswith("#")]
    for line, text, method in strings:
        for term, better in PLAIN.items():
            if re.search(term, text, re.IGNORECASE):
                yield f"{where}:{line}: {text.strip()!r} has {term!r}: say {better!r}"
        if not method and where.as_posix() not in METHOD and re.search(STATISTICS, text):
            yield f"{where}:{line}: {text.strip()!r} has a statistic outside {WORKED_OUT!r}"


@pytest.mark.parametrize("folder", ["analysis", "pages", "data", "README.md", "app.py"])
def test_every_text_a_reader_meets_is_in_plain_words(folder: str) -> None:
    start = ROOT / folder
    paths = [start] if start.is_file() else [*start.rglob("*.py"), *start.rglob("*.toml")]

    assert paths
    assert not [fault for path in sorted(paths) for fault in _faults(path)]


def test_banned_words_are_found_and_the_method_may_have_statistics(tmp_path: Path) -> None:
    spoiled = tmp_path / "page.py"
    spoiled.write_text(
        '"""A docstring may say knee."""\n'
        'TITLE = "This is the knee."\n'
        'HEADING = "Gini coefficient of it"\n'
        "def hot_method():\n"
        '    return "Local Moran and Gini are used."\n'
        f'with st.expander("{WORKED_OUT}"):\n'
        '    st.write("A Gini coefficient.")\n'
    )

    found = list(_faults(spoiled, tmp_path))

    assert [fault.split(" ")[0] for fault in found] == ["page.py:2:", "page.py:3:"]

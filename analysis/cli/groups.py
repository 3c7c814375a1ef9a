"""Options of commands in typed groups, and one error for options that would have no effect."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from fnmatch import fnmatch
from functools import wraps
from typing import Any, get_type_hints

import typer

from analysis.base.faults import FaultList

GIVEN = "given"
"""Condition: the option or argument is given."""

LEFT_OUT = "left out"
"""Condition: the option or argument is not given."""


@dataclass(frozen=True)
class OnlyWhere:
    """Options that have an effect only where others have certain values.

    Parameters
    ----------
    options : tuple of str
        Names of parameters.
    conditions : mapping of str to tuple of str
        Names of other parameters with the values that they must have, all of them at once: values of the option,
        patterns such as "*.toml", `GIVEN` or `LEFT_OUT`.
    among : mapping of str to tuple of str
        The same for the calls that the rule is about; empty for all calls.
    """

    options: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]]
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def broken(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The conditions that do not hold for the values of a call."""
        if any(not _is_met(values.get(name), wanted) for name, wanted in self.among.items()):
            return {}
        return {
            name: wanted for name, wanted in self.conditions.items() if not _is_met(values.get(name), wanted)
        }

    def within(self, **among: str | tuple[str, ...]) -> OnlyWhere:
        """The same rule for some calls only."""
        return replace(self, among=_values(among))


def only_where(*options: str, **conditions: str | tuple[str, ...]) -> OnlyWhere:
    """Options that have an effect only where others have certain values (`OnlyWhere`).

    >>> only_where("share", model="partial").broken({"model": "mclp"})
    {'model': ('partial',)}
    """
    return OnlyWhere(options, _values(conditions))


def _values(conditions: Mapping[str, str | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        name: (wanted,) if isinstance(wanted, str) else tuple(wanted) for name, wanted in conditions.items()
    }


def command(*rules: OnlyWhere) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of every dataclass among its parameters, and refuse those without effect.

    A parameter whose type is a dataclass stands for all of its fields, which are annotated as options of Typer are
    (`Annotated[..., typer.Option(...)]`), those without a default required; the command gets the dataclass filled.

    Parameters
    ----------
    *rules : OnlyWhere
        What has no effect when. Only options that are given are looked at, never defaults.

    Returns
    -------
    callable
        A decorator. The command that it makes raises `HubreachError` with a fault for every such option.
    """

    def grouped(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}
        parameters = [_parameter("context", typer.Context)]
        for parameter in inspect.signature(function).parameters.values():
            if parameter.name in groups:
                parameters += _fields(groups[parameter.name])
            else:
                parameters.append(_parameter(parameter.name, hints[parameter.name], parameter.default))

        @wraps(function)
        def run(context: typer.Context, **values: Any) -> None:
            _refuse_idle(context, rules, values)
            filled = {
                name: group(**{field.name: values.pop(field.name) for field in fields(group)})
                for name, group in groups.items()
            }
            function(**values, **filled)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.rules = rules  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return run

    return grouped


def _fields(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        _parameter(
            each.name,
            hints[each.name],
            inspect.Parameter.empty if each.default is MISSING else each.default,
        )
        for each in fields(group)
    ]


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _refuse_idle(context: typer.Context, rules: Collection[OnlyWhere], values: Mapping[str, Any]) -> None:
    names = {
        str(parameter.name): parameter.opts[0]
        if parameter.opts[0].startswith("-")
        else str(parameter.name).upper()
        for parameter in context.command.params
    }
    faults = FaultList("options")
    told = set()
    for rule in rules:
        broken = rule.broken(values)
        for option in rule.options:
            source = context.get_parameter_source(option)
            if not broken or option in told or source is None or source.name != "COMMANDLINE":
                continue
            told.add(option)
            name, wanted = next(iter(broken.items()))
            found, remedy = _words(names[name], wanted)
            faults.add(f"has no effect {found}", remedy, file=names[option])
    faults.raise_if_any("Some options would change nothing.")


def _is_met(value: Any, wanted: tuple[str, ...]) -> bool:
    given = value is not None and value is not False and value not in ("", [], ())
    if wanted == (GIVEN,):
        return given
    if wanted == (LEFT_OUT,):
        return not given
    return any(fnmatch(str(one), pattern) for one in _listed(value) for pattern in wanted)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _words(name: str, wanted: tuple[str, ...]) -> tuple[str, str]:
    if wanted == (LEFT_OUT,):
        return f"with {name}", "Leave one of the two out"
    if wanted == (GIVEN,):
        return f"without {name}", f"Use {name}, or leave it out"
    wanted = tuple(each.strip("*") if each.endswith("*") else each for each in wanted)
    values = f"{', '.join(wanted[:-1])} or {wanted[-1]}" if len(wanted) > 1 else wanted[0]
    return f"without {name} {values}", f"Use {name} {values}, or leave it out"

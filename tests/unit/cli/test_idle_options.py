"""An option that would change nothing is refused: every rule of every command, broken in turn."""

from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.groups import GIVEN, LEFT_OUT, only_where
from analysis.cli.main import app

# What each command with rules cannot do without, and options that keep its other rules.
CALLS = {
    ("add",): "Somewhere --authority E06000034 --imd imd.csv --lookup lookup.csv --boundaries lsoa.geojson",
    ("indicator", "add"): "thurrock figures.csv --name Figures --vintage 2024 --source Census",
    ("national", "need"): "--out e.parquet --imd imd.csv --lookup lookup.csv",
    (
        "national",
        "reach",
    ): "--out e.parquet --imd imd.csv --lookup lookup.csv --boundaries b.gpkg --sites-file s.csv",
    ("data",): "thurrock",
    ("benchmark",): "leeds",
    ("target",): "thurrock",
    ("site",): "thurrock",
    ("frontier",): "thurrock",
    ("boundaries",): "thurrock",
    ("reach",): "thurrock",
    ("sites",): "thurrock",
    ("own",): "rutland",
    ("crossings",): "leeds",
    ("barriers",): "leeds",
    ("compare",): "thurrock three-hubs",
    ("difference",): "thurrock three-hubs today",
    ("pack",): "thurrock --to report.pdf",
    ("cost",): "wirral",
    ("allocate",): "wirral --envelope 1000",
    ("cohort",): "wirral plan.toml",
    ("appraise",): "appraisal.toml",
    ("monitor",): "outcomes.csv",
    ("best-start",): "thurrock",
}
GROUPS = ("indicator", "national", "workshop")


def command_at(path):
    found = get_command(app)
    for name in path:
        found = found.get_command(None, name)
    return found


def paths():
    top = get_command(app)
    for name in top.list_commands(None):
        command = top.get_command(None, name)
        yield from ((name, inner) for inner in command.commands) if name in GROUPS else ((name,),)


def rules_of(path):
    return getattr(command_at(path).callback, "rules", ())


CASES = [
    pytest.param(path, rule, option, id=f"{' '.join(path)} {option} {dict(rule.conditions)}")
    for path in CALLS
    for rule in rules_of(path)
    for option in rule.options
]


def choices_of(path, name):
    """The values that an option of a command can have; none where it takes any."""
    hint = get_type_hints(command_at(path).callback, include_extras=True)[name]
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    hint = get_args(hint)[0] if get_origin(hint) is list else hint
    return get_args(hint) if get_origin(hint) is Literal else (), hint


def words_of(path, name, value=None):
    """An option on the command line, with a value that it can have."""
    parameter = next(each for each in command_at(path).params if each.name == name)
    if not parameter.opts[0].startswith("-"):
        return [value or "value"]
    if getattr(parameter, "is_flag", False):
        return [parameter.opts[0]]
    choices, hint = choices_of(path, name)
    usual = choices[-1] if choices else "5" if hint in (int, float) else "value"
    return [parameter.opts[0], str(value or usual)]


def breaking(path, rule, call):
    """A call in which the first condition of a rule does not hold, though the rule is about it."""
    for name, wanted in rule.among.items():
        if wanted == (LEFT_OUT,):
            continue
        call = [*call, *words_of(path, name, None if wanted == (GIVEN,) else wanted[0])]
    name, wanted = next(iter(rule.conditions.items()))
    if wanted == (LEFT_OUT,):
        return [*call, *words_of(path, name)]
    if wanted == (GIVEN,):
        return call
    choices, _ = choices_of(path, name)
    if not choices and name in {
        each.name for each in command_at(path).params if each.opts[0].startswith("-")
    }:
        return [*call, *words_of(path, name)]
    if not choices:
        return [
            Path(word).with_suffix(".other").name if word.endswith(wanted[0][1:]) else word for word in call
        ]
    return [*call, *words_of(path, name, next(choice for choice in choices if choice not in wanted))]


def test_every_command_with_rules_is_tried():
    assert {path for path in paths() if rules_of(path)} == set(CALLS)


@pytest.mark.parametrize(("path", "rule", "option"), CASES)
def test_an_option_without_effect_is_refused_by_its_name(path, rule, option):
    names = {parameter.name for parameter in command_at(path).params}
    assert {*rule.options, *rule.conditions, *rule.among} <= names
    call = breaking(path, rule, CALLS[path].split())
    result = CliRunner().invoke(app, [*path, *call, *words_of(path, option)])
    assert result.exit_code == 2, result.output
    assert "Some options would change nothing." in result.stderr
    spelled = next(parameter.opts[0] for parameter in command_at(path).params if parameter.name == option)
    # An argument is told as the help writes it.
    spelled = spelled if spelled.startswith("-") else spelled.upper()
    assert f"  - {spelled}: has no effect with" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (
            "site thurrock --weights w.csv",
            "--weights: has no effect without --matrix. Use --matrix, or leave it out",
        ),
        (
            "site thurrock --budget 5",
            "--budget: has no effect without --model budget. Use --model budget, or leave it",
        ),
        (
            "site --matrix m.csv --detour 1.2",
            "--detour: has no effect with --matrix. Leave one of the two out",
        ),
        ("frontier thurrock --travel t.csv --mode drive", "--mode: has no effect with --travel"),
        ("frontier thurrock --budgets 5", "--budgets: has no effect without --model budget"),
        (
            "site wirral --model pcenter --minutes 10",
            "--minutes: has no effect without --model mclp, lscp, partial or",
        ),
        ("boundaries wirral --best --margin 0.2", "--margin: has no effect with --best"),
        (
            "target thurrock --show hot-spots --share 0.4",
            "--share: has no effect without --show smallest-set or parts",
        ),
        ("cost wirral --minutes 30", "--minutes: has no effect without --show unit-costs"),
        ("allocate wirral --envelope 1 --most-loss 0.1", "--most-loss: has no effect without --today"),
        ("cohort wirral wards.csv --horizon 5", "--horizon: has no effect without FILE *.toml"),
        (
            "reach thurrock --show services --kind hub",
            "--kind: has no effect without --show coverage, summary, gaps",
        ),
        (
            "reach thurrock --show summary --weight children",
            "--weight: has no effect without --show coverage, gaps",
        ),
        ("reach leeds --weight children", "--weight: has no effect without --by site"),
        ("reach leeds --by place --weight specialist", "--weight: has no effect without --by site"),
        (
            "compare thurrock three-hubs --by ward --weight children",
            "--weight: has no effect without --by place",
        ),
        ("compare thurrock today --own --minutes 9 --mode walk", "--own: has no effect with --minutes"),
        (
            "pack thurrock --to a.pdf --template t.docx",
            "--template: has no effect without --to *.docx or *.pptx",
        ),
        (
            "pack thurrock --to a.pdf --sections need --share 0.4",
            "--share: has no effect without --sections targeting",
        ),
    ],
)
def test_the_error_says_what_it_is_without(call, fault):
    result = CliRunner().invoke(app, call.split())
    assert result.exit_code == 2
    assert fault in result.stderr


def test_a_default_is_no_option_that_was_given_and_all_idle_options_are_told_at_once():
    two = CliRunner().invoke(
        app, ["site", "thurrock", "--model", "lscp", "--choose", "3", "--share", "0.5", "--budget", "9"]
    )
    assert two.stderr.count("has no effect") == 3
    same_as_default = CliRunner().invoke(app, ["site", "thurrock", "--model", "lscp", "--choose", "3"])
    assert "--choose: has no effect" in same_as_default.stderr
    fine = CliRunner().invoke(app, ["site", "sampletown", "--model", "lscp"])
    assert "has no effect" not in fine.stderr


def test_a_rule_may_hold_for_some_calls_only_and_look_at_patterns_and_lists():
    rule = only_where("weight", by="site").within(show="coverage")
    assert rule.broken({"by": "ward", "show": "coverage"}) == {"by": ("site",)}
    assert rule.broken({"by": "ward", "show": "gaps"}) == {}
    template = only_where("template", to=("*.docx", "*.pptx"))
    assert template.broken({"to": [Path("a.pdf"), Path("b.docx")]}) == {}
    assert template.broken({"to": [Path("a.pdf")]}) == {"to": ("*.docx", "*.pptx")}
    nothing = only_where("detour", network=LEFT_OUT)
    assert nothing.broken({"network": None}) == nothing.broken({"network": []}) == {}
    assert nothing.broken({"network": 0.0}) == {"network": (LEFT_OUT,)}


def test_two_names_of_one_thing_in_a_contradiction_are_one_error():
    result = CliRunner().invoke(
        app, ["site", "thurrock", "--exclude", "tilbury-family-hub", "--score", "tilbury-family-hub"]
    )
    assert result.exit_code == 2
    assert "'tilbury-family-hub' is ruled out by --exclude" in result.stderr
    assert not isinstance(result.exception, HubreachError)

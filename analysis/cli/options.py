"""`hubreach options`, `hubreach compare` and `hubreach difference`: plans side by side, and who gains and loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import slugify
from analysis.cli.choices import (
    FamilyOptions,
    PlaceArgument,
    RateOptions,
    estimate_from,
    need_meta,
    need_notes,
)
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes, readable
from analysis.cli.terms import TermsOptions
from analysis.need.estimate import NeedEstimate
from analysis.need.opening import open_place
from analysis.options.applied import apply_option
from analysis.options.comparison import comparison_by, option_figures
from analysis.options.difference import (
    LEAST_MINUTES,
    area_difference,
    difference_by,
    site_moves,
)
from analysis.options.difference_view import difference_view
from analysis.options.files import find_option, read_options
from analysis.options.reached import OptionReach, option_counted, option_reaches
from analysis.options.statement import under_fives_statement
from analysis.reach.demand import whole_people
from analysis.scenario.terms import Terms

OwnOption = Annotated[
    bool, typer.Option("--own", help="Each option with its own mode and minutes, where none are given.")
]
LeastOption = Annotated[
    float,
    typer.Option(
        "--least-minutes",
        min=0,
        help="Smallest change of minutes that counts as a gain or loss where cover stays as it is.",
    ),
]


def options(
    place: PlaceArgument,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """The options of a place: those that come with it, the user's own, and today."""
    opened = open_place(place)
    found, faults = read_options(opened.slug)
    rows = []
    for slug, option in found.items():
        sites = len(option_counted(apply_option(option, opened), Terms(), opened))
        rows.append({"slug": slug, "name": option.name, "sites": sites, "source": option.source})
    table = pd.DataFrame(rows, columns=["slug", "name", "sites", "source"])
    illustrations = [option.name for option in found.values() if option.illustration]
    notes = [f"Illustrations: {', '.join(illustrations)}."] if illustrations else []
    print_frame(table, format, out, title=f"Options for {opened.name}", notes=notes)
    print_notes(*(f"Left out. {fault}" for fault in faults))


@command(
    only_where("weight", "children_per_family", by="place"),
    only_where("own", minutes=LEFT_OUT).within(mode=GIVEN),
)
def compare(
    place: PlaceArgument,
    names: Annotated[list[str], typer.Argument(metavar="OPTION...", help="See `hubreach options`.")],
    asked: TermsOptions,
    choices: FamilyOptions,
    by: Annotated[
        Literal["place", "locality", "ward", "lsoa", "fifth", "age"],
        typer.Option("--by", help="What to compare for."),
    ] = "place",
    own: OwnOption = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Options side by side: children, need, minutes, fairness, overlap, load, services and cost."""
    estimate = estimate_from(place, choices)
    terms = asked.terms(own=own)
    reaches = _reaches(estimate, names, terms)
    table = option_figures(reaches) if by == "place" else comparison_by(reaches, by).set_index("option")
    print_frame(
        _printable(table),
        format,
        out,
        title=f"Options for {estimate.place.name}",
        notes=[*_notes(reaches), *need_notes(estimate, _sites_of(reaches))],
        meta={**need_meta(estimate), **_meta(terms, reaches)},
        shown=_a_column_an_option(_printable(table), estimate) if by == "place" else None,
        tiers=estimate.tier_keys,
    )


def _a_column_an_option(table: pd.DataFrame, estimate: NeedEstimate) -> pd.DataFrame:
    """Figures down, options across: what is too wide for a terminal the other way."""
    return readable(table, estimate.tier_keys).set_index("Name").T.reset_index(names="figure")


@command(
    only_where("weight", show="moves"),
    only_where("least_minutes", show=("areas", "wards", "localities", "fifths", "under-fives")),
    only_where("own", minutes=LEFT_OUT).within(mode=GIVEN),
)
def difference(
    place: PlaceArgument,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="See `hubreach options`.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="See `hubreach options`.")],
    asked: TermsOptions,
    choices: RateOptions,
    show: Annotated[
        Literal["areas", "wards", "localities", "fifths", "moves", "under-fives"],
        typer.Option("--show", help="Which answer."),
    ] = "areas",
    least_minutes: LeastOption = LEAST_MINUTES,
    own: OwnOption = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """One option against another: who gains, who loses, and by how many minutes."""
    estimate = estimate_from(place, choices)
    terms = asked.terms(own=own)
    one, other = _reaches(estimate, [before, after], terms, alike=True)
    if show == "areas":
        table = area_difference(one, other, least_minutes)
    elif show == "moves":
        table = site_moves(one, other)
    elif show == "under-fives":
        table = under_fives_statement(one, other, least_minutes)
    else:
        table = difference_by(one, other, _level(show), least_minutes)
    print_frame(
        _printable(table),
        format,
        out,
        title=f"{one.option.name} against {other.option.name}, {estimate.place.name}",
        notes=[
            _sentence(one, other, least_minutes),
            *_notes([one, other]),
            *need_notes(estimate, _sites_of([one, other])),
        ],
        meta={
            **need_meta(estimate),
            **_meta(terms, [one, other]),
            "least_minutes": least_minutes,
        },
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(options)
    app.command()(compare)
    app.command()(difference)


def _reaches(
    estimate: NeedEstimate, names: Sequence[str], terms: Terms, *, alike: bool = False
) -> list[OptionReach]:
    slugs = [slugify(name) for name in names]
    if not alike and len(set(slugs)) < len(slugs):
        fault = Fault("OPTION", None, None, "an option is named twice", "Name each once")
        raise HubreachError("The options cannot be compared.", [fault])
    return option_reaches(estimate, [find_option(estimate.place.slug, name) for name in names], terms)


def _level(show: str) -> Literal["ward", "locality", "fifth"]:
    levels: dict[str, Literal["ward", "locality", "fifth"]] = {
        "wards": "ward",
        "localities": "locality",
        "fifths": "fifth",
    }
    return levels[show]


def _sentence(one: OptionReach, other: OptionReach, least_minutes: float) -> str:
    view = difference_view(one, other, least_minutes)
    gains, loses = (round(view.rows[f"children_{side}"].sum()) for side in ("gaining", "losing"))
    return (
        f"{gains:,} children gain and {loses:,} lose of {round(view.rows['children'].sum()):,}; "
        f"{view.children['out of reach']:,} fall out of reach, {view.children['into reach']:,} come within "
        f"it. A gain or loss is of cover, or of {least_minutes:g} min or more."
    )


def _notes(reaches: Sequence[OptionReach]) -> list[str]:
    """Terms, what is an illustration, and what does not fit, one line each."""
    notes = []
    for reach in reaches:
        option = reach.option
        notes.append(f"{option.name}: {reach.line}. {option.source}.".replace("..", "."))
        notes += [str(fault) for fault in reach.applied.problems]
    return notes


def _sites_of(reaches: Sequence[OptionReach]) -> pd.DataFrame:
    """Sites that count in any of some options."""
    return pd.concat([reach.sites[["source"]] for reach in reaches])


def _meta(terms: Terms, reaches: Sequence[OptionReach]) -> dict[str, object]:
    return {
        "options": [reach.option.slug for reach in reaches],
        "minutes": terms.minutes,
        "mode": terms.mode,
        "kinds": None if terms.kinds is None else list(terms.kinds),
        "ages": terms.ages,
        "need": reaches[0].tier if reaches else "",
        "scenarios": {reach.option.slug: reach.line for reach in reaches},
    }


def _printable(table: pd.DataFrame) -> pd.DataFrame:
    """People whole; no way at all is a blank, not a number; a ten-thousandth is enough of a minute or a share."""
    return whole_people(table).replace([np.inf, -np.inf], np.nan).round(4)

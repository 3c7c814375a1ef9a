"""`hubreach beside`: need of several places, one row each."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from analysis.benchmark.beside import settings_on_national_curve
from analysis.benchmark.tables import beside_table, places_beside
from analysis.cli.choices import DrawsOption, SeedOption
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.places.finding import own_places
from analysis.scenario.need_settings import default_settings

PlacesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PLACE...", help="Places: see `hubreach places`. Default: all.", show_default=False
    ),
]
OneCurveOption = Annotated[
    bool,
    typer.Option(
        "--one-curve/--own-tiers",
        help="One national curve: the first place's prevalence holds for all England, and each place's share follows from "
        "its deprivation. Or each place by its own tiers.",
    ),
]
TOGETHER = (
    "The same assumptions everywhere: one national curve, on which the first place's prevalence holds for all England's "
    "children"
)
APART = "Each place by its own tiers: the same prevalence gives the same rate, by construction"


def beside(
    places: PlacesArgument = None,
    one_curve: OneCurveOption = True,
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Need of several places beside each other, with ranges."""
    opened = [open_place(name) for name in dict.fromkeys(places or own_places())]
    settings = {place.slug: replace(default_settings(place), seed=seed, draws=draws) for place in opened}
    if one_curve:
        settings = settings_on_national_curve(opened, settings[opened[0].slug])
    estimates = [estimate_need(place, settings[place.slug]) for place in opened]
    print_frame(
        places_beside(estimates).round({"most_deprived_share": 4}),
        format,
        out,
        title="Need by place",
        shown=beside_table(estimates),
        notes=[
            f"{TOGETHER if one_curve else APART}.",
            *(f"{place.name}: {place.manifest.children_title}" for place in opened),
        ],
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(beside)

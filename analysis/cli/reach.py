"""`hubreach sites` and `hubreach reach`: the sites of a place, and who can get to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.choices import (
    BasisOption,
    NeedChoices,
    PlaceArgument,
    VintageOption,
    estimate_from,
    need_meta,
    need_notes,
)
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.cli.reach_answers import ANSWERS, CostSource, Question, sentence
from analysis.need.opening import open_place
from analysis.options.files import find_option
from analysis.options.option import Catchment, Option, option_sites
from analysis.places.place import Place
from analysis.places.sites.register import read_sites
from analysis.reach.catchments import Decay
from analysis.reach.coverage import Limit
from analysis.reach.demand import estimated_demand, tier_columns
from analysis.reach.network import network_matrix
from analysis.reach.selection import check_kinds, choose_sites, sites_without_services
from analysis.reach.travel import straight_line_matrix
from analysis.reach.travel_tables import read_travel_table
from analysis.scenario.travel import Mode, TravelSettings

DEFAULT_MINUTES = 20.0
Show = Literal[
    "coverage",
    "summary",
    "gaps",
    "overlap",
    "access",
    "sensitivity",
    "flips",
    "services",
    "ward-kinds",
    "ward-services",
]
ByOption = Annotated[
    Literal["lsoa", "ward", "locality", "fifth", "place", "site"],
    typer.Option("--by", help="What to add up to; site gives what each site carries."),
]
KindsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", help="Kind of site that counts; repeat for several. Default: all.", show_default=False
    ),
]
ServicesOption = Annotated[
    list[str] | None,
    typer.Option("--service", help="Service that a site must hold; repeat for several.", show_default=False),
]
SitesOption = Annotated[
    Path | None,
    typer.Option("--sites-file", help="CSV of sites to use instead of the place's.", show_default=False),
]
OptionOption = Annotated[
    str | None, typer.Option("--option", help="Sites as a saved option has them.", show_default=False)
]
ModeOption = Annotated[
    Mode | None, typer.Option("--mode", help="How people travel. Default: walk.", show_default=False)
]
TravelOption = Annotated[
    Path | None,
    typer.Option(
        "--travel",
        help="CSV of travel times between a place's areas and sites: origin, destination, minutes.",
        show_default=False,
    ),
]
WeightOption = Annotated[
    str | None,
    typer.Option(
        "--weight",
        help="What counts: a tier, children or under_fives. Default: the first tier.",
        show_default=False,
    ),
]
MinutesOption = Annotated[
    float | None, typer.Option("--minutes", help="Limit in minutes. Default: 20.", show_default=False)
]


def sites(
    place: PlaceArgument,
    kind: KindsOption = None,
    service: ServicesOption = None,
    sites_file: SitesOption = None,
    option: OptionOption = None,
    include_closed: Annotated[
        bool, typer.Option("--all", help="Closed sites and possible buildings too.")
    ] = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """The sites of a place: hubs, outreach, centres, and with --all possible buildings."""
    opened = open_place(place)
    found, plan = sites_from(opened, sites_file, option)
    check_kinds(found, kind or (), [known.name for known in opened.kinds])
    chosen = choose_sites(found, kinds=kind or (), services=service or (), include_closed=include_closed)
    title = f"Sites in {opened.name}" + (f" under {plan.name}" if plan else "")
    readable = ["name", "kind", "postcode", "services", "capacity_families", "is_open", "labels"]
    notes = [f"{len(chosen):,} of {len(found):,} sites", *illustration(plan)]
    print_frame(chosen, format, out, title=title, notes=notes, shown=chosen[readable])


def reach(
    place: PlaceArgument,
    kind: KindsOption = None,
    service: ServicesOption = None,
    mode: ModeOption = None,
    minutes: MinutesOption = None,
    by: ByOption = "ward",
    show: Annotated[Show, typer.Option("--show", help="Which answer.")] = "coverage",
    sites_file: SitesOption = None,
    option: OptionOption = None,
    travel: TravelOption = None,
    network: Annotated[
        Path | None,
        typer.Option("--network", help="OpenStreetMap extract (.osm.pbf) to travel on.", show_default=False),
    ] = None,
    detour: Annotated[
        float | None,
        typer.Option("--detour", help="Way over straight line. Default: 1.3.", show_default=False),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(
            "--speed", help="Kilometres an hour. Default: walk 4.8, cycle 16, drive 30.", show_default=False
        ),
    ] = None,
    weight: WeightOption = None,
    ward: Annotated[
        str | None, typer.Option("--ward", help="Ward to look from: name or code.", show_default=False)
    ] = None,
    decay: Annotated[Decay, typer.Option("--decay", help="How nearness counts in --show access.")] = "steps",
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Who is within reach of a site: children, under-fives and need, by area or by site."""
    estimate = estimate_from(place, NeedChoices(vintage=vintage, basis=basis))
    demand = estimated_demand(estimate)
    found, plan = sites_from(estimate.place, sites_file, option)
    check_kinds(found, kind or (), [known.name for known in estimate.place.kinds])
    chosen = choose_sites(found, kinds=kind or (), services=service or ())
    if plan is not None:
        chosen = chosen[~plan.catchment.is_citywide(chosen)]
    settings, given = _travel(plan, mode, detour, speed), _minutes(minutes, plan)
    limit: Limit = given if plan is None or minutes is not None else plan.catchment.limits(chosen)
    costs_to, words = _cost_source(travel, network, settings, demand, found)
    question = Question(
        estimate,
        demand,
        found,
        chosen,
        settings,
        words,
        travel is None and network is None,
        costs_to,
        costs_to(chosen, settings),
        limit,
        given,
        _measure(demand, weight),
        by,
        decay,
        ward,
    )
    print_frame(
        _printable(ANSWERS[show](question)),
        format,
        out,
        title=f"Reach in {estimate.place.name}" + (f" under {plan.name}" if plan else ""),
        notes=[
            *([] if show.startswith("ward-") else [sentence(question)]),
            *(_unknown_services(question) if show in ("services", "ward-services") or service else []),
            *illustration(plan),
            *need_notes(estimate),
        ],
        meta={
            **need_meta(estimate),
            "travel": words,
            "minutes": given,
            "kinds": kind or [],
            "sites": len(chosen),
        },
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(sites)
    app.command()(reach)


def sites_from(place: Place, file: Path | None, option: str | None) -> tuple[pd.DataFrame, Option | None]:
    """The sites to use: the place's or a file's, as they are or as an option has them."""
    west, south, east, north = (float(edge) for edge in place.boundaries.total_bounds)
    found = (
        place.sites
        if file is None
        else read_sites(file, kinds=place.kinds, bounds=(west, south, east, north))
    )
    if option is None:
        return found, None
    plan = find_option(place.slug, option)
    return option_sites(plan, found), plan


def _travel(
    plan: Option | None, mode: Mode | None, detour: float | None, speed: float | None
) -> TravelSettings:
    catchment = Catchment() if plan is None else plan.catchment
    return catchment.travel(mode, detour, speed)


def _minutes(minutes: float | None, plan: Option | None) -> float:
    given = minutes if minutes is not None else plan.catchment.minutes if plan else DEFAULT_MINUTES
    if not (np.isfinite(given) and given > 0):
        fault = Fault(
            "--minutes", None, None, f"{given!r} cannot be used", "Give a number above 0, such as 20"
        )
        raise HubreachError("The limit cannot be used.", [fault])
    return given


def _cost_source(
    table: Path | None,
    network: Path | None,
    settings: TravelSettings,
    demand: pd.DataFrame,
    known: pd.DataFrame,
) -> tuple[CostSource, str]:
    """How minutes to some sites are found, and the words for it."""
    if table is not None:

        def from_table(wanted: pd.DataFrame, _: TravelSettings) -> pd.DataFrame:
            areas, sites = list(demand.index), list(known.index)
            return read_travel_table(table, areas, sites, required=set(wanted.index)).costs[
                list(wanted.index)
            ]

        return from_table, f"travel times from {table.name}"
    if network is not None:
        words = f"{settings.words}, along the streets of {network.name}"
        return lambda wanted, how: network_matrix(network, demand, wanted, how), words
    return lambda wanted, how: straight_line_matrix(demand, wanted, how), f"{settings.words}, straight line"


def _measure(demand: pd.DataFrame, weight: str | None) -> str:
    tiers = tier_columns(demand)
    if weight is None:
        return tiers[0]
    if weight not in (*tiers, "children", "under_fives"):
        known = ", ".join([*tiers, "children", "under_fives"])
        fault = Fault("--weight", None, None, f"{weight!r:.40} is not a tier here", f"Choose one of: {known}")
        raise HubreachError("There is no such tier.", [fault])
    return weight


def illustration(plan: Option | None) -> list[str]:
    """Where an option comes from, and whether it is an illustration; nothing where there is none."""
    if plan is None:
        return []
    source = [f"Option: {plan.name}. {plan.source}".strip()]
    return [*source, "This option is an illustration."] if plan.illustration else source


def _printable(table: pd.DataFrame) -> pd.DataFrame:
    """No way at all is a blank, not a number; a ten-thousandth is enough of a minute or a share."""
    return table.replace([np.inf, -np.inf], np.nan).round(4)


def _unknown_services(question: Question) -> list[str]:
    """Say so where an answer about services rests on sites that state none."""
    silent = sites_without_services(question.all_sites)
    if not silent:
        return []
    return [
        f"{silent:,} open sites state no services and count as holding none: give them with --sites-file or --option."
    ]

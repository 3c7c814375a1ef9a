"""`hubreach sites` and `hubreach reach`: the sites of a place, and who can get to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.choices import (
    FamilyOptions,
    PlaceArgument,
    estimate_from,
    need_meta,
    need_notes,
)
from analysis.cli.file_answers import UNKNOWN, ColumnOption, UnknownOption, WhereOption, file_answers
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import FormatOption, OutOption, PrintOptions, print_frame, print_notes
from analysis.cli.terms import KindsOption, ServicesOption, TermsOptions
from analysis.intake.own.sites import read_own_sites
from analysis.need.estimate import NeedEstimate
from analysis.need.opening import open_place
from analysis.options.applied import apply_option
from analysis.options.files import find_option
from analysis.options.option import Option, option_sites
from analysis.options.reached import option_reach
from analysis.places.place import Place
from analysis.reach.access import access_by
from analysis.reach.answer import ReachAnswer, Travel, answer_reach, counted_kinds, straight_travel
from analysis.reach.catchments import Decay
from analysis.reach.demand import whole_people
from analysis.reach.groups import BYS, By
from analysis.reach.loads import site_overlaps
from analysis.reach.network import network_matrix
from analysis.reach.selection import check_kinds, choose_sites, sites_without_services
from analysis.reach.sensitivity import reach_sensitivity
from analysis.reach.summary import areas_not_reached
from analysis.reach.tables import answers_of_ward, service_coverage
from analysis.reach.travel import at_points
from analysis.reach.travel_tables import read_travel_table
from analysis.reach.words import closing_sentence, wards_kept, water_sentence
from analysis.report.content import unmarked
from analysis.scenario.scenario import ALL_KINDS
from analysis.scenario.terms import Status, Terms
from analysis.scenario.travel import TravelSettings

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
    typer.Option("--by", help="What to add up to; site gives the children near each site."),
]
SitesOption = Annotated[
    Path | None,
    typer.Option(
        "--sites-file",
        help="List of sites (CSV, Excel, GeoJSON, GeoPackage) to use instead of the place's.",
        show_default=False,
    ),
]
OptionOption = Annotated[
    str | None, typer.Option("--option", help="Sites as a saved option has them.", show_default=False)
]
OF_EVERY_SITE = ("services", "ward-kinds", "ward-services")
OF_COUNTED_SITES = tuple(show for show in get_args(Show) if show not in OF_EVERY_SITE)


@dataclass(frozen=True)
class WhichSites:
    """Which sites, and what is said of a file that lists them, as options of a command."""

    sites_file: SitesOption = None
    unknown_kinds: UnknownOption = "possible"
    column: ColumnOption = None
    option: OptionOption = None

    @property
    def files(self) -> list[Path]:
        """Files that a column can be said of."""
        return [] if self.sites_file is None else [self.sites_file]


@dataclass(frozen=True)
class Ways(WhichSites):
    """Which sites, and how minutes to them are found, as options of a command."""

    travel: Annotated[
        Path | None,
        typer.Option(
            "--travel",
            help="Travel times (CSV, Excel) between a place's areas and sites: origin, destination, minutes.",
            show_default=False,
        ),
    ] = None
    network: Annotated[
        Path | None,
        typer.Option("--network", help="OpenStreetMap extract (.osm.pbf) to travel on.", show_default=False),
    ] = None

    where: WhereOption = None

    @property
    def files(self) -> list[Path]:
        """Files that a column can be said of."""
        return [*super().files, *([] if self.travel is None else [self.travel])]


@dataclass(frozen=True)
class Shown:
    """Which answer of `hubreach reach`, as its options."""

    show: Annotated[Show, typer.Option("--show", help="Which answer.")] = "coverage"
    by: ByOption = "ward"
    ward: Annotated[
        str | None, typer.Option("--ward", help="Ward to look from: name or code.", show_default=False)
    ] = None
    decay: Annotated[Decay, typer.Option("--decay", help="How nearness counts in --show access.")] = "steps"


@command(only_where("unknown_kinds", "column", sites_file=GIVEN))
def sites(
    place: PlaceArgument,
    printed: PrintOptions,
    which: WhichSites,
    kind: KindsOption = None,
    service: ServicesOption = None,
    include_closed: Annotated[
        bool, typer.Option("--all", help="Closed sites and possible buildings too.")
    ] = False,
) -> None:
    """The sites of a place: hubs, outreach, centres, and with --all possible buildings."""
    opened = open_place(place)
    found, plan = sites_from(opened, which)
    kinds = [each for each in kind or () if each != ALL_KINDS]
    check_kinds(found, kinds, [known.name for known in opened.kinds])
    chosen = choose_sites(found, kinds=kinds, services=service or (), include_closed=include_closed)
    title = f"Sites in {opened.name}" + (f" under {plan.name}" if plan else "")
    readable = ["name", "kind", "postcode", "services", "capacity_families", "is_open", "labels"]
    notes = [f"{len(chosen):,} of {len(found):,} sites", *illustration(plan)]
    print_frame(chosen, printed.format, printed.out, title=title, notes=notes, shown=chosen[readable])


@command(
    only_where("unknown_kinds", sites_file=GIVEN),
    only_where("network", "speed", "detour", "fixed_minutes", "close", "time", travel=LEFT_OUT),
    only_where("where", travel=GIVEN),
    only_where("detour", "close", "time", network=LEFT_OUT),
    only_where("mode", travel=LEFT_OUT).within(show=OF_COUNTED_SITES),
    only_where("kind", "service", "ages", "hours", show=OF_COUNTED_SITES),
    only_where("minutes", show=(*OF_COUNTED_SITES, "services")),
    only_where("weight", show=("coverage", "gaps", "overlap", "access")),
    only_where("weight", by="site").within(show="coverage"),
    only_where("children_per_family", show=("coverage", "access")),
    only_where("ward", show=("ward-kinds", "ward-services")),
    only_where("decay", show="access"),
    only_where("by", show=("coverage", "access")),
)
def reach(
    place: PlaceArgument,
    asked: TermsOptions,
    ways: Ways,
    shown: Shown,
    choices: FamilyOptions,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Who is within reach of a site: children, under-fives and need, by area or by site."""
    estimate = estimate_from(place, choices)
    plan = None if ways.option is None else find_option(estimate.place.slug, ways.option)
    answer = _answer(estimate, asked.terms(own=plan is not None), ways, plan, shown.show)
    table = _printable(ANSWERS[shown.show](answer, shown))
    names = answer.all_sites["name"]
    print_frame(
        table,
        format,
        out,
        shown=table.assign(nearest_site=table["nearest_site"].replace(names))
        if "nearest_site" in table
        else None,
        tiers=estimate.tier_keys,
        title=f"Reach in {estimate.place.name}" + (f" under {plan.name}" if plan else ""),
        notes=[
            *([] if shown.show.startswith("ward-") else [_sentence(answer)]),
            *(
                _unknown_services(answer)
                if shown.show in ("services", "ward-services") or asked.service
                else []
            ),
            *filter(None, [water_sentence(answer), *_kept(answer, shown.show)]),
            *illustration(plan),
            *need_notes(estimate, answer.sites),
        ],
        meta={
            **need_meta(estimate),
            "scenario": answer.line,
            "travel": answer.travel.words,
            "closed_crossings": list(answer.settings.closed),
            "minutes": answer.minutes,
            "kinds": list(answer.kinds),
            "ages": answer.terms.ages,
            "sites": len(answer.sites),
            "status": answer.status,
        },
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(sites)
    app.command()(reach)


def place_sites(place: Place, which: WhichSites) -> pd.DataFrame:
    """The sites of a place, or of a file in their stead."""
    said = file_answers(which.column, None, which.files)
    if which.sites_file is None:
        return place.sites
    read = read_own_sites(
        which.sites_file, place, said.get(which.sites_file.name), UNKNOWN[which.unknown_kinds]
    )
    print_notes(*read.notes)
    return read.sites


def sites_from(place: Place, which: WhichSites) -> tuple[pd.DataFrame, Option | None]:
    """The sites to use: the place's or a file's, as they are or as an option has them."""
    found = place_sites(place, which)
    if which.option is None:
        return found, None
    plan = find_option(place.slug, which.option)
    return option_sites(plan, found), plan


def illustration(plan: Option | None) -> list[str]:
    """Where an option comes from, and whether it is an illustration; nothing where there is none."""
    if plan is None:
        return []
    source = [f"Option: {plan.name}. {plan.source}".strip()]
    return [*source, "This option is an illustration."] if plan.illustration else source


def _answer(estimate: NeedEstimate, terms: Terms, ways: Ways, plan: Option | None, show: Show) -> ReachAnswer:
    """The one answer about reach, on the sites and by the way that the options name."""
    place = estimate.place
    found = place_sites(place, ways)
    check_kinds(found, terms.kinds or (), [known.name for known in place.kinds])
    if plan is None:
        wanted = (
            choose_sites(found)
            if show in OF_EVERY_SITE
            else choose_sites(found, kinds=counted_kinds(place, found, terms))
        )
        travel = travel_by(ways, place, found, wanted, terms.travel)
        status: Status = "today" if ways.sites_file is None else "proposal"
        return answer_reach(estimate, terms, sites=found, travel=travel, status=status)
    applied = apply_option(plan, replace(place, sites=found))
    settings = plan.catchment.travel(terms)
    travel = travel_by(ways, place, applied.sites, choose_sites(applied.sites), settings)
    return option_reach(estimate, applied, terms, travel=travel if ways.travel or ways.network else None)


def travel_by(
    ways: Ways, place: Place, sites: pd.DataFrame, wanted: pd.DataFrame, settings: TravelSettings
) -> Travel:
    """Minutes by the table, along the network, or in a straight line; sites that are not wanted have no way."""
    if ways.travel is not None:
        areas, known = list(place.areas.index), list(sites.index)
        said = file_answers(ways.column, ways.where, ways.files).get(ways.travel.name)
        table = read_travel_table(
            ways.travel,
            areas,
            known,
            required=set(wanted.index),
            names=dict(sites["name"]),
            said=said,
        )
        print_notes(*table.notes)
        costs = at_points(table.costs, place.points)
        words = f"travel times from {ways.travel.name}"
    elif ways.network is not None:
        costs = network_matrix(ways.network, place.points, wanted, settings)
        words = f"{settings.words}, along the streets of {ways.network.name}"
    else:
        return straight_travel(place, sites, settings)
    whole = costs.reindex(columns=sites.index).fillna(np.inf)
    return Travel(whole, settings, words, is_straight=False)


def _sentence(answer: ReachAnswer) -> str:
    """The answer in one sentence, also where the answer is none."""
    total, covered = answer.summary.loc["children", ["total", "covered"]].to_numpy(float)
    if answer.sites.empty:
        return f"No site is open for this question, so none of {total:,.0f} children is within reach."
    share = covered / total if total else 0.0
    return f"{covered:,.0f} of {total:,.0f} children ({share:.0%}) are within reach: {answer.line}."


def _kept(answer: ReachAnswer, show: Show) -> list[str]:
    """What of the answer holds whatever is assumed, where that is asked."""
    if show not in ("sensitivity", "flips") or answer.sites.empty:
        return []
    found = reach_sensitivity(answer)
    return [unmarked(wards_kept(found)), unmarked(closing_sentence(found))]


def _coverage(answer: ReachAnswer, shown: Shown) -> pd.DataFrame:
    return answer.site_table if shown.by == "site" else answer.by(_area_level(shown.by))


def _access(answer: ReachAnswer, shown: Shown) -> pd.DataFrame:
    return access_by(
        answer.costs,
        answer.demand,
        answer.sites,
        answer.minutes,
        measure=answer.tier,
        children_per_family=answer.estimate.settings.children_per_family,
        decay=shown.decay,
        by=_area_level(shown.by),
    )


def _ward_code(answer: ReachAnswer, ward: str | None) -> str:
    wards = answer.areas.groupby("ward_code")["ward_name"].first()
    if ward in wards.index:
        return str(ward)
    named = wards.index[wards.str.casefold() == (ward or "").casefold()]
    if len(named) == 0:
        remedy = f"Choose one of: {', '.join(wards)}"
        fault = Fault("--ward", None, None, f"{ward!r:.60} is not a ward here", remedy)
        raise HubreachError("There is no such ward.", [fault])
    return str(named[0])


ANSWERS: Mapping[str, Callable[[ReachAnswer, Shown], pd.DataFrame]] = {
    "coverage": _coverage,
    "summary": lambda answer, _: answer.summary.drop(columns=["low", "high"]),
    "gaps": lambda answer, _: areas_not_reached(answer.costs, answer.demand, answer.limit, answer.tier),
    "overlap": lambda answer, _: site_overlaps(
        answer.costs, answer.demand, answer.limit, measure=answer.tier
    ).round(),
    "access": _access,
    "sensitivity": lambda answer, _: reach_sensitivity(answer).table,
    "flips": lambda answer, _: reach_sensitivity(answer).depending,
    "services": lambda answer, _: service_coverage(answer),
    "ward-kinds": lambda answer, shown: answers_of_ward(answer, _ward_code(answer, shown.ward), "kind"),
    "ward-services": lambda answer, shown: answers_of_ward(answer, _ward_code(answer, shown.ward), "service"),
}


def _area_level(by: str) -> By:
    levels: dict[str, By] = {level: level for level in BYS}
    if by not in levels:
        fault = Fault(
            "--by", None, None, f"{by!r} is not a level of areas", f"Choose one of: {', '.join(levels)}"
        )
        raise HubreachError("This answer is by area.", [fault])
    return levels[by]


def _printable(table: pd.DataFrame) -> pd.DataFrame:
    """People whole; no way at all is a blank, not a number; a ten-thousandth is enough of a minute or a share."""
    return whole_people(table).replace([np.inf, -np.inf], np.nan).round(4)


def _unknown_services(answer: ReachAnswer) -> list[str]:
    """Say so where an answer about services rests on sites that state none."""
    silent = sites_without_services(answer.all_sites)
    if not silent:
        return []
    return [
        f"{silent:,} open sites state no services and count as holding none: give them with --sites-file or --option."
    ]

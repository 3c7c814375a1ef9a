"""`hubreach site`, `hubreach frontier` and `hubreach boundaries`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.cli.choices import (
    PlaceArgument,
    RateOptions,
    estimate_from,
    named_numbers,
    need_notes,
)
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import PrintOptions, print_frame, print_json
from analysis.cli.reach import Ways, illustration, sites_from, travel_by
from analysis.cli.terms import TravelOptions
from analysis.render.theme import nearest_ten
from analysis.siting.answer import best_sets, own_set
from analysis.siting.districts.districts import split_wards
from analysis.siting.frontier import AGAINST, Frontier, fairness_tradeoff, siting_frontier
from analysis.siting.models.instance import read_matrix, read_weights
from analysis.siting.models.model import Solution, Watch
from analysis.siting.problem import (
    WITH_NUMBER,
    PlaceProblem,
    SitingProblem,
    SitingTerms,
    candidate_sites,
    matrix_problem,
    matrix_sites,
    named_sites,
    place_problem,
)
from analysis.siting.tables import chosen_table, readable_frontier, readable_sets
from analysis.siting.words import own_set_words, result_lines, siting_sentence, terms_line

DEFAULT_SITES = 3
DEFAULT_NUMBERS = "1-8"
BOUNDARIES_SECONDS = 120.0

SomePlace = Annotated[
    str | None,
    typer.Argument(
        metavar="[PLACE]", help="A place: see `hubreach places`. Or --matrix.", show_default=False
    ),
]
WeightOption = Annotated[
    str | None,
    typer.Option(
        "--weight",
        help="What counts: a tier, children, under_fives, children_5_10 ... Default: the first tier.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class SitingOptions:
    """What is asked, and of which sites: the options that `site` and `frontier` share."""

    model: Annotated[
        Literal["mclp", "pmedian", "pcenter", "lscp", "partial", "budget"],
        typer.Option(
            "--model",
            help="mclp: most need within reach of --choose sites; pmedian: least travel; pcenter: least longest travel; "
            "lscp: fewest sites for everyone; partial: fewest for --share of need; budget: hubs and outreach for --budget.",
        ),
    ] = "mclp"
    minutes: Annotated[
        float, typer.Option("--minutes", help="Service radius in minutes; with budget, that of hubs.")
    ] = 20.0
    weight: WeightOption = None
    candidates: Annotated[
        list[str] | None,
        typer.Option(
            "--candidates",
            help="Kinds that may be chosen, with commas; school stands for all schools. Default: all.",
            show_default=False,
        ),
    ] = None
    condition: Annotated[
        list[str] | None,
        typer.Option("--condition", help="Survey grades that will do, with commas.", show_default=False),
    ] = None
    ownership: Annotated[
        list[str] | None,
        typer.Option(
            "--ownership", help="Owners of buildings that will do, with commas.", show_default=False
        ),
    ] = None
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="Hand-picked candidate in place of kinds, by id or name; repeat for several.",
            show_default=False,
        ),
    ] = None
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", help="Site that stays, by id or name; repeat for several.", show_default=False
        ),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", help="Site ruled out, by id or name; repeat for several.", show_default=False
        ),
    ] = None
    matrix: Annotated[
        Path | None,
        typer.Option(
            "--matrix",
            help="CSV of costs instead of a place: area ids down, site ids across.",
            show_default=False,
        ),
    ] = None
    weights: Annotated[
        Path | None,
        typer.Option(
            "--weights",
            help="CSV of area ids and weights, with --matrix. Default: 1 each.",
            show_default=False,
        ),
    ] = None
    floor: Annotated[
        list[str] | None,
        typer.Option(
            "--floor",
            metavar="LEVEL=SHARE",
            help="Least share covered in every ward or locality, or in the most deprived fifth: ward=0.5, fifth=0.8.",
            show_default=False,
        ),
    ] = None
    budget: Annotated[
        float | None, typer.Option("--budget", help="Pounds a year, for budget.", show_default=False)
    ] = None
    hub_cost: Annotated[
        float | None, typer.Option("--hub-cost", help="Pounds a year for a hub.", show_default=False)
    ] = None
    outreach_cost: Annotated[
        float | None,
        typer.Option("--outreach-cost", help="Pounds a year for an outreach site.", show_default=False),
    ] = None
    outreach_minutes: Annotated[
        float, typer.Option("--outreach-minutes", help="Service radius of an outreach site.")
    ] = 15.0
    hub_capacity: Annotated[
        float | None, typer.Option("--hub-capacity", help="Need that a hub can serve.", show_default=False)
    ] = None
    outreach_capacity: Annotated[
        float | None,
        typer.Option("--outreach-capacity", help="Need that an outreach site can serve.", show_default=False),
    ] = None
    least_hubs: Annotated[
        int, typer.Option("--least-hubs", min=0, help="Hubs that there must be, however many more pay.")
    ] = 0
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0.0, help="Stop after so long and keep the best.", show_default=False),
    ] = None


OF_A_PLACE = (
    "weight", "candidates", "condition", "ownership", "sites_file", "unknown_kinds", "column", "option", "floor", "mode", "detour", "speed",
    "fixed_minutes", "close", "time", "travel", "where", "network", "vintage", "basis", "children", "prevalence", "gradient",
)  # fmt: skip
WITHOUT_EFFECT = (
    only_where(*OF_A_PLACE, matrix=LEFT_OUT),
    only_where("weights", matrix=GIVEN),
    only_where("where", travel=GIVEN),
    only_where("candidates", "condition", "ownership", only=LEFT_OUT),
    only_where("mode", "detour", "speed", "fixed_minutes", "close", "time", "network", travel=LEFT_OUT),
    only_where("detour", "close", "time", network=LEFT_OUT),
    only_where("minutes", model=("mclp", "lscp", "partial", "budget")),
    only_where("floor", model=("mclp", "budget")),
    only_where(
        "budget", "hub_cost", "outreach_cost", "outreach_minutes", "hub_capacity", "outreach_capacity", "least_hubs",
        model="budget",
    ),
)  # fmt: skip


@command(*WITHOUT_EFFECT, only_where("choose", model=WITH_NUMBER), only_where("share", model="partial"))
def site(
    place: SomePlace = None,
    *,
    asked: SitingOptions,
    choose: Annotated[
        int, typer.Option("--choose", min=1, help="Number of sites, kept ones included.")
    ] = DEFAULT_SITES,
    share: Annotated[float, typer.Option("--share", help="Share of need to cover, for partial.")] = 0.9,
    ways: Ways,
    how: TravelOptions,
    alternatives: Annotated[int, typer.Option("--alternatives", min=0, help="Next-best sets to list.")] = 0,
    own: Annotated[
        list[str] | None,
        typer.Option(
            "--score",
            help="Site of a set of your own, to be scored; repeat. With budget it hosts a hub; outreach:NAME outreach.",
            show_default=False,
        ),
    ] = None,
    rates: RateOptions,
    printed: PrintOptions,
) -> None:
    """Where sites should go: the best set, its proof, who is assigned where, and the next-best sets."""
    problem, notes = _problem(place, asked, (ways, how, rates), SitingTerms(p=choose, share=share))
    found = best_sets(problem, alternatives + 1, _watch(asked.seconds))
    best, title = found[0], _title(problem, asked)
    words = [terms_line(problem), *notes]
    own_found = None
    if own:
        own_found = own_set(problem, _hosted(problem, own))
        words.insert(0, own_set_words(problem, own_found))
    words = [_plain(line) for line in [*_sentence(problem, best), *result_lines(problem, best), *words]]
    if printed.chosen_format == "json":
        answer = best.to_dict() | {"title": title, "notes": words}
        answer["names"] = dict(zip(best.sites, problem.names(best.sites), strict=True))
        answer["alternatives"] = [solution.to_dict() for solution in found[1:]]
        answer["own"] = None if own_found is None else own_found.to_dict()
        print_json(answer, printed.out)
        return
    if not alternatives:
        _print_chosen(problem, best, printed, title, words)
        return
    others = readable_sets(problem, found)
    if printed.format != "csv" and printed.out is None:
        _print_chosen(problem, best, printed, title, [])
        title = "Best and next-best sets"
    print_frame(others, printed.format, printed.out, title=title, notes=words)


@command(
    *WITHOUT_EFFECT,
    only_where("choose", model=(*WITH_NUMBER, "lscp", "partial")),
    only_where("budgets", model="budget"),
    only_where("budget", budgets=LEFT_OUT),
    only_where("against", model="mclp"),
)
def frontier(
    place: SomePlace = None,
    *,
    asked: SitingOptions,
    choose: Annotated[
        str | None,
        typer.Option(
            "--choose",
            help="Numbers of sites: 1-8, or 2,4,6; one number with --against. Default: 1-8, or 3 with --against.",
            show_default=False,
        ),
    ] = None,
    budgets: Annotated[
        list[float] | None,
        typer.Option(
            "--budgets",
            help="Budget in pounds a year, for budget; repeat. Default: twelve steps up to 1.2 times --budget.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        Literal["longest", "fifth"] | None,
        typer.Option(
            "--against",
            help="Trade coverage by --choose sites off against fairness instead.",
            show_default=False,
        ),
    ] = None,
    ways: Ways,
    how: TravelOptions,
    rates: RateOptions,
    printed: PrintOptions,
) -> None:
    """What each further site, or pound, adds, with the point of diminishing returns; or what fairness costs in coverage."""
    numbers = _numbers(choose or (DEFAULT_NUMBERS if against is None else str(DEFAULT_SITES)))
    if against is not None and len(numbers) > 1:
        fault = Fault(
            "--choose", None, None, f"{choose!r:.40} is more than one number", "Give one with --against"
        )
        raise HubreachError("Coverage is traded off for one number of sites.", [fault])
    if budgets:
        asked = replace(asked, budget=max(budgets))
    problem, notes = _problem(place, asked, (ways, how, rates), SitingTerms(p=numbers[0]))
    watch = _watch(asked.seconds)
    found: Frontier = (
        siting_frontier(problem, numbers, budgets or (), watch)
        if against is None
        else fairness_tradeoff(problem, against, watch)
    )
    notes = [terms_line(problem, with_number=against is not None), *notes]
    if not found.solutions:
        stopped = watch.must_stop()
        notes.insert(0, "Stopped before any set was found." if stopped else "No set of sites answers this.")
    print_frame(
        readable_frontier(problem, found),
        printed.format,
        printed.out,
        title=_title(problem, asked) + (f": coverage against {AGAINST[against]}" if against else ""),
        notes=notes,
    )


@command(only_where("margin", best=LEFT_OUT))
def boundaries(
    place: PlaceArgument,
    *,
    areas: Annotated[
        int | None,
        typer.Option("--areas", min=1, help="Number of areas. Default: as today.", show_default=False),
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0.0, help="Largest distance from equal need.")
    ] = 0.1,
    best: Annotated[
        bool, typer.Option("--best", help="The most balanced split, however much moves.")
    ] = False,
    weight: WeightOption = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.0, help="Stop after so long and keep the best.")
    ] = BOUNDARIES_SECONDS,
    rates: RateOptions,
    printed: PrintOptions,
) -> None:
    """Split wards into contiguous areas of balanced need, with as few changes from today's as possible."""
    estimate = estimate_from(place, rates)
    split = split_wards(estimate, weight or "", number=areas, margin=margin, best=best, watch=_watch(seconds))
    found, now = split.found, split.now["deviation"].abs().max()
    words = [f"Today the largest distance from equal need is {now:.1%}.", *found.remedies]
    if split.exists:
        words.append(
            f"{found.status}: {found.deviation:.1%} with {len(found.moved)} wards ({nearest_ten(found.moved_need)} of "
            f"{weight or estimate.tier_keys[0]}) moved; bound {found.bound:,.6g}, {found.seconds:.1f} s."
        )
    words += [
        f"{name}: {nearest_ten(row['need'])} ({row['deviation']:+.1%})" for name, row in split.then.iterrows()
    ]
    print_frame(
        split.wards if split.exists else split.wards.drop(columns="area"),
        printed.format,
        printed.out,
        title=f"Areas of {estimate.place.name}",
        notes=[*words, *need_notes(estimate)],
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(site)
    app.command()(frontier)
    app.command()(boundaries)


def _problem(
    place: str | None,
    asked: SitingOptions,
    of_place: tuple[Ways, TravelOptions, RateOptions],
    terms: SitingTerms,
) -> tuple[SitingProblem, list[str]]:
    """The problem that the options put, and what it rests on."""
    if (place is None) == (asked.matrix is None):
        fault = Fault("PLACE", None, None, "neither or both are given", "Give a place, or --matrix FILE")
        raise HubreachError("There must be one of a place and a matrix.", [fault])
    terms = _terms(asked, terms)
    return _place_problem(place, asked, of_place, terms) if place else _matrix_problem(asked, terms)


def _matrix_problem(asked: SitingOptions, terms: SitingTerms) -> tuple[SitingProblem, list[str]]:
    if asked.matrix is None:  # pragma: no cover - callers have looked
        raise AssertionError(asked)
    costs = read_matrix(asked.matrix)
    ones = pd.Series(1.0, index=costs.index, name="weight")
    weights = ones if asked.weights is None else read_weights(asked.weights)
    size = f"{costs.shape[0]:,} areas, {costs.shape[1]:,} sites, weights that add up to {weights.sum():,g}"
    return matrix_problem(costs, weights, _named(asked, terms, matrix_sites(costs))), [size]


def _place_problem(
    name: str, asked: SitingOptions, of_place: tuple[Ways, TravelOptions, RateOptions], terms: SitingTerms
) -> tuple[SitingProblem, list[str]]:
    ways, how, rates = of_place
    estimate = estimate_from(name, rates)
    sites, plan = sites_from(estimate.place, ways)
    terms = _named(asked, terms, sites)
    travel = travel_by(ways, estimate.place, sites, candidate_sites(sites, terms), how.settings)
    problem = place_problem(estimate, sites, travel, terms)
    counts = (
        f"What counts: {problem.terms.weight}. {len(problem.candidates):,} candidate sites. {travel.words}."
    )
    return problem, [counts, *need_notes(estimate, problem.candidates), *illustration(plan)]


def _terms(asked: SitingOptions, terms: SitingTerms) -> SitingTerms:
    faults = FaultList("options")
    floors = named_numbers(asked.floor or (), "--floor", "ward=0.5", faults)
    money = {"--budget": asked.budget, "--hub-cost": asked.hub_cost, "--outreach-cost": asked.outreach_cost}
    for name, value in money.items() if asked.model == "budget" else ():
        if value is None or not value >= 0:
            faults.add("is missing or negative", f"Give {name} in pounds a year", file=name)
    faults.raise_if_any("The question cannot be put: no figure of money is assumed.")
    return replace(
        terms,
        model=asked.model,
        radius_minutes=asked.minutes,
        weight=asked.weight or "",
        kinds=_listed(asked.candidates),
        conditions=_listed(asked.condition),
        owners=_listed(asked.ownership),
        budget_gbp=asked.budget or 0.0,
        hub_cost_gbp=asked.hub_cost or 0.0,
        outreach_cost_gbp=asked.outreach_cost or 0.0,
        outreach_radius_minutes=asked.outreach_minutes,
        hub_capacity=math.inf if asked.hub_capacity is None else asked.hub_capacity,
        outreach_capacity=math.inf if asked.outreach_capacity is None else asked.outreach_capacity,
        least_hubs=asked.least_hubs,
        floors=tuple(floors.items()),
    )


def _named(asked: SitingOptions, terms: SitingTerms, sites: pd.DataFrame) -> SitingTerms:
    """The terms with the sites that are named, whatever they are named by; every unknown name in one error."""
    faults = FaultList("options")
    named: dict[str, tuple[str, ...]] = {}
    for option, names in {"--only": asked.only, "--keep": asked.keep, "--exclude": asked.exclude}.items():
        with faults.collecting():
            named[option] = named_sites(sites, names or (), option)
    faults.raise_if_any("There are no such sites.")
    return replace(terms, only=named["--only"], keep=named["--keep"], exclude=named["--exclude"])


def _hosted(problem: SitingProblem, names: Sequence[str]) -> dict[str, str]:
    """A set of the user's own with what each site hosts: under a budget a name may say so, as outreach:NAME does."""
    kinds = ("hub", "outreach") if problem.terms.model == "budget" else ()
    faults, hosted = FaultList("--score"), {}
    for name in names:
        kind, _, rest = name.partition(":")
        is_said = bool(rest) and kind in kinds
        with faults.collecting():
            (site_id,) = named_sites(problem.candidates, [rest if is_said else name], "--score")
            hosted[site_id] = kind if is_said else "hub"
            if site_id in problem.excluded:
                faults.add(f"{name!r:.60} is ruled out by --exclude", "Leave it out of one of the two")
    faults.raise_if_any("Your own set cannot be scored.")
    return hosted


def _sentence(problem: SitingProblem, best: Solution) -> list[str]:
    """The answer as the page words it."""
    return [siting_sentence(problem, best)] if isinstance(problem, PlaceProblem) and best.sites else []


def _plain(line: str) -> str:
    return line.replace("**", "")


def _print_chosen(
    problem: SitingProblem, best: Solution, printed: PrintOptions, title: str, notes: list[str]
) -> None:
    table = chosen_table(problem, best)
    if len(best.kinds):
        table = table.drop(columns=["need_within", "need_only_here"])
    print_frame(table, printed.format, printed.out, title=title, notes=notes)


def _title(problem: SitingProblem, asked: SitingOptions) -> str:
    if isinstance(problem, PlaceProblem):
        return f"Sites in {problem.estimate.place.name}"
    return f"Sites of {asked.matrix.name}" if asked.matrix else "Sites"


def _listed(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Parts of options that may hold several, with commas."""
    return tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())


def _watch(seconds: float | None) -> Watch:
    return Watch(seconds_allowed=math.inf if seconds is None else seconds)


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        fault = Fault("--choose", None, None, f"{text!r:.40} is not numbers of sites", "Write 1-8, or 2,4,6")
        raise HubreachError("The numbers of sites cannot be read.", [fault])
    return numbers

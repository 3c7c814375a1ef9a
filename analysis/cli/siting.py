"""`hubreach site`, `hubreach frontier` and `hubreach boundaries`."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli import siting_options as options
from analysis.cli.choices import (
    BasisOption,
    NeedChoices,
    PlaceArgument,
    VintageOption,
    estimate_from,
    need_notes,
)
from analysis.cli.printing import Format, FormatOption, OutOption, print_frame, print_json
from analysis.cli.siting_answers import (
    answer_words,
    distance_words,
    ranked,
    readable_alternatives,
    readable_frontier,
    scored,
    site_table,
)
from analysis.cli.siting_options import SiteChoices
from analysis.cli.siting_questions import Setting, question_from, question_note, setting_from
from analysis.reach.demand import estimated_demand
from analysis.siting.candidates import demand_weights, most_deprived_fifth, ward_neighbours
from analysis.siting.districts.districts import best_balance, fewest_changes, score_districts
from analysis.siting.frontier import frontier_by_budget, frontier_by_sites
from analysis.siting.models.budget import BudgetQuestion
from analysis.siting.models.model import Question, Watch
from analysis.siting.pareto import coverage_or_group, coverage_or_longest


def site(
    place: options.PlaceOption = None,
    model: options.ModelOption = "mclp",
    choose: options.ChooseOption = 3,
    minutes: options.MinutesOption = 20.0,
    share: options.ShareOption = 0.9,
    weight: options.WeightOption = None,
    candidates: options.CandidatesOption = None,
    condition: options.ConditionOption = None,
    ownership: options.OwnershipOption = None,
    sites_file: options.SitesFileOption = None,
    option: options.PlanOption = None,
    only: options.OnlyOption = None,
    keep: options.KeepOption = None,
    exclude: options.ExcludeOption = None,
    mode: options.ModeOption = "walk",
    detour: options.DetourOption = None,
    travel: options.TravelOption = None,
    matrix: options.MatrixOption = None,
    weights: options.WeightsOption = None,
    budget: options.BudgetOption = None,
    hub_cost: options.HubCostOption = None,
    outreach_cost: options.OutreachCostOption = None,
    hub_minutes: options.HubMinutesOption = 30.0,
    outreach_minutes: options.OutreachMinutesOption = 15.0,
    hub_capacity: options.HubCapacityOption = None,
    outreach_capacity: options.OutreachCapacityOption = None,
    least_hubs: options.LeastHubsOption = 0,
    floor: options.FloorOption = None,
    alternatives: Annotated[int, typer.Option("--alternatives", min=0, help="Next-best sets to list.")] = 0,
    own: Annotated[
        list[str] | None,
        typer.Option("--score", help="Site of a set of your own, to be scored; repeat.", show_default=False),
    ] = None,
    seconds: options.SecondsOption = None,
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Where sites should go: the best set, its proof, who is assigned where, and the next-best sets."""
    choices = SiteChoices(
        place, model, choose, minutes, share, weight, candidates or (), condition or (), ownership or (),
        sites_file, option, keep or (), exclude or (),
        mode, detour, travel, matrix, weights, budget, hub_cost, outreach_cost, hub_minutes, outreach_minutes,
        hub_capacity, outreach_capacity, least_hubs, only or (), floor or (), vintage, basis,
    )  # fmt: skip
    setting = setting_from(choices)
    question = question_from(choices, setting)
    results = ranked(question, setting, alternatives + 1, _watch(seconds))
    best, words = results[0], answer_words(setting, results[0])
    words.append(question_note(choices, setting))
    own_set = scored(question, setting, own or []) if own else None
    if own_set is not None:
        words.append(f"Your own set: {distance_words(own_set, best)}")
    others = readable_alternatives(results, setting) if alternatives else None
    chosen_format: Format = format or (
        "json" if out is not None and out.suffix.lower() == ".json" else "table"
    )
    if chosen_format == "json":
        answer = best.to_dict() | {"title": setting.title, "notes": [*words, *setting.notes]}
        answer["names"] = {site: str(setting.sites.loc[site, "name"]) for site in best.sites}
        answer["alternatives"] = [result.to_dict() for result in results[1:]]
        answer["own"] = None if own_set is None else own_set.to_dict()
        print_json(answer, out)
        return
    notes = [*words, *setting.notes]
    if others is not None and (format == "csv" or out is not None):
        print_frame(others, format, out, title=setting.title, notes=notes)
        return
    print_frame(
        site_table(question, setting, best),
        format,
        out,
        title=setting.title,
        notes=[] if others is not None else notes,
    )
    if others is not None:
        print_frame(others, format, out, title="Best and next-best sets", notes=notes)


def frontier(
    place: options.PlaceOption = None,
    model: options.ModelOption = "mclp",
    sites: Annotated[str, typer.Option("--sites", help="Numbers of sites: 1-8, or 2,4,6.")] = "1-8",
    budgets: Annotated[
        list[float] | None,
        typer.Option("--budgets", help="Budgets in pounds a year, for budget; repeat.", show_default=False),
    ] = None,
    against: Annotated[
        Literal["longest", "fifth"] | None,
        typer.Option(
            "--against",
            help="Trade coverage by --choose sites off against fairness instead.",
            show_default=False,
        ),
    ] = None,
    choose: options.ChooseOption = 3,
    minutes: options.MinutesOption = 20.0,
    weight: options.WeightOption = None,
    candidates: options.CandidatesOption = None,
    condition: options.ConditionOption = None,
    ownership: options.OwnershipOption = None,
    sites_file: options.SitesFileOption = None,
    option: options.PlanOption = None,
    only: options.OnlyOption = None,
    keep: options.KeepOption = None,
    exclude: options.ExcludeOption = None,
    mode: options.ModeOption = "walk",
    detour: options.DetourOption = None,
    travel: options.TravelOption = None,
    matrix: options.MatrixOption = None,
    weights: options.WeightsOption = None,
    hub_cost: options.HubCostOption = None,
    outreach_cost: options.OutreachCostOption = None,
    hub_minutes: options.HubMinutesOption = 30.0,
    outreach_minutes: options.OutreachMinutesOption = 15.0,
    hub_capacity: options.HubCapacityOption = None,
    outreach_capacity: options.OutreachCapacityOption = None,
    least_hubs: options.LeastHubsOption = 0,
    floor: options.FloorOption = None,
    seconds: options.SecondsOption = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """What each further site, or pound, buys, with the knee; or what fairness costs in coverage."""
    choices = SiteChoices(
        place, model, choose, minutes, 0.9, weight, candidates or (), condition or (), ownership or (),
        sites_file, option, keep or (), exclude or (),
        mode, detour, travel, matrix, weights, max(budgets or [0.0]), hub_cost, outreach_cost, hub_minutes,
        outreach_minutes, hub_capacity, outreach_capacity, least_hubs, only or (), floor or (),
    )  # fmt: skip
    setting = setting_from(choices)
    question = question_from(choices, setting)
    watch = _watch(seconds)
    table = (
        _frontier(question, setting, sites, budgets or [], watch)
        if against is None
        else _tradeoff(question, setting, against, watch)
    )
    notes = [question_note(choices, setting, with_number=against is not None), *setting.notes]
    if not (table["sites"].map(len) > 0).any():
        stopped = watch.must_stop()
        notes.insert(0, "Stopped before any set was found." if stopped else "No set of sites answers this.")
    print_frame(readable_frontier(table, setting), format, out, title=setting.title, notes=notes)


def boundaries(
    place: PlaceArgument,
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
    weight: options.WeightOption = None,
    seconds: options.SecondsOption = 120.0,
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Split wards into contiguous areas of balanced need, with as few changes from today's as possible."""
    estimate = estimate_from(place, NeedChoices(vintage=vintage, basis=basis))
    demand = estimated_demand(estimate)
    measure = weight or estimate.tier_keys[0]
    need = demand_weights(demand, measure).groupby(demand["ward_code"]).sum()
    wards = demand.groupby("ward_code")[["ward_name", "locality_name"]].first()
    neighbours, today, watch = ward_neighbours(estimate.place), wards["locality_name"], _watch(seconds)
    found = (
        best_balance(need, neighbours, today, number=areas, watch=watch)
        if best
        else fewest_changes(need, neighbours, today, number=areas, margin=margin, watch=watch)
    )
    split = found.districts if len(found.districts) else today
    scores = score_districts(need, neighbours, split)
    now = score_districts(need, neighbours, today)["deviation"].abs().max()
    table = wards.assign(need=need, today=today).drop(columns="locality_name")
    table = table.assign(area=split) if len(found.districts) else table
    words = [f"Today the largest distance from equal need is {now:.1%}.", *found.remedies]
    if len(found.districts):
        words.append(
            f"{found.status}: {found.deviation:.1%} with {len(found.moved)} wards ({found.moved_need:,.0f} of {measure}) "
            f"moved; bound {found.bound:,.6g}, {found.seconds:.1f} s."
        )
    words += [f"{name}: {row['need']:,.0f} ({row['deviation']:+.1%})" for name, row in scores.iterrows()]
    print_frame(
        table, format, out, title=f"Areas of {estimate.place.name}", notes=[*words, *need_notes(estimate)]
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(site)
    app.command()(frontier)
    app.command()(boundaries)


def _watch(seconds: float | None) -> Watch:
    return Watch(seconds_allowed=math.inf if seconds is None else seconds)


def _frontier(
    question: Question | BudgetQuestion, setting: Setting, sites: str, budgets: list[float], watch: Watch
) -> pd.DataFrame:
    if isinstance(question, Question) or len(question.kinds) == 1:
        return frontier_by_sites(question, setting.costs, setting.weights, _numbers(sites), watch)
    if not budgets:
        fault = Fault(
            "--budgets", None, None, "none is given", "Give --budgets 100000 --budgets 200000 and so on"
        )
        raise HubreachError("A frontier by budget needs budgets.", [fault])
    return frontier_by_budget(question, setting.costs, setting.weights, budgets, watch)


def _tradeoff(
    question: Question | BudgetQuestion, setting: Setting, against: str, watch: Watch
) -> pd.DataFrame:
    two_kinds = isinstance(question, BudgetQuestion) and len(question.kinds) > 1
    if two_kinds or (against == "fifth" and setting.demand is None):
        fault = Fault(
            "--against", None, None, "needs a place and one kind of site", "Use a place and --model mclp"
        )
        raise HubreachError("This trade-off cannot be found.", [fault])
    if against == "longest" or setting.demand is None:
        return coverage_or_longest(setting.costs, setting.weights, question, watch)
    return coverage_or_group(
        setting.costs, setting.weights, question, most_deprived_fifth(setting.demand), watch
    )


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        fault = Fault("--sites", None, None, f"{text!r:.40} is not numbers of sites", "Write 1-8, or 2,4,6")
        raise HubreachError("The numbers of sites cannot be read.", [fault])
    return numbers

"""`hubreach cost`, `allocate`, `cohort`, `appraise` and `monitor`: what it costs, who gets it, what it saves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.cli.choices import PlaceArgument, VintageOption
from analysis.cli.commissioning_choices import (
    AppraisalView,
    CohortView,
    ContractOption,
    CostView,
    KindsOption,
    MinutesOption,
    MonitoringView,
    PresentValueOptions,
    RecipientOption,
    ShareOption,
    WeightOption,
    YearsOption,
    column_of,
    one_of,
    tier_weights,
    whole_pounds,
)
from analysis.cli.groups import GIVEN, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.commissioning.allocation import AllocationRules, allocate, blend_need, find_recipients
from analysis.commissioning.appraisal import (
    arguments,
    rank_alternatives,
    rank_stability,
    read_appraisal,
    switching_weights,
)
from analysis.commissioning.cohort import (
    funding_by_year,
    payback,
    read_cohort,
    read_cohort_plan,
    shown_counts,
    tornado,
)
from analysis.commissioning.contract import (
    Contract,
    find_contract,
    scenarios,
    schedule,
    service_denominators,
    unit_costs,
    yearly_values,
)
from analysis.commissioning.monitoring import (
    WITHIN_ROUNDING,
    compare_with_plan,
    measure_limits,
    protected_monitoring,
    read_monitoring,
)
from analysis.commissioning.published import published_money
from analysis.commissioning.published_words import money_notes, year_words
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.need.opening import open_place
from analysis.places.finding import place_folder
from analysis.places.rounding import NOTE
from analysis.reach.answer import answer_reach
from analysis.reach.selection import check_kinds
from analysis.scenario.need_settings import default_settings
from analysis.scenario.scenario import ALL_KINDS
from analysis.scenario.terms import Terms


@command(
    only_where("minutes", show="unit-costs"),
    only_where(
        "year_basis", "part_years", "discount_rate", "timing", "inflation", show=("schedule", "totals")
    ),
)
def cost(
    place: PlaceArgument,
    present: PresentValueOptions,
    contract: ContractOption = None,
    years: YearsOption = None,
    show: CostView = "schedule",
    minutes: MinutesOption = 20.0,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """What a contract costs year by year, in cash and present value, and who pays."""
    chosen = find_contract(place_folder(place), contract)
    chosen = chosen if years is None else chosen.lasting(years)
    discounting, basis = present.discounting, present.basis
    notes = [f"Source: {chosen.source}", f"{str(basis).capitalize()}; present value at {discounting}"]
    notes += [f"To confirm, {a.parameter}: {a.value or 'blank'}. {a.reason}" for a in chosen.assumptions]
    if show == "totals":
        frame = scenarios(chosen, discounting=discounting, basis=basis)
    elif show == "unit-costs":
        frame = _unit_cost_table(place, chosen, minutes)
        notes.append("Cost of the first year; low and high hold 90% of the model runs of the need estimate")
    elif show == "log":
        frame = chosen.log()
    else:
        frame = schedule(chosen, discounting=discounting, basis=basis)
    print_frame(frame, format, out, title=chosen.name, notes=notes, meta={"contract": chosen.name})


@command(only_where("kind", by="site"), only_where("most_loss", "most_gain", today=GIVEN))
def share_out(
    place: PlaceArgument,
    envelope: Annotated[str, typer.Option("--envelope", help="Whole pounds to share, such as 705000.")],
    by: RecipientOption = "locality",
    weight: WeightOption = None,
    kind: KindsOption = None,
    floor: ShareOption = 0.0,
    supplement: Annotated[
        Path | None, typer.Option("--supplement", help="CSV: area_code, supplement (0.1 adds 10% to need).")
    ] = None,
    today: Annotated[Path | None, typer.Option("--today", help="CSV: area_code, today_gbp.")] = None,
    most_loss: Annotated[
        float | None, typer.Option("--most-loss", help="Largest loss on today's, as a share.")
    ] = None,
    most_gain: Annotated[
        float | None, typer.Option("--most-gain", help="Largest gain on today's, as a share.")
    ] = None,
    workings: Annotated[
        bool, typer.Option("--workings", help="Print every step, not only the answer.")
    ] = False,
    vintage: VintageOption = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Share an envelope over areas by need, in whole pounds that add up to it."""
    estimate = _estimate(place, vintage)
    check_kinds(
        estimate.place.sites,
        [each for each in kind or () if each != ALL_KINDS],
        [known.name for known in estimate.place.kinds],
    )
    kinds = None if kind is None else () if ALL_KINDS in kind else tuple(kind)
    shared = find_recipients(estimate, by, answer_reach(estimate, Terms(kinds=kinds)).sites)
    names = shared.names
    blended = blend_need(shared.need, tier_weights(weight, estimate.tier_keys))
    rules = AllocationRules(
        floor,
        column_of(supplement, "supplement", names.index),
        column_of(today, "today_gbp", names.index),
        most_loss,
        most_gain,
    )
    table = allocate(blended, whole_pounds(envelope), rules)
    table.insert(0, "area_name", names.reindex(table.index))
    answer = table if workings else table[["area_name", "need", "share", "allocation_gbp"]]
    held = table[table["held_by"] != ""]
    notes = [
        f"{name}: held by the {why}" for name, why in zip(held["area_name"], held["held_by"], strict=True)
    ]
    notes.append(
        "Need: estimated children in the chosen tiers; a floor is met by topping up, the rest is by need"
    )
    if by == "site":
        notes.append("A neighbourhood's need goes to its nearest open site, on foot in a straight line")
    print_frame(answer, format, out, title=f"{estimate.place.name}: allocation by {by}", notes=notes)


@command(
    only_where("show", "horizon", "seed", file="*.toml"),
    only_where("horizon", show=("auto", "payback", "tornado")),
    only_where("seed", show=("auto", "payback")),
)
def cohort(
    place: PlaceArgument,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Numbers by ward (CSV, Excel), or a plan (TOML).")
    ],
    show: CohortView = "auto",
    horizon: Annotated[
        int, typer.Option("--horizon", min=1, max=50, help="Years looked at for payback.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the simulation.")] = 1,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """A small cohort with disclosure control, or the funding and payback of its plan."""
    if file.suffix.lower() == ".toml":
        _print_plan(file, show, horizon, seed, format, out)
        return
    where = open_place(place)
    group = read_cohort(file, where)
    frame = shown_counts(group, where)
    if (frame["period"] == "").all():
        frame = frame.drop(columns="period")
    notes = [NOTE]
    if group.blank_areas:
        notes.append(f"{group.blank_areas} areas have no number: totals are of those that were given")
    print_frame(frame, format, out, title=f"{where.name}: cohort by {group.level}", notes=notes)


@command(only_where("concentration", "score_sd", "seed", show=("auto", "stability")))
def appraise(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Appraisal (TOML).")],
    show: AppraisalView = "auto",
    concentration: Annotated[float, typer.Option(help="How close drawn weights stay to the chosen.")] = 30.0,
    score_sd: Annotated[float, typer.Option(help="Uncertainty of a score, as a share of the scale.")] = 0.1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the simulation.")] = 1,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Rank alternatives on weighted criteria, with how firmly the ranking stands."""
    appraisal = read_appraisal(file)
    blanks = appraisal.blanks()
    notes = [f"Source: {appraisal.source}"] if appraisal.source else []
    if appraisal.equal_weights:
        notes.append("No weights are given: all criteria count alike until the panel gives them")
    if show == "auto":
        show = "scores" if blanks else "stability"
        notes += [f"Cannot be ranked yet: {len(blanks)} scores or weights are blank"] if blanks else []
    if show == "stability":
        ranking = rank_alternatives(appraisal)[["total"]]
        stability = rank_stability(appraisal, concentration=concentration, score_sd=score_sd, seed=seed)
        frame = ranking.join(stability)
    else:
        views = {
            "scores": appraisal.sheet,
            "ranking": lambda: rank_alternatives(appraisal),
            "arguments": lambda: arguments(appraisal),
            "switching": lambda: switching_weights(appraisal),
            "log": appraisal.log,
        }
        frame = views[show]()
    print_frame(frame, format, out, title=appraisal.name, notes=notes)


@command(only_where("measure", show="limits"))
def monitor(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Outcome measures by quarter (CSV, Excel).")],
    show: MonitoringView = "plan",
    measure: Annotated[
        str | None, typer.Option("--measure", help="Whose limits. Default: the first measure.")
    ] = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Outcomes against their plan, or the control limits of one; numbers of people are protected."""
    safe = protected_monitoring(read_monitoring(file))
    frame, title = compare_with_plan(safe), "Outcomes against the plan"
    if show == "limits":
        names = list(dict.fromkeys(safe["measure"]))
        chosen = one_of(measure or names[0], names, "--measure")
        rows = safe[safe["measure"] == chosen].set_index("quarter")
        frame, title = measure_limits(rows), f"{chosen}: control limits"
    print_frame(frame, format, out, title=title, notes=[NOTE, WITHIN_ROUNDING])


@command()
def spending(
    place: PlaceArgument,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Published spending on early years, family support and children looked after, beside the neighbours."""
    money = published_money(open_place(place))
    title = f"{money.place.name}: net spending {year_words(money)}"
    print_frame(money.table, format, out, title=title, notes=money_notes(money))


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("cost")(cost)
    app.command("allocate")(share_out)
    app.command("cohort")(cohort)
    app.command("appraise")(appraise)
    app.command("monitor")(monitor)
    app.command("spending")(spending)


def _print_plan(
    file: Path,
    show: str,
    horizon: int,
    seed: int,
    format: FormatOption,  # noqa: A002 - the option's own name
    out: OutOption,
) -> None:
    plan = read_cohort_plan(file)
    notes = [f"Source: {plan.source}"] if plan.source else []
    if show == "auto":
        show = "log" if plan.blanks() else "payback"
        notes += (
            [f"Needs {len(plan.blanks())} figures before payback can be worked out"] if plan.blanks() else []
        )
    if show == "funding":
        frame = funding_by_year(plan)
    elif show == "tornado":
        frame = tornado(plan, horizon_years=horizon)
    elif show == "log":
        frame = plan.log()
    else:
        result = payback(plan, horizon_years=horizon, seed=seed)
        even, frame = result.break_even(), result.table()
        year = "not within the horizon" if even.year is None else f"year {even.year}"
        notes.append(
            f"Breaks even: {year}; in {even.probability:.0%} of model runs within {even.horizon_years} years"
        )
    print_frame(frame, format, out, title=plan.name, notes=notes)


def _estimate(place: str, vintage: str | None = None) -> NeedEstimate:
    where = open_place(place)
    usual = default_settings(where)
    return estimate_need(where, usual if vintage is None else replace(usual, vintage=vintage))


def _unit_cost_table(place: str, contract: Contract, minutes: float) -> pd.DataFrame:
    estimate = _estimate(place)
    reached = answer_reach(estimate, Terms(minutes)).area_share
    return unit_costs(yearly_values(contract)[0], service_denominators(estimate, reached)).round(2)

"""The answers of the commissioning page in words; names that a user has typed come in already made safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.commissioning.allocation import HELD_WORDS, AllocationView
from analysis.commissioning.appraisal import AppraisalView
from analysis.commissioning.assumptions import Assumption
from analysis.commissioning.cohort import (
    CohortPlan,
    PaybackView,
    ShownCohort,
    cohort_totals,
    funding_by_year,
    funding_falls,
)
from analysis.commissioning.contract import ContractView, Discounting
from analysis.commissioning.monitoring import MonitoringView
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent, pounds

FIELD_WORDS = {
    "start": "start date",
    "annual_value_gbp": "yearly value",
    "term_years": "term",
    "envelope_gbp": "envelope",
}


def blank_words(parameter: str) -> str:
    """What is blank, in words: the meaning where the parameter has one behind a colon."""
    name, colon, meaning = parameter.partition(": ")
    if colon and ("_" in name or name == "funding"):
        return meaning
    return FIELD_WORDS.get(name, parameter)


def needs_sentence(name: str, purpose: str, blanks: Sequence[Assumption]) -> str:
    """What has to be given before there is an answer, and who can give it."""
    names = [FIELD_WORDS.get(b.parameter, b.parameter.split(":")[0]) for b in blanks]
    people = list(dict.fromkeys(b.confirm_with for b in blanks))
    what = f"its {listed(names)}" if len(names) <= 3 else f"{number_word(len(names))} figures"
    return f"**{name}** cannot be {purpose} yet: {what} {'is' if len(names) == 1 else 'are'} blank. Ask {listed(people)}."


def contract_sentence(view: ContractView, discounting: Discounting, name: str) -> str:
    """Total in cash and present value over the years taken, what the longest would cost, and what is not funded."""
    first, last = pd.Timestamp(view.schedule["start"].iloc[0]), pd.Timestamp(view.schedule["end"].iloc[-1])
    years = view.contract.years
    words = (
        f"**{name}** costs **{pounds(float(view.cash_gbp))}** in cash over **{number_word(years)} "
        f"year{'s' if years != 1 else ''}** ({first:%B %Y} to {last:%B %Y}), "
        f"**{pounds(float(view.present_value_gbp))}** in present value at {discounting.rate_percent:f}% a year"
    )
    longest = view.scenarios.iloc[-1]
    if int(longest["years"]) > years:
        words += f"; with every extension {pounds(float(longest['cash_gbp']))} over {number_word(int(longest['years']))} years"
    if view.gap_gbp is None or view.gap_without_at_risk_gbp is None:
        return f"{words}."
    lost = view.gap_without_at_risk_gbp - view.gap_gbp
    gap = f"{pounds(float(view.gap_gbp))} has no funding named" if view.gap_gbp else "It is funded in full"
    risk = (
        f", and without what is at risk **{pounds(float(view.gap_without_at_risk_gbp))}** would be missing"
        if lost
        else ""
    )
    return f"{words}. {gap}{risk}."


def unit_cost_sentence(costs: pd.DataFrame, annual_cost: float, tier_name: str, reach_words: str) -> str:
    """Cost for each family in a tier, and for each within reach, with ranges."""
    tier = tier_name.lower()
    words = f"At **{pounds(annual_cost)}** a year, {_range_words(costs, f'family in {tier}')} for each family that may need {tier}"
    near = f"family in {tier} within reach"
    if near in costs.index and bool(costs["cost_gbp"].notna()[near]):
        return f"{words}; counting only families {reach_words}, {_range_words(costs, near)} each."
    return f"{words}; no family is {reach_words}."


def _range_words(costs: pd.DataFrame, unit: str) -> str:
    row = costs.loc[unit]
    if pd.isna(row["cost_gbp"]):
        return "an amount that cannot be said, since the estimate is none"
    return f"**£{row['cost_gbp']:,.0f}** (£{row['cost_low_gbp']:,.0f} to £{row['cost_high_gbp']:,.0f})"


def allocation_sentence(
    view: AllocationView, need_words: str, words_of: tuple[str, str], safe: Callable[[str], str] = str
) -> str:
    """Who gets most and least, and how many a rule holds; `words_of` is one of them and several, `safe` makes a name fit for the page."""
    table = view.table.assign(area_name=view.table["area_name"].map(safe))
    first, last = table.iloc[0], table.iloc[-1]
    words = (
        f"Of **{pounds(view.envelope_gbp)}** shared by {need_words}, **{first['area_name']}** gets most, "
        f"**{pounds(first['allocation_gbp'])}** ({percent(first['allocation_gbp'] / view.envelope_gbp)})"
        if view.envelope_gbp
        else "There is no money to share"
    )
    if len(table) > 1 and view.envelope_gbp:
        words += f", and {last['area_name']} least, {pounds(last['allocation_gbp'])}"
    held = table.loc[table["held_by"] != "", "held_by"].value_counts()
    rules = [
        f"{number_word(int(count))} {words_of[count != 1]} {'is' if count == 1 else 'are'} {HELD_WORDS[str(rule)]}"
        for rule, count in held.items()
    ]
    return f"{words}; {listed(rules)}." if rules else f"{words}; no rule holds anybody up or down."


def change_sentence(changes: pd.DataFrame, rival: str) -> str:
    """How many gain and lose against another allocation, and how much money moves."""
    counts = changes["outcome"].value_counts()
    moved = float(changes["change_gbp"].clip(lower=0).sum())
    if not moved and not (changes["change_gbp"] < 0).any():
        return f"The same as {rival[0].lower()}{rival[1:]}, to the pound"
    return (
        f"{counts.get('gains', 0)} gain and {counts.get('loses', 0)} lose against {rival[0].lower()}{rival[1:]}: "
        f"{pounds(moved)} moves"
    )


def cohort_sentence(plan: CohortPlan, name: str, shown: ShownCohort | None) -> str:
    """What is known so far: the numbers as they may be shown, the funding, and what is still needed."""
    totals = {} if shown is None else cohort_totals(shown)
    given = [f"{count} {measure}" for measure, count in totals.items() if count]
    numbers = f"Entered: **{listed(given)}** (protected). " if given else ""
    funding = funding_by_year(plan)["total_gbp"]
    known = [pounds(float(total)) for total in funding if total is not None]
    falls = {True: ", less in every year", False: ", **not** less in every year", None: ""}[
        funding_falls(plan)
    ]
    paid = f"Partners pay **{listed(known)}** by year{falls}. " if len(known) == len(funding) else ""
    blanks = plan.blanks()
    if not blanks:
        return f"{numbers}{paid}"
    people = list(dict.fromkeys(b.confirm_with for b in blanks))
    return (
        f"{numbers}{paid}**{name}**: {number_word(len(blanks))} entries are still blank, so nothing is said of what it "
        f"avoids. Ask {listed(people)}."
    )


def payback_sentence(view: PaybackView) -> str:
    """Cost, avoided cost with its range, and the year it has paid for itself with range and probability."""
    even = view.even
    central, low, high = (pounds(float(f"{amount:.3g}")) for amount in view.avoided_gbp)
    words = (
        f"It costs **{pounds(view.cost_gbp)}** and is expected to avoid **{central}** ({low} to {high}) over "
        f"{even.horizon_years} years. On its central figures it "
    )
    chance = f"within {even.horizon_years} years in **{percent(even.probability)}** of model runs"
    if even.year is None:
        return f"{words}does **not pay for itself**; {chance} it does."
    latest = f"year {even.high}" if even.high else f"after year {even.horizon_years}"
    return (
        f"{words}would have paid for itself in **year {even.year}** (year {even.low} to {latest}); {chance}."
    )


def appraisal_sentence(view: AppraisalView, names: dict[str, str]) -> str:
    """Who comes first, how far ahead, and how firmly."""
    table = view.ranking
    tied = list(table.index[table["rank"] == 1])
    total = table["total"]
    if len(tied) > 1:
        return f"**{listed([names[t] for t in tied])}** share the first place with {total.iloc[0]:.0f} points of 100."
    second = str(table.index[1])
    chance = float(view.stability["p_first"][view.winner])
    return (
        f"**{names[view.winner]}** comes first with **{total.iloc[0]:.0f} points** of 100, {total.iloc[0] - total.iloc[1]:.0f} "
        f"ahead of {names[second]}; it stays first in **{percent(chance)}** of simulated weights and scores."
    )


def appraisal_needs_sentence(name: str, given: int, needed: int, *, equal: bool) -> str:
    """How many scores are there, and what is missing."""
    weights = " No weight is given either: criteria count alike until the panel gives them." if equal else ""
    return f"**{name}** cannot be ranked yet: {given} of {needed} scores are given. Ask the appraisal panel.{weights}"


def monitoring_sentence(view: MonitoringView) -> str:
    """How many measures meet their target in their latest quarter, and where a change is more than noise."""
    latest = view.latest
    judged = latest[latest["status"].isin(["met", "not met"])]
    met = int((judged["status"] == "met").sum())
    signals = int((latest["signals"] > 0).sum())
    count = len(view.measures)
    start = (
        f"**{met} of {len(judged)} measures** that can be judged met their target in their latest quarter"
        if len(judged)
        else f"None of {count} measures can be judged against a target yet"
    )
    noise = (
        f"**{signals}** {'is' if signals == 1 else 'are'} outside {'its' if signals == 1 else 'their'} control limits"
        if signals
        else "none is outside its control limits"
    )
    return f"{start}; {noise}."

"""Frontiers and trade-offs in sentences: what a further site or pound buys, and what fairness costs."""

from __future__ import annotations

from analysis.render.number_words import number_word
from analysis.render.theme import percent, pounds
from analysis.siting.figures import FrontierWords
from analysis.siting.frontiers import Frontier
from analysis.siting.view import SitingSetting
from analysis.siting.words import AMOUNTS, counted, floor_words, siting_answer, weight_words


def frontier_words(setting: SitingSetting, found: Frontier) -> FrontierWords:
    """How the frontier by number of sites, or by money, is written."""
    by_money = setting.choice.model == "budget"
    has_share = found.points["share"].notna().any()
    what = f"share of {weight_words(setting)} within reach" if has_share else AMOUNTS[found.results[0].model]
    return FrontierWords(
        frontier_title(found, by_money=by_money),
        f"{what}, each point a proven best set{_floor_kept(setting, found)}",
        "budget, pounds a year" if by_money else "number of sites",
        "share" if has_share else "value",
        "£{:,.0f} a year" if by_money else "{:.0f} site",
        "£{:,.0f} a year" if by_money else "{:.0f} sites",
    )


def _floor_kept(setting: SitingSetting, found: Frontier) -> str:
    if not (floor := floor_words(setting)):
        return ""
    fewest = f"; none of {number_word(found.impossible)} or fewer sites has it" if found.impossible else ""
    return f" with {floor}{fewest}"


def frontier_title(found: Frontier, *, by_money: bool) -> str:
    """The finding of a frontier: where a further site, or pound, buys clearly less."""
    at = found.points.loc[found.points["is_knee"], "x"]
    if not len(at):
        return "Each further step buys about as much as the last"
    if by_money:
        return f"Beyond {pounds(float(at.iloc[0]))} a year, money buys clearly less"
    return f"Beyond {number_word(int(at.iloc[0]))} sites, a further one buys clearly less"


def tradeoff_words(setting: SitingSetting, found: Frontier, against: str) -> FrontierWords:
    """How the trade-off of coverage and fairness is written, with what the knee gives up as its finding."""
    first, knee = found.points.iloc[0], found.points[found.points["is_knee"]]
    by_minutes = against == "longest"
    point = _distinct(
        found, "at most {:.%df} minutes" if by_minutes else "{:.%d%%} of the fifth", 0 if by_minutes else 1
    )
    last = found.points.iloc[-1]
    lost = percent(max(0.0, float(first["share"] - last["share"])))
    title = "The set that reaches most is the fairest too"
    if len(found.points) > 1:
        title = f"From {point.format(first['x'])} to {point.format(last['x'])} costs {lost} of need"
    if len(knee):
        there = point.format(float(knee["x"].iloc[0]))
        lost = percent(max(0.0, float(first["share"] - knee["share"].iloc[0])))
        title = f"Giving up {lost} of need brings {there} instead of {point.format(float(first['x'])).replace('at most ', '')}"
    return FrontierWords(
        title,
        f"share of {weight_words(setting)} within reach; each point is beaten by no set {_of_floor(setting)}on both counts",
        "longest journey, minutes" if by_minutes else "share of the most deprived fifth reached",
        "share",
        point,
        point,
        number="%.1f" if by_minutes else "percent",
        is_tradeoff=True,
    )


def _distinct(found: Frontier, pattern: str, digits: int) -> str:
    """The pattern of a point's name, with as many digits as it takes to tell the points apart."""
    for further in range(digits, digits + 3):
        point = pattern % further
        if found.points["x"].map(point.format).is_unique:
            break
    return point


def _of_floor(setting: SitingSetting) -> str:
    return f"with {floor} " if (floor := floor_words(setting)) else ""


def no_tradeoff_words(setting: SitingSetting) -> str:
    """Why coverage and fairness have no point."""
    sites = counted(setting.choice.choose, "site").lower()
    kept = f" with {floor}" if (floor := floor_words(setting)) else ""
    return f"No set of {sites}{kept} was found: nothing can be traded off."


def point_words(setting: SitingSetting, found: Frontier, point: str, words: FrontierWords) -> str:
    """One point of a frontier, written as the answer is (markdown)."""
    at = list(found.points.index).index(point)
    knee = " This is the knee." if found.points["is_knee"].iloc[at] else ""
    where = (
        f"**{words.point(float(found.points['x'].iloc[at]))}**: " if words.axis != "number of sites" else ""
    )
    return f"{where}{siting_answer(setting, found.result(point))}{knee}"

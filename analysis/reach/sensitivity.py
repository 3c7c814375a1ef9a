"""How far the answer hangs on the assumptions: detour, speed, the limit, the way, and crossings that may close."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.reach.answer import ReachAnswer, Travel, straight_travel
from analysis.reach.coverage import BoolArray, Limit, covered_areas
from analysis.reach.demand import measure_columns
from analysis.reach.water import crossings_in_use, minutes_if_closed
from analysis.scenario.travel import DETOURS, TravelSettings

SPEED_FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
LIMIT_FACTORS = (0.75, 0.9, 1.0, 1.1, 1.25)
REACHED_SHARE = 0.5
IN_FORCE = "in use"
TOGETHER = "together"
"""Every assumption at its worst, or at its best, at the same time."""


class Tried(NamedTuple):
    """One assumption at another value: which it is, its value, what it is in words, and who is within reach then."""

    assumption: str
    value: float
    what: str
    covered: BoolArray
    in_force: bool = False


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What becomes of the answer when assumptions are others.

    Parameters
    ----------
    table : DataFrame
        `coverage_sensitivity`.
    wards : DataFrame
        `ward_answers`.
    tried : dict of str to list
        Values of `detour`, `speed_kmh` and `minutes` that were tried; `crossings`: names of those that were closed, one
        and two at a time; `way`: what was tried in the stead of the way in force.
    """

    table: pd.DataFrame
    wards: pd.DataFrame
    tried: Mapping[str, Sequence[float | str]]

    @property
    def depending(self) -> pd.DataFrame:
        """Wards whose answer an assumption changes by itself (see `ward_answers`)."""
        return self.wards[~self.wards["keeps"]].drop(columns=["keeps", "keeps_together"])


def reach_sensitivity(view: ReachAnswer) -> Sensitivity:
    """Who is within reach, and which wards are, when the assumptions behind an answer are others.

    Minutes in a straight line (round water) are tried with other detours and speeds, with any one or two crossings
    closed, and, where a place lists none, as if nobody crossed water. A table or a street network is held against
    the straight line. The limit is tried by every way. A wait for a ferry is stretched with the way.
    """
    values: dict[str, list[float]] = assumption_values(view.settings, view.minutes)
    if not view.travel.is_straight:
        values = {"minutes": values["minutes"]}
    tried = [
        *tried_travel(view.costs, view.settings, view.limit, view.minutes, values),
        *_other_ways(view, _worst(view.settings, values), min(values["minutes"]) / view.minutes),
    ]
    listed: dict[str, list[float | str]] = {name: list(each) for name, each in values.items()}
    for name in ("way", "crossings"):
        found = [each.what for each in tried if each.assumption == name and each.value == 1]
        if found:
            listed[name] = list(found)
    return Sensitivity(coverage_sensitivity(view.demand, tried), ward_answers(view.demand, tried), listed)


def assumption_values(settings: TravelSettings, minutes: float) -> dict[str, list[float]]:
    """Values to try for each assumption, the one in force among them."""
    return {
        "detour": sorted({*DETOURS, settings.detour}),
        "speed_kmh": sorted(
            {round(settings.speed_kmh * factor, 2) for factor in SPEED_FACTORS} | {settings.speed_kmh}
        ),
        "minutes": sorted({minutes * factor for factor in LIMIT_FACTORS}),
    }


def tried_travel(
    costs: pd.DataFrame,
    settings: TravelSettings,
    limit: Limit,
    minutes: float,
    values: Mapping[str, Sequence[float]],
) -> Iterator[Tried]:
    """Who is within reach for each value of detour, speed and limit, and for the best and the worst together.

    Parameters
    ----------
    costs : DataFrame
        Minutes on the settings in force, index of the demand frame; inf where there is no way.
    settings : TravelSettings
        In force.
    limit : float or Series
        The limit in force.
    minutes : float
        The limit of a site whose kind has none of its own: other limits change in proportion to it.
    values : mapping of str to sequence of float
        Values to try of `detour`, `speed_kmh` and `minutes`.
    """

    def covered(changed: TravelSettings, factor: float) -> BoolArray:
        return covered_areas(_stretched(costs, settings, changed), limit * factor).to_numpy(bool)

    yield Tried(IN_FORCE, np.nan, "", covered(settings, 1.0), in_force=True)
    for assumption, options in values.items():
        for value in options:
            if assumption == "minutes":
                here = value == minutes
                yield Tried(assumption, value, "", covered(settings, value / minutes), here)
            else:
                changed = _with(settings, {assumption: value})
                yield Tried(assumption, value, "", covered(changed, 1.0), changed == settings)
    of_limit = [value / minutes for value in values.get("minutes", [minutes])]
    yield Tried(TOGETHER, np.nan, "best", covered(_best(settings, values), max(of_limit)))
    yield Tried(TOGETHER, np.nan, "worst", covered(_worst(settings, values), min(of_limit)))


def _other_ways(view: ReachAnswer, worst: TravelSettings, least: float) -> Iterator[Tried]:
    """Other ways than the one in force: `value` is how many crossings are closed, or 1 for another way."""

    def covered(costs: pd.DataFrame) -> tuple[BoolArray, BoolArray]:
        """Now, and with everything else at its worst."""
        own = view.costs_of_rows(costs)
        at_worst = covered_areas(_stretched(own, view.settings, worst), view.limit * least)
        return covered_areas(own, view.limit).to_numpy(bool), at_worst.to_numpy(bool)

    place, sites, settings = view.place, view.sites, view.settings
    if not view.travel.is_straight:
        straight: Travel = straight_travel(place, sites, settings)
        yield Tried("way", 1, f"a {straight.way}", covered(straight.costs)[0])
        return
    names = crossings_in_use(place, settings)
    used = set[str]()

    def closings() -> Iterator[tuple[str, ...]]:
        yield ()
        yield from ((name,) for name in names)
        # Two that no way uses by itself change nothing together either.
        yield from (pair for pair in itertools.combinations(names, 2) if used.intersection(pair))

    # Closing only lengthens ways, so whoever is further than the limit in a straight line stays out of reach.
    within = float(np.max(view.limit))
    now: pd.DataFrame | None = None
    for closed, costs in minutes_if_closed(
        place.points, sites, settings, place, closings(), within_minutes=within
    ):
        if now is None:
            now = costs
            if place.crossings:
                continue
        elif len(closed) == 1 and not costs.equals(now):
            used.update(closed)
        words = " and ".join(closed) or "no crossing of water"
        own, at_worst = covered(costs)
        yield Tried("crossings" if closed else "way", max(1, len(closed)), words, own)
        yield Tried(TOGETHER, np.nan, words, at_worst)


def coverage_sensitivity(demand: pd.DataFrame, tried: Sequence[Tried]) -> pd.DataFrame:
    """Coverage of the place when one assumption at a time is changed.

    Parameters
    ----------
    demand : DataFrame
        Demand frame.
    tried : sequence of Tried
        The first is what is in force.

    Returns
    -------
    DataFrame
        One row a value: `assumption`, `value`, `in_force` (whether it is the value in force), `children_covered`, for each
        measure the share covered (`children_share`, ...), and `what` is assumed in words. Of two crossings
        that are closed, only the pair that costs most.
    """
    weights = demand[measure_columns(demand)].to_numpy(float)
    total = weights.sum(axis=0)
    rows = []
    for each in tried:
        if each.assumption in (IN_FORCE, TOGETHER):
            continue
        inside = weights[each.covered].sum(axis=0)
        row: dict[str, object] = {
            "assumption": each.assumption,
            "value": each.value,
            "in_force": each.in_force,
            "children_covered": inside[0],
        }
        shares = np.divide(inside, total, out=np.full(len(total), np.nan), where=total > 0)
        row |= {f"{name}_share": share for name, share in zip(measure_columns(demand), shares, strict=True)}
        rows.append(row | {"what": each.what})
    table = pd.DataFrame(rows)
    pairs = table[(table["assumption"] == "crossings") & (table["value"] == 2)]
    spared = pairs.sort_values("children_covered", kind="stable").index[1:]
    return table.drop(index=spared).reset_index(drop=True)


def ward_answers(demand: pd.DataFrame, tried: Sequence[Tried]) -> pd.DataFrame:
    """Whether each ward is within reach, and whether that holds whatever is assumed.

    A ward counts as reached when at least half of its children are covered.

    Parameters
    ----------
    demand, tried
        As for `coverage_sensitivity`.

    Returns
    -------
    DataFrame
        Index `area_code` (ward), a row a ward with children: `area_name`, `children`, `share_in_force`,
        `lowest_share`, `highest_share` (one assumption at a time), `flips_with` (the assumptions that change the answer
        by themselves), `keeps` (whether none does), `keeps_together` (whether the answer is the same with all of them at
        their best, and with all at their worst).
    """
    ward, children = demand["ward_code"], demand["children"]
    total = children.groupby(ward).sum()
    total = total[total > 0]
    reached = pd.DataFrame({n: children.where(each.covered, 0) for n, each in enumerate(tried)})
    shares = reached.groupby(ward).sum().reindex(total.index).div(total, axis=0)
    names = [each.assumption for each in tried]
    alone = [n for n, name in enumerate(names) if name != TOGETHER]
    table = pd.DataFrame({"area_name": demand["ward_name"].groupby(ward).first().reindex(total.index)})
    table["children"] = total
    table["share_in_force"] = shares[0]
    table["lowest_share"], table["highest_share"] = shares[alone].min(axis=1), shares[alone].max(axis=1)
    is_reached = shares >= REACHED_SHARE
    changed = is_reached.ne(is_reached[0], axis=0)
    flips = {
        name: changed[[n for n, other in enumerate(names) if other == name]].any(axis=1)
        for name in dict.fromkeys(names)
        if name not in (IN_FORCE, TOGETHER)
    }
    table["flips_with"] = [
        "; ".join(name for name, flip in flips.items() if flip[code]) for code in table.index
    ]
    table["keeps"] = table["flips_with"] == ""
    table["keeps_together"] = ~changed.any(axis=1)
    return table.rename_axis("area_code")


def _best(settings: TravelSettings, values: Mapping[str, Sequence[float]]) -> TravelSettings:
    return _with(
        settings, {name: min(each) if name == "detour" else max(each) for name, each in values.items()}
    )


def _worst(settings: TravelSettings, values: Mapping[str, Sequence[float]]) -> TravelSettings:
    return _with(
        settings, {name: max(each) if name == "detour" else min(each) for name, each in values.items()}
    )


def _with(settings: TravelSettings, values: Mapping[str, float]) -> TravelSettings:
    return replace(
        settings,
        detour=values.get("detour", settings.detour),
        speed_kmh=values.get("speed_kmh", settings.speed_kmh),
    )


def _stretched(costs: pd.DataFrame, settings: TravelSettings, changed: TravelSettings) -> pd.DataFrame:
    """Minutes on one set of settings as they are on another."""
    if changed == settings:
        return costs
    longer = changed.minutes_a_metre / settings.minutes_a_metre
    return (costs - settings.fixed_minutes) * longer + changed.fixed_minutes

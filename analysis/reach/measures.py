"""Reach as figures to look at: minutes, and the children and the need that are left out, by area of any level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.benchmark.indicator_answer import (
    IndicatorAnswer,
    answer_indicator,
    answer_of_values,
    indicator_levels,
    need_indicators,
)
from analysis.need.estimate import NeedEstimate, whole_range
from analysis.places.indicator_values import check_level
from analysis.places.indicators import Indicator, find_indicator
from analysis.places.place import AreaLevel
from analysis.reach.answer import ReachAnswer
from analysis.reach.coverage import row_weights
from analysis.reach.groups import By, area_groups
from analysis.reach.words import limit_words, sites_noun, travel_source
from analysis.scenario.ages import AGE_GROUPS

MINUTES, CHILDREN, NEED = "reach_minutes", "reach_children_left_out", "reach_need_left_out"
MEASURES = (MINUTES, CHILDREN, NEED)
# Shares of the limit at which a new class of minutes begins, as on the map of reach: the limit is always one.
LIMITS = (0.5, 1.0, 1.5, 2.0)


def reach_indicators(
    estimate: NeedEstimate, tier: str, view: ReachAnswer | None = None
) -> dict[str, Indicator]:
    """Measures of reach as figures to look at.

    Parameters
    ----------
    estimate : NeedEstimate
    tier : str
        Key of the tier that need stands for.
    view : ReachAnswer, optional
        Says minutes, sites and ages in the titles, and is their source; without it they are general, for a list.
    """
    name = next(
        (each.name for each in estimate.settings.tiers if each.key == tier), estimate.settings.tiers[0].name
    )
    noun = "site" if view is None else sites_noun(view)
    beyond = (
        "not within reach of" if view is None else f"beyond {limit_words(view).removeprefix('within ')} of"
    )
    who = "children" if view is None else AGE_GROUPS[view.terms.ages].words
    limits = () if view is None else tuple(round(view.minutes * share, 1) for share in LIMITS)
    source = "" if view is None else travel_source(view)

    def item(key: str, title: str, unit: str, *, counted: bool, limits: tuple[float, ...] = ()) -> Indicator:
        return Indicator(
            key=key,
            title=title,
            group="Reach",
            unit=unit,
            measure="count" if counted else "mean",
            table="reach",
            column=key,
            vintage=estimate.place.manifest.children_title.rsplit(", ", 1)[-1],
            publisher="Hubreach",
            source=source,
            licence="",
            status="estimated",
            weight="children",
            direction=0,
            limits=limits,
        )

    in_need = f"Children who may need {name.lower()}, {beyond} a {noun}"
    found = [
        item(MINUTES, f"Mean travel to the nearest {noun}", "minutes", counted=False, limits=limits),
        item(CHILDREN, f"{who[:1].upper()}{who[1:]} {beyond} a {noun}", "number", counted=True),
        item(NEED, in_need, "number, estimated", counted=True),
    ]
    return {each.key: each for each in found}


def reach_measures(view: ReachAnswer, level: By, measures: Collection[str] = MEASURES) -> pd.DataFrame:
    """Minutes, and children and need left out, by area: one long table of what maps and commands show.

    Minutes are the mean, over an area's children, to the nearest site that counts of each, those whom no site serves
    left out (`ReachAnswer.served_nearest` of a small area). Whoever has no site within the limit is left out
    (`analysis.reach.answer.gap_list`); the range of need is that of the estimate, its share left out taken as known.

    Parameters
    ----------
    level : {"lsoa", "ward", "locality", "place"}
    measures : collection of str
        Those of `MEASURES` that are wanted: a range is the dear part.

    Returns
    -------
    DataFrame
        A row an area and measure: `area_code`, `area_name`, `measure` (one of `MEASURES`), `value` (minutes, or people;
        NaN where no child has a way to a site), `low`, `high` (NaN but for need).
    """
    groups, demand = area_groups(view.demand, level), view.demand
    minutes = view.nearest["nearest_minutes"].to_numpy(float)
    weight = np.where(np.isfinite(minutes), row_weights(demand, groups), 0.0)
    left_out = ~view.covered.to_numpy(bool)
    need = demand[view.tier].to_numpy(float)
    values = {
        MINUTES: groups.means(minutes, weight),
        CHILDREN: groups.totals(np.where(left_out, demand["children"].to_numpy(float), 0.0)),
        NEED: groups.totals(np.where(left_out, need, 0.0)),
    }
    names = groups.names.to_numpy(object)
    table = pd.concat(
        [
            pd.DataFrame({"area_code": groups.codes, "area_name": names, "measure": key, "value": value})
            for key, value in values.items()
            if key in measures
        ],
        ignore_index=True,
    ).assign(low=np.nan, high=np.nan)
    if NEED in measures and view.tier in view.estimate.tier_keys:
        is_need = table["measure"] == NEED
        table.loc[is_need, ["low", "high"]] = _need_range(view, level, values[NEED])
    return table


def _need_range(view: ReachAnswer, level: By, value: np.ndarray) -> np.ndarray:
    """Ends of the range of need left out, shape (areas, 2): each model run's need by its small areas' shares left out."""
    small = area_groups(view.demand, "lsoa")
    need = view.demand[view.tier].to_numpy(float)
    total = small.totals(need)
    left = small.totals(np.where(view.covered.to_numpy(bool), 0.0, need))
    share = pd.Series(
        np.divide(left, total, out=1 - view.area_share.reindex(small.codes).to_numpy(float), where=total > 0),
        small.codes,
    )
    order = view.estimate.counts.index
    drawn = np.asarray(view.estimate.draws.counts[view.tier]) * share.reindex(order).to_numpy(float)
    groups = area_groups(view.areas.loc[order], level)
    rank = np.argsort(groups.member, kind="stable")
    starts = np.flatnonzero(np.diff(groups.member[rank], prepend=-1))
    low, high = whole_range(
        pd.Series(value), np.add.reduceat(drawn[:, rank], starts, axis=1), view.estimate.settings.interval
    )
    return np.column_stack([low, high])


def answer_look(view: ReachAnswer, key: str, level: AreaLevel) -> IndicatorAnswer:
    """One figure of a place's areas, of reach or of anything else that can be looked at.

    Parameters
    ----------
    view : ReachAnswer
        Who is within reach, and the estimate.
    key : str
        One of `MEASURES` or of `analysis.benchmark.indicator_answer.all_indicators`.
    level : {"lsoa", "msoa", "ward", "locality", "place"}

    Raises
    ------
    HubreachError
        For an unknown key, or a level that it is not worked out for.
    """
    estimate, place = view.estimate, view.place
    known = reach_indicators(estimate, view.tier, view)
    indicator = find_indicator(place, key, need_indicators(estimate) | known)
    if indicator.table != "reach":
        return answer_indicator(estimate, key, level)
    check_level(place, indicator, level, indicator_levels(estimate, indicator))
    if level == "msoa":
        raise AssertionError(level)  # pragma: no cover - refused by indicator_levels
    values = reach_measures(view, level, [key]).set_index("area_code").drop(columns="measure")
    parts = place.keys(level).value_counts().reindex(values.index)
    whole = reach_measures(view, "place", [key])
    value, low, high = whole[["value", "low", "high"]].to_numpy(float)[0].tolist()
    values = values.assign(count=np.nan, parts=parts, parts_missing=0)
    return replace(answer_of_values(place, indicator, level, values, value), low=low, high=high)

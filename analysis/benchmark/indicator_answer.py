"""One figure of a place's areas, or two at once: values, ranks, and where place and areas stand in England."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.kept import kept
from analysis.base.schema import Schema
from analysis.need.estimate import NeedEstimate
from analysis.places.england.grounds import Ground
from analysis.places.england.opening import england_place
from analysis.places.england.tables import districts
from analysis.places.indicator_values import (
    check_level,
    indicator_parts,
    indicator_values,
    levels_of,
    put_together,
)
from analysis.places.indicators import Indicator, find_indicator, indicators
from analysis.places.place import AreaLevel, Place

NEED_PREFIX, RATE_SUFFIX = "need_", "_rate"
THIRDS = ("low", "middle", "high")
LOOK = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "value": ("number", "The figure, in its unit; NaN where there is none"),
        "low": ("number", "Lower end of the range of an estimate of need; NaN for what is published"),
        "high": ("number", "Upper end"),
        "rank": (
            "whole",
            "1 has most need (of context: the highest figure); missing where there is no figure",
        ),
        "england_percentile": (
            "number",
            "Per cent of England's areas of the same level with less need; NaN where not compared",
        ),
        "count": ("number", "People or households that a share counts; NaN where none is published"),
        "parts": ("whole", "Small areas (or wards) of the area"),
        "parts_missing": ("whole", "Those of them without a figure: suppressed or not published"),
    },
)


@dataclass(frozen=True)
class Standing:
    """A place among England's authorities, or districts.

    Parameters
    ----------
    value, england : float
        The figure of the place and of England, put together in the same way.
    rank, peers : int or None
        1 has most need; None for a place that is neither one authority nor one district.
    among : str
        "authorities" or "districts".
    """

    value: float
    england: float
    rank: int | None = None
    peers: int | None = None
    among: str = ""


@dataclass(frozen=True, eq=False)
class IndicatorAnswer:
    """One figure by area of a level.

    Parameters
    ----------
    place : Place
    indicator : Indicator
        As it is told at this level.
    level : AreaLevel
    table : DataFrame
        As `LOOK` says, most need first, areas without a figure last.
    whole : Indicator
        As it is told for the whole place.
    value : float
        Of the whole place.
    standing : Standing or None
        None where England cannot be compared: figures of the user's own, estimates, a place of its own files.
    low, high : float
        Range of an estimate of the whole place; NaN for what is published.
    """

    place: Place
    indicator: Indicator
    level: AreaLevel
    table: pd.DataFrame
    whole: Indicator
    value: float
    standing: Standing | None
    low: float = np.nan
    high: float = np.nan

    @property
    def known(self) -> pd.DataFrame:
        """Rows with a figure."""
        return self.table[self.table["value"].notna()]

    @property
    def missing(self) -> int:
        """Areas without a figure."""
        return len(self.table) - len(self.known)


@dataclass(frozen=True, eq=False)
class PairAnswer:
    """Two figures at once: each area's third of the place on either.

    Parameters
    ----------
    first, second : IndicatorAnswer
    table : DataFrame
        Index `area_code`, in the order of the first; `area_name`, `value`, `second_value`, `first_third` and
        `second_third` (one of `THIRDS`, by need; "" where either has no figure).
    correlation : float
        Spearman's rank correlation over the areas with both, of need with need; NaN with fewer than three.
    """

    first: IndicatorAnswer
    second: IndicatorAnswer
    table: pd.DataFrame
    correlation: float

    @property
    def high_on_both(self) -> pd.DataFrame:
        """Areas in the highest third on both."""
        return self.table[(self.table["first_third"] == "high") & (self.table["second_third"] == "high")]


def need_indicators(estimate: NeedEstimate) -> dict[str, Indicator]:
    """Estimates of need as figures to look at: children in each tier, and their rate."""
    found = {}
    for tier in estimate.settings.tiers:
        for suffix, unit in (
            ("", "number, estimated"),
            (RATE_SUFFIX, "per 1,000 children, estimated"),
        ):
            key = f"{NEED_PREFIX}{tier.key}{suffix}"
            found[key] = Indicator(
                key=key,
                title=f"Children who may need {tier.name.lower()}",
                group="Need, estimated",
                unit=unit,
                measure="mean" if suffix else "count",
                table="need",
                column=tier.key,
                vintage=estimate.place.manifest.children_title.rsplit(", ", 1)[-1],
                publisher="Hubreach",
                source="Estimate of need: see the page Need for its assumptions",
                licence="",
                status="estimated",
                weight="children",
            )
    return found


def all_indicators(estimate: NeedEstimate) -> dict[str, Indicator]:
    """Everything of a place that can be looked at, estimates of need first."""
    return need_indicators(estimate) | indicators(estimate.place)


def indicator_levels(estimate: NeedEstimate, indicator: Indicator) -> tuple[AreaLevel, ...]:
    """Levels that an indicator, or an estimate, can be shown for, wards first."""
    found = levels_of(estimate.place, indicator)
    modelled = indicator.table in ("need", "reach")
    return tuple(level for level in found if level != "msoa") if modelled else found


@kept(16)
def answer_indicator(estimate: NeedEstimate, key: str, level: AreaLevel) -> IndicatorAnswer:
    """Values of one figure by area, their ranks, and where place and areas stand in England.

    Parameters
    ----------
    estimate : NeedEstimate
        Of the place; read for figures of need only.
    key : str
        One of `all_indicators`.
    level : {"lsoa", "msoa", "ward", "locality", "place"}

    Raises
    ------
    HubreachError
        For an unknown key, or a level that it is not published for.
    """
    place = estimate.place
    indicator = find_indicator(place, key, need_indicators(estimate))
    check_level(place, indicator, level, indicator_levels(estimate, indicator))
    if indicator.table == "need":
        values, whole = _need_values(estimate, indicator, level), _need_values(estimate, indicator, "place")
        value, low, high = whole[["value", "low", "high"]].to_numpy(float)[0].tolist()
        return replace(answer_of_values(place, indicator, level, values, value), low=low, high=high)
    values = indicator_values(place, indicator, level)
    value = float(indicator_values(place, indicator, "place")["value"].iloc[0])
    other = indicator.table == "areas" and (place.children_edition or place.own("children"))
    compared = indicator if place.districts and indicator.table != "own" and not other else None
    return answer_of_values(place, indicator, level, values, value, compared)


def answer_of_values(
    place: Place,
    indicator: Indicator,
    level: AreaLevel,
    values: pd.DataFrame,
    value: float,
    compared: Indicator | None = None,
) -> IndicatorAnswer:
    """An answer from values by area that are known already.

    Parameters
    ----------
    values : DataFrame
        Index `area_code`; `area_name`, `value`, `count`, `parts`, `parts_missing`, and `low` and `high` of an estimate.
    value : float
        Of the whole place.
    compared : Indicator, optional
        What of England it is compared with; nothing if left out.
    """
    told = indicator.at(level)
    need = _need_of(values["value"], told)
    table = values.assign(
        rank=need.rank(ascending=False, method="min").astype("Int64"), england_percentile=np.nan
    )
    for bound in ("low", "high"):
        if bound not in table:
            table[bound] = np.nan
    standing = None
    if compared is not None:
        table["england_percentile"] = _percentiles(place, compared, level, values["value"])
        standing = _standing(place, compared, value)
    order = need.sort_values(ascending=False, kind="stable", na_position="last").index
    table = LOOK.checked(table.loc[order, list(LOOK.columns)])
    return IndicatorAnswer(place, told, level, table, indicator.at("place"), value, standing)


def _need_of(values: pd.Series, indicator: Indicator) -> pd.Series:
    """The figure turned so that more is more need; context as it is."""
    return -values if indicator.direction < 0 else values


def _need_values(estimate: NeedEstimate, indicator: Indicator, level: AreaLevel) -> pd.DataFrame:
    if level == "msoa":
        raise AssertionError(level)  # pragma: no cover - refused by indicator_levels
    table = estimate.tier_table(level, indicator.column)
    scale = 1000 / table["children"].where(table["children"] > 0) if indicator.measure == "mean" else 1.0
    parts = estimate.place.keys(level).value_counts().reindex(table.index)
    return pd.DataFrame(
        {
            "area_name": table["area_name"],
            "value": table["need"] * scale,
            "low": table["low"] * scale,
            "high": table["high"] * scale,
            "count": table["need"].astype(float),
            "parts": parts,
            "parts_missing": 0,
        }
    ).astype({"value": float, "low": float, "high": float})


@lru_cache(maxsize=1)
def england() -> Place:
    """All of England as one place without shapes and sites, its localities the authorities. Do not change it."""
    return england_place(
        Ground("england", "England", "E92000001", "region", tuple(districts().index)), figures_only=True
    )


@lru_cache(maxsize=64)
def england_values(indicator: Indicator, column: str) -> pd.Series:
    """An indicator for all of England by code: of "area_code", "msoa_code", "ward_code", "district_code" or more.

    Parameters
    ----------
    indicator : Indicator
    column : str
        Of the areas of England; "place_code" for England as one.
    """
    whole = england()
    coarse = column in ("district_code", "authority_code", "place_code")
    parts = indicator_parts(whole, indicator, "place" if coarse else "ward")
    if indicator.finest == "ward":
        homes = districts().assign(district_code=lambda d: d.index, place_code=whole.manifest.authority)
        home = homes[column] if coarse else parts.index.to_series()
    else:
        home = whole.areas.assign(area_code=whole.areas.index)[column]
    codes = pd.Index(home.dropna().unique())
    told = indicator.at("lsoa" if column == "area_code" else "place")
    return put_together(parts, home, told, pd.Series("", codes))["value"].dropna()


def _percentiles(place: Place, indicator: Indicator, level: AreaLevel, values: pd.Series) -> pd.Series:
    """Per cent of England's areas of a level with less need than each; ties count half."""
    columns = {"lsoa": "area_code", "msoa": "msoa_code", "ward": "ward_code"}
    if level == "locality" and set(values.index) <= set(place.districts):
        columns["locality"] = "district_code"
    if level not in columns:
        return pd.Series(np.nan, values.index)
    told = indicator.at(level)
    all_of_them = np.sort(_need_of(england_values(indicator, columns[level]), told).to_numpy())
    need = _need_of(values, told).to_numpy()
    below = np.searchsorted(all_of_them, need, side="left") + np.searchsorted(all_of_them, need, side="right")
    return pd.Series(np.where(np.isnan(need), np.nan, 50 * below / len(all_of_them)), values.index)


def _standing(place: Place, indicator: Indicator, value: float) -> Standing:
    told = indicator.at("place")
    whole = float(england_values(indicator, "place_code").iloc[0])
    owner = districts()["authority_code"].reindex(list(place.districts)).unique()
    if len(owner) == 1 and (districts()["authority_code"] == owner[0]).sum() == len(place.districts):
        among, column, code = "authorities", "authority_code", owner[0]
    elif len(place.districts) == 1:
        among, column, code = "districts", "district_code", place.districts[0]
    else:
        return Standing(value, whole)
    ranks = _need_of(england_values(indicator, column), told).rank(ascending=False, method="min")
    return Standing(value, whole, int(ranks[code]), len(ranks), among)


def answer_pair(first: IndicatorAnswer, second: IndicatorAnswer) -> PairAnswer:
    """Two figures of the same areas at once, each cut into thirds of the areas that have both.

    Raises
    ------
    HubreachError
        If the two are of different levels, or the same.
    """
    if first.level != second.level or first.indicator == second.indicator:
        fault = Fault(
            "against", None, None, first.indicator.title, "Choose another figure, of the same areas"
        )
        raise HubreachError("Two different figures are needed.", [fault])
    other = second.table["value"].reindex(first.table.index)
    both = first.table["value"].notna() & other.notna()
    thirds = [
        _thirds(_need_of(values[both], of.indicator)).reindex(first.table.index).fillna("")
        for values, of in ((first.table["value"], first), (other, second))
    ]
    table = first.table[["area_name", "value"]].assign(
        second_value=other, first_third=thirds[0], second_third=thirds[1]
    )
    ranks = [
        _need_of(values[both], of.indicator).rank()
        for values, of in ((table["value"], first), (other, second))
    ]
    varied = both.sum() >= 3 and all(len(set(rank)) > 1 for rank in ranks)
    return PairAnswer(first, second, table, float(ranks[0].corr(ranks[1])) if varied else np.nan)


def _thirds(need: pd.Series) -> pd.Series:
    """Third of each value, the lowest first; equal values are in the same one."""
    if need.empty:
        return need.astype(str)
    limits = np.quantile(need, [1 / 3, 2 / 3])
    return pd.Series([THIRDS[n] for n in np.searchsorted(limits, need, side="left")], need.index)

"""A composite index from chosen indicators and weights, and how stable its ranks are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate, estimate_on
from analysis.need.rates import Floats
from analysis.places.place import Place
from analysis.scenario.need_settings import COMPOSITE, NeedSettings

Normalisation = Literal["rank", "z-score", "min-max"]
Aggregation = Literal["arithmetic", "geometric"]
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
WEIGHT_CONCENTRATION = 20.0
SCOPE = "A composite index ranks the areas of one place against each other; it says nothing of other places"


def normalised(values: pd.DataFrame, method: Normalisation, directions: Mapping[str, int]) -> pd.DataFrame:
    """Indicators on one positive scale on which more is more need.

    rank: (rank - 0.5) / n, ties shared. z-score: 100 + 10 (x - mean) / s.d. min-max: 0.01 + 0.99 (x -
    least) / (most - least). The shifts keep a geometric mean defined; they change no arithmetic rank.

    Parameters
    ----------
    values : DataFrame
        A row an area, a column an indicator, none missing.
    method : {"rank", "z-score", "min-max"}
    directions : mapping of str to int
        1 or -1 for each column.

    Returns
    -------
    DataFrame
        In the shape of `values`.

    Notes
    -----
    OECD and JRC 2008, Handbook on Constructing Composite Indicators, step 5.
    """
    signed = values * pd.Series({name: directions.get(name, 1) for name in values.columns})
    if method == "rank":
        return (signed.rank() - 0.5) / len(signed)
    if method == "z-score":
        return 100 + 10 * (signed - signed.mean()) / signed.std(ddof=0)
    return 0.01 + 0.99 * (signed - signed.min()) / (signed.max() - signed.min())


def composite_index(
    values: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, int] | None = None,
    normalisation: Normalisation = "rank",
    aggregation: Aggregation = "arithmetic",
) -> pd.Series:
    """Weighted mean of normalised indicators: the higher, the more need.

    Parameters
    ----------
    values : DataFrame
        A row an area, a column an indicator.
    weights : mapping of str to float
        By column, 0 or more; they are scaled to add up to 1. A column without a weight is left out.
    directions : mapping of str to int, optional
        -1 where a higher figure means less need; by default 1.
    normalisation : {"rank", "z-score", "min-max"}
    aggregation : {"arithmetic", "geometric"}
        A geometric mean lets a low figure be made up for less easily by a high one.

    Returns
    -------
    Series
        On the index of `values`, named "composite".

    Raises
    ------
    HubreachError
        For wrong weights, missing figures, or an indicator that is the same everywhere.

    Examples
    --------
    Ranks of three areas are 1/6, 3/6 and 5/6; "poor" counts three times as much as "ill".

    >>> values = pd.DataFrame({"poor": [1.0, 2.0, 4.0], "ill": [30.0, 10.0, 20.0]}, index=["x", "y", "z"])
    >>> composite_index(values, {"poor": 3, "ill": 1}).round(3).to_dict()
    {'x': 0.333, 'y': 0.417, 'z': 0.75}
    """
    chosen = _checked(values, weights)
    scaled = normalised(values[list(chosen)], normalisation, directions or {})
    index = _aggregated(scaled.to_numpy(), np.array([list(chosen.values())]), aggregation)[0]
    return pd.Series(index, index=values.index, name="composite")


@dataclass(frozen=True)
class WeightDraws:
    """Weights that could have been chosen instead: how many sets of them, and how far they stray.

    Parameters
    ----------
    count : int
        100 or more.
    seed : int
    concentration : float
        How closely the drawn weights follow the chosen ones: a weight w has the standard deviation
        sqrt(w (1 - w) / (1 + concentration)).
    """

    count: int = 1000
    seed: int = 1
    concentration: float = WEIGHT_CONCENTRATION


USUAL_DRAWS = WeightDraws()


def rank_stability(
    values: pd.DataFrame,
    weights: Mapping[str, float],
    directions: Mapping[str, int] | None = None,
    *,
    normalisation: Normalisation = "rank",
    aggregation: Aggregation = "arithmetic",
    draws: WeightDraws = USUAL_DRAWS,
    top: int | None = None,
    interval: float = 0.90,
) -> pd.DataFrame:
    """How the ranks move when weights, normalisation and aggregation could have been others.

    Each draw takes weights from a Dirichlet distribution around the chosen ones, and one of the three
    normalisations and two aggregations at random.

    Parameters
    ----------
    values, weights, directions, normalisation, aggregation
        As `composite_index`; the last two only set the index that is shown.
    draws : WeightDraws
    top : int, optional
        Number of the highest that `p_top` is the chance of being among; by default a quarter of the rows.
    interval : float
        Share of the draws between `rank_low` and `rank_high`.

    Returns
    -------
    DataFrame
        On the index of `values`: `composite`, `rank` (1 is most need), `rank_median`, `rank_low`,
        `rank_high`, `p_top`.

    Notes
    -----
    Saisana, Saltelli and Tarantola 2005, Journal of the Royal Statistical Society A 168, 307-323.
    """
    shares = np.array(list(_checked(values, weights).values()))
    _check_draws(draws, interval)
    random = np.random.default_rng(draws.seed)
    drawn = random.dirichlet(shares * draws.concentration, draws.count)
    recipes = [(n, a) for n in NORMALISATIONS for a in AGGREGATIONS]
    recipe = random.integers(len(recipes), size=draws.count)
    names = list(_checked(values, weights))
    ranks = np.empty((draws.count, len(values)), dtype=np.int64)
    for number, (method, mean) in enumerate(recipes):
        rows = recipe == number
        scaled = normalised(values[names], method, directions or {}).to_numpy()
        ranks[rows] = _ranks(_aggregated(scaled, drawn[rows], mean))
    index = composite_index(values, weights, directions, normalisation, aggregation)
    tail = (1 - interval) / 2
    low, median, high = np.quantile(ranks, [tail, 0.5, 1 - tail], axis=0)
    count = min(len(values), top or max(1, round(len(values) / 4)))
    return pd.DataFrame(
        {
            "composite": index,
            "rank": _ranks(index.to_numpy()[None, :])[0],
            "rank_median": median,
            "rank_low": np.floor(low).astype("int64"),
            "rank_high": np.ceil(high).astype("int64"),
            "p_top": (ranks <= count).mean(axis=0),
        },
        index=values.index,
    )


def composite_position(place: Place, vintage: str, composite: pd.Series) -> pd.Series:
    """National positions for a composite index, which has none of its own.

    The small area of composite rank r is given the r-th highest IMD position of the place: the place
    keeps its own spread of deprivation, and the composite says who stands where in it.
    """
    order = composite.reindex(place.areas.index).round(12).sort_values(ascending=False, kind="stable").index
    positions = place.deprivation(vintage)["imd_position"].sort_values(ascending=False)
    dealt = pd.Series(positions.to_numpy(), index=order, name="composite_position")
    return dealt.reindex(place.areas.index)


def estimate_on_composite(place: Place, settings: NeedSettings, composite: pd.Series) -> NeedEstimate:
    """`estimate_need` where the user's composite index says how deprived an area is."""
    position = composite_position(place, settings.vintage, composite)
    return estimate_on(place, replace(settings, basis=COMPOSITE), position)


def _aggregated(scaled: Floats, weights: Floats, method: Aggregation) -> Floats:
    """Index of every area under every row of weights, shape (draws, areas)."""
    if method == "geometric":
        return np.asarray(np.exp(weights @ np.log(scaled).T))
    return np.asarray(weights @ scaled.T)


def _ranks(index: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Rank 1 for the highest in each row; of equals, the earlier comes first."""
    order = (-np.round(index, 12)).argsort(axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, index.shape[1] + 1)[None, :], axis=1)
    return ranks


def _checked(values: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, float]:
    """Weights above 0, scaled to add up to 1, by column."""
    faults = FaultList("composite index")
    for name, weight in weights.items():
        if name not in values.columns:
            known = ", ".join(map(str, values.columns))
            faults.add(f"there is no indicator {name!r}", f"Choose from {known}", column=name)
        elif not (np.isfinite(weight) and weight >= 0):
            faults.add(f"a weight of {weight:g}", "Give 0 or more", column=name)
        elif weight and values[name].isna().any():
            codes = ", ".join(map(str, values.index[values[name].isna()][:5]))
            faults.add(f"no figure for {codes}", "Choose an indicator without gaps", column=name)
        elif weight and (values[name] == values[name].iloc[0]).all():
            faults.add("the same figure everywhere", "Choose an indicator that differs", column=name)
    chosen = {name: float(weight) for name, weight in weights.items() if weight > 0}
    if not chosen and not faults.faults:
        faults.add("no indicator has a weight", "Give at least one a weight above 0", column="weights")
    faults.raise_if_any("The composite index cannot be worked out.")
    total = sum(chosen.values())
    return {name: weight / total for name, weight in chosen.items()}


def _check_draws(draws: WeightDraws, interval: float) -> None:
    faults = FaultList("composite index")
    if draws.count < 100:
        faults.add(f"{draws.count} model runs", "Give 100 or more for a range", column="draws")
    if not draws.concentration > 0:
        faults.add(f"{draws.concentration:g}", "Give a number above 0", column="concentration")
    if not 0.5 <= interval < 1:
        faults.add(f"an interval of {interval:g}", "Give 0.5 to 0.99", column="interval")
    faults.raise_if_any("The stability of the ranks cannot be worked out.")

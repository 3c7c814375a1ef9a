"""The demand frame: who lives in each area, and which ward, locality and fifth it belongs to.

People stand at the demand points of their area (`analysis.places.points`). Children at a point are the area's children
times the point's share and stay fractions: a share of an area is then exact, sums over whole areas are the area's own
figures, and people are made whole once, where a figure is shown or printed (`whole_people`).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.rounding import shared_whole
from analysis.need.estimate import NeedEstimate
from analysis.scenario.ages import BAND_AGES

FIFTHS = 5
PEOPLE = re.compile(
    r"^(?!.*(share|minutes|nearest))"
    r"((children|under_fives|need)(_|$)|(total|covered|not_covered)$|.*_(covered|gaining|losing|before|after)$)"
)
DESCRIPTION_COLUMNS = (
    "area_code",
    "age_band",
    "share",
    "area_name",
    "ward_code",
    "ward_name",
    "locality_code",
    "locality_name",
    "place_code",
    "place_name",
    "fifth",
    "easting",
    "northing",
    "children",
    "under_fives",
    "children_0_4",
    "children_5_10",
    "children_11_15",
    "children_16_17",
)
FIFTH_NAMES = {
    1: "Most deprived fifth",
    2: "Second fifth",
    3: "Third fifth",
    4: "Fourth fifth",
    5: "Least deprived fifth",
}


def demand_frame(
    areas: pd.DataFrame,
    need: pd.DataFrame,
    deprivation_position: pd.Series,
    population: pd.Series | None = None,
) -> pd.DataFrame:
    """Put together what every reach figure is counted over.

    Parameters
    ----------
    areas : DataFrame
        `place.areas`: index `area_code`, names and codes, children by age band, position in metres.
    need : DataFrame
        Children in each tier of need, one column a tier, same index.
    deprivation_position : Series
        National position in (0, 1), 1 the most deprived, same index (`imd_position`, or another basis).
    population : Series, optional
        Residents, same index: what fifths are fifths of. By default `population_mid2015` of `areas`.

    Returns
    -------
    DataFrame
        Same index; `DESCRIPTION_COLUMNS` where `areas` has them, then one column a tier. `under_fives`
        is children aged 0-4, where the areas have ages; `fifth` is 1 for the most deprived fifth of the place's population.

    Raises
    ------
    HubreachError
        If need or deprivation do not cover the areas.
    """
    for name, other in (("need", need.index), ("deprivation", deprivation_position.index)):
        missing = areas.index.difference(other)
        if len(missing):
            found = f"{len(missing)} areas have no figures, the first is {missing[0]}"
            raise HubreachError(
                "The demand cannot be put together.", [Fault(name, None, None, found, "Add them")]
            )
    people = areas["population_mid2015"] if population is None else population
    fifth = deprivation_fifths(deprivation_position.reindex(areas.index), people)
    full = areas.assign(fifth=fifth)
    if "children_0_4" in areas:
        full = full.assign(under_fives=areas["children_0_4"])
    kept = [column for column in DESCRIPTION_COLUMNS if column in full.columns]
    return full[kept].join(need.reindex(areas.index))


def estimated_demand(estimate: NeedEstimate) -> pd.DataFrame:
    """Demand frame of an estimate of need; fifths by the multiple index (IMD) of the estimate's edition."""
    place = estimate.place
    position = place.deprivation(estimate.settings.vintage)["imd_position"]
    return demand_frame(place.areas, estimate.counts, position, place.population)


def tier_columns(demand: pd.DataFrame) -> list[str]:
    """Columns of a demand frame that are tiers of need, in order."""
    return [str(column) for column in demand.columns if column not in DESCRIPTION_COLUMNS]


def measure_columns(demand: pd.DataFrame) -> list[str]:
    """Columns of a demand frame that count children: all, under fives where ages are known, then each tier."""
    under_fives = ["under_fives"] if "under_fives" in demand else []
    return ["children", *under_fives, *tier_columns(demand)]


def deprivation_fifths(position: pd.Series, population: pd.Series) -> pd.Series:
    """Sort the areas of a place into fifths of its population, by deprivation.

    Areas are lined up from the most to the least deprived (ties by code); an area belongs to the fifth
    in which the middle of its population falls. A small place can leave a fifth empty.

    Parameters
    ----------
    position : Series
        1 the most deprived, index `area_code`.
    population : Series
        Residents, same index.

    Returns
    -------
    Series of int
        1 (most deprived) to 5, on the index of `position`.

    Examples
    --------
    >>> position = pd.Series([0.9, 0.1, 0.5, 0.7, 0.3], index=list("abcde"))
    >>> deprivation_fifths(position, pd.Series(100, index=position.index)).tolist()
    [1, 5, 3, 2, 4]
    """
    order = np.lexsort((position.index.to_numpy(), -position.to_numpy(float)))
    people = population.reindex(position.index).to_numpy(float)[order]
    total = people.sum()
    middle = (np.cumsum(people) - people / 2) / total if total > 0 else np.zeros(len(people))
    fifths = np.empty(len(people), dtype=np.int64)
    fifths[order] = np.clip(np.floor(middle * FIFTHS).astype(np.int64) + 1, 1, FIFTHS)
    return pd.Series(fifths, index=position.index, name="fifth")


def people_by_age(demand: pd.DataFrame) -> pd.DataFrame:
    """The demand frame with a row for every area and age band, so that each age has its own sites.

    Parameters
    ----------
    demand : DataFrame
        See `demand_frame`; with at least one age band.

    Returns
    -------
    DataFrame
        Index `<area_code>|<band>`, area by area; the columns of `demand` with `area_code` and `age_band` first.
        `children` and `under_fives` are those of the band, every other band is 0, and each tier's need is shared
        over the bands like the area's children, in whole numbers that add up to the area's.
    """
    bands = [band for band in BAND_AGES if band in demand]
    counts = demand[bands].to_numpy()
    rows = demand.loc[demand.index.repeat(len(bands))].copy()
    number = np.tile(np.arange(len(bands)), len(demand))
    for position, band in enumerate(bands):
        rows[band] = np.where(number == position, counts[:, position].repeat(len(bands)), 0)
    rows["children"] = rows[bands].sum(axis=1)
    if "under_fives" in demand:
        rows["under_fives"] = rows["children_0_4"]
    for tier in tier_columns(demand):
        rows[tier] = shared_whole(demand[tier].to_numpy(), counts).ravel()
    rows.insert(0, "age_band", np.array(bands, dtype=object)[number])
    rows.insert(0, "area_code", rows.index.to_numpy(object))
    rows.index = pd.Index(rows["area_code"] + "|" + rows["age_band"], name="person_row")
    return rows


def people_at_points(people: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The people of each area, standing at its demand points.

    Parameters
    ----------
    people : DataFrame
        `demand_frame`, or by age (`people_by_age`).
    points : DataFrame
        `Place.points` of the same areas, in the same order.

    Returns
    -------
    DataFrame
        `people` itself where each area has one point. Else a row a point (and age band), index `<point_code>`
        (`<point_code>|<band>`); the columns of `people` after `area_code` and, with ages, `age_band`: counts times the
        point's `share`, which is a column too, and `easting` and `northing` those of the point.
    """
    codes = area_codes(people)
    areas = codes.unique()
    if points.index.equals(areas):
        return people
    bands = len(people) // len(areas)
    first = areas.get_indexer(pd.Index(points["area_code"])) * bands
    rows = people.iloc[(first[:, None] + np.arange(bands)).ravel()]
    share = points["share"].to_numpy(float).repeat(bands)
    counted = [*measure_columns(people), *(band for band in BAND_AGES if band in people)]
    code, area = (pd.Index(column).repeat(bands) for column in (points.index, points["area_code"]))
    index = code if "age_band" not in people else code + "|" + pd.Index(rows["age_band"])
    rows = rows.set_axis(index.rename(people.index.name if bands > 1 else "point_code"))
    moved = {name: points[name].to_numpy(float).repeat(bands) for name in ("easting", "northing")}
    spread = {name: rows[name].to_numpy(float) * share for name in counted}
    rows = rows.assign(area_code=area.to_numpy(object), share=share, **moved, **spread)
    front = [name for name in ("area_code", "age_band") if name in rows]
    return rows[[*front, *(name for name in rows.columns if name not in front)]]


def whole_people(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its counts of people in whole numbers, as it is shown or printed.

    Each count is rounded by itself, so that it is the nearest whole number to the exact one; rounded parts can then
    differ from their rounded sum by a child or two, which official tables accept too.

    Parameters
    ----------
    table : DataFrame
        Counts are the columns without gaps that `PEOPLE` names; a tier's key with what was counted of it is one.

    Returns
    -------
    DataFrame
        In the shape of `table`, its counts of int64.

    Examples
    --------
    >>> table = pd.DataFrame({"children_covered": [2.6], "share_covered": [0.26], "mean_minutes": [12.4]})
    >>> whole_people(table).iloc[0].tolist()
    [3.0, 0.26, 12.4]
    """
    counts = {
        str(name): table[name].round().astype("int64")
        for name in table.columns
        if PEOPLE.search(str(name)) and table[name].dtype.kind == "f" and np.isfinite(table[name]).all()
    }
    return table.assign(**counts)


def area_codes(demand: pd.DataFrame) -> pd.Index:
    """Code of the small area that each row of a demand frame stands in."""
    return pd.Index(demand["area_code"]) if "area_code" in demand else demand.index

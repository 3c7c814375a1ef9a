"""Demand points: where inside a small area its people live, and so where travel starts from."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analysis.places.england.tables import read_rows

POINT_COLUMNS = ("area_code", "easting", "northing", "share")


def centre_points(areas: pd.DataFrame) -> pd.DataFrame:
    """One point an area, at its centre: all that is known where a place's files give nothing nearer.

    Parameters
    ----------
    areas : DataFrame
        Index `area_code`; `easting`, `northing` in metres (EPSG:27700).

    Returns
    -------
    DataFrame
        Index `point_code`, which is the area's code; `POINT_COLUMNS`.
    """
    points = areas[["easting", "northing"]].assign(share=1.0)
    points.insert(0, "area_code", areas.index.astype("str"))
    return points.rename_axis("point_code")


@lru_cache(maxsize=8)
def england_points(districts: tuple[str, ...]) -> pd.DataFrame:
    """Points of every small area of some districts, out of the tables of England. Do not change it.

    Parameters
    ----------
    districts : tuple of str
        Codes of lower-tier authorities.

    Returns
    -------
    DataFrame
        Index `point_code` ("E01011949.1"), area by area in order of code, the largest share first; `POINT_COLUMNS`:
        metres (EPSG:27700), and the share of the area's people that stand there. Shares of an area add up to 1.
    """
    rows = read_rows("demand_points", districts, list(POINT_COLUMNS))
    rows = rows.sort_values(["area_code", "share"], ascending=[True, False], kind="stable", ignore_index=True)
    by_area = rows["share"].astype(float).groupby(rows["area_code"])
    number = by_area.cumcount() + 1
    # The file keeps shares in single precision; a child must not get lost in the seventh digit.
    points = rows.assign(
        easting=rows["easting"].astype(float),
        northing=rows["northing"].astype(float),
        share=rows["share"].astype(float) / by_area.transform("sum"),
    )
    return points.set_axis(pd.Index(rows["area_code"] + "." + number.astype("str"), name="point_code"))

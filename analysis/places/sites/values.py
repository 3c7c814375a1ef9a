"""Values of a site, checked and completed: whoever gives them, a form, a saved change or an option."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.text import plain
from analysis.places.coordinates import grid_of_lon_lat, lon_lat_of_grid
from analysis.places.sites.postcodes import locate_postcode, normal_postcode
from analysis.places.sites.register import (
    CONDITIONS,
    NUMBER_COLUMNS,
    OPEN_WORDS,
    SITE_COLUMNS,
    STAGES,
    TEXT_COLUMNS,
    split_list,
)

Value = str | float | bool
EASTING_M = (0.0, 700_000.0)
NORTHING_M = (0.0, 1_300_000.0)
LARGEST = {"age_from": 25.0, "age_to": 25.0, "hours_per_week": 168.0}


def checked_values(
    values: Mapping[str, Any], allowed: Collection[str] = SITE_COLUMNS, *, called: str = "site"
) -> dict[str, Value]:
    """Clean and check values of site columns.

    Parameters
    ----------
    values : mapping
        By column; text may be any text, numbers must be numbers in range, None is unknown.
    allowed : collection of str
        Columns that may be set.
    called : str
        What the message calls the site.

    Raises
    ------
    HubreachError
        With every value that cannot be used.
    """
    faults = FaultList(called)
    checked: dict[str, Value] = {}
    for column, value in values.items():
        if column not in allowed:
            faults.add(
                f"{column!r:.40} cannot be set here", f"Use: {', '.join(sorted(allowed))}", column=column
            )
        elif column in NUMBER_COLUMNS:
            checked[column] = _number(column, value, faults)
        elif column == "is_open":
            checked[column] = _flag(value, faults)
        else:
            checked[column] = _text(column, value, faults)
    youngest, oldest = checked.get("age_from", np.nan), checked.get("age_to", np.nan)
    if isinstance(youngest, float) and isinstance(oldest, float) and youngest > oldest:
        faults.add(f"{youngest:g} is above {oldest:g}", "Put the younger age in age_from", column="age_from")
    faults.raise_if_any("The site cannot be changed like this.")
    return checked


def located_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """Fill in the full position from whichever is given: the grid, degrees, or the postcode.

    Raises
    ------
    HubreachError
        If there is none, or the postcode is unknown.
    """
    located = dict(values)
    if _has(located, "easting", "northing"):
        east, north = float(located["easting"]), float(located["northing"])
    elif _has(located, "lon", "lat"):
        grid = grid_of_lon_lat(located["lon"], located["lat"])
        east, north = round(float(grid[0]), 1), round(float(grid[1]), 1)
    elif located.get("postcode"):
        point = locate_postcode(str(located["postcode"]))
        located["postcode"], east, north = point.postcode, point.easting, point.northing
    else:
        remedy = "Give a postcode, an easting and northing, or a longitude and latitude"
        raise HubreachError(
            "The site has no position.", [Fault("site", None, "easting", "no position", remedy)]
        )
    inside = EASTING_M[0] <= east <= EASTING_M[1] and NORTHING_M[0] <= north <= NORTHING_M[1]
    if not inside:
        found = f"{east:,.0f} E, {north:,.0f} N is not in Great Britain"
        fault = Fault("site", None, "easting", found, "Check the easting and northing, in metres")
        raise HubreachError("The site has no usable position.", [fault])
    lon, lat = lon_lat_of_grid(east, north)
    return located | {
        "easting": east,
        "northing": north,
        "lon": round(float(lon), 5),
        "lat": round(float(lat), 5),
    }


def position_given(postcode: str | None, easting: float | None, northing: float | None) -> dict[str, Any]:
    """Position that a form states: the postcode if there is one, else the grid, else nothing."""
    if postcode and postcode.strip():
        return {"postcode": postcode}
    if easting is None and northing is None:
        return {}
    return {"easting": easting, "northing": northing}


def sites_of_rows(rows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Build a sites frame from values by site; columns left out are unknown, a site is existing and open."""
    unknown = dict.fromkeys(TEXT_COLUMNS, "") | dict.fromkeys(NUMBER_COLUMNS, np.nan)
    blank = {**unknown, "stage": "existing", "is_open": True}
    full = [{**blank, **values} for values in rows.values()]
    columns = {name: pd.array([row[name] for row in full], dtype=_dtype_of(name)) for name in SITE_COLUMNS}
    return pd.DataFrame(columns, index=pd.Index(list(rows), name="site_id", dtype="str"))


def _dtype_of(column: str) -> Literal["str", "float64", "bool"]:
    if column in NUMBER_COLUMNS:
        return "float64"
    return "bool" if column == "is_open" else "str"


def rows_of_sites(sites: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Values by site, the other way round."""
    cells = sites.itertuples(index=False, name=None)
    return {
        str(site_id): dict(zip(sites.columns, row, strict=True))
        for site_id, row in zip(sites.index, cells, strict=True)
    }


def changed_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Value]:
    """Columns of one site that differ, with their new values; two unknowns do not differ."""

    def same(one: Any, other: Any) -> bool:
        return bool(one == other or (pd.isna(one) and pd.isna(other)))

    return {column: value for column, value in after.items() if not same(before.get(column), value)}


def _has(values: Mapping[str, Value], *columns: str) -> bool:
    return all(
        isinstance(values.get(c), int | float) and not np.isnan(cast("float", values[c])) for c in columns
    )


def _number(column: str, value: Any, faults: FaultList) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        return float("nan")
    try:
        number = float(value)
    except (TypeError, ValueError):
        faults.add(f"{value!r:.40} is not a number", "Enter a number, or leave it blank", column=column)
        return float("nan")
    largest = LARGEST.get(column, np.inf)
    if np.isinf(number) or number > largest or (number < 0 and column != "lon"):
        upto = f" to {largest:g}" if np.isfinite(largest) else " or more"
        faults.add(f"{number:g} is out of range", f"Enter 0{upto}", column=column)
    return number


def _text(column: str, value: Any, faults: FaultList) -> str:
    text = plain("" if value is None else str(value))
    if column in ("name", "kind") and not text:
        faults.add("it is blank", f"Give a {column}", column=column)
    if column == "condition":
        text = text.upper()
        if text not in ("", *CONDITIONS):
            faults.add(f"{text!r:.40} is not a survey grade", "Use A, B, C or D", column=column)
    if column == "stage" and text not in STAGES:
        faults.add(f"{text!r:.40} is not a stage", "Use existing or proposed", column=column)
    if column == "services":
        return ";".join(split_list(text))
    return normal_postcode(text) or text if column == "postcode" else text


def _flag(value: Any, faults: FaultList) -> bool:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    word = str(value).strip().lower()
    if word not in OPEN_WORDS:
        faults.add(f"{value!r:.40} is neither open nor closed", "Use yes or no", column="is_open")
    return OPEN_WORDS.get(word, True)

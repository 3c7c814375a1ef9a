"""Find an area of a place by what somebody types: its name or code, a site in it, or a postcode."""

from __future__ import annotations

import difflib
from collections.abc import Collection

import numpy as np
import pandas as pd
import shapely

from analysis.base.faults import Fault, HubreachError
from analysis.places.place import AreaLevel, Place
from analysis.places.sites.postcodes import locate_postcode, normal_postcode

LEVELS: tuple[AreaLevel, ...] = ("ward", "msoa", "lsoa", "locality")
NEAR = 3


def find_area(
    place: Place, text: str, level: AreaLevel, sites: pd.DataFrame | None = None
) -> tuple[AreaLevel, str]:
    """The area that a text names.

    Parameters
    ----------
    place : Place
    text : str
        Name or code of an area of any level, the level in force first; name or id of a site; or a postcode.
    level : {"ward", "msoa", "lsoa", "locality"}
        Level in force: the area in which a site or a postcode lies is of this level.
    sites : DataFrame, optional
        Sites in force; the place's own if left out.

    Returns
    -------
    str
        Level of the area.
    str
        Its code.

    Raises
    ------
    HubreachError
        If nothing here is called so, or the postcode or the site lies in none of the place's areas.
    """
    known = place.sites if sites is None else sites
    wanted = text.strip().casefold()
    levels = [level, *(each for each in LEVELS if each != level and place.has_level(each))]
    for each in levels:
        names = place.names(each)
        hits = names.index[(names.index.str.casefold() == wanted) | (names.str.casefold() == wanted)]
        if len(hits):
            return each, str(hits[0])
    hits = known.index[(known.index.str.casefold() == wanted) | (known["name"].str.casefold() == wanted)]
    if len(hits):
        east, north = known.loc[[hits[0]], ["easting", "northing"]].astype(float).to_numpy()[0]
        return level, _area_at(place, level, text, east, north)
    if normal_postcode(text):
        point = locate_postcode(text)
        return level, _area_at(place, level, text, point.easting, point.northing)
    raise _not_found(place, text, [*(name for each in levels for name in place.names(each)), *known["name"]])


def _area_at(place: Place, level: AreaLevel, text: str, easting: float, northing: float) -> str:
    shapes = place.boundaries.geometry
    at = shapely.contains_xy(np.asarray(shapes), easting, northing)
    if not at.any():
        fault = Fault(
            "area", None, None, f"{text!r:.60} is outside", f"Type a name or a postcode in {place.name}"
        )
        raise HubreachError(f"That lies in no neighbourhood of {place.name}.", [fault])
    return str(place.keys(level)[shapes.index[at][0]])


def _not_found(place: Place, text: str, names: Collection[str]) -> HubreachError:
    near = difflib.get_close_matches(text.strip(), list(names), NEAR)
    meant = f"Did you mean {', '.join(near)}? " if near else ""
    remedy = f"{meant}Type the name of a ward, a neighbourhood or a site, a code, or a postcode"
    fault = Fault("area", None, None, f"{text!r:.60} is not known here", remedy)
    return HubreachError(f"{place.name} has no such area.", [fault])

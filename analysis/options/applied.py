"""An option put on a place: its sites and localities, and what in it does not fit, told by name."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from analysis.base.faults import Fault, FaultList
from analysis.base.text import slugify
from analysis.options.option import Option, planned_rows, with_current_sites
from analysis.places.place import Place
from analysis.places.sites.register import within_bounds
from analysis.places.sites.values import rows_of_sites, sites_of_rows

NEAR_OUTLINE_M = 250.0


@dataclass(frozen=True, eq=False)
class AppliedOption:
    """What a place would be under an option.

    Parameters
    ----------
    option : Option
    sites : DataFrame
        Sites frame: the place's sites, open or closed as the option has it, then its new ones.
    localities : DataFrame
        Index `area_code`; `locality_code`, `locality_name` as the option draws them.
    problems : tuple of Fault
        What does not fit. A site that is not the place's, or lies far outside it, is left out; one just
        outside is kept and told; a ward that is not the place's is left out.
    year : int or None
        Year of the plan: 0 is today, None the last.
    """

    option: Option
    sites: pd.DataFrame = field(repr=False)
    localities: pd.DataFrame = field(repr=False)
    problems: tuple[Fault, ...] = ()
    year: int | None = None

    def listed(self) -> list[str]:
        """Sites that are as the option has them in its year; those that open later are still as today."""
        if self.year == 0:
            return []
        later = self.year or last_year(self.option)
        return [site.site_id for site in self.option.sites if (site.opens_year or 0) <= later]


def apply_option(option: Option, place: Place, year: int | None = None) -> AppliedOption:
    """Put an option on a place; whatever does not fit is reported and the rest still works.

    Parameters
    ----------
    option : Option
    place : Place
    year : int, optional
        Year of the plan: 0 is today, None the last year.

    Returns
    -------
    AppliedOption
    """
    option = with_current_sites(option, place.sites)
    rows, faults = planned_rows(option, place.sites)
    planned = sites_of_rows(rows)
    planned = _without_far(option, planned, place, faults)
    if year is not None:
        planned = _in_year(option, planned, place.sites, year)
    localities = _localities(option, place, faults)
    return AppliedOption(option, planned, localities, tuple(faults), year)


def last_year(option: Option) -> int:
    """The year of the plan from which nothing more changes; 1 for one that has no phases."""
    years = [year for site in option.sites for year in (site.opens_year, site.closes_year) if year]
    return max([1, *years])


def _in_year(option: Option, planned: pd.DataFrame, today: pd.DataFrame, year: int) -> pd.DataFrame:
    """Sites in one year: those that have not opened yet are as today, those that close later still open."""
    if year <= 0:
        return today
    now, before = rows_of_sites(planned), rows_of_sites(today)
    for site in option.sites:
        if site.site_id not in now:
            continue
        if site.opens_year is not None and year < site.opens_year:
            later = {**now[site.site_id], "is_open": False}
            now[site.site_id] = before.get(site.site_id, later)
        elif site.closes_year is not None and year < site.closes_year:
            now[site.site_id] = {**now[site.site_id], "is_open": True}
    return sites_of_rows(now)


def _without_far(option: Option, planned: pd.DataFrame, place: Place, faults: FaultList) -> pd.DataFrame:
    """Leave out sites of the option that lie far outside the place, and tell of those just outside."""
    named = planned.index.intersection([site.site_id for site in option.sites])
    if named.empty or place.boundaries.geometry.isna().all():
        return planned
    west, south, east, north = (float(edge) for edge in place.boundaries.total_bounds)
    sites = planned.loc[named]
    near = within_bounds(sites["easting"], sites["northing"], (west, south, east, north))
    shapes = place.boundaries.geometry.to_numpy()
    for site_id in named:
        east, north = float(sites.loc[site_id, "easting"]), float(sites.loc[site_id, "northing"])
        away = float(np.nanmin(shapely.distance(shapes, shapely.Point(east, north))))
        if away > NEAR_OUTLINE_M:
            kept = "it counts all the same" if near[site_id] else "it is left out"
            found = f"site {site_id!r:.60} lies {away / 1000:,.1f} km outside {place.name}: {kept}"
            faults.add(found, "Check its postcode, or its easting and northing", column="sites")
    return planned.drop(index=near.index[~near])


def _localities(option: Option, place: Place, faults: FaultList) -> pd.DataFrame:
    drawn = place.areas[["locality_code", "locality_name"]]
    if not option.localities:
        return drawn
    wards = {name.casefold(): code for code, name in place.names("ward").items()}
    home: dict[str, str] = {}
    for locality in option.localities:
        for ward in locality.wards:
            if ward.casefold() in wards:
                home[str(wards[ward.casefold()])] = locality.name
            else:
                found = f"there is no ward {ward!r:.60} in {place.name}"
                faults.add(found, "Use the name of a ward here", column=f"localities, {locality.name}")
    pairs = zip(place.areas["ward_code"], drawn["locality_name"], strict=True)
    names = [home.get(str(ward), str(today)) for ward, today in pairs]
    name = pd.Series(names, index=drawn.index, dtype="str")
    return pd.DataFrame({"locality_code": name.map(slugify).astype("str"), "locality_name": name})

"""An option: which sites there would be, of what kind, with what services, and within what reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field

from analysis.base.faults import FaultList
from analysis.base.records import AboveZero, OneLine, Record
from analysis.base.text import slugify
from analysis.places.manifest import Locality
from analysis.places.sites.duplicates import former_ids
from analysis.places.sites.values import (
    Value,
    changed_values,
    checked_values,
    located_values,
    rows_of_sites,
    sites_of_rows,
)
from analysis.scenario.terms import Terms
from analysis.scenario.travel import Mode, TravelSettings, travel_settings

Others = Literal["closed", "as today"]
OTHERS: tuple[Others, ...] = ("closed", "as today")


class Catchment(Record):
    """How far people are expected to come.

    Parameters
    ----------
    mode : {"walk", "cycle", "drive"}
    minutes : float
        The limit.
    detour, speed_kmh : float or None
        As in `TravelSettings`; None is the mode's default.
    citywide_kinds : tuple of str
        Kinds whose teams come to the families, anywhere in the place. Nobody has to get to them, so they
        count for no minutes and no cover; the services that they hold are within reach everywhere.
    minutes_by_kind : mapping of str to float
        Limits of kinds of site that differ from `minutes`.
    """

    mode: Mode = "walk"
    minutes: Annotated[float, Field(gt=0)] = 20.0
    detour: AboveZero | None = None
    speed_kmh: AboveZero | None = None
    citywide_kinds: tuple[OneLine, ...] = ()
    minutes_by_kind: dict[str, AboveZero] = Field(default_factory=dict)

    @property
    def settings(self) -> TravelSettings:
        """Travel settings that it stands for."""
        return travel_settings(self.mode, detour=self.detour, speed_kmh=self.speed_kmh)

    def travel(self, terms: Terms) -> TravelSettings:
        """Its travel settings with what the terms change; another mode brings its own speed and detour."""
        if terms.mode is not None and terms.mode != self.mode:
            return terms.travel
        return replace(
            terms,
            mode=self.mode,
            detour=self.detour if terms.detour is None else terms.detour,
            speed_kmh=self.speed_kmh if terms.speed_kmh is None else terms.speed_kmh,
        ).travel

    def is_citywide(self, sites: pd.DataFrame) -> pd.Series:
        """Whether each site's team comes to the families, index `site_id`."""
        slugs = {slugify(kind) for kind in self.citywide_kinds}
        return sites["kind"].map(lambda kind: slugify(kind) in slugs).astype(bool)

    def limits(self, sites: pd.DataFrame) -> pd.Series:
        """Limit in minutes of every site, by its kind, index `site_id`."""
        by_slug = {slugify(kind): minutes for kind, minutes in self.minutes_by_kind.items()}
        return sites["kind"].map(lambda kind: by_slug.get(slugify(kind), self.minutes)).astype(float)


@dataclass(frozen=True)
class OptionSite:
    """A site of an option: one of the place's with what is different about it, or a new one.

    Parameters
    ----------
    site_id : str
        Of the place's site, or new.
    values : mapping of str to str, float or bool
        Columns of the sites frame that differ; for a new site, all that are known.
    is_new : bool
        Whether the place has no such site today.
    opens_year : int or None
        Year of the plan from whose start it is as the option has it; until then it is as today. None is
        the first year.
    closes_year : int or None
        Year of the plan from whose start it is closed; None for one that stays.
    """

    site_id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    is_new: bool = False
    opens_year: int | None = None
    closes_year: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


@dataclass(frozen=True)
class Option:
    """A named set of sites.

    Parameters
    ----------
    name, slug : str
        What people call it, and its name in files, URLs and on the command line.
    sites : tuple of OptionSite
        Sites that it says something about. One that it lists is open unless it says otherwise.
    source : str
        Where it comes from: a decision, a paper, a person.
    note : str
        Anything else that a reader should know.
    illustration : bool
        Whether it only illustrates; True is shown wherever the option is.
    others : {"closed", "as today"}
        What becomes of the place's sites that it does not list.
    catchment : Catchment
        How far people are expected to come.
    localities : tuple of Locality
        Localities that it redraws, as sets of wards; wards that it does not name stay where they are.
    """

    name: str
    slug: str
    sites: tuple[OptionSite, ...] = ()
    source: str = ""
    note: str = ""
    illustration: bool = False
    others: Others = "closed"
    catchment: Catchment = field(default_factory=Catchment)
    localities: tuple[Locality, ...] = ()


def option_sites(option: Option, sites: pd.DataFrame) -> pd.DataFrame:
    """Work out the sites as they would be under an option.

    Parameters
    ----------
    option : Option
    sites : DataFrame
        The place's sites today.

    Returns
    -------
    DataFrame
        A sites frame: the place's sites, open or closed as the option has it, then its new ones. A
        postcode or other position of a new site is completed.

    Raises
    ------
    HubreachError
        If it lists a site that the place has not, calls new one that the place has, or gives a value
        that cannot be used.
    """
    rows, faults = planned_rows(with_current_sites(option, sites), sites)
    faults.raise_if_any(f"The option {option.name!r} does not fit the place.")
    return sites_of_rows(rows)


def with_current_sites(option: Option, sites: pd.DataFrame) -> Option:
    """The option with each site under the id that it has now, where the option names it by an earlier one."""
    former = former_ids(sites)
    listed = tuple(
        site if site.is_new else replace(site, site_id=former.get(site.site_id, site.site_id))
        for site in option.sites
    )
    return replace(option, sites=listed)


def planned_rows(option: Option, sites: pd.DataFrame) -> tuple[dict[str, dict[str, Any]], FaultList]:
    """Values by site under an option in its last year, and the sites that do not fit, which are left out."""
    faults = FaultList(f"option {option.slug}")
    rows = rows_of_sites(sites)
    if option.others == "closed":
        rows = {site_id: {**values, "is_open": False} for site_id, values in rows.items()}
    for listed in option.sites:
        known = listed.site_id in rows
        if known == listed.is_new:
            found = "is called new, but the place has it" if known else "is not among the place's sites"
            remedy = (
                "Take out new = true" if known else "Check the site_id, or give it new = true and a position"
            )
            faults.add(f"site {listed.site_id!r:.60} {found}", remedy, column="sites")
            continue
        with faults.collecting():
            values = checked_values(listed.values, called=f"option {option.slug}, site {listed.site_id}")
            moved = values.keys() & {"easting", "northing", "lon", "lat", "postcode"}
            located = located_values(values) if listed.is_new or moved else values
            base = {"stage": "proposed"} if listed.is_new else rows[listed.site_id]
            stays = {"is_open": listed.closes_year is None}
            rows[listed.site_id] = {**base, **stays, **located}
    return rows, faults


def option_from_sites(
    name: str,
    today: pd.DataFrame,
    planned: pd.DataFrame,
    *,
    source: str = "",
    note: str = "",
    illustration: bool = False,
    catchment: Catchment | None = None,
    others: Others = "as today",
) -> Option:
    """Make an option of edited sites: what differs from today, or all that would be open.

    Parameters
    ----------
    name : str
        What people will call it.
    today : DataFrame
        The place's sites.
    planned : DataFrame
        The sites as edited.
    source, note, illustration, catchment
        As in `Option`.
    others : {"closed", "as today"}
        As in `Option`. As today, sites that stay as they are need not be listed; closed, every open site is.

    Returns
    -------
    Option
        One for which `option_sites(option, today)` gives `planned` back.
    """
    if not slugify(name):
        faults = FaultList("option")
        faults.add("it has no name", "Give the option a name with letters or digits", column="name")
        faults.raise_if_any("The option cannot be saved.")
    old, new = rows_of_sites(today), rows_of_sites(planned)
    listed = []
    for site_id, values in new.items():
        if site_id not in old:
            known = changed_values(rows_of_sites(sites_of_rows({site_id: {"name": ""}}))[site_id], values)
            listed.append(
                OptionSite(
                    site_id, known | {"stage": str(values["stage"]), "name": str(values["name"])}, is_new=True
                )
            )
            continue
        changes = changed_values(old[site_id], values)
        if changes or (others == "closed" and values["is_open"]):
            changes.pop("is_open", None)
            stays = {} if values["is_open"] else {"is_open": False}
            listed.append(OptionSite(site_id, changes | stays))
    return Option(
        name, slugify(name), tuple(listed), source, note, illustration, others, catchment or Catchment()
    )

"""Who shares an envelope: localities, wards, or the sites that families would go to, with the need of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.reach.coverage import nearest_sites
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import TravelSettings

Recipient = Literal["lsoa", "ward", "locality", "place", "site"]


@dataclass(frozen=True, eq=False)
class Recipients:
    """Those that an envelope is shared over; every small area belongs to exactly one of them.

    Parameters
    ----------
    names : Series
        Index `area_code` (code of an area, or id of a site).
    need : DataFrame
        Same index, a column a tier: children, whole numbers that add up to the place's.
    children : Series
        Same index: all children.
    travel_minutes : Series
        Same index: mean minutes to the nearest open site, weighted by children; inf without any site.
    """

    names: pd.Series
    need: pd.DataFrame
    children: pd.Series
    travel_minutes: pd.Series


def find_recipients(
    estimate: NeedEstimate, by: Recipient, sites: pd.DataFrame, settings: TravelSettings | None = None
) -> Recipients:
    """Need of each area of a level, or of each site: a neighbourhood's need goes to its nearest site.

    Parameters
    ----------
    estimate : NeedEstimate
    by : {"lsoa", "ward", "locality", "place", "site"}
    sites : DataFrame
        Open sites, already chosen (`analysis.reach.selection.choose_sites`).
    settings : TravelSettings, optional
        How people travel; walking if left out.

    Raises
    ------
    HubreachError
        If it is to be shared by site and there is none.
    """
    place = estimate.place
    nearest = nearest_sites(straight_line_matrix(place.areas, sites, settings))
    if by != "site":
        return _summed(estimate, place.names(by), place.keys(by), nearest["nearest_minutes"])
    if sites.empty:
        fault = Fault("sites", None, None, "no site of these kinds is open", "Choose other kinds of site")
        raise HubreachError("An envelope cannot be shared over sites.", [fault])
    names = sites["name"].sort_index().rename_axis("area_code")
    return _summed(estimate, names, nearest["nearest_site"], nearest["nearest_minutes"])


def _summed(estimate: NeedEstimate, names: pd.Series, member: pd.Series, minutes: pd.Series) -> Recipients:
    areas = estimate.place.areas.index
    key = member.reindex(areas).to_numpy()
    children = estimate.place.areas["children"]
    need = estimate.counts.reindex(areas).groupby(key).sum().reindex(names.index, fill_value=0)
    total = children.groupby(key).sum().reindex(names.index, fill_value=0)
    spent = (children * minutes.reindex(areas)).groupby(key).sum().reindex(names.index)
    # A site that is nearest for nobody has no journey to it: 0 adds nothing to its need of 0.
    mean = pd.Series(np.where(total > 0, spent / total.where(total > 0), 0.0), index=names.index)
    return Recipients(
        names.rename("area_name"),
        need.rename_axis("area_code"),
        total.rename("children").rename_axis("area_code"),
        mean.rename("travel_minutes").rename_axis("area_code"),
    )

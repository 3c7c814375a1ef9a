"""The sites that a pack is about: the place's own, or those that the request brings with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.place import Place
from analysis.places.sites.values import rows_of_sites, sites_of_rows
from analysis.report.manifest import PackRequest


def kept_sites(sites: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Sites as a request keeps them, so that a manifest needs no other file; what is unknown is left out."""
    return {
        site_id: {name: value for name, value in values.items() if value != "" and not pd.isna(value)}
        for site_id, values in rows_of_sites(sites).items()
    }


def requested_sites(place: Place, request: PackRequest) -> pd.DataFrame:
    """The sites that a request asks for.

    Raises
    ------
    HubreachError
        If those of a manifest cannot be read.
    """
    return _sites(request.sites) if request.sites else place.sites


def _sites(kept: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    faults = FaultList("manifest")
    sites = pd.DataFrame()
    try:
        sites = sites_of_rows(kept)
    except (TypeError, ValueError, KeyError) as error:
        faults.add(
            f"sites that cannot be read ({error!r:.80})", "Take the manifest as it was made", column="sites"
        )
    faults.raise_if_any("The pack cannot be made with these sites.")
    return sites

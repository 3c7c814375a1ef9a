"""Open a place for use: everything in its folder checked, and its tiers possible on every edition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.base.faults import FaultList, HubreachError
from analysis.need.estimate import estimate_need
from analysis.places.finding import place_folder
from analysis.places.place import Place
from analysis.places.read import draft_place
from analysis.scenario.need_settings import NeedSettings


def open_place(name: str | Path) -> Place:
    """`read_place`, and that the place's own tiers can be estimated on each edition.

    Parameters
    ----------
    name : str or Path
        Slug, name or folder.

    Raises
    ------
    HubreachError
        One error with every fault of the folder: files, columns, rows, joins, and tiers whose
        prevalence and gradient cannot hold together or that exceed all children of an area.

    Examples
    --------
    >>> open_place("thurrock").name
    'Thurrock'
    """
    folder = place_folder(name)
    faults = FaultList("place.toml")
    place = draft_place(folder, faults)
    if place is not None:
        _report_impossible_tiers(place, faults)
    faults.raise_if_any(f"The place in folder {folder.name} cannot be used as it is.")
    if place is None:  # pragma: no cover - a place is only absent when a fault was recorded
        raise AssertionError(folder)
    return place


def _report_impossible_tiers(place: Place, faults: FaultList) -> None:
    for vintage, figures in sorted(place.deprivation_by_vintage.items()):
        # A folder with other faults is judged on the areas that can be read.
        known = figures["imd_position"].notna() & place.areas["children"].gt(0)
        if not known.any():
            continue
        readable = replace(place, areas=place.areas[known], deprivation_by_vintage={vintage: figures[known]})
        try:
            estimate_need(readable, NeedSettings(tiers=place.tiers, vintage=vintage))
        except HubreachError as error:
            title = place.vintage(vintage).title
            faults.extend(
                replace(fault, file="place.toml", found=f"{fault.found} ({title})") for fault in error.faults
            )

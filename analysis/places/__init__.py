"""Places: folders of areas, boundaries, deprivation and sites, read and checked once."""

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import place_folder, place_folders, place_user_folder, user_data_folder
from analysis.places.manifest import AGE_BANDS, AgeBand, Manifest, Source, Tier, Vintage
from analysis.places.place import CODE_COLUMNS, LEVELS, Level, Place, sum_by, weighted_mean_by
from analysis.places.read import draft_place, read_place


def list_places() -> list[str]:
    """Slugs of every place, bundled ones first."""
    return list(place_folders())


__all__ = [
    "AGE_BANDS",
    "CODE_COLUMNS",
    "LEVELS",
    "AgeBand",
    "Fault",
    "FaultList",
    "HubreachError",
    "Level",
    "Manifest",
    "Place",
    "Source",
    "Tier",
    "Vintage",
    "draft_place",
    "list_places",
    "place_folder",
    "place_folders",
    "place_user_folder",
    "read_place",
    "sum_by",
    "user_data_folder",
    "weighted_mean_by",
]

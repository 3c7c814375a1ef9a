"""Street extracts that a user has brought, kept in the user's data folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.text import slugify

SUFFIX = ".osm.pbf"


def kept_extract_path(place_slug: str, name: str) -> Path:
    """Where an extract is kept: `places/<place>/streets/<name>.osm.pbf`.

    Raises
    ------
    HubreachError
        If the name could not be one of a kept extract.
    """
    if not name or slugify(name) != name:
        fault = Fault("streets", None, None, f"{name!r:.40} is not the name of one", "Choose another")
        raise HubreachError("There is no such street extract.", [fault])
    return place_user_folder(place_slug) / "streets" / f"{name}{SUFFIX}"


def kept_extracts(place_slug: str) -> list[str]:
    """Names of the extracts that a place has, in order."""
    folder = place_user_folder(place_slug) / "streets"
    names = (path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
    return sorted(name for name in names if slugify(name) == name)


def keep_extract(place_slug: str, file_name: str, content: bytes) -> str:
    """Keep an extract, whole or not at all; one of the same name is replaced.

    Returns
    -------
    str
        Its name.

    Raises
    ------
    HubreachError
        If it is not an `.osm.pbf` file or cannot be written.
    """
    name = slugify(file_name.lower().removesuffix(SUFFIX))
    # the first block of every such file names itself an OSM header
    if not file_name.lower().endswith(SUFFIX) or b"OSMHeader" not in content[:64] or not name:
        found = "it is not an OpenStreetMap extract (.osm.pbf)"
        raise HubreachError(
            "The streets were not saved.",
            [Fault(file_name, None, None, found, "Give an .osm.pbf file of the place")],
        )
    path = kept_extract_path(place_slug, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    except OSError as error:
        found = f"it cannot be written ({error.strerror or error})"
        fault = Fault(path.name, None, None, found, "Check the folder named in HUBREACH_DATA_DIR")
        raise HubreachError("The streets were not saved.", [fault]) from error
    return name

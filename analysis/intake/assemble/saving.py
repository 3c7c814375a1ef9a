"""Write a place that was put together: the whole folder, or nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import tomlkit

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import bundled_places_folder, user_data_folder
from analysis.base.text import slugify
from analysis.intake.assemble.new_place import NewPlace, manifest_of
from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.places.sites.register import SITE_COLUMNS

PRIVATE = ".new-"


def place_target(name: str, *, replace: bool = False) -> Path:
    """Folder that a new place will have.

    Raises
    ------
    HubreachError
        If the name makes no folder name, or is taken.
    """
    slug = slugify(name)
    headline = f"The place cannot be called {name!r:.60}."
    if not slug or len(slug) > 80:
        remedy = "Give a name with some letters or digits, 80 at most"
        raise HubreachError(headline, [Fault("name", None, None, f"{name!r:.60}", remedy)])
    if (bundled_places_folder() / slug).exists():
        remedy = "Give it another name, such as one with the year"
        raise HubreachError(
            headline, [Fault("name", None, None, f"{slug} is a place that is bundled", remedy)]
        )
    target = user_data_folder() / "places" / slug
    if (target / "place.toml").exists() and not replace:
        remedy = "Give another name, or replace it (--replace)"
        raise HubreachError(headline, [Fault("name", None, None, f"{slug} is there already", remedy)])
    return target


def sites_to_drop(new: NewPlace) -> int:
    """How many sites go with the place that is replaced: those that it has, if the new one is given none."""
    path = user_data_folder() / "places" / slugify(new.name) / "sites.csv"
    if len(new.sites) or not path.is_file():
        return 0
    return len(pd.read_csv(path, dtype=str))


def save_place(new: NewPlace, *, replace: bool = False) -> Place:
    """Write a place's folder under the user's data folder, once it has been read back without a fault.

    The folder is made beside the others and then moved into place, so that no reader meets half of it; a
    place that is replaced keeps its options, changes and other files of the user.

    Raises
    ------
    HubreachError
        If the name is taken, a file has a fault, or the folder cannot be written.
    """
    target = place_target(new.name, replace=replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder of places, so that a reader of places never sees it and the move is one step.
        workshop = Path(tempfile.mkdtemp(prefix=PRIVATE, dir=target.parent.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        folder = workshop / target.name
        folder.mkdir()
        write_folder(folder, new)
        read_place(folder)
        _take_along(target, folder)
        # What the user added must fit the new areas too, before the old place goes.
        unfit = read_place(folder).left_out
        if unfit:
            raise HubreachError(f"{new.name} was not replaced: what was added to it does not fit.", unfit)
        _swap(folder, target, workshop)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return read_place(target)


def _take_along(target: Path, folder: Path) -> None:
    """Copy what the user added to the place that is replaced."""
    if not target.exists():
        return
    written = {path.name for path in folder.iterdir()}
    made_before = {path.name for path in target.iterdir() if path.name.startswith(("deprivation_", "lsoa_"))}
    for path in target.iterdir():
        if path.name in written or path.name in made_before or path.name == "surroundings.geojson":
            continue
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy2(path, folder / path.name)


def _swap(folder: Path, target: Path, workshop: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    old = workshop / "old"
    target.rename(old)
    try:
        folder.rename(target)
    except OSError:
        old.rename(target)
        raise


def _unwritable(target: Path, error: OSError) -> HubreachError:
    found = f"it cannot be written ({error.strerror or error})"
    fault = Fault(target.name, None, None, found, "Check the folder named in HUBREACH_DATA_DIR and its space")
    return HubreachError("The place was not saved.", [fault])


def write_folder(folder: Path, new: NewPlace) -> None:
    """Write every file of a place into a folder."""
    assembly = new.assembly
    position = pd.DataFrame(new.shapes[["lon", "lat"]])
    areas = assembly.areas.join(position.reindex(assembly.areas.index)).rename_axis("area_code")
    areas.to_csv(folder / "areas.csv", lineterminator="\n")
    for edition, figures in assembly.figures.items():
        figures.rename_axis("area_code").to_csv(folder / f"deprivation_{edition}.csv", lineterminator="\n")
    if assembly.changes is not None:
        assembly.changes.to_csv(folder / "lsoa_2011_to_2021.csv", index=False, lineterminator="\n")
    degrees = new.shapes[["geometry"]].rename_axis("area_code").reset_index().to_crs("EPSG:4326")
    _write_geojson(degrees, folder / "boundaries.geojson", 5)
    if new.land is not None:
        _write_geojson(new.land, folder / "surroundings.geojson", 4)
    sites = new.sites if len(new.sites.columns) else pd.DataFrame(columns=list(SITE_COLUMNS[:8]))
    sites.to_csv(folder / "sites.csv", index=False, lineterminator="\n")
    (folder / "place.toml").write_text(tomlkit.dumps(manifest_of(new)), "utf-8")


def _write_geojson(shapes: gpd.GeoDataFrame, path: Path, decimals: int) -> None:
    shapes.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=decimals, RFC7946="YES")

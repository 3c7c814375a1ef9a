"""Shapes of England's small areas for a browser: simplified once, cut into tiles, kept in the user's data folder."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import plain
from analysis.national.files import NationalFile, national_folder
from analysis.national.grid import AreaGrid, area_grid
from analysis.national.tiles import DIGITS, Bounds, area_tiles, collection, line_tiles
from analysis.places.coordinates import BRITISH_GRID, WGS84

# A pixel of the closest view is about 12 m.
SIMPLIFY_M = 60.0
# Of the whole country about 800 m; what only answers to the pointer there need not be finer.
LINES_M = 400.0
POINTED_M = 1000.0
# Changes when the shapes are made in another way: what is kept by browsers and in the folder is then made again.
EDITION = "4"
HOW = "Make it again with --boundaries, and the shapes of the small areas go into the file"
ZOOM_IN = "click to come closer"


@dataclass(frozen=True)
class EnglandShapes:
    """Where the shapes of a file's small areas are, and how far they reach.

    Parameters
    ----------
    key : str
        Names the content: another file has another key.
    bounds : tuple of float
        West, south, east, north in degrees.
    """

    key: str
    bounds: Bounds

    @property
    def tiles_address(self) -> str:
        """Of the tiles of small areas, relative to a page of the dashboard; a template for x and y."""
        return f"shapes/england/{self.key}-{{x}}-{{y}}.json"

    @property
    def lines_address(self) -> str:
        """Of the tiles of authorities' outlines; a template for x and y."""
        return f"shapes/england/{self.key}-{{x}}-{{y}}-lines.json"

    @property
    def authorities_address(self) -> str:
        """Of the authorities as a whole."""
        return f"shapes/england/{self.key}-authorities.json"


def has_shapes(file: NationalFile) -> bool:
    """Whether a file of national answers holds the shapes of its small areas."""
    return b"geo" in (pq.read_schema(file.path).metadata or {})


def england_shapes(file: NationalFile) -> EnglandShapes:
    """Simplify the shapes of a file's small areas once, cut them into tiles, and keep both.

    Neighbours are simplified together, so that no gaps open between them.

    Raises
    ------
    HubreachError
        If the file holds no shapes.
    """
    key = hashlib.sha256(EDITION.encode() + file.path.read_bytes()).hexdigest()[:20]
    about = shapes_folder() / f"{key}.json"
    if not about.exists():
        if not has_shapes(file):
            raise HubreachError(
                "The file cannot be mapped.",
                [Fault(file.path.name, None, "geometry", "it holds no shapes", HOW)],
            )
        _make(file.path, key, about)
    west, south, east, north = json.loads(about.read_text())["bounds"]
    return EnglandShapes(key, (west, south, east, north))


def shapes_folder() -> Path:
    """Where shapes and pictures of them are kept."""
    return national_folder() / "shapes"


def shapes_file(name: str) -> Path:
    """File of shapes by their name, compressed."""
    return shapes_folder() / f"{name}.gz"


def kept_features(name: str) -> gpd.GeoDataFrame:
    """Shapes that were kept, by their name, in EPSG:27700: a key for small areas, with "-lines" for authorities."""
    kept = json.loads(gzip.decompress(shapes_file(f"{name}.geojson").read_bytes()))
    return gpd.GeoDataFrame.from_features(kept["features"], crs=WGS84).to_crs(BRITISH_GRID)


def kept_grid(key: str) -> AreaGrid:
    """Which small area lies where, for pictures."""
    return AreaGrid.read(_grid_file(key))


def area_outline(path: Path, code: str) -> dict[str, Any] | None:
    """One small area of a file, or one whole authority, in degrees; None if it has no shape.

    Parameters
    ----------
    path : Path
        Of a file of national answers.
    code : str
        Of the small area or the authority.
    """
    for column in ("area_code", "authority_code"):
        rows = [("level", "==", "lsoa"), (column, "==", code)]
        areas = gpd.read_parquet(path, columns=[column, "geometry"], filters=rows)
        if len(areas):
            shape = shapely.union_all(areas.geometry.dropna().to_crs(WGS84).to_numpy())
            if not shape.is_empty:
                return {
                    "type": "Feature",
                    "properties": {"code": code},
                    "geometry": json.loads(shapely.to_geojson(shape)),
                }
    return None


def _grid_file(key: str) -> Path:
    return shapes_folder() / f"{key}.npz"


def _make(path: Path, key: str, about: Path) -> None:
    columns = ["area_code", "area_name", "authority_code", "authority_name", "geometry"]
    areas = gpd.read_parquet(path, columns=columns, filters=[("level", "==", "lsoa")])
    areas = areas.sort_values("area_code", ignore_index=True).to_crs(BRITISH_GRID)
    about.parent.mkdir(parents=True, exist_ok=True)
    simple = areas.set_geometry(_simplified(areas.geometry, SIMPLIFY_M))
    whole = simple.dissolve("authority_code").reset_index()
    named = pd.DataFrame(
        {
            "i": np.arange(len(simple)),
            "code": simple["area_code"],
            "name": simple["area_name"].map(plain),
            "authority": simple["authority_name"].map(plain),
        }
    )
    titles = pd.DataFrame(
        {
            "code": whole["authority_code"],
            "name": whole["authority_name"].map(plain),
            "authority": ZOOM_IN,
        }
    )
    in_degrees = simple.geometry.to_crs(WGS84)
    keep_file(shapes_file(f"{key}.geojson"), _packed(collection(in_degrees, named)))
    outlines = _simplified(whole.geometry, LINES_M).boundary.to_crs(WGS84)
    keep_file(
        shapes_file(f"{key}-lines.geojson"), _packed(collection(outlines, pd.DataFrame(index=whole.index)))
    )
    pointed = _simplified(whole.geometry, POINTED_M).to_crs(WGS84)
    keep_file(shapes_file(f"{key}-authorities.json"), _packed(collection(pointed, titles)))
    for (x, y), text in area_tiles(in_degrees, named):
        keep_file(shapes_file(f"{key}-{x}-{y}.json"), _packed(text))
    for (x, y), text in line_tiles(whole.geometry.to_crs(WGS84)):
        keep_file(shapes_file(f"{key}-{x}-{y}-lines.json"), _packed(text))
    west, south, east, north = (round(float(each), DIGITS) for each in in_degrees.total_bounds)
    numbers = pd.factorize(simple["authority_code"])[0]
    keep_file(_grid_file(key), area_grid(in_degrees, numbers, (west, south, east, north)).packed())
    keep_file(about, json.dumps({"bounds": [west, south, east, north]}).encode())


def _simplified(shapes: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    known = shapes.notna().to_numpy()
    simple = shapes.copy()
    simple[known] = shapely.coverage_simplify(shapes[known].to_numpy(), tolerance_m)
    return simple


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def keep_file(path: Path, content: bytes) -> None:
    """Write in one step: whoever reads meanwhile finds all of it or nothing."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(path)

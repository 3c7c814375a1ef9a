"""England's small areas as one map: shapes that the browser fetches once, colours that are sent apart."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pydeck as pdk
import shapely

from analysis.output.classes import ClassedScale, classed_scale
from analysis.output.england_sketch import area_grid
from analysis.output.layers import CompactDeck, line_layer, map_tooltip
from analysis.output.map_frame import MapFrame
from analysis.output.outlines import WGS84, Feature, fitted_view
from analysis.output.theme import MISSING, SURFACES, rgb
from analysis.places.coordinates import BRITISH_GRID
from analysis.places.faults import Fault, HubreachError
from analysis.places.text import plain
from analysis.reach.national.files import NationalFile, national_folder

LAYER = "small-areas"
# What a browser may ask for, by its name.
SERVED = re.compile(r"[0-9a-f]{20}(\.geojson|-borders\.json)")
# A pixel of the whole country is about 800 m, of the closest view about 12 m.
SIMPLIFY_M = 60.0
LINES_M = 400.0
DIGITS = 4
# Changes when the shapes are made in another way: what is kept by browsers and in the folder is then made again.
EDITION = "3"
HOW = "Make it again with --boundaries, and the shapes of the small areas go into the file"


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
    bounds: tuple[float, float, float, float]

    @property
    def address(self) -> str:
        """Of the small areas, relative to a page of the dashboard."""
        return f"shapes/england/{self.key}.geojson"

    @property
    def borders_address(self) -> str:
        """Of the outlines of authorities."""
        return f"shapes/england/{self.key}-borders.json"


def has_shapes(file: NationalFile) -> bool:
    """Whether a file of national answers holds the shapes of its small areas."""
    return b"geo" in (pq.read_schema(file.path).metadata or {})


def england_shapes(file: NationalFile) -> EnglandShapes:
    """Simplify the shapes of a file's small areas once, and keep them in the user's data folder.

    Neighbours are simplified together, so that no gaps open between them.

    Raises
    ------
    HubreachError
        If the file holds no shapes.
    """
    key = hashlib.sha256(EDITION.encode() + file.path.read_bytes()).hexdigest()[:20]
    about = shapes_file(key).with_suffix(".json")
    if not about.exists():
        if not has_shapes(file):
            raise HubreachError(
                "The file cannot be mapped.",
                [Fault(file.path.name, None, "geometry", "it holds no shapes", HOW)],
            )
        _make(file.path, key, about)
    west, south, east, north = json.loads(about.read_text())["bounds"]
    return EnglandShapes(key, (west, south, east, north))


def served_file(name: str) -> Path:
    """File that a browser asks for by a name that `SERVED` matches, compressed as it takes it."""
    return national_folder() / "shapes" / f"{name}.gz"


def shapes_file(key: str) -> Path:
    """File of the shapes by their key."""
    return served_file(f"{key}.geojson")


def grid_file(key: str) -> Path:
    """File of the grid that says which small area lies where, for sketches."""
    return shapes_file(key).with_suffix("").with_suffix(".png")


def _make(path: Path, key: str, about: Path) -> None:
    columns = ["area_code", "area_name", "authority_code", "authority_name", "geometry"]
    areas = gpd.read_parquet(path, columns=columns, filters=[("level", "==", "lsoa")])
    areas = areas.sort_values("area_code", ignore_index=True).to_crs(BRITISH_GRID)
    about.parent.mkdir(parents=True, exist_ok=True)
    simple = areas.set_geometry(_simplified(areas.geometry, SIMPLIFY_M))
    lines = simple.dissolve("authority_code").reset_index()
    named = pd.DataFrame(
        {
            "i": np.arange(len(simple)),
            "code": simple["area_code"],
            "name": simple["area_name"].map(plain),
            "authority": simple["authority_name"].map(plain),
        }
    )
    _write(_collection(simple.geometry, named), shapes_file(key))
    outlines = _simplified(lines.geometry, LINES_M)
    _write(_collection(outlines.boundary, pd.DataFrame(index=lines.index)), shapes_file(f"{key}-lines"))
    _write(json.dumps(_borders(outlines), separators=(",", ":")), served_file(f"{key}-borders.json"))
    in_degrees = simple.geometry.to_crs(WGS84)
    west, south, east, north = (round(float(each), DIGITS) for each in in_degrees.total_bounds)
    _put(grid_file(key), area_grid(in_degrees, (west, south, east, north)))
    _put(about, json.dumps({"bounds": [west, south, east, north]}).encode())


def _simplified(shapes: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    known = shapes.notna().to_numpy()
    simple = shapes.copy()
    simple[known] = shapely.coverage_simplify(shapes[known].to_numpy(), tolerance_m)
    return simple


def _collection(shapes: gpd.GeoSeries, properties: pd.DataFrame) -> str:
    known = shapes.notna() & ~shapes.is_empty
    degrees = shapely.set_precision(shapes[known].to_crs(WGS84).to_numpy(), 10.0**-DIGITS, mode="pointwise")
    rows = properties[known].to_dict("records")
    features = (
        f'{{"type":"Feature","properties":{json.dumps(row, separators=(",", ":"))},"geometry":{shape}}}'
        for row, shape in zip(rows, shapely.to_geojson(degrees), strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _borders(outlines: gpd.GeoSeries) -> list[dict[str, list[float]]]:
    """The steps of outlines in degrees, a shared one once.

    Separate steps are for deck.gl's LineLayer. Its PathLayer works out a join at every corner, which took two
    thirds of the time that a processor needs for a frame of this map.
    """
    known = outlines[outlines.notna() & ~outlines.is_empty].to_crs(WGS84)
    rings = shapely.get_rings(known.to_numpy())
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    corners = corners.round(DIGITS)
    inside = ring[1:] == ring[:-1]
    ends = np.stack([corners[:-1][inside], corners[1:][inside]], axis=1)
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[turned] = ends[turned, ::-1]
    steps = np.unique(ends.reshape(-1, 4), axis=0)
    return [{"s": step[:2], "t": step[2:]} for step in steps.tolist()]


def _write(text: str, path: Path) -> None:
    _put(path, gzip.compress(text.encode(), 9, mtime=0))


def _put(path: Path, content: bytes) -> None:
    """Write in one step: whoever reads meanwhile finds all of it or nothing."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(path)


def small_area_scale(values: pd.Series) -> ClassedScale:
    """Classes of a measure: a fifth of the country's small areas each."""
    return classed_scale(values, scheme="quantiles", decimals=0 if values.abs().max() >= 20 else 1)


def england_deck(
    shapes: EnglandShapes,
    scale: ClassedScale,
    classes: pd.Series,
    frame: MapFrame,
    chosen: Feature | None = None,
) -> CompactDeck:
    """Map of every small area; what changes with a choice is one digit an area.

    Parameters
    ----------
    shapes : EnglandShapes
    scale : ClassedScale
    classes : Series
        Number of the class, -1 for none, by area code in rising order: all areas of the file.
    frame : MapFrame
    chosen : Feature, optional
        Area that is outlined.
    """
    surface = SURFACES[frame.mode]
    layers = [
        _areas(shapes, scale, classes),
        pdk.Layer(
            "LineLayer",
            shapes.borders_address,
            id="authority-borders",
            get_source_position="s",
            get_target_position="t",
            get_color=rgb(surface.ward_line),
            get_width=0.8,
            width_units="'pixels'",
        ),
        *(
            []
            if chosen is None
            else [
                line_layer("chosen", {"type": "FeatureCollection", "features": [chosen]}, surface.selected, 4)
            ]
        ),
    ]
    view = fitted_view(shapes.bounds, frame.width_px, frame.height_px, frame.legend_px)
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(**view, min_zoom=view["zoom"] - 1, max_zoom=view["zoom"] + 9),
        map_provider=None,
        tooltip=map_tooltip(surface, large=frame.large, lines=("authority",)),
    )


def _areas(shapes: EnglandShapes, scale: ClassedScale, classes: pd.Series) -> pdk.Layer:
    digits = "".join(classes.where(classes >= 0, len(scale.colours)).astype(str))
    palette = json.dumps([rgb(colour) for colour in (*scale.colours, MISSING)], separators=(",", ":"))
    # The brackets are for the browser's parser, which indexes names and groups only.
    fill = f"@@=({palette})[('{digits}')[properties.i]]"
    return pdk.Layer(
        "GeoJsonLayer",
        shapes.address,
        id=LAYER,
        filled=True,
        stroked=False,
        pickable=True,
        update_triggers={"getFillColor": [hashlib.sha256(fill.encode()).hexdigest()[:12]]},
        _subLayerProps={"polygons-fill": {"getFillColor": fill}},
    )

"""Small maps side by side: one shape of the place, painted once for each plan, all on one scale.

Shapes are sent once and painted many times: six maps cost a browser less than one with WebGL. The same shapes
make the SVG of the download.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

from analysis.base.text import plain
from analysis.places.place import Level
from analysis.render.layers import site_icon
from analysis.render.outlines import Feature, Outlines
from analysis.render.theme import MISSING, SURFACES, Mode, shown
from analysis.render.typefaces import FAMILY

WIDTH = 400.0
MARGIN = 6.0
SITE_SIZE = 17.0
TITLE_HEIGHT = 48.0
LETTERS_A_LINE = 44


@dataclass(frozen=True)
class MapShapes:
    """Shapes of a place as SVG paths in one frame.

    Parameters
    ----------
    width, height : float
        Size of the frame, in its own units.
    paths : dict of str to str
        Path of each area, by code.
    names : dict of str to str
        Name of each area.
    lines, outline, islets : str
        Paths of the edges of wards, of the place, and of its parts that are too small for a heavy line.
    corner : (float, float)
        Easting and northing of the frame's top left corner, metres.
    scale : float
        Units of the frame a metre.
    """

    width: float
    height: float
    paths: dict[str, str] = field(repr=False)
    names: dict[str, str] = field(repr=False)
    lines: str = field(repr=False)
    outline: str = field(repr=False)
    islets: str = field(repr=False)
    corner: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (1.0, 1.0)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point lies in the frame."""
        west, north = self.corner
        return (
            round(MARGIN + (lon - west) * self.scale[0], 1),
            round(MARGIN + (north - lat) * self.scale[1], 1),
        )


@dataclass(frozen=True, eq=False)
class SmallMap:
    """One plan's map.

    Parameters
    ----------
    title : str
        Name of the plan.
    note : str
        What it comes to, in a few words.
    stamp : str
        Status of a plan that nobody decided; "" for what is there.
    fill : mapping of str to str
        Hex colour by area code.
    words : mapping of str to str
        What is said of each area.
    sites : sequence of (lon, lat, symbol, name)
    """

    title: str
    note: str
    stamp: str
    fill: Mapping[str, str] = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    sites: Sequence[tuple[float, float, str, str]] = field(repr=False)


def map_shapes(shapes: Outlines, level: Level = "lsoa") -> MapShapes:
    """Fit a place into a frame `WIDTH` wide, as it looks on the ground."""
    corners = [
        point for feature in shapes.features["place"].values() for ring in _rings(feature) for point in ring
    ]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    across = (WIDTH - 2 * MARGIN) / (east - west)
    up = across / math.cos(math.radians((south + north) / 2))
    frame = MapShapes(
        WIDTH, round((north - south) * up + 2 * MARGIN, 1), {}, {}, "", "", "", (west, north), (across, up)
    )
    paths = {code: _path(feature, frame) for code, feature in shapes.features[level].items()}
    names = {str(code): plain(str(name)) for code, name in shapes.labels[level]["area_name"].items()}
    lines = "".join(_path(feature, frame) for feature in shapes.features["ward"].values())
    outline, islets = (
        "".join(_path(feature, frame) for feature in features)
        for features in (shapes.mainland, shapes.islets)
    )
    return replace(frame, paths=paths, names=names, lines=lines, outline=outline, islets=islets)


def screen_data(shapes: MapShapes, maps: Sequence[SmallMap], mode: Mode) -> dict[str, object]:
    """What the browser needs to draw the maps and to keep them in step: plain values, text as text."""
    surface = SURFACES[mode]
    return {
        "width": shapes.width,
        "height": shapes.height,
        "paths": shapes.paths,
        "names": shapes.names,
        "lines": shapes.lines,
        "outline": shapes.outline,
        "islets": shapes.islets,
        "siteSize": SITE_SIZE,
        "colours": {
            "text": surface.text,
            "quiet": surface.quiet_text,
            "background": surface.background,
            "ward": surface.ward_line,
            "area": surface.area_line,
            "outline": surface.outline,
            "selected": surface.selected,
            "missing": shown(MISSING, mode),
        },
        "maps": [
            {
                "title": drawn.title,
                "note": drawn.note,
                "stamp": drawn.stamp,
                "fill": {code: shown(colour, mode) for code, colour in drawn.fill.items()},
                "words": dict(drawn.words),
                "sites": [
                    [*shapes.point(lon, lat), site_icon(symbol), name]
                    for lon, lat, symbol, name in drawn.sites
                ],
            }
            for drawn in maps
        ],
    }


def maps_svg(shapes: MapShapes, maps: Sequence[SmallMap], legend: Sequence[tuple[str, str]]) -> bytes:
    """All maps in one picture, with one legend, for a report.

    Parameters
    ----------
    shapes : MapShapes
    maps : sequence of SmallMap
    legend : sequence of (colour, words)
    """
    columns = min(3, max(1, len(maps))) if len(maps) != 4 else 2
    rows = math.ceil(len(maps) / columns)
    cell_wide, cell_tall = shapes.width + 16, shapes.height + TITLE_HEIGHT
    foot = 26.0 * math.ceil(len(legend) / columns) + 10
    width, height = columns * cell_wide, rows * cell_tall + foot
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{FAMILY}">'
    )
    parts = [head]
    for number, drawn in enumerate(maps):
        row, column = divmod(number, columns)
        parts.append(
            f'<g transform="translate({column * cell_wide:g} {row * cell_tall:g})">{_drawn(shapes, drawn)}</g>'
        )
    parts.append(_legend(legend, columns, cell_wide, rows * cell_tall))
    return "".join([*parts, "</svg>"]).encode()


def _drawn(shapes: MapShapes, drawn: SmallMap) -> str:
    surface = SURFACES["light"]
    areas = "".join(
        f'<path d="{path}" fill="{drawn.fill.get(code, MISSING)}" stroke="{surface.area_line}" stroke-width="0.4"/>'
        for code, path in shapes.paths.items()
    )
    sites = ""
    for lon, lat, symbol, _ in drawn.sites:
        x, y = shapes.point(lon, lat)
        half = SITE_SIZE / 2
        sites += (
            f'<image href={quoteattr(site_icon(symbol))} x="{x - half:g}" y="{y - half:g}" width="{SITE_SIZE:g}" '
            f'height="{SITE_SIZE:g}"/>'
        )
    stamp = f'<tspan font-weight="700">{escape(drawn.stamp)}.</tspan> ' if drawn.stamp else ""
    title = drawn.title if len(drawn.title) <= LETTERS_A_LINE else drawn.title[: LETTERS_A_LINE - 1] + "…"
    return (
        f'<text x="8" y="18" font-size="17" font-weight="700" fill="{surface.text}">{escape(title)}</text>'
        f'<text x="8" y="38" font-size="15" fill="{surface.quiet_text}">{stamp}{escape(drawn.note)}</text>'
        f'<g transform="translate(0 {TITLE_HEIGHT:g})">{areas}'
        f'<path d="{shapes.lines}" fill="none" stroke="{surface.ward_line}" stroke-width="0.7"/>'
        f'<path d="{shapes.outline}" fill="none" stroke="{surface.outline}" stroke-width="1.4"/>'
        f'<path d="{shapes.islets}" fill="none" stroke="{surface.outline}" stroke-width="0.5"/>{sites}</g>'
    )


def _legend(legend: Sequence[tuple[str, str]], columns: int, cell_wide: float, top: float) -> str:
    parts = []
    for number, (colour, words) in enumerate(legend):
        row, column = divmod(number, columns)
        x, y = column * cell_wide + 8, top + 8 + 26 * row
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="24" height="16" fill="{colour}" stroke="#56606A"/>'
            f'<text x="{x + 32:g}" y="{y + 13:g}" font-size="15" fill="{SURFACES["light"].text}">{escape(words)}</text>'
        )
    return "".join(parts)


def _rings(feature: Feature) -> list[list[tuple[float, float]]]:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(float(x), float(y)) for x, y, *_ in ring] for polygon in polygons for ring in polygon]


def _path(feature: Feature, frame: MapShapes) -> str:
    parts = []
    for ring in _rings(feature):
        points = [frame.point(lon, lat) for lon, lat in ring]
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(parts)

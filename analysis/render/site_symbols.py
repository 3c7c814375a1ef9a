"""Sites on a screen map: a shape and a colour for each kind, crossed out where closed."""

from __future__ import annotations

import base64

import pandas as pd
import pydeck as pdk

from analysis.base.text import plain
from analysis.render.map_frame import MapFrame
from analysis.render.theme import SITE_COLOURS

SITE_LAYER = "sites"
TOOLTIP_LINES = ("line1", "line2", "line3", "line4")


def site_icon(symbol: str, *, is_open: bool = True) -> str:
    """Symbol of a kind of site as an SVG data address: told apart by shape as well as colour.

    A hub is a filled circle with a ring, a youth hub a pentagon, a Youth Zone a star, a centre a filled circle,
    outreach a triangle, a satellite a square, a gateway a diamond, a candidate a hollow circle; a closed site is
    crossed out.
    """
    colour = SITE_COLOURS[symbol]
    edge = "stroke='#FFFFFF' stroke-width='4'"
    shapes = {
        "hub": f"<circle cx='32' cy='32' r='27' fill='#FFFFFF' stroke='{colour}' stroke-width='6'/>"
        f"<circle cx='32' cy='32' r='17' fill='{colour}'/>",
        "youth-hub": f"<path d='M32 4 L61 25 L50 58 L14 58 L3 25 Z' fill='{colour}' {edge}/>",
        "youth-zone": f"<path d='M32 3 L40 23 L61 24 L45 38 L50 59 L32 48 L14 59 L19 38 L3 24 L24 23 Z' fill='{colour}' {edge}/>",
        "centre": f"<circle cx='32' cy='32' r='22' fill='{colour}' {edge}/>",
        "outreach": f"<path d='M32 6 L60 56 L4 56 Z' fill='{colour}' {edge}/>",
        "satellite": f"<rect x='11' y='11' width='42' height='42' fill='{colour}' {edge}/>",
        "gateway": f"<path d='M32 4 L60 32 L32 60 L4 32 Z' fill='{colour}' {edge}/>",
        "candidate": f"<circle cx='32' cy='32' r='18' fill='#FFFFFF' stroke='{colour}' stroke-width='6'/>",
    }
    cross = (
        ""
        if is_open
        else "<path d='M8 8 L56 56 M56 8 L8 56' stroke='#FFFFFF' stroke-width='12'/>"
        "<path d='M8 8 L56 56 M56 8 L8 56' stroke='#1F2328' stroke-width='6'/>"
    )
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64' viewBox='0 0 64 64'>{shapes[symbol]}{cross}</svg>"
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def site_sizes(sites: pd.DataFrame, *, large: bool) -> pd.Series:
    """Height of each site's symbol in pixels: its own `size`, or by kind and the distance it is read from."""
    if "size" in sites:
        return sites["size"].astype(float)
    return sites["symbol"].map(lambda symbol: 11.0 if symbol == "candidate" else 20.0) * (
        1.7 if large else 1.0
    )


def site_layer(sites: pd.DataFrame, frame: MapFrame) -> pdk.Layer:
    """Sites as icons, smallest kinds first so that hubs lie on top; clicks answer with `site_id`."""
    order = {symbol: number for number, symbol in enumerate(reversed(list(SITE_COLOURS)))}
    ranked = sites.sort_values("symbol", key=lambda symbols: symbols.map(order), kind="stable")
    ranked = ranked.assign(size=site_sizes(ranked, large=frame.large))
    rows = []
    for site_id, site in ranked.iterrows():
        texts = {line: plain(str(site.get(line, ""))) for line in TOOLTIP_LINES}
        icon = {"url": site_icon(site["symbol"], is_open=bool(site["is_open"])), "width": 64, "height": 64}
        rows.append(
            {
                "site_id": site_id,
                "name": plain(str(site["name"])),
                "position": [round(float(site["lon"]), 5), round(float(site["lat"]), 5)],
                "icon": icon | {"id": f"{site['symbol']}-{bool(site['is_open'])}"},
                "size": float(site["size"]),
                **texts,
            }
        )
    return pdk.Layer(
        "IconLayer",
        rows,
        id=SITE_LAYER,
        get_icon="icon",
        get_position="position",
        get_size="size",
        size_units="'pixels'",
        pickable=True,
    )

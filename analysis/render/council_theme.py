"""A council's own colours, font and logo on everything that goes into the report, from a small TOML file.

The house's palette gives every colour one meaning, so a council's theme says what stands in place of each.
What it leaves out stays, and ramps that it leaves out are mixed from its own colours, in the house's steps
of lightness: every map still reads in greyscale print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from analysis.render.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    DIVERGING,
    LIGHT_PURPLE,
    ORANGE,
    SEQUENTIAL,
    TURQUOISE,
    contrast,
    luminance,
    rgb,
)

# What a theme file calls a colour, and which of the house's it replaces.
ROLES = {
    "main": DARK_BLUE,
    "early_help": TURQUOISE,
    "specialist": DARK_PINK,
    "highlight": ORANGE,
    "neutral": DARK_GREY,
    "other": LIGHT_PURPLE,
}
RAMPS = {"main": "blue", "early_help": "turquoise", "specialist": "pink"}
CHANGE = "change"
# Tints of the main colour: context in charts, heads of tables.
TABLE_HEAD = "#E7EDF3"
TINTS = ("#8FB6DA", "#C9D9E8", TABLE_HEAD)
WHITE, BLACK = "#FFFFFF", "#000000"
MARK_CONTRAST, TEXT_CONTRAST = 3.0, 4.5
HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")
DOCUMENT_FONT = "Arial"


@dataclass(frozen=True)
class CouncilTheme:
    """What a pack or a figure looks like.

    Parameters
    ----------
    name : str
        "" for the house's own look.
    replaced : mapping of str to str
        The house's colour, as #RRGGBB in capitals, to the council's.
    document_font : str
        Of Word and PowerPoint files, where the reader's own machine has to have it.
    logo : bytes
        PNG or JPEG; empty for none.
    logo_words : str
        The logo for those who cannot see it.
    """

    name: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)
    document_font: str = DOCUMENT_FONT
    logo: bytes = b""
    logo_words: str = ""

    def colour(self, house: str) -> str:
        """What stands in place of one of the house's colours; any other colour stays.

        >>> CouncilTheme(replaced={"#12436D": "#005A30"}).colour("#12436d")
        '#005A30'
        """
        return self.replaced.get(house.upper(), house)

    def svg(self, picture: bytes) -> bytes:
        """A picture in the council's colours."""
        if not self.replaced:
            return picture
        return HEX.sub(lambda found: self.colour(found.group()), picture.decode("utf-8")).encode("utf-8")

    def figure(self, drawn: go.Figure) -> go.Figure:
        """A chart in the council's colours; its words stay as they are."""
        return go.Figure(self._walked(json.loads(drawn.to_json()))) if self.replaced else drawn

    def _walked(self, part: Any) -> Any:
        if isinstance(part, dict):
            return {key: self._walked(value) for key, value in part.items()}
        if isinstance(part, list):
            return [self._walked(value) for value in part]
        return self.colour(part) if isinstance(part, str) and HEX.fullmatch(part) else part


HOUSE = CouncilTheme()


def replacements(colours: Mapping[str, str], ramps: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The house's colours and what stands in their place.

    Parameters
    ----------
    colours : mapping of str to str
        By the keys of `ROLES`.
    ramps : mapping of str to tuple of str
        Five colours, light to dark, by the keys of `RAMPS`; and "change", worse to better.

    Returns
    -------
    dict of str to str
        Complete: ramps that are not given are mixed from the colours that are.
    """
    replaced = {ROLES[role]: colour for role, colour in colours.items()}
    if "main" in colours:
        replaced |= {tint: _as_light_as(tint, colours["main"]) for tint in TINTS}
    for role, hue in RAMPS.items():
        house = SEQUENTIAL[hue]
        if role in ramps:
            replaced |= dict(zip(house, ramps[role], strict=True))
        elif role in colours:
            replaced |= {step: _as_light_as(step, colours[role]) for step in house}
    if CHANGE in ramps:
        replaced |= dict(zip(DIVERGING, ramps[CHANGE], strict=True))
    else:
        ends = (("highlight", DIVERGING[:2]), ("main", DIVERGING[3:]))
        for role, steps in ends:
            if role in colours:
                replaced |= {step: _as_light_as(step, colours[role]) for step in steps}
    return {house: colour.upper() for house, colour in replaced.items()}


def _as_light_as(house: str, colour: str) -> str:
    """A colour mixed with white or black until it is as light as one of the house's."""
    target = luminance(house)
    end = WHITE if target > luminance(colour) else BLACK
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        mixed = luminance(_mixed(colour, end, middle))
        if (mixed < target) == (end == WHITE):
            low = middle
        else:
            high = middle
    return _mixed(colour, end, high)


def _mixed(one: str, other: str, share: float) -> str:
    parts = [round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True)]
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast_notes(colours: Mapping[str, str], ramps: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Which of a theme's colours are too pale on white: 3:1 for marks, 4.5:1 for headings and links (WCAG 2.2)."""
    notes = []
    for role, colour in colours.items():
        least, what = (TEXT_CONTRAST, "headings") if role == "main" else (MARK_CONTRAST, "marks")
        notes += _too_pale(f"colours.{role}", colour, least, what)
    for name, steps in ramps.items():
        ends = (steps[0], steps[-1]) if name == CHANGE else steps[-1:]
        for colour in ends:
            notes += _too_pale(f"ramps.{name}", colour, MARK_CONTRAST, "the ends of a ramp")
    return notes


def _too_pale(key: str, colour: str, least: float, what: str) -> list[str]:
    ratio = contrast(colour, WHITE)
    if ratio >= least:
        return []
    return [
        f"{key}: {colour} has a contrast of {ratio:.1f}:1 against white, and {what} need {least:g}:1. Take a darker one"
    ]

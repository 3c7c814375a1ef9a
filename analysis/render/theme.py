"""One look for screen, print and packs: colours, type, number formats.

Colours are the UK government Analysis Function palette, keyed on the full domain, so that a filter
never recolours what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]
Hue = Literal["blue", "turquoise", "pink", "change"]

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
CATEGORIES = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

FONT = '"Source Sans", "Source Sans 3", sans-serif'

# Light to dark of one hue, five classes; every step is told from the next in greyscale print too.
# No colour stands for two things, so that a council's theme can replace the one without the other.
SEQUENTIAL: dict[str, tuple[str, ...]] = {
    "blue": ("#D9E4EF", "#A9C3DC", "#6F9AC4", "#3A6EA5", "#123F66"),
    "turquoise": ("#D3EFEC", "#9CD8D1", "#5CBDB3", "#23867E", "#0C4F4A"),
    "pink": ("#F1D9E5", "#DBA3C1", "#BE6A99", "#9C3A72", "#5F0F3B"),
}
# Orange is worse, blue is better; the middle is no change.
DIVERGING = ("#C6490A", "#F7A77C", "#F1F1EE", "#8FB6DA", "#164A77")
MISSING = "#BDBDBD"
# What a map does not speak of: areas outside of a set, and areas about which nothing is said.
OUTSIDE, NEUTRAL = "#FAFBFB", "#E3E6EA"
# Shades of two figures, low to high, and of both at once: paper that takes both inks.
BLUES = ("#F1F1EE", SEQUENTIAL["blue"][1], SEQUENTIAL["blue"][3])
PINKS = ("#F1F1EE", SEQUENTIAL["pink"][1], SEQUENTIAL["pink"][3])


@dataclass(frozen=True)
class Surface:
    """Colours of the page and the map in one mode."""

    background: str
    text: str
    quiet_text: str
    grid: str
    water: str
    land: str
    outline: str
    ward_line: str
    area_line: str
    selected: str
    halo: str
    catchment: str


SURFACES: dict[Mode, Surface] = {
    "light": Surface(
        background="#FFFFFF",
        text="#1F2328",
        quiet_text="#56606A",
        grid="#E3E6EA",
        water="#DCE7EF",
        land="#EDEDEA",
        outline="#1F2328",
        ward_line="#4B5661",
        area_line="#8B97A3",
        selected="#F46A25",
        halo="#FFFFFF",
        catchment="#12436D",
    ),
    "dark": Surface(
        background="#14181D",
        text="#F2F4F6",
        quiet_text="#B6C0CA",
        grid="#333B44",
        water="#1B2A36",
        land="#2A2F35",
        outline="#F2F4F6",
        ward_line="#D5DCE3",
        area_line="#68737E",
        selected="#FF9257",
        halo="#14181D",
        catchment="#A9C3DC",
    ),
}


def rgb(colour: str) -> list[int]:
    """Red, green and blue (0 to 255) of a hex colour.

    >>> rgb("#12436D")
    [18, 67, 109]
    """
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def hexadecimal(parts: Sequence[int]) -> str:
    """Red, green and blue as a hex colour."""
    return "#" + "".join(f"{part:02X}" for part in parts)


def _inked(one: str, other: str) -> str:
    """Two colours printed over each other."""
    return hexadecimal([a * b // 255 for a, b in zip(rgb(one), rgb(other), strict=True)])


def _lit(one: str, other: str) -> str:
    """Two colours shone on each other."""
    return hexadecimal(
        [255 - (255 - a) * (255 - b) // 255 for a, b in zip(rgb(one), rgb(other), strict=True)]
    )


BIVARIATE = tuple(_inked(blue, pink) for blue in BLUES for pink in PINKS)
"""Of two figures: by the third of the first, then of the second, low to high."""

_LIT_BLUES, _LIT_PINKS = ("#1E2227", "#2C5A8A", "#4F94D8"), ("#1E2227", "#7A3560", "#D95C9E")
# On a dark ground the strongest colour is the brightest: ramps turn round, and what is near the middle is near the ground.
_ON_DARK = {
    **{colour: steps[-1 - place] for steps in SEQUENTIAL.values() for place, colour in enumerate(steps)},
    **dict(zip(DIVERGING, ("#FF9257", "#93522C", "#4A525B", "#2F5C8C", "#A9CDF0"), strict=True)),
    **dict(zip(BIVARIATE, (_lit(blue, pink) for blue in _LIT_BLUES for pink in _LIT_PINKS), strict=True)),
    MISSING: "#5F6770",
    OUTSIDE: "#20262D",
    NEUTRAL: "#39414A",
    DARK_BLUE: "#6FA3D8",
    DARK_PINK: "#D0679F",
    DARK_GREY: "#99A2AB",
}


def shown(colour: str, mode: Mode) -> str:
    """A fill of the light theme as a mode shows it: what is strong on white is strong on a dark ground too.

    >>> shown("#123F66", "light"), shown("#123F66", "dark")
    ('#123F66', '#D9E4EF')
    """
    return _ON_DARK.get(colour, colour) if mode == "dark" else colour


# Need and distance never share a hue: maps of minutes are turquoise.
TIER_HUES: dict[str, Hue] = {"early_help": "blue", "specialist": "pink"}
TIER_COLOURS = {"universal": "#8A939C", "early_help": TURQUOISE, "specialist": DARK_PINK}
SPARE_TIER_COLOURS = (DARK_BLUE, ORANGE, LIGHT_PURPLE, DARK_GREY)

SITE_COLOURS = {
    "hub": DARK_BLUE,
    "youth-hub": DARK_BLUE,
    "youth-zone": ORANGE,
    "centre": TURQUOISE,
    "outreach": ORANGE,
    "satellite": DARK_PINK,
    "gateway": LIGHT_PURPLE,
    "candidate": DARK_GREY,
}
SITE_SHAPES = {
    "hub": "a filled circle with a ring",
    "youth-hub": "a pentagon",
    "youth-zone": "a star",
    "centre": "a filled circle",
    "outreach": "a triangle",
    "satellite": "a square",
    "gateway": "a diamond",
    "candidate": "a hollow circle",
}


def tier_colour(key: str, position: int = 0) -> str:
    """Colour of a tier, the same everywhere; tiers beyond the named ones take the spare colours in turn."""
    return TIER_COLOURS.get(key, SPARE_TIER_COLOURS[position % len(SPARE_TIER_COLOURS)])


def tier_hue(key: str) -> Hue:
    """Sequential scale for maps of a tier."""
    return TIER_HUES.get(key, "blue")


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of a hex colour, 0 (black) to 1 (white).

    >>> luminance("#FFFFFF")
    1.0
    """
    parts = [value / 255 for value in rgb(colour)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two hex colours, 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str) -> str:
    """Near-black or white, whichever reads better on a colour."""
    black = SURFACES["light"].text
    return black if contrast(black, colour) >= contrast("#FFFFFF", colour) else "#FFFFFF"


def whole(value: float) -> str:
    """A count with thousands separated: 31,400."""
    return f"{value:,.0f}"


def nearest_ten(value: float) -> str:
    """An estimate to the nearest 10, thousands separated; below 50 to the nearest whole."""
    return f"{round(value, -1):,.0f}" if value >= 50 else f"{value:,.0f}"


def estimate_parts(value: float, low: float, high: float) -> tuple[str, str, str]:
    """An estimate and both ends of its range, rounded alike: to the nearest 10 where the estimate is 50 or more.

    >>> estimate_parts(6807, 5712, 8004)
    ('6,810', '5,710', '8,000')
    >>> estimate_parts(53, 41, 68), estimate_parts(41, 33, 52)
    (('50', '40', '70'), ('41', '33', '52'))
    """
    step = -1 if value >= 50 else 0
    first, second, third = (f"{round(each, step):,.0f}" for each in (value, low, high))
    return first, second, third


def estimate_words(value: float, low: float, high: float) -> str:
    """An estimate with its range, as every sentence writes it: 6,810 (5,710 to 8,000)."""
    shown, lower, upper = estimate_parts(value, low, high)
    return f"{shown} ({lower} to {upper})"


def percent(share: float) -> str:
    """A share as whole per cent, one decimal where it is under 1%."""
    return f"{share:.0%}" if share == 0 or share >= 0.01 else f"{share:.1%}"


def pounds(value: float) -> str:
    """Money without pence above 1,000: £705,000."""
    return f"£{value:,.0f}" if abs(value) >= 1000 else f"£{value:,.2f}"

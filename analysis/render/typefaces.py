"""The typeface that is shipped with the product: Source Sans 3, SIL Open Font License 1.1 (`fonts/OFL.md`)."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import ImageFont

FAMILY = "Source Sans 3"
FOLDER = Path(__file__).parent / "fonts"
FACE_SIZE = 100
WEIGHTS = {400: "Regular", 600: "Semibold", 700: "Bold"}


@lru_cache(maxsize=64)
def typeface(size_pt: float, weight: int = 400) -> FontProperties:
    """The shipped face for matplotlib, straight from its file: no search of the system's fonts.

    Parameters
    ----------
    size_pt : float
    weight : {400, 600, 700}
    """
    file = FOLDER / f"SourceSans3-{WEIGHTS[weight]}.ttf"
    return FontProperties(family=FAMILY, weight=weight, fname=str(file), size=size_pt)


@lru_cache(maxsize=8192)
def text_width_pt(text: str, size_pt: float, weight: int = 400) -> float:
    """Width of one line of text in points, by the face's own metrics."""
    if not text.strip():
        return 0.0
    return float(TextPath((0, 0), text, prop=typeface(size_pt, weight)).get_extents().width)


def line_width(text: str, size: float, weight: int = 400) -> float:
    """Advance width of one line of text, in the unit of its size: fast enough for every name of a map."""
    return _advance(text, weight) * size / FACE_SIZE


@lru_cache(maxsize=8192)
def _advance(text: str, weight: int) -> float:
    return _face(weight).getlength(text)


@lru_cache(maxsize=3)
def _face(weight: int) -> ImageFont.FreeTypeFont:
    file = FOLDER / f"SourceSans3-{WEIGHTS[weight]}.ttf"
    return ImageFont.truetype(str(file), FACE_SIZE, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=2)
def font_face_css(*, compressed: bool) -> str:
    """`@font-face` rules that carry the fonts in them, for a page that may ask nobody for a file.

    Parameters
    ----------
    compressed : bool
        WOFF2 in two weights (a page that is sent), or TrueType in three (a browser that draws images).
    """
    files = (
        {400: "Regular.woff2", 600: "Semibold.woff2"}
        if compressed
        else {weight: f"{name}.ttf" for weight, name in WEIGHTS.items()}
    )
    kind = "woff2" if compressed else "ttf"
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/{kind};base64,{base64.b64encode((FOLDER / f'SourceSans3-{file}').read_bytes()).decode()})}}"
        for weight, file in files.items()
    )

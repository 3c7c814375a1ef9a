"""One sheet for every picture that leaves the product: title, subtitle, picture, source.

The picture comes as SVG (a chart from an installed browser, a map from matplotlib); Typst sets it on the sheet
and writes PNG, SVG or PDF with the shipped fonts, offline. Text is handed over as data, never as markup.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

import matplotlib as mpl
import typst
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import plain
from analysis.render.typefaces import FOLDER

ImageKind = Literal["png", "svg", "pdf"]
IMAGES: tuple[ImageKind, ...] = ("png", "svg", "pdf")
SizeName = Literal["report", "slide", "square"]
DPI = 300
PIXELS_PER_CM = 96 / 2.54
TEMPLATE = Path(__file__).parent / "sheet.typ"
_ALONE = b"""#set page(width: float(sys.inputs.width) * 1cm, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg", width: 100%)"""


@dataclass(frozen=True)
class PrintSize:
    """Size of a sheet.

    Parameters
    ----------
    width_cm : float
    height_cm : float or None
        None takes the height that the picture needs.
    type_scale : float
        Size of type over that of a report page.
    """

    width_cm: float
    height_cm: float | None = None
    type_scale: float = 1.0

    @property
    def width_px(self) -> int:
        """Width in CSS pixels (96 to an inch)."""
        return round((self.width_cm - 2 * self.margin_cm) * PIXELS_PER_CM)

    @property
    def margin_cm(self) -> float:
        """White edge: none on a report page, which has its own."""
        return 0.0 if self.height_cm is None else 0.5 * self.type_scale

    @property
    def picture_height_cm(self) -> float | None:
        """What words of usual length leave for the picture; None where the height is free."""
        if self.height_cm is None:
            return None
        return self.height_cm - 2 * self.margin_cm - 2.6 * self.type_scale


SIZES: dict[SizeName, PrintSize] = {
    "report": PrintSize(16.0),
    "slide": PrintSize(33.867, 19.05, 1.75),
    "square": PrintSize(16.0, 16.0),
}


@dataclass(frozen=True)
class SheetWords:
    """The words of a sheet: title (the finding), subtitle, source and assumptions, and the picture in words."""

    title: str
    subtitle: str
    source: str
    alt: str


def image_kind(path: Path) -> ImageKind | None:
    """Format of a picture by the ending of its file; None where it is none of them."""
    return next((kind for kind in IMAGES if path.suffix.lower() == f".{kind}"), None)


def wanted_image_kind(path: Path, headline: str) -> ImageKind:
    """Kind of image that a file given with --to is to hold, by its ending.

    Raises
    ------
    HubreachError
        If it is none of them; `headline` says what was not made.
    """
    kind = image_kind(path)
    if kind is None:
        fault = Fault("--to", None, None, f"{path.suffix!r:.20}", f"End the name in .{', .'.join(IMAGES)}")
        raise HubreachError(headline, [fault])
    return kind


def sheet(svg: bytes, words: SheetWords, kind: ImageKind, size: PrintSize = SIZES["report"]) -> bytes:
    """Set a picture on a sheet with its words.

    Parameters
    ----------
    svg : bytes
        The picture.
    words : SheetWords
    kind : {"png", "svg", "pdf"}
        PNG at 300 dpi; SVG with letters as outlines, so that it looks the same everywhere; tagged PDF
        with embedded fonts.
    size : PrintSize

    Returns
    -------
    bytes
        The same for the same input: no date is written.
    """
    inputs = {
        "picture": svg.decode("utf-8"),
        "title": plain(words.title),
        "subtitle": plain(words.subtitle),
        "source": plain(words.source),
        "alt": plain(words.alt),
        "width": f"{size.width_cm:g}",
        "height": "" if size.height_cm is None else f"{size.height_cm:g}",
        "margin": f"{size.margin_cm:g}",
        "scale": f"{size.type_scale:g}",
    }
    made = typeset(TEMPLATE.read_bytes(), inputs, kind, timestamp=0)
    if kind == "png":
        return _with_resolution(made, words)
    return _described(made, words) if kind == "svg" else made


def drawn_png(svg: bytes, width_cm: float, dpi: int = DPI) -> bytes:
    """A picture alone as PNG, for a file that holds its words itself."""
    inputs = {"picture": svg.decode("utf-8"), "width": f"{width_cm:g}"}
    return typeset(_ALONE, inputs, "png", dpi=dpi)


def typeset(
    source: bytes, inputs: dict[str, str], kind: ImageKind, *, dpi: int = DPI, **options: Any
) -> bytes:
    """Set a document by Typst with the shipped fonts and no other file; data come as `inputs`."""
    compiler = typst.Compiler(font_paths=shipped_fonts(), ignore_system_fonts=True)
    made = compiler.compile(source, format=kind, ppi=dpi, sys_inputs=inputs, **options)
    if not isinstance(made, bytes):  # several pages as pictures, which no template of ours makes
        raise TypeError(f"one file was to be set, not {type(made).__name__}")
    return made


@lru_cache(maxsize=1)
def shipped_fonts() -> typst.Fonts:
    """The shipped typeface, and matplotlib's for signs that it lacks, for Typst."""
    signs = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER), str(signs)]
    )


def _with_resolution(png: bytes, words: SheetWords) -> bytes:
    """The same picture with its resolution and its words in the file."""
    notes = PngInfo()
    for key, text in (("Title", words.title), ("Description", words.alt), ("Source", words.source)):
        notes.add_itxt(key, plain(text))
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(
        written, "PNG", dpi=(DPI, DPI), pnginfo=notes, optimize=False, compress_level=6
    )
    return written.getvalue()


def _described(svg: bytes, words: SheetWords) -> bytes:
    """The SVG with a title and a description for screen readers."""
    start = re.search(rb"<svg[^>]*>", svg)
    if start is None:
        raise ValueError("this is not an SVG")
    opening = start.group()[:-1] + b' role="img" aria-labelledby="title desc">'
    texts = (
        f'<title id="title">{escape(plain(words.title))}</title>'
        f'<desc id="desc">{escape(plain(words.alt))} {escape(plain(words.source))}</desc>'
    )
    return svg[: start.start()] + opening + texts.encode() + svg[start.end() :]

"""A pack as a file, by the ending of its name; and a single figure of a pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.base.faults import FaultList
from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import plain, slugify
from analysis.render.images import chart_sheet
from analysis.render.installed_browser import image_browser_missing
from analysis.render.map_frame import MapFrame
from analysis.render.printmap import map_file
from analysis.render.sheets import IMAGES, SIZES, PrintSize, image_kind
from analysis.report.assembly import build_pack
from analysis.report.content import Chart, Map, Pack
from analysis.report.manifest import PackRequest
from analysis.report.pdf import pdf_file
from analysis.report.slides import slides_file
from analysis.report.webpage import webpage_file
from analysis.report.word import word_file
from analysis.report.workbooks import pack_geopackage, pack_workbook

# Sections take about this share of the time that a file with pictures takes.
BUILDING = 0.25
FORMATS = {
    ".docx": "Word report",
    ".pptx": "PowerPoint slides",
    ".pdf": "PDF report",
    ".html": "web page in one file",
    ".xlsx": "Excel tables",
    ".gpkg": "GeoPackage",
}
MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".gpkg": "application/geopackage+sqlite3",
}


def write_pack(
    pack: Pack,
    ending: str,
    *,
    template: bytes | None = None,
    job: Job[Any] = UNWATCHED,
) -> bytes:
    """A pack in the format of a file's ending.

    Parameters
    ----------
    pack : Pack
    ending : str
        A key of `FORMATS`.
    template : bytes, optional
        A council's own .docx or .pptx, for the same format.
    job : Job
        As for `analysis.report.assembly.build_pack`.

    Raises
    ------
    HubreachError
        If the ending is not known, or a template is given for a format that takes none.
    StoppedError
    """
    kind = checked_format(ending)
    if template is not None and kind not in (".docx", ".pptx"):
        faults = FaultList("--template")
        faults.add(f"a {kind} file takes none", "Leave it out, or make a .docx or .pptx")
        faults.raise_if_any("The pack cannot be made.")
    writers: dict[str, Callable[[], bytes]] = {
        ".docx": lambda: word_file(pack, template=template, job=job),
        ".pptx": lambda: slides_file(pack, template=template, job=job),
        ".pdf": lambda: pdf_file(pack, job=job),
        ".html": lambda: webpage_file(pack, job=job),
        ".xlsx": lambda: pack_workbook(pack),
        ".gpkg": lambda: pack_geopackage(pack),
    }
    job.tell(0.0, "")
    return writers[kind]()


@dataclass(frozen=True)
class MadePack:
    """A pack and its file in one format (a key of `FORMATS`)."""

    request: PackRequest
    ending: str
    pack: Pack
    body: bytes


def make_pack(
    request: PackRequest,
    ending: str,
    *,
    template: bytes | None = None,
    made: dt.date | None = None,
    job: Job[Any] = UNWATCHED,
) -> MadePack:
    """Work out a pack and write it in one format; `made` is the date of a manifest that is made again.

    Raises
    ------
    HubreachError
        As `build_pack` and `write_pack`.
    StoppedError
    """
    pack = build_pack(request, made=made, job=job.part(0.0, BUILDING))
    return MadePack(
        request, ending, pack, write_pack(pack, ending, template=template, job=job.part(BUILDING, 1.0))
    )


def checked_format(ending: str) -> str:
    """The ending in small letters.

    Raises
    ------
    HubreachError
        If no format has it.
    """
    kind = ending.lower()
    if kind not in FORMATS:
        faults = FaultList("--to")
        faults.add(f"{plain(ending)!r:.20} is not a format of packs", f"Choose from {', '.join(FORMATS)}")
        faults.raise_if_any("The pack cannot be made.")
    return kind


def figures_of(pack: Pack) -> Iterator[tuple[str, Chart | Map]]:
    """Every chart and map of a pack by its name."""
    for _, block in pack.blocks():
        if isinstance(block, Chart | Map):
            yield slugify(block.key), block


def figure_file(pack: Pack, name: str, path: Path, width_cm: float = SIZES["report"].width_cm) -> bytes:
    """One chart or map of a pack as PNG, SVG or PDF, by the ending of `path`.

    Raises
    ------
    HubreachError
        If there is no such figure or format (the message lists those there are), the width cannot be
        used, or a chart has no browser to draw it.
    """
    known = dict(figures_of(pack))
    faults = FaultList("figure")
    kind = image_kind(path)
    if slugify(name) not in known:
        faults.add(
            f"there is no figure {plain(name)!r:.60}", f"Choose from {', '.join(known)}", column="NAME"
        )
    if kind is None:
        faults.add(f"{path.suffix!r:.20}", f"End the name in .{', .'.join(IMAGES)}", column="--to")
    if not 4 <= width_cm <= 120:
        faults.add(f"{width_cm:g} cm", "Give 4 to 120", column="--width-cm")
    block = known.get(slugify(name))
    missing = image_browser_missing() if isinstance(block, Chart) else ""
    if missing:
        faults.add("no browser can draw the chart", missing)
    faults.raise_if_any("The figure cannot be made.")
    if block is None or kind is None:  # pragma: no cover - a fault above
        raise AssertionError(name)
    size = PrintSize(width_cm)
    if isinstance(block, Map):
        marks = MapFrame(highlighted=block.highlighted, catchments=block.catchments)
        return map_file(
            block.shapes,
            block.paint,
            block.sheet,
            kind,
            size,
            sites=block.sites,
            marks=marks,
            theme=pack.theme,
        )
    return chart_sheet(
        block.draw, kind, source=block.source, numbers=block.numbers, size=size, theme=pack.theme
    )

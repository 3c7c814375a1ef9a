"""Tables as files: CSV, Excel, GeoPackage, GeoJSON; user text stays text in all of them."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.base.text import inert, inert_frame, plain
from analysis.places.coordinates import WGS84

DIGITS = 6
UNDATED = dt.date(2000, 1, 1)
WIDEST, NARROWEST = 46, 8
# GDAL keeps its settings for the whole process: geographic files are written one at a time.
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class TableSheet:
    """One table of a workbook.

    Parameters
    ----------
    name : str
        Of the sheet; shortened and made unique where Excel asks for it.
    table : DataFrame
        A named index becomes the first columns.
    title : str
        What it shows, with place and date; for the notes.
    source : str
        Source, licence, assumptions; whether modelled or counted.
    formats : mapping of str to str
        Excel number formats by column; the rest follow their type.
    """

    name: str
    table: pd.DataFrame
    title: str = ""
    source: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)


def clean_frame(table: pd.DataFrame) -> pd.DataFrame:
    """A table without control characters in text cells and headings; a named index becomes columns."""

    def cell(value: object) -> object:
        return plain(value) if isinstance(value, str) else value

    flat = table.reset_index() if table.index.names != [None] else table.reset_index(drop=True)
    return flat.map(cell).rename(columns=cell)


def csv_file(table: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8 with a byte-order mark, so that Excel reads the pound sign, and no formula."""
    return inert_frame(clean_frame(table)).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def workbook_file(
    sheets: Sequence[TableSheet],
    notes: pd.DataFrame,
    *,
    title: str,
    made: dt.date = UNDATED,
) -> bytes:
    """Tables as an Excel workbook: typed columns, frozen header with filter, and a sheet of notes.

    Parameters
    ----------
    sheets : sequence of TableSheet
    notes : DataFrame
        `name` and `value`: sources and parameters, under the list of sheets.
    title : str
        Title in the file's properties.
    made : date
        Date in the file's properties: the same date and input give the same bytes.
    """
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(written, options)
    book.set_properties(
        {"title": plain(title), "author": "Hubreach", "created": dt.datetime.combine(made, dt.time())}
    )
    names = _sheet_names([sheet.name for sheet in sheets])
    styles = _Styles.of(book)
    for name, sheet in zip(names, sheets, strict=True):
        _write_table(book.add_worksheet(name), sheet, styles, book)
    _write_notes(book.add_worksheet("Notes"), names, sheets, notes, styles)
    book.close()
    return written.getvalue()


@dataclass(frozen=True)
class _Styles:
    head: Format
    bold: Format
    wrapped: Format

    @classmethod
    def of(cls, book: Workbook) -> _Styles:
        head = {
            "bold": True,
            "text_wrap": True,
            "valign": "top",
            "bottom": 1,
            "bg_color": "#E7EDF3",
            "font_color": "#1F2328",
        }
        return cls(
            book.add_format(head),
            book.add_format({"bold": True}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel takes: at most 31 letters, no brackets or slashes, none twice."""
    names: list[str] = []
    taken = {"notes", "history"}
    for text in wanted:
        base = plain(re.sub(r"[\[\]:*?/\\]", " ", text)).strip("' ") or "Table"
        name, number = base[:31].strip(), 2
        while name.lower() in taken:
            ending = f" {number}"
            name, number = f"{base[: 31 - len(ending)].strip()}{ending}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _write_table(page: Worksheet, sheet: TableSheet, styles: _Styles, book: Workbook) -> None:
    table = clean_frame(sheet.table)
    for column, name in enumerate(table.columns):
        page.write_string(0, column, inert(str(name)), styles.head)
        values = table.iloc[:, column]
        form = book.add_format({"num_format": sheet.formats.get(str(name)) or _number_format(values)})
        texts = [_write_cell(page, row + 1, column, value, form) for row, value in enumerate(values)]
        longest = max([len(text) for text in texts] + [min(len(str(name)), 18)])
        page.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
    page.freeze_panes(1, min(1, max(len(table.columns) - 1, 0)))
    if len(table.columns):
        page.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _number_format(values: pd.Series) -> str:
    if is_integer_dtype(values) and not is_bool_dtype(values):
        return "#,##0"
    if is_float_dtype(values):
        known = values[np.isfinite(values)]
        whole = bool((known == known.round()).all())
        return "#,##0" if whole else "#,##0.000" if known.abs().max() <= 1 else "#,##0.0"
    return "General"


def _write_cell(page: Worksheet, row: int, column: int, value: Any, form: Format) -> str:
    """Write one cell by its type; return about what it shows, for the width of the column."""
    if isinstance(value, bool | np.bool_):
        page.write_boolean(row, column, bool(value))
        return "FALSE"
    if isinstance(value, str):
        page.write_string(row, column, inert(value))
        return value
    if value is None or pd.isna(value):
        page.write_blank(row, column, None)
        return ""
    if isinstance(value, dt.date):
        page.write_string(row, column, value.isoformat()[:10])
        return value.isoformat()[:10]
    number = float(value)
    if np.isfinite(number):
        page.write_number(row, column, number, form)
    else:
        page.write_string(row, column, "none")
    return f"{number:,.1f}"


def _write_notes(
    page: Worksheet, names: Sequence[str], sheets: Sequence[TableSheet], notes: pd.DataFrame, styles: _Styles
) -> None:
    for column, (head, width) in enumerate(
        (("sheet", 31), ("what it shows", 60), ("source and assumptions", 90))
    ):
        page.write_string(0, column, head, styles.head)
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    for row, (name, sheet) in enumerate(zip(names, sheets, strict=True), start=1):
        for column, text in enumerate((name, sheet.title, sheet.source)):
            page.write_string(row, column, inert(plain(text)), styles.wrapped)
    start = len(sheets) + 2
    page.write_string(start, 0, "Parameters and sources", styles.bold)
    for row, (name, value) in enumerate(
        notes[["name", "value"]].astype(str).itertuples(index=False), start=start + 1
    ):
        page.write_string(row, 0, inert(plain(str(name))), styles.wrapped)
        page.write_string(row, 1, inert(plain(str(value))), styles.wrapped)


def geopackage_file(
    layers: Mapping[str, gpd.GeoDataFrame], *, title: str, source: str, made: dt.date = UNDATED
) -> bytes:
    """Areas and sites as a GeoPackage in EPSG:27700, a layer each, with title and source in its metadata.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
    title, source : str
    made : date
        Stands in the file instead of the time of writing.
    """
    stamp = {"OGR_CURRENT_DATE": f"{made.isoformat()}T00:00:00.000Z"}
    with _lock, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.gpkg"
        pyogrio.set_gdal_config_options(stamp)
        try:
            for name, layer in layers.items():
                pyogrio.write_dataframe(
                    _clean_shapes(layer),
                    path,
                    layer=name,
                    driver="GPKG",
                    layer_metadata={"TITLE": plain(title), "SOURCE": plain(source)},
                    layer_options={"IDENTIFIER": name, "DESCRIPTION": plain(f"{title}. {source}")},
                )
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(stamp))
        return path.read_bytes()


def geojson_file(layer: gpd.GeoDataFrame, *, title: str, source: str) -> bytes:
    """Areas or sites as GeoJSON (RFC 7946: longitude and latitude), with title and source beside the features."""
    shapes = _clean_shapes(layer).to_crs(WGS84)
    rounded = shapely.set_precision(shapes.geometry.to_numpy(), 10.0**-DIGITS, mode="pointwise")
    body = json.loads(shapes.set_geometry(gpd.GeoSeries(rounded, crs=WGS84)).to_json(drop_id=True))
    body.pop("crs", None)
    head = {"type": "FeatureCollection", "title": plain(title), "source": plain(source)}
    return json.dumps({**head, "features": body["features"]}, ensure_ascii=False, allow_nan=False).encode()


def _clean_shapes(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    flat = clean_frame(pd.DataFrame(layer.drop(columns=layer.geometry.name)))
    return gpd.GeoDataFrame(flat, geometry=layer.geometry.to_numpy(), crs=layer.crs)

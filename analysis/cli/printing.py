"""Print a frame as a table for people, or as CSV or JSON for programs."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import inert_frame, plain
from analysis.cli.streams import print_answer, standard_output
from analysis.render.estimates import is_estimate
from analysis.render.theme import nearest_ten

Format = Literal["table", "csv", "json"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json")
WIDE = 10_000

HEADINGS = {
    "area_code": "Code",
    "area_name": "Area",
    "p_top": "Chance of the top",
    "p_value": "By chance alone",
    "local_moran": "Likeness to neighbours",
    "is_knee": "Point of diminishing returns",
    "is_open": "Open",
    "n_sites": "Sites",
    "flips_with": "Depends on",
    "share_in_force": "Share in use",
    "in_force": "In use",
    "p90_minutes": "90% within (minutes)",
    "slug": "Key",
    "lon": "Longitude",
    "lat": "Latitude",
}
"""What a person reads over a column whose own name says too little; the others are their names in words."""

SHARE = re.compile(r"^share_|_share$|^p_(top|value|first)$|_percentage$|^gap$|^load$")

FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="How to print. Default: by the ending of --out, else table.",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write to this file instead of the screen.", show_default=False)
]


@dataclass(frozen=True)
class PrintOptions:
    """How and where a command prints its answer."""

    format: FormatOption = None
    out: OutOption = None

    @property
    def chosen_format(self) -> Format:
        """The format that was asked for, by name or by the ending of the file."""
        return self.format or _format_of(self.out)


def save_file(path: Path, body: bytes) -> None:
    """Write a file that the user asked for with --to, and say so.

    Raises
    ------
    HubreachError
        If it cannot be written there.
    """
    try:
        path.write_bytes(body)
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        fault = Fault("--to", None, None, f"{str(path)!r}: {reason}", "Choose a folder that exists")
        raise HubreachError("The file was not written.", [fault]) from error
    print_notes(f"Wrote {path} ({len(body) / 1e6:.1f} MB).")


def print_frame(
    frame: pd.DataFrame,
    format: Format | None = None,  # noqa: A002 - the option's own name
    out: Path | None = None,
    *,
    title: str = "",
    notes: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    shown: pd.DataFrame | None = None,
    tiers: Sequence[str] = (),
) -> None:
    """Print a frame, or write it to a file.

    A table for people has headings in words, shares as per cent and estimates to the nearest 10, as every sentence
    has them; CSV and JSON have the columns' own names and exact numbers.

    Sources and parameters never mix with CSV rows: they go to standard error (table and CSV) or under
    `meta` (JSON).

    Parameters
    ----------
    frame : DataFrame
        A named index becomes the first column.
    format : {"table", "csv", "json"}, optional
        By default what the ending of `out` says, else a table.
    out : Path, optional
        File to write; by default standard output.
    title : str
        Line above a table.
    notes : sequence of str
        Sources and parameters, one line each.
    meta : mapping, optional
        The same for programs: the `meta` of JSON.
    shown : DataFrame, optional
        What the table shows instead, where the frame is too wide to read on a terminal.
    tiers : sequence of str
        Keys of tiers: columns that begin with one are estimates.

    Raises
    ------
    HubreachError
        If the file cannot be written.
    """
    chosen = format or _format_of(out)
    if chosen == "csv":
        text = inert_frame(_flat(frame)).to_csv(index=False, lineterminator="\n")
    elif chosen == "json":
        text = _json(frame, {**({"title": title} if title else {}), **(meta or {}), "notes": list(notes)})
    else:
        text = _table(frame if shown is None else shown, title, out, tiers)
    if out is None:
        print_answer(text)
    else:
        _write(out, text)
    if chosen != "json":
        for note in notes:
            typer.echo(note, err=True)


def print_json(answer: Mapping[str, Any], out: Path | None = None) -> None:
    """Print one answer that is no table, or write it to a file.

    Parameters
    ----------
    answer : mapping
        Plain values; numbers that are not finite must be None already.
    out : Path, optional
        File to write; by default standard output.

    Raises
    ------
    HubreachError
        If the file cannot be written.
    """
    text = json.dumps(answer, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n"
    if out is None:
        print_answer(text)
    else:
        _write(out, text)


def print_notes(*notes: str) -> None:
    """Say something beside the answer: on standard error."""
    for note in notes:
        typer.echo(note, err=True)


def _format_of(out: Path | None) -> Format:
    ending = "" if out is None else out.suffix.lower()
    return {".csv": FORMATS[1], ".json": FORMATS[2]}.get(ending, FORMATS[0])


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index() if frame.index.names != [None] else frame


def _json(frame: pd.DataFrame, meta: Mapping[str, Any]) -> str:
    rows = [
        {str(key): _json_value(value) for key, value in row.items()}
        for row in _flat(frame).to_dict(orient="records")
    ]
    answer = {"meta": meta, "rows": rows}
    return json.dumps(answer, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n"


def _json_value(value: Any) -> Any:
    """NaN and infinity have no JSON: they become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Decimal):
        # Pounds and pence: a float of this size prints them exactly.
        return float(value)
    return None if value is pd.NaT or value is pd.NA else value


def readable(frame: pd.DataFrame, tiers: Sequence[str] = ()) -> pd.DataFrame:
    """A frame as a person reads it: headings in words and every cell as text.

    Parameters
    ----------
    frame : DataFrame
        With the columns of CSV; no named index.
    tiers : sequence of str
        Keys of tiers: columns that begin with one are estimates.
    """
    cells = {name: _column(frame[name], str(name), tiers) for name in frame}
    return pd.DataFrame(cells, dtype="str", index=frame.index).rename(
        columns=lambda name: _heading(str(name))
    )


def _table(frame: pd.DataFrame, title: str, out: Path | None, tiers: Sequence[str]) -> str:
    flat = _flat(frame)
    shown = readable(flat, tiers)
    table = Table()
    for name, heading in zip(flat, shown, strict=True):
        table.add_column(
            Text(str(heading)), justify="right" if _is_number(flat[name]) else "left", overflow="fold"
        )
    for row in shown.itertuples(index=False, name=None):
        table.add_row(*map(Text, row))
    text = io.StringIO()
    on_screen = out is None and standard_output().isatty()
    console = Console(file=text, width=Console().width if on_screen else WIDE, color_system=None)
    console.print(table)
    return f"{title}\n{text.getvalue()}" if title else text.getvalue()


def _is_number(values: pd.Series) -> bool:
    if any(isinstance(value, Decimal) for value in values):
        return True
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _heading(name: str) -> str:
    """A column's name in words: `need_left_out` is "Need left out", `annual_cost_gbp` "Annual cost, £"."""
    if name in HEADINGS or not re.fullmatch(r"[a-z0-9_]+", name):
        return HEADINGS.get(name, plain(name))
    stem, money, _ = name.partition("_gbp")
    words = re.sub(r"per_1000\b", "per 1,000", re.sub(r"(\d+)_(\d+)", r"\1-\2", stem)).replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}{', £' if money else ''}"


def _column(values: pd.Series, name: str, tiers: Sequence[str]) -> list[str]:
    """The cells of a column as a person reads them."""
    numbers = pd.api.types.is_float_dtype(values)
    if numbers and SHARE.search(name):
        return ["" if pd.isna(value) else f"{value:.1%}" for value in values]
    if numbers and name.endswith("minutes"):
        return ["" if pd.isna(value) else f"{value:,.1f}" for value in values]
    if is_estimate(name, tiers) and pd.api.types.is_numeric_dtype(values):
        return ["" if pd.isna(value) else nearest_ten(value) for value in values]
    return [_cell(value) for value in values]


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, str):
        return plain(value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, int | np.integer | Decimal):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1000 else f"{value:,.4g}"
    return plain(str(value))


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        fault = Fault("--out", None, None, f"{str(out)!r}: {reason}", "Choose a file in a folder that exists")
        raise HubreachError("The answer was not written.", [fault]) from error

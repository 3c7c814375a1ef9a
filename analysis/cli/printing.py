"""Print a frame as a table for people, or as CSV or JSON for programs; and keep standard output for that alone."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import inert_frame, plain

Format = Literal["table", "csv", "json"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json")
WIDE = 10_000

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


_STANDARD_OUTPUT: ContextVar[TextIO] = ContextVar("standard output of a command")


def keep_c_code_off_standard_output() -> None:
    """What C code writes to file 1 goes to standard error for the rest of this process; Python's own stream stays.

    A solver's banner among the rows would break `--format json` in the user's pipe, and only the file itself, not
    Python's stream, can keep it away.
    """
    sys.stdout.flush()
    kept = os.fdopen(os.dup(1), "w", buffering=1, encoding=sys.stdout.encoding, errors=sys.stdout.errors)
    os.dup2(2, 1)
    sys.stdout = kept


@contextlib.contextmanager
def only_the_answer() -> Iterator[None]:
    """While a command works, what Python code prints goes to standard error; `print_answer` goes past that."""
    token = _STANDARD_OUTPUT.set(sys.stdout)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _STANDARD_OUTPUT.reset(token)


def print_answer(text: str) -> None:
    """Print what was asked for: the one way to standard output."""
    typer.echo(text, nl=False, file=_STANDARD_OUTPUT.get(sys.stdout))


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
) -> None:
    """Print a frame, or write it to a file.

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
        text = _table(frame if shown is None else shown, title, out)
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


def _table(frame: pd.DataFrame, title: str, out: Path | None) -> str:
    flat = _flat(frame)
    table = Table()
    for name in flat.columns:
        money = any(isinstance(value, Decimal) for value in flat[name])
        number = money or (
            pd.api.types.is_numeric_dtype(flat[name]) and not pd.api.types.is_bool_dtype(flat[name])
        )
        table.add_column(Text(plain(str(name))), justify="right" if number else "left", overflow="fold")
    for row in flat.itertuples(index=False, name=None):
        table.add_row(*(Text(_cell(value)) for value in row))
    written = io.StringIO()
    on_screen = out is None and _STANDARD_OUTPUT.get(sys.stdout).isatty()
    console = Console(file=written, width=Console().width if on_screen else WIDE, color_system=None)
    console.print(table)
    return f"{title}\n{written.getvalue()}" if title else written.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return plain(value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,.4g}"
    return plain(str(value))


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        fault = Fault("--out", None, None, f"{str(out)!r}: {reason}", "Choose a file in a folder that exists")
        raise HubreachError("The answer was not written.", [fault]) from error

"""`hubreach national rank`, `query` and `columns`: what a file of national answers says, read-only."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.printing import FormatOption, print_frame, print_notes, save_file
from analysis.cli.printing import OutOption as PrintedOption
from analysis.cli.streams import print_answer
from analysis.national.files import (
    MOST_ROWS,
    NationalFile,
    NationalMeasure,
    open_national,
    query_national,
    rank_authorities,
    ready_questions,
    small_area_values,
)
from analysis.national.maps import area_fills, england_sheet, with_outline
from analysis.national.print_maps import england_map_file
from analysis.national.shapes import area_outline, england_shapes
from analysis.national.words import england_view, is_estimated_apart
from analysis.render.sheets import SIZES, SizeName, wanted_image_kind

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="Parquet that `hubreach national need` or `reach` wrote.")
]
SqlArgument = Annotated[
    str,
    typer.Argument(
        metavar="SQL", help="One SELECT about the table england, or the name of a ready question."
    ),
]
LEVEL = (
    "The order says nothing: each authority was estimated by itself with the same share of children. Make the file "
    "with --one-curve, which lets deprivation decide, or rank by a number (--by)."
)
UNDRAWN = "The map cannot be drawn."
ByOption = Annotated[str, typer.Option("--by", help="Measure to rank by. Default: the first.")]


def rank(
    file: FileArgument,
    by: ByOption = "",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: PrintedOption = None,
) -> None:
    """Authorities ranked by a measure, with their ranges."""
    national = open_national(file)
    measure = _measure(national, by)
    table = rank_authorities(national, measure)
    names = ", ".join(each.key for each in national.measures)
    notes = [f"low, high: range of 90% of model runs. Other measures (--by): {names}"]
    if england_view(table, measure).is_level:
        notes.insert(0, LEVEL)
    print_frame(
        table.round({"value": 3, "low": 3, "high": 3}),
        format,
        out,
        title=f"{len(table):,} authorities by {measure.title.lower()} ({measure.unit})",
        notes=notes,
    )


def draw_map(
    file: FileArgument,
    to: Annotated[Path, typer.Option("--to", help="File to write: .png (300 dpi), .svg or .pdf.")],
    by: ByOption = "",
    size: Annotated[SizeName, typer.Option("--size", help="Page of a report, slide or square.")] = "report",
    authority: Annotated[str, typer.Option("--authority", help="Draw one authority: code or name.")] = "",
    area: Annotated[str, typer.Option("--area", help="Outline one small area: code or name.")] = "",
) -> None:
    """Map of England's small areas, or of one authority's, by a measure: with title, legend, source and licence."""
    kind = wanted_image_kind(to, UNDRAWN)
    national = open_national(file)
    measure = _measure(national, by)
    shapes = england_shapes(national)
    apart = is_estimated_apart(national, rank_authorities(national, national.measures[0]))
    table = small_area_values(national, measure)
    whole = _code(table, "authority", authority) if authority else None
    words = england_sheet(national, measure, table, each_by_itself=apart, authority=whole)
    fills = area_fills(table["value"])
    if whole is not None:
        fills = fills[table["authority_code"] == whole]
    outlined = _code(table, "area", area) if area else None
    if outlined is not None:
        if outlined not in fills.index:
            fault = Fault(
                "--area", None, None, f"{area!r:.60} is not in {authority}", "Leave one of the two out"
            )
            raise HubreachError(UNDRAWN, [fault])
        words = with_outline(words, str(table["area_name"][outlined]))
    drawn, chosen = (None if code is None else area_outline(file, code) for code in (whole, outlined))
    content = england_map_file(shapes, fills, words, kind, SIZES[size], authority=drawn, chosen=chosen)
    save_file(to, content)


def _code(table: pd.DataFrame, what: Literal["authority", "area"], given: str) -> str:
    """Code of an authority or a small area of a file by its code or name, in any letters."""
    known = table.reset_index()[[f"{what}_code", f"{what}_name"]].drop_duplicates().astype(str)
    wanted = given.strip().casefold()
    found = known[(known.apply(lambda column: column.str.casefold()) == wanted).any(axis=1)]
    if len(found) != 1:
        near = (
            get_close_matches(given, known[f"{what}_name"], n=3) if found.empty else list(found.iloc[:3, 0])
        )
        remedy = f"Did you mean {' or '.join(near)}?" if near else "Give its code, such as E08000035"
        fault = Fault(f"--{what}", None, None, f"{len(found) or 'no'} {what} {given!r:.60}", remedy)
        raise HubreachError(UNDRAWN, [fault])
    return str(found.iloc[0, 0])


def query(
    file: FileArgument,
    sql: SqlArgument = "",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: PrintedOption = None,
) -> None:
    """Answer a question in SQL about a file. Without one, list the questions that are ready."""
    national = open_national(file)
    ready = ready_questions(national)
    if not sql:
        listed = pd.DataFrame({"question": list(ready), "sql": list(ready.values())}).set_index("question")
        print_frame(listed, format, out, title="Ready questions; or give one SELECT about the table england")
        return
    answer = query_national(national, ready.get(sql, sql))
    print_frame(answer, format, out)
    if len(answer) == MOST_ROWS:
        print_notes(f"Only the first {MOST_ROWS:,} rows are shown.")


def columns(file: FileArgument) -> None:
    """The columns of the table england in a file."""
    national = open_national(file)
    print_answer("\n".join(national.columns) + "\n")
    print_notes(f"A file of {national.kind}; one row an authority (level 'place'), ward and LSOA.")


def _measure(national: NationalFile, key: str) -> NationalMeasure:
    measures = {each.key: each for each in national.measures}
    if key and key not in measures:
        fault = Fault("--by", None, None, f"no measure {key!r:.60}", f"Use one of: {', '.join(measures)}")
        raise HubreachError("The authorities cannot be ranked.", [fault])
    return measures[key] if key else national.measures[0]

"""What is said of a file on the command line: which column is which, and which rows are meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.base.faults import FaultList
from analysis.base.text import normal_heading
from analysis.intake.assemble.adding import unknown_file
from analysis.intake.assemble.site_lists import UnknownKinds
from analysis.intake.files.mappings import Answers
from analysis.intake.files.uploads import heading_rows

ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="[FILE:]MEANING=HEADING",
        help="What a heading means that is not recognised, such as lsoa_code=Zone, or areas.csv:lsoa_code=Zone.",
        show_default=False,
    ),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="[FILE:]HEADING=VALUE",
        help="Which rows are meant where an area stands in several, such as period=2024. Several values are added up.",
        show_default=False,
    ),
]


UnknownOption = Annotated[
    Literal["possible", "open", "left-out"],
    typer.Option(
        "--unknown-kinds",
        help="What sites of kinds are that the place does not know: possible buildings, open, or left out.",
    ),
]
UNKNOWN: dict[str, UnknownKinds] = {"possible": "possible", "open": "open", "left-out": "left out"}


def file_answers(
    column: Sequence[str] | None, where: Sequence[str] | None, paths: Sequence[Path]
) -> dict[str, Answers]:
    """Answers by file name; what names no file is said of every file that has the heading.

    Raises
    ------
    HubreachError
        With every option that cannot be read, names no file that was given, or a heading that none of them has.
    """
    faults = FaultList("options")
    said: dict[str, tuple[dict[str, str], dict[str, list[str]]]] = {path.name: ({}, {}) for path in paths}
    for text in column or ():
        for file, meaning, heading in _parts(text, "--column", "areas.csv:lsoa_code=Zone", paths, faults):
            said[file][0][meaning] = heading
    for text in where or ():
        for file, heading, value in _parts(text, "--where", "period=2024", paths, faults):
            said[file][1].setdefault(heading, []).append(value)
    faults.raise_if_any("The columns cannot be used.")
    return {name: Answers(columns, rows) for name, (columns, rows) in said.items() if columns or rows}


def _parts(
    text: str, option: str, example: str, paths: Sequence[Path], faults: FaultList
) -> list[tuple[str, str, str]]:
    """File, what stands before the sign, and after it: for each file that is meant."""
    before, equals, after = text.partition("=")
    file, colon, rest = before.partition(":")
    names = [path.name for path in paths]
    if not (equals and before.strip() and after.strip()):
        shape = "[FILE:]MEANING=HEADING" if option == "--column" else "[FILE:]HEADING=VALUE"
        faults.add(f"{text!r:.80} is not {shape}", f"Write it like {option} {example}", column=option)
        return []
    if colon and file in names:
        return [(file, rest.strip(), after.strip())]
    heading = after if option == "--column" else before
    held = [path.name for path in paths if normal_heading(heading) in _headings(path)]
    if not held and colon and "." in file:
        faults.extend(unknown_file(file, names).faults)
    elif not held:
        faults.add(
            f"no file {'has' if paths else 'is given that could have'} a column headed {heading.strip()!r:.60}",
            "Give the heading as it is in the file" if paths else "Give the file too, such as --sites-file",
            column=option,
        )
    return [(name, before.strip(), after.strip()) for name in held]


def _headings(path: Path) -> set[str]:
    return {"sheet"} | {normal_heading(cell) for row in heading_rows(path) for cell in row}

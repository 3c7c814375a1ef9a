"""`hubreach add`: a place from the official files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.base.text import plain
from analysis.cli.file_answers import UNKNOWN, ColumnOption, UnknownOption, WhereOption, file_answers
from analysis.cli.groups import LEFT_OUT, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.intake.assemble.adding import PlaceFiles, prepare_place
from analysis.intake.assemble.new_place import new_place_sentences
from analysis.intake.assemble.saving import place_target, save_place, sites_to_drop
from analysis.intake.files.mappings import Answers, named_columns, recalled, remember

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the new place.")]
AuthorityOption = Annotated[
    list[str],
    typer.Option(
        "--authority",
        help="Code of the authority, such as E08000035, or its name. Several make one place, a locality each.",
    ),
]
ImdOption = Annotated[
    list[Path],
    typer.Option(
        "--imd", help="A file of the Indices of Deprivation (1 to 10), any edition. As many as you have."
    ),
]
BoundariesOption = Annotated[
    Path,
    typer.Option(
        "--boundaries", help="LSOA boundaries: GeoJSON, GeoPackage, zipped shapefile. May cover the country."
    ),
]
LookupOption = Annotated[
    list[Path],
    typer.Option("--lookup", help="Lookup from LSOA to ward; from LSOA 2011 to 2021. As many as are needed."),
]
PopulationOption = Annotated[
    list[Path] | None,
    typer.Option("--population", help="Small-area population by single year of age.", show_default=False),
]
SitesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--sites-file", help="A GIAS extract, a list of family hubs, or your own list.", show_default=False
    ),
]
ForgetOption = Annotated[
    bool, typer.Option("--forget-columns", help="Forget what --column once said of files headed like these.")
]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Only show what was found; save nothing.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace your own place of this name.")]


@command(only_where("replace", preview=LEFT_OUT))
def add(
    name: NameArgument,
    authority: AuthorityOption,
    imd: ImdOption,
    boundaries: BoundariesOption,
    lookup: LookupOption,
    population: PopulationOption = None,
    sites: SitesOption = None,
    column: ColumnOption = None,
    where: WhereOption = None,
    unknown_kinds: UnknownOption = "possible",
    forget_columns: ForgetOption = False,
    preview: PreviewOption = False,
    replace: ReplaceOption = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Add a place from official files as published. Then: `hubreach check NAME`."""
    tables = tuple(dict.fromkeys([*lookup, *imd, *(population or [])]))
    said = _said([*tables, *(sites or [])], column, where, forget=forget_columns)
    place_target(name, replace=replace or preview)
    files = PlaceFiles(
        name, tuple(authority), tables, boundaries, tuple(sites or ()), said, UNKNOWN[unknown_kinds]
    )
    new = prepare_place(files)
    print_frame(
        new.preview(),
        format,
        out,
        title=f"What {plain(name)} would be made of",
        notes=new_place_sentences(new),
    )
    if preview:
        return
    for path in (*tables, *(sites or [])):
        if path.name in said and said[path.name].columns:
            remember(path, said[path.name].columns)
    dropped = sites_to_drop(new)
    place = save_place(new, replace=replace)
    if dropped:
        print_notes(f"No --sites-file was given: {dropped:,} sites of the place that was replaced are gone.")
    print_notes(f"Saved in {place.folder}. Look at it with: hubreach check {place.slug}")


def _said(
    paths: list[Path], column: list[str] | None, where: list[str] | None, *, forget: bool
) -> dict[str, Answers]:
    """What is said of each file; where nothing is said of its columns, what was said of a file headed like it."""
    said = file_answers(column, where, paths)
    for path in paths:
        kept = recalled(path)
        own = said.get(path.name, Answers())
        if kept and forget:
            remember(path, {})
            print_notes(f"{path.name}: the columns {named_columns(kept)} are forgotten.")
        elif kept and not own.columns:
            said[path.name] = Answers(kept, own.where)
            print_notes(f"{path.name}: columns as before, {named_columns(kept)}. Not so? --forget-columns")
    return said


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(add)

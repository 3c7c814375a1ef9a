"""`hubreach add`: a place from the official files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.base.faults import FaultList
from analysis.base.text import plain
from analysis.cli.groups import LEFT_OUT, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.intake.assemble.adding import PlaceFiles, prepare_place, unknown_file
from analysis.intake.assemble.new_place import new_place_sentences
from analysis.intake.assemble.saving import place_target, save_place, sites_to_drop
from analysis.intake.files.mappings import remember

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
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FILE:MEANING=HEADING",
        help="What a heading means that is not recognised, such as areas.csv:lsoa_code=Zone. It is remembered.",
        show_default=False,
    ),
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
    preview: PreviewOption = False,
    replace: ReplaceOption = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Add a place from official files as published. Then: `hubreach check NAME`."""
    tables = tuple(dict.fromkeys([*lookup, *imd, *(population or [])]))
    mappings = _mappings(column or [], [*tables, *(sites or [])])
    place_target(name, replace=replace or preview)
    files = PlaceFiles(name, tuple(authority), tables, boundaries, tuple(sites or ()), mappings)
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
        if path.name in mappings:
            remember(path, mappings[path.name])
    dropped = sites_to_drop(new)
    place = save_place(new, replace=replace)
    if dropped:
        print_notes(f"No --sites-file was given: {dropped:,} sites of the place that was replaced are gone.")
    print_notes(f"Saved in {place.folder}. Look at it with: hubreach check {place.slug}")


def _mappings(given: list[str], paths: list[Path]) -> dict[str, dict[str, str]]:
    faults = FaultList("options")
    mappings: dict[str, dict[str, str]] = {}
    names = [path.name for path in paths]
    for text in given:
        file, colon, rest = text.partition(":")
        meaning, equals, heading = rest.partition("=")
        if not (colon and equals and heading):
            remedy = "Write it like --column areas.csv:lsoa_code=Zone"
            faults.add(f"{text!r:.80} is not FILE:MEANING=HEADING", remedy, column="--column")
        elif file not in names:
            faults.extend(unknown_file(file, names).faults)
        else:
            mappings.setdefault(file, {})[meaning.strip()] = heading
    faults.raise_if_any("The columns cannot be used.")
    return mappings


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(add)

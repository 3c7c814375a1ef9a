"""`hubreach indicator`: figures of the user's own that join a place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.cli.choices import PlaceArgument
from analysis.cli.file_answers import WhereOption, file_answers
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.intake.files.mappings import Answers
from analysis.intake.indicators.files import Wanted
from analysis.intake.indicators.reading import IndicatorChoices, own_key, prepare_indicator, unusable_words
from analysis.intake.indicators.values import LEAST_SHARE
from analysis.places.finding import place_folder
from analysis.places.own_indicators import (
    Fill,
    Measure,
    own_indicator_table,
    remove_own_indicator,
    save_own_indicator,
)
from analysis.places.read import read_place

FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="CSV or Excel with a row an LSOA, MSOA or ward, by its code; or shapes (GeoPackage, GeoJSON, zipped "
        "shapefile) with a figure each.",
    ),
]
NameOption = Annotated[str, typer.Option("--name", help="Of the indicator.")]
DirectionOption = Annotated[
    Literal["auto", "higher", "lower"],
    typer.Option(
        "--direction", help="Which figure means more need; auto: lower of a rank or decile, else higher."
    ),
]
UnitOption = Annotated[
    str, typer.Option("--unit", help="Of the values, such as per cent of children. A count may do without.")
]
VintageOption = Annotated[str, typer.Option("--vintage", help="When the figures are of, such as 2023/24.")]
SourceOption = Annotated[str, typer.Option("--source", help="Who published or counted them.")]
MeasureOption = Annotated[
    Measure,
    typer.Option("--measure", help="A rate (share, mean, score), or a count, which is divided by children."),
]
ValueOption = Annotated[str, typer.Option("--value", help="Heading of the values, where there are several.")]
CodeOption = Annotated[str, typer.Option("--code", help="Heading of the codes, where there are several.")]
BaseOption = Annotated[
    str,
    typer.Option(
        "--base",
        help="Heading of the number that a value rests on (registered children), or HEADING=VALUE where it stands in another row; "
        "few are flagged.",
    ),
]
SuppressedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--suppressed", help="A mark of a suppressed number, beside *, c and <5.", show_default=False
    ),
]
FillOption = Annotated[
    Fill, typer.Option("--fill", help="What becomes of gaps: nothing, or the mean of the ward.")
]
LeastOption = Annotated[
    float, typer.Option("--least-share", help="Share of an area's children under which a base is few.")
]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace the indicator of this name.")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Only show what was found; save nothing.")]

HIGHER = {"auto": None, "higher": True, "lower": False}

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Indicators of your own: any table by area code."
)


@group.command()
@command(
    only_where("replace", preview=LEFT_OUT),
    only_where("least_share", base=GIVEN),
)
def add(
    place: PlaceArgument,
    file: FileArgument,
    name: NameOption,
    vintage: VintageOption,
    source: SourceOption,
    unit: UnitOption = "",
    direction: DirectionOption = "auto",
    measure: MeasureOption = "rate",
    value: ValueOption = "",
    code: CodeOption = "",
    base: BaseOption = "",
    where: WhereOption = None,
    suppressed: SuppressedOption = None,
    fill: FillOption = "none",
    least_share: LeastOption = LEAST_SHARE,
    preview: PreviewOption = False,
    replace: ReplaceOption = False,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Join a table to a place. Then: `hubreach target PLACE --show composite --weight own_...=1`."""
    rows = file_answers(None, where, [file]).get(file.name, Answers()).where
    wanted = Wanted(value, base, code, tuple(suppressed or ()), measure, rows)
    choices = IndicatorChoices(name, unit, vintage, source, HIGHER[direction], wanted, fill, least_share)
    opened = read_place(place)
    new = prepare_indicator(file, opened, choices)
    about = new.held.about
    print_frame(
        new.wards.round(3),
        format,
        out,
        title=f"{about.name} in {opened.name}: coverage by ward",
        notes=[
            f"{about.key}: {about.unit}, by {about.geography}, {about.vintage}, {about.source}",
            *about.cautions,
            *(f"Left out: {words}" for words in new.left_out),
            *filter(None, [unusable_words(new.held)]),
        ],
    )
    if not preview:
        path = save_own_indicator(opened.folder, new.held, replace=replace)
        print_notes(f"Saved in {path}")


@group.command("list")
def list_(
    place: PlaceArgument,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """The indicators of your own that a place holds, and what each covers."""
    opened = read_place(place)
    table = own_indicator_table(opened.own_indicators)
    notes = [f"Left out: {fault}" for fault in opened.left_out]
    if table.empty and not notes:
        notes = [f"None yet: hubreach indicator add {opened.slug} FILE"]
    print_frame(table, format, out, title=f"Indicators of your own in {opened.name}", notes=notes)


@group.command()
def remove(
    place: PlaceArgument, key: Annotated[str, typer.Argument(metavar="KEY", help="Its key, or its name.")]
) -> None:
    """Take an indicator away from a place."""
    # The place is not read: an indicator that cannot be read is taken away in this way.
    chosen = key if key.startswith("own_") else own_key(key)
    remove_own_indicator(place_folder(place), chosen)
    print_notes(f"{chosen} was taken away.")


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.add_typer(group, name="indicator")

"""`hubreach growth`: need and reach in a future year, by a table of children by area and year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.choices import LevelOption, PlaceArgument, RateOptions, estimate_from, need_meta, need_notes
from analysis.cli.groups import command
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.cli.terms import TermsOptions
from analysis.reach.growth import growth_notes, growth_table, read_growth


@command()
def growth(
    place: PlaceArgument,
    table: Annotated[
        Path, typer.Option("--table", help="Children by LSOA, ward or place, a column a year (CSV, Excel).")
    ],
    rates: RateOptions,
    terms: TermsOptions,
    year: Annotated[
        int | None, typer.Option("--year", help="Default: the last of the table.", show_default=False)
    ] = None,
    by: LevelOption = "ward",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Need and reach in a future year: a projection from a table of your own."""
    estimate = estimate_from(place, rates)
    given = read_growth(table, estimate.place)
    chosen = given.years[-1] if year is None else year
    if chosen not in given.years:
        fault = Fault("--year", None, None, str(chosen), f"Choose from {', '.join(map(str, given.years))}")
        raise HubreachError("The table has no such year.", [fault])
    print_frame(
        growth_table(estimate, given, chosen, terms=terms.terms(), level=by),
        format,
        out,
        title=f"{estimate.place.name}: projection for {chosen}, by {by}",
        notes=[*growth_notes(given, chosen), *need_notes(estimate)],
        meta={**need_meta(estimate), "year": chosen, "by": by},
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(growth)

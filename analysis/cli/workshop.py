"""`hubreach workshop list|export|delete|purge`: workshops without the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.report.workshop_summary import word_summary
from analysis.workshop.record import csv_bytes, excel_bytes, make_record
from analysis.workshop.retention import delete_workshop, purge
from analysis.workshop.store import Store, shared_store
from analysis.workshop.workshops import list_workshops

WRITERS = {".xlsx": excel_bytes, ".zip": csv_bytes, ".docx": word_summary}
WorkshopArgument = Annotated[
    str,
    typer.Argument(metavar="WORKSHOP", help="Its id, or the first letters: see `hubreach workshop list`."),
]
RecordOption = Annotated[
    Path,
    typer.Option(
        "--out", help="File to write: .docx for a Word summary, .xlsx for Excel, .zip for a CSV file a table."
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]

workshop = typer.Typer(
    no_args_is_help=True, help="Workshops: list them, export their record, delete their data."
)


@workshop.command("list")
def list_(format: FormatOption = None, out: OutOption = None) -> None:  # noqa: A002 - the option's own name
    """Every workshop in the store, newest first."""
    store = shared_store()
    frame = list_workshops(store)
    for column in frame.select_dtypes("datetimetz"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d %H:%M UTC").fillna("")
    place = store.database.url.render_as_string(hide_password=True)
    print_frame(frame, format, out, title="Workshops", notes=[f"Store: {place}"])


@workshop.command()
def export(which: WorkshopArgument, out: RecordOption) -> None:
    """Write a workshop's record: results, groups that are large enough, comments, parameters."""
    writer = WRITERS.get(out.suffix.lower())
    if writer is None:
        raise HubreachError(
            "The record was not written.",
            [
                Fault(
                    "--out",
                    None,
                    None,
                    f"{out.suffix or 'no ending'!r}",
                    "End the file's name with .docx, .xlsx or .zip",
                )
            ],
        )
    store = shared_store()
    written = writer(make_record(store, find(store, which)))
    try:
        out.write_bytes(written)
    except OSError as error:
        fault = Fault("--out", None, None, f"{str(out)!r}: {error.strerror}", "Choose a folder that exists")
        raise HubreachError("The record was not written.", [fault]) from error
    print_notes(f"Written: {out}")


@workshop.command()
def delete(which: WorkshopArgument, yes: YesOption = False) -> None:
    """Delete a workshop at once, with every answer and comment."""
    store = shared_store()
    workshop_id = find(store, which)
    row = list_workshops(store).loc[workshop_id]
    if not yes:
        typer.confirm(f"Delete {row['title']!r} with {row['answers']} answers for good?", abort=True)
    delete_workshop(store, workshop_id)
    print_notes(f"Deleted: {workshop_id}")


@workshop.command("purge")
def purge_() -> None:
    """Delete every workshop whose days are over; to be run daily where no server does."""
    purged = purge(shared_store())
    print_frame(pd.DataFrame({"deleted": purged}, dtype="str"), None, None, title=f"{len(purged)} deleted")


def find(store: Store, given: str) -> str:
    """The one workshop whose id begins with what was given.

    Raises
    ------
    HubreachError
        If none does, or several do.
    """
    ids = [each for each in list_workshops(store).index if given and each.startswith(given)]
    if len(ids) != 1:
        found = f"{len(ids) or 'no'} workshop{'s' if len(ids) != 1 else ''} with an id that begins with {given!r:.40}"
        fault = Fault("WORKSHOP", None, None, found, "Take the id from: hubreach workshop list")
        raise HubreachError("The workshop was not found.", [fault])
    return str(ids[0])


def register(app: typer.Typer) -> None:
    """Add `workshop` to the command line."""
    app.add_typer(workshop, name="workshop")

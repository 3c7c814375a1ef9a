"""`hubreach best-start`: the siting test, denominators, the site list, and a return's rows checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.base.faults import Fault, HubreachError
from analysis.cli.choices import PlaceArgument
from analysis.cli.groups import command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame, print_notes
from analysis.cli.terms import KindsOption
from analysis.commissioning.returns import read_return
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.need.words import source_sentence
from analysis.options.best_start import BAND_NOTE, denominators, siting_test
from analysis.options.best_start_words import best_start_notes, best_start_sentence
from analysis.options.files import find_option, read_options
from analysis.report.content import unmarked
from analysis.scenario.scenario import ALL_KINDS
from analysis.scenario.terms import Terms


@command(only_where("options", "kind", show=("test", "sites")), only_where("file", show="return"))
def best_start(
    place: PlaceArgument,
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="OPTION...", help="Default: today and every saved one.", show_default=False),
    ] = None,
    show: Annotated[
        Literal["test", "sites", "denominators", "return"],
        typer.Option(
            "--show", help="The siting test; sites with decile; children by decile; a return's faults."
        ),
    ] = "test",
    kind: KindsOption = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="With --show return: its rows (CSV, Excel).", show_default=False),
    ] = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Best Start Family Hubs: share of hubs in the most disadvantaged areas (reported target, not confirmed)."""
    opened = open_place(place)
    if show == "return":
        if file is None:
            fault = Fault("--file", None, None, "left out", "Name the file of the return")
            raise HubreachError("There is no return to check.", [fault])
        found = read_return(file, opened)
        note = "Nothing is wrong in its rows" if found.empty else f"{len(found)} faults"
        print_frame(found, format, out, title=f"{opened.name}: return", notes=[note])
        return
    if show == "denominators":
        notes = [BAND_NOTE, source_sentence(estimate_need(opened))]
        print_frame(
            denominators(opened), format, out, title=f"{opened.name}: children by decile", notes=notes
        )
        return
    known, faults = read_options(opened.slug)
    chosen = known if not options else {name: find_option(opened.slug, name) for name in options}
    terms = Terms(kinds=None if kind is None else () if ALL_KINDS in kind else tuple(kind))
    answer = siting_test(opened, chosen, terms)
    frame = answer.table if show == "test" else answer.sites
    notes = [unmarked(best_start_sentence(answer)), *best_start_notes(answer, terms)]
    print_frame(frame, format, out, title=f"{opened.name}: Best Start siting test", notes=notes)
    print_notes(*(f"Left out. {fault}" for fault in faults))


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command("best-start")(best_start)

"""`hubreach`: every answer without the browser. A command loads its own room and no other."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from analysis.base.faults import HubreachError
from analysis.cli.spelling import respelled
from analysis.cli.streams import keep_c_code_off_standard_output, only_the_answer, print_answer

# Module of `analysis.cli`, and the commands that its `register` adds, each as the list of all tells it.
ROOMS: dict[str, dict[str, str]] = {
    "places": {
        "places": "The places that can be opened",
        "check": "Check a place: files, joins, totals against official ones",
        "serve": "Start the dashboard",
    },
    "add": {"add": "Add a place from official files"},
    "own": {"own": "A council's own children, wards, sites, shapes and points"},
    "indicators": {"indicator": "Indicators of your own, from any table by area code"},
    "fetch": {"fetch": "Download the official files of one authority"},
    "national": {"national": "Every authority in England at once"},
    "need": {"need": "How many children and families, by area, with ranges"},
    "data": {"data": "Any figure by area: need, reach, deprivation, children, Census"},
    "area": {"area": "One area's card"},
    "beside": {"beside": "Need of several places side by side"},
    "benchmark": {"benchmark": "Published outcomes against what deprivation predicts"},
    "targeting": {"target": "Which areas to focus on, and how far model runs agree"},
    "reach": {
        "sites": "The sites of a place",
        "reach": "Who is within reach of a site",
    },
    "growth": {"growth": "Need and reach in a future year, by a table of your own"},
    "crossings": {"crossings": "Bridges, tunnels and ferries of a place"},
    "barriers": {"barriers": "Lines that cannot be stepped over: docks, railways, motorways"},
    "siting": {
        "site": "Where sites should go: the best set and its proof",
        "frontier": "What each further site or pound adds",
        "boundaries": "Split wards into areas of equal need",
    },
    "options": {
        "options": "The options of a place",
        "compare": "Options side by side",
        "difference": "One option against another: who gains, who loses",
    },
    "best_start": {"best-start": "Best Start Family Hubs: siting test, denominators, sites, a return"},
    "commissioning": {
        "cost": "What a contract costs, year by year",
        "allocate": "Share an envelope over areas by need",
        "cohort": "A small cohort, its funding and its expected effect",
        "appraise": "Rank alternatives on weighted criteria",
        "monitor": "Outcomes against their plan",
        "spending": "Published spending for each child, beside the neighbours",
    },
    "takeup": {
        "takeup": "Users of a service over the children who live there",
        "deciles": "Postcodes as numbers by IDACI decile, nothing kept",
    },
    "workshop": {"workshop": "Workshops: list, export, delete"},
    "evidence": {
        "pack": "A report, deck, web page or workbook",
        "figure": "One chart or map of a pack",
    },
    "operations": {
        "backup": "Copy everything that was saved into one file",
        "restore": "Put a backup back",
        "licences": "Packages and their licences",
    },
}


class Commands(TyperGroup):
    """The commands, with one way to fail: what is wrong on standard error, and exit code 2."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands, in the order of the questions."""
        del ctx
        return [name for names in ROOMS.values() for name in names]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from `ROOMS`: nothing has to be imported for it."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([pair for names in ROOMS.values() for pair in names.items()])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command; its room is imported now, so that the others cost nothing."""
        del ctx
        for room, names in ROOMS.items():
            if cmd_name in names:
                rooms_own = typer.Typer(rich_markup_mode=None)
                with only_the_answer():
                    import_module(f"analysis.cli.{room}").register(rooms_own)
                return _answering(get_group(rooms_own).commands[cmd_name])
        return None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line, with the options' old spellings."""
        try:
            changed, notes = respelled(args)
        except HubreachError as error:
            raise _refused(error) from None
        for note in notes:
            typer.echo(note, err=True)
        return super().parse_args(ctx, changed)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an input that cannot be used never ends in a traceback."""
        try:
            return super().invoke(ctx)
        except HubreachError as error:
            raise _refused(error) from None


def _refused(error: HubreachError) -> typer.Exit:
    """Say what is wrong on standard error, and end with exit code 2."""
    # A file's own text may stand in the message: no control character reaches the terminal.
    lines = str(error).splitlines()
    typer.echo("\n".join("".join(c for c in line if c.isprintable()) for line in lines), err=True)
    return typer.Exit(2)


def _answering(command: Any) -> Any:
    """The command, or each of a group's, with standard output for its answer alone."""
    for each in getattr(command, "commands", {}).values():
        _answering(each)
    if command.callback is not None:
        command.callback = only_the_answer()(command.callback)
    return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        print_answer(f"hubreach {metadata.version('hubreach')}\n")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and end.")
]


@app.callback()
def hubreach(version: VersionOption = False) -> None:
    """Early help for children and families: how much need there is, where, and what would meet it."""


def main() -> None:
    """Entry point of the `hubreach` script."""
    keep_c_code_off_standard_output()
    app()

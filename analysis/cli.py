"""`hubreach`: every answer without the browser."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from analysis.commands import commissioning, need, places, reach, siting, targeting, workshop
from analysis.places.faults import HubreachError

ROOMS = (places, need, targeting, reach, siting, commissioning, workshop)


class Commands(TyperGroup):
    """The commands, with one way to fail: what is wrong on standard error, and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an input that cannot be used never ends in a traceback."""
        try:
            return super().invoke(ctx)
        except HubreachError as error:
            # A file's own text may stand in the message: no control character reaches the terminal.
            lines = str(error).splitlines()
            typer.echo("\n".join("".join(c for c in line if c.isprintable()) for line in lines), err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Early help for children and families: how much need there is, where, and what would meet it.",
)
for room in ROOMS:
    room.register(app)


def main() -> None:
    """Entry point of the `hubreach` script."""
    app()

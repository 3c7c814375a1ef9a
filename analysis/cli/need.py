"""`hubreach need`: children and families in each tier, by area, with ranges."""

from __future__ import annotations

import typer

from analysis.cli.choices import (
    LevelOption,
    NeedChoices,
    PlaceArgument,
    estimate_from,
    need_meta,
    need_notes,
)
from analysis.cli.groups import command
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.tables import readable_table, wide_table


@command()
def need(
    place: PlaceArgument,
    choices: NeedChoices,
    by: LevelOption = "ward",
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Children and families in each tier, by area, with ranges."""
    estimate = estimate_from(place, choices)
    top = estimate.top_count(by)
    print_frame(
        wide_table(estimate, by),
        format,
        out,
        title=f"Need in {estimate.place.name}, by {by}",
        notes=[
            *need_notes(estimate),
            f"Chance of the top {top} (p_top in CSV): share of model runs in which an area is among those with most.",
        ],
        meta={**need_meta(estimate), "by": by, "top": top},
        shown=readable_table(estimate, by),
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(need)

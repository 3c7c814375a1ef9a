"""`hubreach area`: what is known of one area, line by line, as its card beside the map says it."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.cli.choices import FamilyOptions, PlaceArgument, estimate_from, need_meta, need_notes
from analysis.cli.groups import command
from analysis.cli.printing import PrintOptions, print_frame
from analysis.cli.terms import TermsOptions
from analysis.places.place import AreaLevel
from analysis.reach.answer import answer_reach
from analysis.reach.area_tables import area_card, area_title
from analysis.reach.search import find_area
from analysis.reach.words import travel_source


@command()
def area(
    place: PlaceArgument,
    name: Annotated[str, typer.Argument(help="Name or code of an area, a site in it, or a postcode.")],
    asked: TermsOptions,
    choices: FamilyOptions,
    printed: PrintOptions,
    by: Annotated[
        AreaLevel,
        typer.Option("--by", help="Areas to look in first; a site's or a postcode's area is one of them."),
    ] = "ward",
) -> None:
    """One area: children by age, need with its range, deprivation, nearest sites, and what is unsure."""
    estimate = estimate_from(place, choices)
    level, code = find_area(estimate.place, name, by)
    view = answer_reach(estimate, asked.terms())
    card = area_card(view, level, code)
    print_frame(
        card,
        printed.format,
        printed.out,
        title=", ".join(area_title(estimate.place, level, code)),
        notes=[f"{view.line}.", travel_source(view), *need_notes(estimate)],
        meta={**need_meta(estimate), "by": level, "area": code, "scenario": view.line},
        shown=card[["what", "said", "note"]].rename(columns={"said": "figure"}),
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(area)

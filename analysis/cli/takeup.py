"""`hubreach takeup` and `deciles`: users of a service over the children who live there, and postcodes as deciles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.choices import PlaceArgument
from analysis.cli.groups import command
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.cli.terms import TermsOptions
from analysis.commissioning.deciles import EDITION, METHOD, SOURCES, read_postcodes, shown_deciles
from analysis.commissioning.takeup import TakeupBy, answer_takeup, read_users
from analysis.commissioning.takeup_tables import readable_takeup
from analysis.commissioning.takeup_words import takeup_notes, takeup_sentence
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.places.rounding import NOTE
from analysis.report.content import unmarked
from analysis.scenario.ages import ALL_AGES


@command()
def takeup(
    place: PlaceArgument,
    users: Annotated[
        Path,
        typer.Option("--users", help="Numbers of users by LSOA, ward, site or IDACI decile (CSV, Excel)."),
    ],
    terms: TermsOptions,
    by: Annotated[
        TakeupBy | None,
        typer.Option(
            "--by",
            help="Breakdown. Default: what the file's rows are. LSOAs add up to wards and deciles.",
            show_default=False,
        ),
    ] = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Take-up against need: rate, gap to the place's mean, who is not reached and who could be."""
    opened = open_place(place)
    estimate = estimate_need(opened)
    given, asked = read_users(users, opened), terms.terms()
    # Left out, --ages is what the heading names.
    asked = replace(asked, ages=given.ages) if asked.ages == ALL_AGES else asked
    answer = answer_takeup(given, estimate, asked)
    print_frame(
        answer.breakdown(by),
        format,
        out,
        title=f"{opened.name}: take-up by {by or answer.by}",
        notes=[unmarked(takeup_sentence(answer)), *takeup_notes(answer, estimate)],
        shown=readable_takeup(answer, by),
        meta={"place": opened.slug, "by": by or answer.by, "ages": answer.ages, "mean": answer.mean},
    )


@command()
def deciles(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="One column of postcodes (CSV, Excel), one for each user.")
    ],
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Postcodes as numbers of users by IDACI decile; nothing of the postcodes is kept."""
    shown = shown_deciles(read_postcodes(file))
    print_frame(shown, format, out, title=f"Users by decile, {EDITION}", notes=[METHOD, NOTE, SOURCES])


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(takeup)
    app.command()(deciles)

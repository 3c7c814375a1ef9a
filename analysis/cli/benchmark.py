"""`hubreach benchmark`: what is published of a place against what its deprivation predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from analysis.benchmark.observed_answer import answer_benchmark, benchmark_problem, listed_outcomes, trend
from analysis.benchmark.observed_tables import benchmark_table, neighbours_table, whole_counts
from analysis.benchmark.observed_words import benchmark_notes
from analysis.cli.choices import BasisOption, PlaceArgument, VintageOption
from analysis.cli.groups import LEFT_OUT, command, only_where
from analysis.cli.printing import PrintOptions, print_frame
from analysis.need.opening import open_place


@dataclass(frozen=True)
class Compared:
    """What is compared, as options of a command."""

    outcome: Annotated[
        str, typer.Option("--outcome", help="Outcome, such as 'looked after' or 'low income': see --list.")
    ] = "children in need"
    year: Annotated[
        int | None,
        typer.Option("--year", help="Year at 31 March. Default: the newest.", show_default=False),
    ] = None
    vintage: VintageOption = None
    basis: BasisOption = "imd"
    trend: Annotated[
        bool,
        typer.Option(
            "--trend", help="The place and its neighbours in every year, not all authorities in one."
        ),
    ] = False
    listed: Annotated[bool, typer.Option("--list", help="List every outcome.")] = False


@command(only_where("outcome", "year", "vintage", "basis", "trend", listed=LEFT_OUT))
def benchmark(place: PlaceArgument, compared: Compared, printed: PrintOptions) -> None:
    """Observed against expected from deprivation, by authority, for an outcome that is published."""
    if compared.listed:
        print_frame(listed_outcomes(), printed.format, printed.out, title="Outcomes by authority")
        return
    opened = open_place(place)
    problem = benchmark_problem(opened, compared.outcome, compared.year, compared.vintage, compared.basis)
    answer = answer_benchmark(problem)
    table = whole_counts(trend(answer), problem.outcome) if compared.trend else benchmark_table(answer)
    low, mid, high = sorted(answer.fit.gradient)
    print_frame(
        table,
        printed.format,
        printed.out,
        title=f"{problem.outcome.title} {problem.year}: observed against expected from deprivation",
        notes=benchmark_notes(answer, opened),
        meta={
            "place": opened.slug,
            "authorities": list(problem.members),
            "outcome": problem.outcome.name,
            "year": problem.year,
            "vintage": problem.vintage,
            "basis": problem.basis,
            "gradient": {"value": mid, "low": low, "high": high},
            "dispersion": answer.fit.dispersion,
            "spread": answer.spread,
        },
        shown=table if compared.trend else neighbours_table(answer),
    )


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(benchmark)

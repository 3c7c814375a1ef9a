"""What is published of the place beside what its deprivation predicts."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.benchmark import observed_figures as figures
from analysis.benchmark import observed_words as words
from analysis.benchmark.observed_answer import BenchmarkAnswer, answer_benchmark, benchmark_problem, trend
from analysis.benchmark.observed_tables import benchmark_table, neighbours_table, whole_counts
from analysis.report.content import Block, Chart, Heading, Paragraph, Section, Table, details
from analysis.report.sections.material import Material

OUTCOMES = ("children in need", "looked after")


def benchmark_section(material: Material) -> Section:
    """Observed against expected for each outcome, with its neighbours and its years."""
    answers = [answer_benchmark(benchmark_problem(material.place, outcome)) for outcome in OUTCOMES]
    sentences = [words.benchmark_sentence(answer, material.place) for answer in answers]
    blocks = [
        block
        for answer, sentence in zip(answers, sentences, strict=True)
        for block in _outcome(answer, sentence)
    ]
    title = "Benchmark: what is published beside what deprivation predicts"
    return Section("benchmark", title, sentences[0], tuple(blocks), tuple(sentences[1:]))


def _outcome(answer: BenchmarkAnswer, sentence: str) -> Iterator[Block]:
    outcome, source = answer.problem.outcome, f"{words.benchmark_source(answer)} Counted, not modelled."
    yield Heading(f"{outcome.title} {answer.problem.year}")
    yield Paragraph(f"benchmark.{outcome.key}", sentence)
    yield Paragraph(f"benchmark.{outcome.key}.reading", words.READINGS[outcome.reading])
    rows = figures.neighbour_rows(answer)
    if len(rows):
        found, subtitle = words.neighbours_words(answer)
        title = f"{outcome.title}: {found}"
        yield Chart(
            f"benchmark neighbours {outcome.key}",
            lambda style: figures.neighbour_dots(answer, style, title=title, subtitle=subtitle),
            whole_counts(rows, outcome),
            source,
        )
    funnel, drawn = words.funnel_words(answer)
    years = trend(answer)
    by_year, shown = words.trend_words(years, answer)
    near = neighbours_table(answer).reset_index()
    yield from details(
        [
            Chart(
                f"benchmark funnel {outcome.key}",
                lambda style: figures.funnel_plot(answer, style, title=funnel, subtitle=drawn),
                benchmark_table(answer),
                source,
            ),
            Chart(
                f"benchmark years {outcome.key}",
                lambda style: figures.trend_lines(years, answer, style, title=by_year, subtitle=shown),
                whole_counts(years, outcome),
                source,
            ),
            Table(
                f"benchmark table {outcome.key}",
                f"{outcome.title} {answer.problem.year}: the authority and its statistical neighbours",
                near,
                {str(name): str(name) for name in near},
                source,
            ),
        ]
    )

"""Is the place different from what its deprivation predicts? What is published, against expected, by authority."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.benchmark import observed_figures as figures
from analysis.benchmark import observed_words as words
from analysis.benchmark.observed_answer import (
    BenchmarkAnswer,
    benchmark_problem,
    nearest_vintage,
    observed_pyramid,
    place_authorities,
)
from analysis.benchmark.observed_tables import benchmark_table, whole_counts
from analysis.need import words as need_words
from analysis.need.rates import Floats, NoRateCurveError
from analysis.places.england.outcomes import OUTCOMES, find_outcome, outcome_years
from analysis.scenario.need_settings import FittedGradient
from pages.shared import controls, state
from pages.shared.address import keep_param
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext, context
from pages.shared.layout import question, show_error, source_line
from pages.shared.loading_benchmark import load_benchmark, load_trend
from pages.shared.short_keys import adopt_address
from pages.shared.tabs import show_tabs

NEAREST = "nearest"
EDITIONS = {
    NEAREST: "Edition nearest the year",
    "imd-2025": "All people (IMD 2025)",
    "idaci-2025": "Children (IDACI 2025)",
    "imd-2019": "All people (IMD 2019)",
    "idaci-2019": "Children (IDACI 2019)",
}
NAMES = {outcome.key: outcome.title for outcome in OUTCOMES}


def page() -> None:
    """Question, answer, funnel with the neighbours, what high can mean, and tabs of what is behind them."""
    now = context()
    title = f"Is {now.place.name} different from what its deprivation predicts?"
    try:
        place_authorities(now.place)
    except HubreachError as error:
        question(title, "Outcomes are published for authorities in England, and this place names none.")
        show_error(error)
        return
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="benchmark-controls"):
        outcome, year, edition = _choose()
    basis, _, vintage = edition.partition("-")
    problem = benchmark_problem(
        now.place,
        outcome,
        year,
        None if edition == NEAREST else vintage,
        "imd" if edition == NEAREST else basis,
    )
    answer = load_benchmark(problem)
    source = words.benchmark_source(answer)
    with head:
        question(title, words.benchmark_sentence(answer, now.place))
    instead = words.shown_instead(answer, now.place)
    if instead:
        st.info(instead, icon=":material/info:")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _funnel(now, answer, source)
    with right:
        _neighbours(now, answer, source)
    st.markdown(words.READINGS[problem.outcome.reading])
    show_tabs(
        state.BENCHMARK_PART,
        {
            "Years and gradient": lambda: _years_and_gradient(now, answer, source),
            "The pyramid, observed and modelled": lambda: _pyramid(now, edition),
            "All authorities": lambda: _table(now, answer, source),
        },
    )
    _method(answer)


def _choose() -> tuple[str, int, str]:
    """Outcome, year and edition."""
    adopt_address(state.COMPARED, NAMES)
    with st.container(width=400):
        outcome = st.selectbox(
            "Outcome",
            list(NAMES),
            format_func=NAMES.__getitem__,
            key=state.COMPARED,
            bind="query-params",
            help="What is published by authority: children in need and looked after, low income, early years, school.",
        )
    years = {str(year): str(year) for year in reversed(outcome_years(find_outcome(outcome)))}
    if st.session_state.get(state.COMPARED_YEAR) not in (None, *years):
        del st.session_state[state.COMPARED_YEAR]
    adopt_address(state.COMPARED_YEAR, years)
    with st.container(width=110):
        year = st.selectbox(
            "Year",
            list(years),
            key=state.COMPARED_YEAR,
            bind="query-params",
            help="At, or to, 31 March; the newest that is published comes first.",
        )
    adopt_address(state.COMPARED_ON, EDITIONS)
    with st.container(width=260):
        edition = st.selectbox(
            "Expected from",
            list(EDITIONS),
            format_func=lambda key: (
                f"{EDITIONS[key]} (IMD {nearest_vintage(int(year))})" if key == NEAREST else EDITIONS[key]
            ),
            key=state.COMPARED_ON,
            bind="query-params",
            help="Indices of Deprivation that the expected number follows; of the estimate of need the sidebar decides.",
        )
    return outcome, int(year), edition


def _funnel(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    title, subtitle = words.funnel_words(answer)
    show_chart(
        "funnel",
        lambda style: figures.funnel_plot(answer, style, title=title, subtitle=subtitle),
        benchmark_table(answer),
        source=source,
        name=_name(now, answer, "funnel"),
    )
    source_line(source)


def _neighbours(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    title, subtitle = words.neighbours_words(answer)
    rows = figures.neighbour_rows(answer)
    if rows.empty:
        st.info(title, icon=":material/info:")
        return
    show_chart(
        "neighbours",
        lambda style: figures.neighbour_dots(answer, style, title=title, subtitle=subtitle),
        whole_counts(rows, answer.problem.outcome),
        source=source,
        name=_name(now, answer, "neighbours"),
    )


def _years_and_gradient(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        _trend(now, answer, source)
    with right:
        _gradient(now, answer, source)


def _trend(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    years = load_trend(answer.problem)
    title, subtitle = words.trend_words(years, answer)
    show_chart(
        "trend",
        lambda style: figures.trend_lines(years, answer, style, title=title, subtitle=subtitle),
        whole_counts(years, answer.problem.outcome),
        source=source,
        name=_name(now, answer, "by year"),
    )


def _gradient(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    title, subtitle = words.gradient_words_of(answer)
    numbers = figures.gradient_numbers(answer, _model_curves(now, answer))
    show_chart(
        "gradient",
        lambda style: figures.gradient_curves(
            answer, numbers, now.settings.tiers, style, title=title, subtitle=subtitle
        ),
        numbers,
        source=f"{source} {need_words.parameters_sentence(now.need)}",
        name=_name(now, answer, "gradient"),
    )
    source_line(words.BETWEEN)
    _use_gradient(now, answer)


def _model_curves(now: PageContext, answer: BenchmarkAnswer) -> dict[str, Floats]:
    """Rates of each tier along deprivation over its prevalence; those that no curve can have are said and left out."""
    curves = {}
    for tier in now.settings.tiers:
        if not tier.prevalence:
            continue
        try:
            rates = answer.model_curve(tier.prevalence, tier.gradient, np.linspace(0, 1, 21))
        except NoRateCurveError as error:
            st.caption(f"{tier.name} has no curve for England: {error}.")
            continue
        curves[tier.key] = rates / tier.prevalence
    return curves


def _use_gradient(now: PageContext, answer: BenchmarkAnswer) -> None:
    """Buttons that put the fitted gradient in force for a tier, and what is in force."""
    problem, gradient = answer.problem, round(answer.fit.gradient[0], 1)
    if problem.outcome.reading == "good" or not 1 <= gradient <= controls.MOST_GRADIENT:
        return
    fitted = FittedGradient(problem.outcome.key, problem.year, problem.basis, problem.vintage, gradient)
    with st.container(horizontal=True, key="use-gradient"):
        for tier in now.settings.tiers:
            in_force = now.settings.fitted(tier.key) == fitted
            st.button(
                f"Use this gradient for {tier.name.lower()}",
                key=f"use-gradient-{tier.key}",
                icon=":material/check:" if in_force else ":material/trending_up:",
                disabled=in_force,
                on_click=_put_in_force,
                args=(tier.key, fitted),
                help=f"Every page then counts {tier.name.lower()} with gradient {gradient:g}, marked as a scenario. "
                "“Back to the defaults” in the sidebar undoes it.",
            )
    for tier in now.settings.tiers:
        held = now.settings.fitted(tier.key)
        if held is not None:
            st.caption(
                f"In use (scenario): {tier.name}, {held.gradient:g} times the rate in the most deprived areas, {held.words}."
            )


def _put_in_force(tier_key: str, fitted: FittedGradient) -> None:
    st.session_state[state.gradient(tier_key)] = fitted.gradient
    keep_param(state.gradient_from(tier_key), fitted.code)


def _pyramid(now: PageContext, edition: str) -> None:
    basis, _, vintage = edition.partition("-")
    try:
        steps = (
            observed_pyramid(now.need)
            if edition == NEAREST
            else observed_pyramid(now.need, vintage=vintage, basis=basis)
        )
    except HubreachError as error:
        st.info("\n".join([error.headline, *(f"{fault.found}. {fault.remedy}" for fault in error.faults)]))
        return
    title, subtitle = words.pyramid_words(steps, now.place)
    source = need_words.assumed_source(now.need, words.pyramid_source())
    show_chart(
        "observed-pyramid",
        lambda style: figures.pyramid_rows(steps, style, title=title, subtitle=subtitle),
        steps,
        source=source,
        name=f"{now.place.slug} pyramid observed and modelled",
    )
    source_line(words.LEDGER)


def _table(now: PageContext, answer: BenchmarkAnswer, source: str) -> None:
    counted = answer.problem.outcome.counted
    number = st.column_config.NumberColumn
    show_table(
        "benchmark",
        benchmark_table(answer).sort_values("ratio", ascending=False),
        source=source,
        name=_name(now, answer, "all authorities"),
        column_config={
            "authority_code": "Code",
            "authority_name": "Authority",
            "year": st.column_config.NumberColumn("Year", format="%d"),
            "observed": number("Observed", format="localized" if counted else "%.1f"),
            "expected": number("Expected", format="%,.0f" if counted else "%.1f"),
            "ratio": number("Observed over expected", format="%.2f"),
            "low": number("from", format="%.2f"),
            "high": number("to", format="%.2f"),
            "neighbour": "Neighbour",
        },
    )
    source_line(source)


def _method(answer: BenchmarkAnswer) -> None:
    with st.expander("How this is worked out"):
        for line in (
            words.fit_sentence(answer),
            words.method_sentence(answer),
            words.BETWEEN,
            words.left_out_sentence(answer),
        ):
            if line:
                st.markdown(line)


def _name(now: PageContext, answer: BenchmarkAnswer, what: str) -> str:
    return f"{now.place.slug} {answer.problem.outcome.key} {answer.problem.year} {what}"


page()

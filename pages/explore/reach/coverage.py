"""Coverage: children, under-fives and each tier, for the place and by area, and the gap between fifths."""

from __future__ import annotations

import streamlit as st

from analysis.reach import figures as reach_figures
from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.groups import By
from analysis.reach.tables import SUMMARY_COUNTS, area_table, coverage_order, summary_table
from analysis.scenario.levels import LEVEL_WORDS, level_headings
from pages.explore.reach.parts import count_column, minutes_column, reach_source, share_column
from pages.shared import state
from pages.shared.charts import Columns, show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.short_keys import adopt_address

MOST_BARS = 24
COVERED_BY: tuple[By, ...] = ("ward", "locality", "fifth", "lsoa", "place")


def show(now: PageContext, view: ReachAnswer, ward: str | None) -> None:
    """The place in one table, then coverage by area as bars and a table."""
    show_summary("summary", view, reach_source(now, view), f"{now.place.slug} reach summary")
    st.caption(
        "Minutes are to the nearest site that counts, weighted by the children of each row. Children are counted; "
        "tiers are estimates with their range."
    )
    by = _choose_level(now)
    table = coverage_order(view, by)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        shown = table.head(MOST_BARS)
        title = (
            reach_words.gap_sentence(view)
            if by == "fifth"
            else reach_words.coverage_sentence(view, by, LEVEL_WORDS[by].many)
        )
        many = f"{len(shown)} of {len(table)}, least reached first" if len(shown) < len(table) else ""
        show_chart(
            "coverage",
            lambda style: reach_figures.coverage_bars(
                shown,
                style,
                title=title,
                subtitle=f"share of children within {view.minutes:g} minutes, by {LEVEL_WORDS[by].one}"
                + (f"; {many}" if many else ""),
                selected=ward,
            ),
            table,
            source=reach_source(now, view),
            name=f"{now.place.slug} coverage by {by}",
        )
    with right:
        show_table(
            "by-area",
            area_table(view, by),
            source=reach_source(now, view),
            name=f"{now.place.slug} reach by {by}",
            hide_index=True,
            height=min(560, 36 * (len(table) + 1) + 2),
            column_config=area_columns(view),
        )
        if by == "fifth":
            st.markdown(f"{reach_words.gap_sentence(view)}.")


def show_summary(key: str, view: ReachAnswer, source: str, name: str) -> None:
    """A place's reach in one table: children in the first rows, each tier's estimate below."""
    summary = summary_table(view)
    show_table(
        key,
        summary,
        ranges=SUMMARY_COUNTS,
        estimated=summary.index.to_series().isin(view.estimate.tier_keys),
        source=source,
        name=name,
        hide_index=True,
        placeholder="",
        column_config=summary_columns(),
    )


def _choose_level(now: PageContext) -> By:
    headings = level_headings(now.place, COVERED_BY)
    adopt_address(state.COVERED_BY, headings)
    return st.segmented_control(
        "Coverage by",
        list(headings),
        format_func=headings.__getitem__,
        default="fifth",
        required=True,
        key=state.COVERED_BY,
        bind="query-params",
        help="Fifths are of the place's own population, by deprivation.",
    )


def summary_columns() -> Columns:
    """Headings and formats of the table of a place's reach."""
    return {
        "who": "Who",
        "total": count_column("All"),
        "covered": count_column("Within reach"),
        "low": count_column("from"),
        "high": count_column("to"),
        "share_covered": share_column("Share"),
        "not_covered": count_column("Out of reach"),
        "mean_minutes": minutes_column("Mean min"),
        "median_minutes": minutes_column("Median"),
        "p90_minutes": minutes_column("90th percentile"),
        "longest_minutes": minutes_column("Longest"),
    }


def area_columns(view: ReachAnswer) -> Columns:
    """Headings and formats of a table of coverage by area."""
    measures = view.measures
    columns: Columns = {
        "area_name": "Area",
        "children": count_column(measures["children"]),
        "children_covered": count_column("within reach"),
        "share_covered": share_column("Share"),
        "under_fives_covered": count_column("Under-fives"),
        "nearest_site": None,
        "nearest_name": "Nearest for most",
        "nearest_minutes": minutes_column("min to it"),
        "mean_minutes": minutes_column("Mean min"),
    }
    for tier in view.estimate.settings.tiers:
        columns[f"{tier.key}_covered"] = count_column(f"{tier.name} (est.)")
    return columns

"""One option against another: the map, who loses and who gains, and who goes where."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import figures
from analysis.options import words as options_words
from analysis.options.difference_view import (
    COLOURS,
    DifferenceView,
    area_list,
    difference_map,
    group_bars,
    main_moves,
    moves_table,
)
from analysis.reach.demand import whole_people
from analysis.render.theme import whole
from pages.plan.options.parts import TITLE, Comparison, choose_pair
from pages.shared import controls
from pages.shared.charts import show_chart, show_table
from pages.shared.layout import map_columns, plain_markdown, question, source_line
from pages.shared.loading_options import load_difference
from pages.shared.maps import NO_CLICKS, show_area_map

MOST_ROWS = 24


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Controls, answer, map with bars by ward, lists of losers and winners, fifths, moves."""
    now = comparison.now
    pair = choose_pair(comparison)
    if pair is None:
        with head:
            question(TITLE, "One option is chosen: a difference needs two.")
        return
    view = load_difference(*comparison.key, pair, comparison.terms, comparison.least_minutes)
    answer = options_words.difference_sentence(view)
    with head:
        question(TITLE, answer)
    left, right = map_columns()
    with right:
        level = controls.choose_level(now.place, "lsoa")
    drawn = difference_map(view, level, answer, comparison.source)
    with left:
        show_area_map(
            "difference",
            now.shapes,
            drawn.paint,
            now.map_frame(highlighted=drawn.lost),
            drawn.sheet,
            sites=drawn.sites,
            numbers=whole_people(view.areas),
            clicks=NO_CLICKS,
        )
        source_line(comparison.short_source, "Crossed out: open before, closed after.", comparison.age_note)
    with right:
        _bars(comparison, view)
    _lists(comparison, view)
    _fifths_and_moves(comparison, view)
    _explained(comparison.least_minutes)


def _name(comparison: Comparison, view: DifferenceView, what: str) -> str:
    return f"{comparison.now.place.slug} {what} {view.before.option.slug} {view.after.option.slug}"


def _bars(comparison: Comparison, view: DifferenceView) -> None:
    rows = group_bars(view, "ward")
    if rows.empty:
        st.info("No ward gains or loses.", icon=":material/info:")
        return
    losing = rows[rows["children_losing"] > 0]
    title = (
        f"{losing['area_name'].iloc[0]} has most who lose: {whole(losing['children_losing'].iloc[0])}"
        if len(losing)
        else "No ward has children who lose"
    )
    show_chart(
        "difference-wards",
        lambda style: figures.gain_loss_bars(
            rows.head(MOST_ROWS),
            style,
            title=title,
            subtitle="children by ward: − lose to the left (dark: out of reach), + gain to the right (dark: into reach)",
            colours=COLOURS,
        ),
        rows,
        source=comparison.source,
        name=_name(comparison, view, "wards"),
    )


def _lists(comparison: Comparison, view: DifferenceView) -> None:
    left, right = st.columns(2, gap="medium")
    for column, side, word, sign in ((left, "losing", "lose", "−"), (right, "gaining", "gain", "+")):
        table = area_list(view, side)
        with column:
            st.header(f"{sign} {len(table)} neighbourhoods {word}", anchor=False)
            st.markdown(
                f":gray[{whole(table['children'].sum())} children, {whole(table['under_fives'].sum())} of them under five]"
            )
            show_table(
                f"difference-{side}",
                table,
                source=comparison.source,
                name=_name(comparison, view, side),
                hide_index=True,
                height=320,
                column_config=AREA_COLUMNS,
            )


AREA_COLUMNS = {
    "area_name": "Neighbourhood",
    "ward_name": "Ward",
    "outcome": "What changes",
    "children": st.column_config.NumberColumn("Children", format="localized"),
    "under_fives": st.column_config.NumberColumn("Under 5", format="localized"),
    "minutes_before": st.column_config.NumberColumn("Before", format="%.0f min"),
    "minutes_after": st.column_config.NumberColumn("After", format="%.0f min"),
    "minutes_change": st.column_config.NumberColumn("Change", format="%+.1f"),
}


def _fifths_and_moves(comparison: Comparison, view: DifferenceView) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        fifths = group_bars(view, "fifth")
        most = str(fifths["area_name"].iloc[fifths["children_losing"].argmax()])
        title = (
            f"Most who lose are in the {most.lower()}"
            if fifths["children_losing"].any()
            else "No fifth loses"
        )
        show_chart(
            "difference-fifths",
            lambda style: figures.gain_loss_bars(
                fifths,
                style,
                title=title,
                subtitle="children by deprivation fifth of the place: − lose, + gain",
                colours=COLOURS,
            ),
            fifths,
            source=comparison.source,
            name=_name(comparison, view, "fifths"),
        )
    with right:
        _moves(comparison, view)


def _moves(comparison: Comparison, view: DifferenceView) -> None:
    moves, rest = main_moves(view)
    if moves.empty:
        st.info("No neighbourhood's nearest site changes.", icon=":material/info:")
        return
    first = moves.iloc[0]
    left_out = f"; smaller moves of {whole(rest)} children are in the table" if rest else ""
    show_chart(
        "difference-moves",
        lambda style: figures.moves_sankey(
            moves,
            style,
            title=f"{whole(first['children'])} children go from {first['from_name']} to {first['to_name']}",
            subtitle=f"nearest site before and after; orange: further, blue: nearer{left_out}",
        ),
        moves_table(view),
        source=comparison.source,
        name=_name(comparison, view, "moves"),
    )
    with st.expander("Every move as a table"):
        show_table(
            "moves",
            moves_table(view).drop(columns=["from_site", "to_site"]),
            source=comparison.source,
            name=_name(comparison, view, "moves table"),
            hide_index=True,
            column_config={
                "from_name": "From",
                "to_name": "To",
                "areas": "Areas",
                "children": st.column_config.NumberColumn("Children", format="localized"),
                "under_fives": st.column_config.NumberColumn("Under 5", format="localized"),
                "need": st.column_config.NumberColumn(
                    plain_markdown(f"{comparison.now.tier_name} (est.)"), format="localized"
                ),
                "minutes_before": st.column_config.NumberColumn("Before", format="%.0f min"),
                "minutes_after": st.column_config.NumberColumn("After", format="%.0f min"),
            },
        )


def _explained(least: float) -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "All children of a neighbourhood move together. It *comes within reach* or *falls out of reach* where its cover "
            f"changes, whatever its minutes do; else it is *nearer* or *further* where the minutes to its nearest site change "
            f"by {least:g} or more; else it is *unchanged*. Children gain who come within reach or are nearer, and lose who "
            "fall out of reach or are further: gainers, losers and unchanged are all children, and turning the two options "
            "round turns gains into losses."
        )

"""Options side by side: small maps on one scale and one table, best and worst marked in words."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.options import words as options_words
from analysis.options.view import numbers_table, small_maps, words_table
from analysis.render.number_words import with_source
from pages.plan.options.parts import TITLE, Comparison
from pages.plan.options.small_maps import show_small_maps
from pages.shared.downloads import csv_button
from pages.shared.layout import plain_markdown, question, source_line
from pages.shared.loading_options import load_small_shapes

BADGES = {"▲ best": ":blue-badge[▲ best]", "▼ worst": ":orange-badge[▼ worst]"}


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Answer, maps, table, and how it is worked out."""
    view, now = comparison.view, comparison.now
    with head:
        question(TITLE, options_words.comparison_sentence(view))
    show_small_maps(comparison, small_maps(view, load_small_shapes(now.place.slug)))
    st.subheader("Every figure, side by side", anchor=False)
    table = words_table(view)
    repeated = table["About"].duplicated()
    shown = table.assign(About=[f"**{about}**" for about in table["About"]])
    shown.loc[repeated, "About"] = ""
    for column in shown.columns[2:]:
        shown[column] = [_badged(cell) for cell in shown[column]]
    shown.columns = ["About", "Figure", *(plain_markdown(name) for name in shown.columns[2:])]
    with st.container(key="options-table"):
        st.table(shown.set_index("About"), border="horizontal")
    csv_button(
        "options-table",
        with_source(numbers_table(view), comparison.source),
        f"{now.place.slug} options compared",
    )
    source_line(comparison.source)
    _notes(comparison)
    _explained(comparison)


def _badged(cell: str) -> str:
    value, _, sign = cell.partition("  ")
    return f"{plain_markdown(value)} {BADGES[sign]}" if sign else plain_markdown(value)


def _notes(comparison: Comparison) -> None:
    for option in comparison.options:
        marked = " :orange-badge[illustration]" if option.illustration else ""
        source = f" {plain_markdown(option.source)}." if option.source else ""
        note = f" {plain_markdown(option.note)}" if option.note else ""
        st.markdown(f"**{plain_markdown(option.name)}**{marked}{source}{note}")


def _explained(comparison: Comparison) -> None:
    rows = "\n".join(
        f"- **{plain_markdown(row.label)}**: {row.help}" for row in comparison.view.rows if row.help
    )
    with st.expander("How this is worked out"):
        st.markdown(
            "Each option is put on the place's sites; what it does not list is closed or as today, as its file says. "
            "Every figure then comes from the same functions as on the page Reach: an area is within reach when its "
            "nearest open site is within the limit, and children, need and minutes are added up from small areas. A "
            "team that comes to families (a citywide kind) counts for no minutes and no cover. Best and worst are "
            "marked where options differ and one way is plainly better.\n\n" + rows
        )

"""What is behind these figures?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.need import words as need_words
from analysis.report import data_tables, method_text
from analysis.targeting.recipe import IndexRecipe, read_recipe
from pages.report.method import own_figures, own_indicators
from pages.shared import state
from pages.shared.charts import show_table, show_text_table
from pages.shared.context import PageContext, context
from pages.shared.layout import plain_markdown, question, show_error, source_line
from pages.shared.loading import load_checks
from pages.shared.tabs import show_tabs


def page() -> None:
    """Answer, then tabs: checks, sources and decisions, method and limits, the parameter log, own figures."""
    now = context()
    question(
        "What is behind these figures?", data_tables.checks_sentence(now.place, load_checks(now.place.slug))
    )
    show_tabs(
        state.METHOD_PART,
        {
            "Checks": lambda: _checks(now),
            "Sources": lambda: _sources(now),
            "Decisions": lambda: _decisions(now),
            "Method": lambda: _method(now),
            "Limits": lambda: _limits(now),
            "Parameters": lambda: _parameters(now),
            "Your own figures": lambda: _own(now),
        },
        every=True,
    )


def _own(now: PageContext) -> None:
    st.header("Your own figures", anchor=False)
    own_figures.show(now)
    st.header("Indicators of your own", anchor=False)
    own_indicators.show(now)


def _checks(now: PageContext) -> None:
    st.header("Checks", anchor=False)
    show_text_table(
        "checks",
        data_tables.checks_shown(load_checks(now.place.slug)),
        headings=["Result", "Check", "Expected", "Found", "Where the expectation comes from"],
        source=f"Checks of {now.place.name}, each time that its folder is read.",
        name=f"{now.place.slug} checks",
        stacked=now.viewport == "narrow",
    )
    source_line("✓ passed; ✗ failed; ! a note: no fault, but worth knowing.")


def _sources(now: PageContext) -> None:
    st.header("Sources", anchor=False)
    show_text_table(
        "sources",
        data_tables.sources_shown(now.place),
        headings=["Figures", "Publisher", "Date", "Licence", "File", "Columns", "To know"],
        source=now.place.listed_in,
        name=f"{now.place.slug} sources",
        stacked=now.viewport == "narrow",
    )
    source_line(need_words.source_sentence(now.need))


def _decisions(now: PageContext) -> None:
    st.header("The council's decisions", anchor=False)
    found = data_tables.decisions(now.place)
    if not found:
        st.info(
            f"This place's folder names no decision of the council. Add a [[decisions]] table to `{now.place.stated_in}`, with "
            "its title, body, date and facts, and they stand here and on Home.",
            icon=":material/info:",
        )
    for decision in found:
        st.markdown(
            f"**{plain_markdown(decision.heading)}**\n"
            + "\n".join(f"- {plain_markdown(fact)}" for fact in decision.facts)
        )


def _method(now: PageContext) -> None:
    st.header("Method", anchor=False)
    for number, section in enumerate(method_text.method_sections(now.place, now.settings), start=1):
        with st.container(key=f"method-{number}"):
            st.markdown(f"### {number}. {section.heading}")
            st.markdown(section.text)
            if number == 2:
                _curves(now)


def _curves(now: PageContext) -> None:
    show_table(
        "curves",
        data_tables.curve_table(now.need),
        source=need_words.parameters_sentence(now.need),
        name=f"{now.place.slug} rate curves",
        width="content",
        column_config={
            "tier": "Tier",
            "prevalence": st.column_config.NumberColumn("p", format="percent"),
            "gradient": st.column_config.NumberColumn("g", format="%.1f"),
            "a": st.column_config.NumberColumn("a", format="%.4f"),
            "b": st.column_config.NumberColumn("b", format="%.4f"),
            "children": st.column_config.NumberColumn("Children (est.)", format="localized"),
        },
    )


def _limits(now: PageContext) -> None:
    st.header("What the figures cannot say", anchor=False)
    for section in method_text.limits(now.place, now.settings):
        st.markdown(f"**{section.heading}.** {section.text}")


def _recipe(now: PageContext) -> IndexRecipe | None:
    try:
        return read_recipe(now.index) if now.index else None
    except HubreachError as error:
        show_error(error)
        return None


def _parameters(now: PageContext) -> None:
    st.header("Parameters used", anchor=False)
    st.markdown(
        "Every value behind the figures of this view. Change them in the sidebar; the download is the record for the "
        "report, and the address of this page reproduces it."
    )
    log = data_tables.full_parameter_log(now.place, now.settings, _recipe(now))
    show_text_table(
        "parameters",
        data_tables.log_shown(log),
        headings=["Parameter", "Value", "Default", "Changed", "Meaning", "Source"],
        source=need_words.source_sentence(now.need),
        name=f"{now.place.slug} parameters",
        stacked=now.viewport == "narrow",
    )


page()

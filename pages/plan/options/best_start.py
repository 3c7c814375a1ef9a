"""Best Start Family Hubs: share of hubs in the most disadvantaged areas, for every option compared."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.commissioning.returns import read_return
from analysis.need.words import source_sentence
from analysis.options import best_start_words as words
from analysis.options.best_start import BAND_NOTE, denominators, siting_test
from pages.plan.options.parts import Comparison
from pages.shared.charts import show_table
from pages.shared.layout import question, show_error, source_line

TITLE = "Do hubs stand where children are worst off?"
NUMBER = st.column_config.NumberColumn


def show(comparison: Comparison, head: DeltaGenerator) -> None:
    """Answer, the test by option, each hub with its decile, children by decile and age."""
    now = comparison.now
    answer = siting_test(now.place, {each.slug: each for each in comparison.options}, comparison.terms)
    notes = words.best_start_notes(answer, comparison.terms)
    source = ". ".join(note.rstrip(".") for note in notes) + "."
    with head:
        question(TITLE, words.best_start_sentence(answer))
    st.caption(words.CAUTION)
    show_table(
        "best-start",
        answer.table,
        source=source,
        name=f"{now.place.slug} best start siting test",
        placeholder="",
        column_config={
            "option": None,
            "name": "Option",
            "hubs": "Hubs",
            "outside_place": "Outside the place",
            "inside_england": "In England's 30%",
            "share_england": NUMBER("Share", format="percent"),
            "inside_own": "In the council's own 30%",
            "share_own": NUMBER("Share", format="percent"),
            "borderline": "Borderline",
            "short": "Short of 70%",
            "wards_without": "Wards with no hub",
        },
    )
    st.header("Each hub", anchor=False)
    show_table(
        "best-start-hubs",
        answer.sites,
        source=source,
        name=f"{now.place.slug} best start sites",
        placeholder="",
        column_order=[
            "option_name",
            "name",
            "idaci_decile",
            "inside_england",
            "inside_own",
            "borderline",
            "area_name",
            "ward_name",
            "postcode",
            "status",
            "kind",
        ],
        column_config={
            "option": None,
            "option_name": "Option",
            "site_id": None,
            "name": "Site",
            "postcode": "Postcode",
            "status": "Status",
            "kind": "Kind",
            "area_code": None,
            "area_name": "Neighbourhood",
            "ward_name": "Ward",
            "idaci_decile": "IDACI decile",
            "inside_england": "In England's 30%",
            "inside_own": "In the council's own",
            "borderline": "Borderline",
        },
    )
    _check_return(comparison)
    st.header("Children by decile and age", anchor=False)
    try:
        children = denominators(now.place)
    except HubreachError as error:
        show_error(error)
        return
    show_table(
        "best-start-children",
        children,
        source=f"{source_sentence(now.need)} {BAND_NOTE}.",
        name=f"{now.place.slug} children by IDACI decile",
        column_config={
            "idaci_decile": None,
            "decile_name": "Decile",
            "areas": "Neighbourhoods",
            "children_0_4": NUMBER("Aged 0 to 4", format="localized"),
            "children_5_17": NUMBER("Aged 5 to 17", format="localized"),
        },
    )
    source_line(f"{BAND_NOTE}.", *(f"{note}." for note in notes[1:]))


def _check_return(comparison: Comparison) -> None:
    """Faults of a quarterly return's rows, of a file that is not kept."""
    place = comparison.now.place
    with st.expander("Check a return's rows"):
        given = st.file_uploader(
            "Rows of the return (CSV or Excel)",
            type=["csv", "xlsx", "xlsm"],
            key=f"best-start-return-{place.slug}",
            help="A service a row: service, total_users, perhaps virtual_users, sites, and splits headed decile_1, age_0_2, "
            "sex_female and so on. Columns are read by what they mean: the return's codes differ between versions.",
        )
        if given is None:
            return
        try:
            found = read_return(given.getvalue(), place, given.name)
        except HubreachError as error:
            show_error(error)
            return
        if found.empty:
            st.success("Nothing is wrong in its rows.", icon=":material/check:")
            return
        show_table(
            "best-start-return",
            found,
            source="Checked here; nothing of the file is kept",
            name=f"{place.slug} return faults",
            hide_index=True,
            column_config={"row": "Row", "column": "Column", "found": "Found", "remedy": "What to do"},
        )

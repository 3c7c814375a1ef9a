"""Where should hubs and outreach go?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.options.files import write_option
from analysis.options.option import Catchment, option_from_sites
from analysis.output import siting_sentences, siting_view
from analysis.output.reach_map import reach_map
from analysis.output.sites_view import site_marks
from analysis.output.siting_view import SitingSetting
from analysis.places import HubreachError
from analysis.siting import SitingResult
from pages.shared import state
from pages.shared.charts import show_table
from pages.shared.context import PageContext, context
from pages.shared.controls import adopt_address
from pages.shared.jobs import worked_out
from pages.shared.layout import plain_markdown, question, show_error, source_line
from pages.shared.loading_reach import load_travel
from pages.shared.maps import show_area_map
from pages.shared.sites_in_force import FAULT, changes_note, current_sites
from pages.shared.travel_in_force import choose_travel
from pages.siting_views import looks
from pages.siting_views.asking import ask
from pages.siting_views.parts import siting_source

LOOKS = {
    "best": "Best sites",
    "alternatives": "Next best and your own",
    "frontier": "Each further site",
    "robustness": "How sure",
    "boundaries": "Areas",
}
NEWS = "hubreach_siting_news"


def page() -> None:
    """Question, answer with its proof on the map, then the look that is chosen."""
    now = context()
    force = current_sites(now.place)
    head = st.container()
    beside = st.container(horizontal=True, key="siting-looks")
    with beside:
        adopt_address(state.SITING_LOOK, LOOKS)
        look = st.segmented_control(
            "Look at",
            list(LOOKS),
            format_func=LOOKS.get,
            default="best",
            required=True,
            key=state.SITING_LOOK,
            bind="query-params",
            label_visibility="collapsed",
        )
    choice = ask(now, force, beside)
    travel = choose_travel(now, force)
    try:
        minutes = load_travel(now.place.slug, force.key, travel.settings, travel.way, travel.source)
        setting = siting_view.siting_setting(now.need, force.sites, minutes, choice, now.tier)
        key = repr((now.place.slug, now.settings, now.index, force.key, travel, choice))
        best = worked_out(
            key, lambda watch: siting_view.best_sets(setting, 1, watch)[0], what="Finding the best sites"
        )
    except HubreachError as error:
        with head:
            question(
                f"Where should hubs and outreach go in {now.place.name}?", "This question has no meaning yet."
            )
        show_error(error)
        return
    with head:
        question(
            f"Where should hubs and outreach go in {now.place.name}?",
            siting_sentences.siting_answer(setting, best),
        )
        changes_note(force)
    if look == "best":
        _best(now, setting, best)
    elif look == "alternatives":
        looks.show_alternatives(now, setting, key)
    elif look == "frontier":
        looks.show_frontier(now, setting, key)
    elif look == "robustness":
        looks.show_robustness(now, setting, key)
    else:
        looks.show_boundaries(now, setting, key)
    _method()


def _best(now: PageContext, setting: SitingSetting, best: SitingResult) -> None:
    if not best.sites:
        st.info(siting_sentences.proof(best), icon=":material/info:")
        return
    reach = siting_view.set_reach(setting, best)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        planned = siting_view.planned_sites(setting, best)
        marks = site_marks(planned[planned["is_open"]], now.place.kinds, reach.site_table)
        drawn = reach_map(reach, siting_source(now, setting), marks)
        show_area_map(
            "siting",
            now.shapes,
            drawn.paint,
            now.map_frame(catchments=drawn.catchments, legend_px=(225, 190)),
            drawn.sheet,
            sites=drawn.sites,
            numbers=drawn.numbers,
            on_area=lambda _: None,
        )
        source_line(siting_sentences.proof(best), f"{len(setting.candidates)} candidate sites.")
    with right:
        st.markdown("**What each site adds**  \n:gray[estimated need within reach, and by this site alone]")
        show_table(
            "chosen",
            siting_view.chosen_table(setting, best),
            source=siting_source(now, setting),
            name=siting_view.file_name(setting),
            column_config=_columns(),
        )
        _as_option(now, setting, best)
    st.subheader("Reach of this set", anchor=False)
    show_table(
        "set-summary",
        reach.summary,
        source=siting_source(now, setting),
        name=f"{siting_view.file_name(setting)} reach",
    )
    show_table(
        "set-wards",
        reach.by("ward"),
        source=siting_source(now, setting),
        name=f"{siting_view.file_name(setting)} wards",
    )


def _columns() -> dict[str, object]:
    number = st.column_config.NumberColumn
    return {
        "site_id": None,
        "name": st.column_config.TextColumn("Site", width="medium"),
        "kind": "Kind today",
        "hosts": "Hosts",
        "need_within": number("Within reach", format="localized"),
        "need_only_here": number("Only here", format="localized"),
        "need_assigned": number("Nearest for", format="localized"),
        "extra_minutes_without": number("Minutes more without it", format="localized"),
    }


def _as_option(now: PageContext, setting: SitingSetting, best: SitingResult) -> None:
    news = st.session_state.pop(NEWS, "")
    if news:
        st.success(plain_markdown(news), icon=":material/check:")
    name = st.text_input(
        "Open this as an option", siting_view.option_name(setting), max_chars=120, key="siting-option-name"
    )

    def save() -> None:
        own = setting.travel.settings
        catchment = Catchment(own.mode, setting.choice.minutes, own.detour, own.speed_kmh)
        try:
            option = option_from_sites(
                name,
                now.place.sites,
                siting_view.planned_sites(setting, best),
                source=siting_sentences.proof(best),
                note=f"Chosen to {siting_sentences.model_words(setting)}",
                illustration=True,
                catchment=catchment,
            )
            option = replace(option, name=name)
            write_option(option, now.place.slug, replace=True)
        except HubreachError as error:
            st.session_state[FAULT] = error
            return
        st.session_state[NEWS] = f"Saved as {option.slug}: compare it on Options."

    st.button(
        "Save as an option",
        icon=":material/save:",
        on_click=save,
        disabled=not name.strip(),
        key="siting-save",
    )


def _method() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Every answer is exact: the maximal covering location problem (Church and ReVelle 1974), the p-median (Hakimi "
            "1964), the p-center, and the location set covering problem (Toregas and others 1971) are solved on the matrix "
            "of minutes from every neighbourhood to every candidate, with a bound that no other set can pass. Hubs and "
            "outreach under a budget are one model with a catchment and a cost for each kind. Among equal answers the one "
            "with the earliest site name is shown, so the same question always has the same answer. Sites are buildings "
            "that exist: whether one can be had, and what it costs, is not in these figures."
        )


page()

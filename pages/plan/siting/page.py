"""Where should hubs and outreach go?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.siting import words as siting_words
from analysis.siting.answer import best_sets
from analysis.siting.problem import place_problem
from pages.plan.siting import looks
from pages.plan.siting.asking import ask
from pages.plan.siting.best import show_best
from pages.plan.siting.frontiers import show_frontier
from pages.plan.siting.searching import worked_out
from pages.shared import state
from pages.shared.context import context
from pages.shared.layout import question, show_error
from pages.shared.loading_reach import load_travel, travel_stamp
from pages.shared.short_keys import adopt_address
from pages.shared.sites_in_force import changes_note, current_sites
from pages.shared.travel_in_force import choose_travel

LOOKS = {
    "best": "Best sites",
    "alternatives": "Next best and your own",
    "frontier": "Each further site",
    "robustness": "Uncertainty",
    "boundaries": "Areas",
}


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
            format_func=LOOKS.__getitem__,
            default="best",
            required=True,
            key=state.SITING_LOOK,
            bind="query-params",
            label_visibility="collapsed",
        )
    terms = ask(now, force, beside)
    travel = choose_travel(now, force)
    try:
        minutes = load_travel(now.place.slug, force.key, travel.settings, travel.way, travel.source)
        problem = place_problem(now.need, force.sites, minutes, terms)
        stamp = travel_stamp(now.place.slug, travel.way, travel.source)
        key = repr((now.place.slug, stamp, now.settings, now.index, force.key, travel, terms))
        best = worked_out(key, lambda watch: best_sets(problem, 1, watch)[0], what="Finding the best sites")
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
            siting_words.siting_sentence(problem, best),
        )
        changes_note(force)
    if look == "best":
        show_best(now, problem, best)
    elif look == "alternatives":
        looks.show_alternatives(now, problem, key)
    elif look == "frontier":
        show_frontier(now, problem, key)
    elif look == "robustness":
        looks.show_robustness(now, problem, key)
    else:
        looks.show_boundaries(now, problem, key)
    _method()


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

"""Which areas should we focus on, and how sure are we?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from pages.explore.targeting import hot_spots, named_areas, own_index, smallest_set
from pages.shared import controls, state
from pages.shared.context import context
from pages.shared.layout import show_error
from pages.shared.short_keys import adopt_address

LOOKS = {
    "set": "Smallest set",
    "named": "Named areas",
    "index": "Own index",
    "hot": "Hot spots",
}
VIEWS = {
    "set": smallest_set.show,
    "named": named_areas.show,
    "index": own_index.show,
    "hot": hot_spots.show,
}


def page() -> None:
    """Question and answer, then one of four looks: each with its controls, map, list and charts."""
    now = context()
    head = st.container()
    adopt_address(state.LOOK, LOOKS)
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="targeting-controls")
    look = bar.segmented_control(
        "Look at",
        list(LOOKS),
        format_func=LOOKS.__getitem__,
        default="set",
        required=True,
        key=state.LOOK,
        bind="query-params",
        on_change=controls.select_area,
        args=(None,),
        help="The fewest areas that hold a share of need; the council's own list against the figures; a ranking by "
        "indicators and weights of your choice; neighbouring areas that are alike beyond chance.",
    )
    try:
        VIEWS[look](now, head, bar)
    except HubreachError as error:
        show_error(error)


page()

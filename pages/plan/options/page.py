"""Which of several plans is better, for whom, and who loses?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from pages.plan.options import (
    best_start,
    difference,
    equality,
    library,
    localities,
    score,
    side,
    under_fives,
    years,
)
from pages.plan.options.parts import choose_comparison
from pages.plan.options.years import adopt_saved
from pages.shared import projector, state
from pages.shared.context import context
from pages.shared.layout import show_error
from pages.shared.short_keys import adopt_address

NAMES = {
    "side": "Side by side",
    "difference": "Who gains, who loses",
    "under-fives": "Under fives",
    "equality": "Equality",
    "localities": "Localities",
    "years": "Year by year",
    "score": "Score",
    "best-start": "Best Start",
    "library": "Manage",
}
VIEWS = {
    "side": side.show,
    "difference": difference.show,
    "under-fives": under_fives.show,
    "equality": equality.show,
    "localities": localities.show,
    "years": years.show,
    "score": score.show,
    "best-start": best_start.show,
    "library": library.show,
}
# A table of many figures cannot be read from the back row; the map of its difference can.
ON_PROJECTOR = {"side": "difference"}


def page() -> None:
    """Question and answer, the options compared and the terms, then one of nine views."""
    now = context()
    adopt_saved()
    head = st.container()
    adopt_address(state.ASPECT, NAMES)
    aspect = st.segmented_control(
        "Look at",
        list(NAMES),
        format_func=NAMES.__getitem__,
        default="side",
        required=True,
        key=state.ASPECT,
        bind="query-params",
        label_visibility="collapsed",
        help="The plans beside each other; one against another; the statement for a consultation; groups of people; "
        "areas of a plan; its years; a weighted score; the siting test of Best Start; the files.",
    )
    if projector.is_on():
        aspect = ON_PROJECTOR.get(aspect, aspect)
    try:
        VIEWS[aspect](choose_comparison(now), head)
    except HubreachError as error:
        show_error(error)


page()

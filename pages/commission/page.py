"""What does it cost, how is the money shared out, and what does it save?"""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import HubreachError
from pages.commission import allocation, appraisal, cohort, contract, monitoring, takeup, unit_costs
from pages.shared import state
from pages.shared.context import context
from pages.shared.layout import show_error
from pages.shared.short_keys import adopt_address

NAMES = {
    "contract": "Contract",
    "unit": "Unit costs",
    "allocation": "Allocation",
    "cohort": "Cohort",
    "appraisal": "Appraisal",
    "monitoring": "Monitoring",
    "takeup": "Take-up",
}
VIEWS = {
    "contract": contract.show,
    "unit": unit_costs.show,
    "allocation": allocation.show,
    "cohort": cohort.show,
    "appraisal": appraisal.show,
    "monitoring": monitoring.show,
    "takeup": takeup.show,
}


def page() -> None:
    """Question and answer, then one of seven views: each with its inputs, charts, tables and parameter log."""
    now = context()
    head = st.container()
    adopt_address(state.VIEW, NAMES)
    with st.container(horizontal=True, vertical_alignment="center", key="views"):
        view = st.segmented_control(
            "View",
            list(NAMES),
            format_func=NAMES.__getitem__,
            default="contract",
            required=True,
            key=state.VIEW,
            bind="query-params",
            label_visibility="collapsed",
            help="The contract; its cost for each family; an envelope shared out; a small cohort; alternatives; outcomes; users.",
        )
        bar = st.container(width="content")
    try:
        VIEWS[view](now, head, bar)
    except HubreachError as error:
        show_error(error)


page()

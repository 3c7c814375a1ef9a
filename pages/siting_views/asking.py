"""The controls of a siting question: what counts, who may host, what is fixed."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.output.siting_view import MODELS, NO_FLOOR, WITH_MINUTES, WITH_NUMBER, SitingChoice
from analysis.reach.selection import site_kinds
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.controls import adopt_address
from pages.shared.sites_in_force import SitesInForce
from pages.shared.travel_in_force import choose_minutes, choose_mode

FLOORS = {
    NO_FLOOR: "no floor",
    "ward": "every ward",
    "locality": "every locality",
    "fifth": "the most deprived fifth",
}


def ask(now: PageContext, force: SitesInForce, beside: DeltaGenerator) -> SitingChoice:
    """One row of controls; the rest behind two buttons, which stand in the row `beside`."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="siting-controls"):
        model = _model()
        number = _number(model)
        with st.container(width=190):
            minutes = choose_minutes() if model in WITH_MINUTES else 20.0
        choose_mode()
    with beside.popover(
        "Who may host", icon=":material/home_work:", help="Kinds, grades, kept and ruled-out sites."
    ):
        kinds, conditions, keep, exclude = _hosts(now, force.sites)
    with beside.popover(
        "What counts", icon=":material/tune:", help="Whose reach is maximised; money and floors."
    ):
        weight, share = _weight(now), _share(model)
        money = _money(now, model)
    return SitingChoice(
        model=model,
        choose=max(number, len(keep)),
        minutes=minutes,
        share=share,
        weight=weight,
        kinds=kinds,
        conditions=conditions,
        keep=keep,
        exclude=tuple(site for site in exclude if site not in keep),
        **money,
    )


def _model() -> str:
    adopt_address(state.SITING_MODEL, MODELS)
    with st.container(width=270):
        return st.selectbox(
            "The best sites are those that",
            list(MODELS),
            format_func=MODELS.get,
            key=state.SITING_MODEL,
            bind="query-params",
            help="Most need within the minutes; least average travel; least longest journey; fewest sites so that everyone, "
            "or a share, is within the minutes; or hubs and outreach together for a yearly budget.",
        )


def _number(model: str) -> int:
    if model not in WITH_NUMBER:
        return 1
    with st.container(width=110):
        return int(
            st.number_input(
                "How many",
                1,
                20,
                3,
                key=state.SITING_NUMBER,
                bind="query-params",
                help="Sites, kept ones included.",
            )
        )


def _hosts(now: PageContext, sites: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    there = site_kinds(sites)
    own = [kind.name for kind in now.place.kinds if kind.name in there]
    order = list(sites["name"].sort_values(key=lambda text: text.str.casefold()).index)
    names = sites["name"]
    kinds = st.multiselect(
        "Kinds of building",
        own,
        default=[kind for kind in own if not kind.startswith("school")],
        key=state.SITING_KINDS,
        bind="query-params",
        help="Sites of these kinds may be chosen, open today or not. None means all, schools too.",
    )
    grades = sorted({grade for grade in sites["condition"].astype(str) if grade})
    conditions = st.multiselect(
        "Building condition",
        grades,
        key=state.SITING_CONDITIONS,
        bind="query-params",
        disabled=not grades,
        placeholder="Any grade" if grades else "No grades in this place's files",
        help="Survey grades that will do; buildings without a grade stay candidates.",
    )
    keep = st.multiselect(
        "Always keep",
        order,
        format_func=lambda site: str(names.get(site, site)),
        key=state.SITING_KEEP,
        help="Sites that are in every answer.",
    )
    exclude = st.multiselect(
        "Rule out",
        order,
        format_func=lambda site: str(names.get(site, site)),
        key=state.SITING_EXCLUDE,
        help="Sites that are in no answer.",
    )
    return tuple(kinds), tuple(conditions), tuple(keep), tuple(exclude)


def _weight(now: PageContext) -> str:
    names = {tier.key: tier.name for tier in now.settings.tiers}
    names |= {"under_fives": "Children under five", "children": "All children"}
    adopt_address(state.SITING_WEIGHT, names)
    return st.selectbox(
        "What counts",
        list(names),
        format_func=names.get,
        index=list(names).index(now.tier),
        key=state.SITING_WEIGHT,
        bind="query-params",
        help="Estimated children in a tier, or children as counted.",
    )


def _share(model: str) -> float:
    if model != "partial":
        return 0.9
    return (
        st.slider(
            "Share of need to reach (%)",
            10,
            100,
            90,
            5,
            key=state.SITING_SHARE,
            bind="query-params",
            help="The fewest sites that bring at least this share within the minutes.",
        )
        / 100
    )


def _money(now: PageContext, model: str) -> dict[str, object]:
    if model != "budget":
        return {}
    st.caption("Costs are yours to give: no published unit cost is bundled.")
    budget = st.number_input(
        "Budget a year (£)", 0, 100_000_000, 500_000, 10_000, key=state.SITING_BUDGET, bind="query-params"
    )
    hub = st.number_input(
        "A hub costs a year (£)",
        1,
        10_000_000,
        120_000,
        5_000,
        key=state.SITING_HUB_COST,
        bind="query-params",
    )
    outreach = st.number_input(
        "An outreach site costs a year (£)",
        1,
        10_000_000,
        20_000,
        1_000,
        key=state.SITING_OUTREACH_COST,
        bind="query-params",
    )
    near = st.slider(
        "Outreach reaches (minutes)", 5, 60, 15, 1, key=state.SITING_OUTREACH_MINUTES, bind="query-params"
    )
    floors = {
        key: words for key, words in FLOORS.items() if key != "locality" or now.place.manifest.localities
    }
    floor = st.selectbox(
        "Leave nobody behind in",
        list(floors),
        format_func=floors.get,
        key=state.SITING_FLOOR,
        bind="query-params",
    )
    least = st.slider(
        "Least share reached there (%)",
        0,
        100,
        30,
        5,
        key=state.SITING_FLOOR_SHARE,
        bind="query-params",
        disabled=floor == NO_FLOOR,
    )
    return {
        "budget_gbp": float(budget),
        "hub_cost_gbp": float(hub),
        "outreach_cost_gbp": float(outreach),
        "outreach_minutes": float(near),
        "floor": floor,
        "floor_share": least / 100,
    }

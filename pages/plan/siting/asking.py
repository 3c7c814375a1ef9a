"""The controls of a siting question: what counts, who may host, what is fixed."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.reach.selection import site_kinds
from analysis.siting.problem import (
    FLOORS,
    MODELS,
    WITH_FLOORS,
    WITH_NUMBER,
    WITH_RADIUS,
    SitingTerms,
)
from pages.plan.siting.lists import choose_list
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.short_keys import adopt_address, note_unknown
from pages.shared.sites_in_force import SitesInForce
from pages.shared.travel_in_force import choose_minutes, choose_mode

NO_FLOOR = "none"


def ask(now: PageContext, force: SitesInForce, beside: DeltaGenerator) -> SitingTerms:
    """One row of controls; the rest behind two buttons, which stand in the row `beside`."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="siting-controls"):
        model = _model()
        number = _number(model)
        share = _share(model)
        with st.container(width=190):
            minutes = choose_minutes() if model in WITH_RADIUS else 20.0
        choose_mode()
    with beside.popover(
        "Eligible buildings",
        icon=":material/home_work:",
        help="Kinds, grades, owners, kept and ruled-out sites.",
    ):
        hosts = _hosts(now, force.sites)
    with beside.popover(
        "What counts", icon=":material/tune:", help="Whose reach counts, and who must not be left behind."
    ):
        weight = _weight(now)
        floor = _floor(now, model)
    money = _money(beside) if model == "budget" else {}
    return SitingTerms(
        model=model,
        p=number,
        radius_minutes=minutes,
        share=share,
        weight=weight,
        **hosts,
        **floor,
        **money,
    )


def _model() -> str:
    adopt_address(state.SITING_MODEL, MODELS)
    with st.container(width=270):
        return st.selectbox(
            "The best sites are those that",
            list(MODELS),
            format_func=MODELS.__getitem__,
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


def _hosts(now: PageContext, sites: pd.DataFrame) -> dict[str, Any]:
    there = site_kinds(sites)
    own = [kind.name for kind in now.place.kinds if kind.name in there]
    note_unknown(state.SITING_KINDS, own)
    kinds = st.multiselect(
        "Kinds of building",
        own,
        default=[kind for kind in own if not kind.startswith("school")],
        key=state.SITING_KINDS,
        bind="query-params",
        help="Sites of these kinds may be chosen, open today or not. None means all, schools too.",
    )
    conditions = _known_of_buildings(
        sites["condition"],
        "Building condition",
        "grade",
        state.SITING_CONDITIONS,
        "Survey grades that will do; buildings without a grade stay candidates.",
    )
    owners = _known_of_buildings(
        sites["ownership"],
        "Building ownership",
        "owner",
        state.SITING_OWNERS,
        "Owners that will do; buildings of unknown ownership stay candidates. Enter owners on Sites.",
    )
    only = choose_list(
        state.SITING_ONLY,
        now.place.slug,
        sites,
        "Or only these",
        help_words="A list of your own in place of kinds, grades and owners.",
        placeholder="No list: the choices above decide",
    )
    keep = choose_list(
        state.SITING_KEEP, now.place.slug, sites, "Always keep", help_words="Sites that are in every answer."
    )
    exclude = choose_list(
        state.SITING_EXCLUDE, now.place.slug, sites, "Rule out", help_words="Sites that are in no answer."
    )
    return {
        "kinds": tuple(kinds),
        "conditions": conditions,
        "owners": owners,
        "only": only,
        "keep": keep,
        "exclude": exclude,
    }


def _known_of_buildings(
    known: pd.Series, label: str, what: str, key: str, help_words: str
) -> tuple[str, ...]:
    """Choose among what the sites say of their buildings; nothing to choose where they say nothing."""
    values = sorted(set(known.astype(str)) - {""})
    note_unknown(key, values)
    chosen = st.multiselect(
        label,
        values,
        key=key,
        bind="query-params",
        disabled=not values,
        placeholder=f"Any {what}" if values else f"No {what}s in this place's files",
        help=help_words,
    )
    return tuple(chosen)


def _weight(now: PageContext) -> str:
    names = {tier.key: tier.name for tier in now.settings.tiers}
    names |= {"under_fives": "Children under five", "children": "All children"}
    adopt_address(state.SITING_WEIGHT, names)
    return st.selectbox(
        "What counts",
        list(names),
        format_func=names.__getitem__,
        index=list(names).index(now.tier),
        key=state.SITING_WEIGHT,
        bind="query-params",
        help="Estimated children in a tier, or children as counted.",
    )


def _share(model: str) -> float:
    if model != "partial":
        return 0.9
    with st.container(width=190):
        share = st.slider(
            "Share of need (%)",
            10,
            100,
            90,
            5,
            key=state.SITING_SHARE,
            bind="query-params",
            help="The fewest sites that bring at least this share within the minutes.",
        )
    return share / 100


def _floor(now: PageContext, model: str) -> dict[str, Any]:
    """A least share for every ward or locality, or for the most deprived fifth."""
    if model not in WITH_FLOORS:
        return {}
    floors = {
        key: words
        for key, words in {NO_FLOOR: "no floor", **FLOORS}.items()
        if key != "locality" or now.place.manifest.localities
    }
    adopt_address(state.SITING_FLOOR, floors)
    if st.session_state.get(state.SITING_FLOOR) not in (None, *floors):
        st.session_state[state.SITING_FLOOR] = NO_FLOOR
    floor = st.selectbox(
        "Least share in each",
        list(floors),
        format_func=floors.__getitem__,
        key=state.SITING_FLOOR,
        bind="query-params",
        help="Each of them must have at least this share of its need within reach.",
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
    return {} if floor == NO_FLOOR else {"floors": ((floor, least / 100),)}


def _money(beside: DeltaGenerator) -> dict[str, Any]:
    """What hubs and outreach cost, reach and hold: the user's own figures, for none is published."""
    popover = beside.popover("Money and places", icon=":material/payments:", help="Budget, costs, places.")
    with popover:
        st.caption("Costs are yours to give: no published unit cost is bundled.")
        budget = _whole("Budget a year (£)", state.SITING_BUDGET, 500_000, 10_000, least=0)
        hubs, outreach = st.columns(2)
        with hubs:
            hub_cost = _whole("A hub costs a year (£)", state.SITING_HUB_COST, 120_000, 5_000)
            hub_places = _whole(
                "Need a hub can serve",
                state.SITING_HUB_CAPACITY,
                0,
                50,
                least=0,
                help_words="Children counted, in one site; 0 is no limit.",
            )
        with outreach:
            cost = _whole("An outreach site costs (£)", state.SITING_OUTREACH_COST, 20_000, 1_000)
            places = _whole(
                "Need outreach can serve",
                state.SITING_OUTREACH_CAPACITY,
                0,
                50,
                least=0,
                help_words="Children counted, in one site; 0 is no limit.",
            )
        least_hubs = _whole(
            "Hubs at least", state.SITING_LEAST_HUBS, 0, 1, least=0, help_words="However many more pay."
        )
        near = st.slider(
            "Outreach reaches (minutes)", 5, 60, 15, 1, key=state.SITING_OUTREACH_MINUTES, bind="query-params"
        )
    return {
        "budget_gbp": float(budget),
        "hub_cost_gbp": float(hub_cost),
        "outreach_cost_gbp": float(cost),
        "outreach_radius_minutes": float(near),
        "hub_capacity": float(hub_places) or math.inf,
        "outreach_capacity": float(places) or math.inf,
        "least_hubs": least_hubs,
    }


def _whole(label: str, key: str, start: int, step: int, *, least: int = 1, help_words: str = "") -> int:
    return int(
        st.number_input(
            label, least, 100_000_000, start, step, key=key, bind="query-params", help=help_words or None
        )
    )

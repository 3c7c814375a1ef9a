"""One ward's view: the nearest of each kind and service, and the services nobody can reach in time."""

from __future__ import annotations

import streamlit as st

from analysis.reach import words as reach_words
from analysis.reach.answer import ReachAnswer
from analysis.reach.selection import sites_without_services
from analysis.reach.tables import service_coverage, service_shares, ward_kinds, ward_services
from analysis.reach.wards import services_out_of_reach
from analysis.render.theme import whole
from analysis.scenario.travel import MODES
from pages.explore.reach.parts import minutes_column, reach_source, share_column
from pages.shared import state
from pages.shared.charts import Columns, show_table
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown


def choose(now: PageContext, view: ReachAnswer) -> None:
    """The box that a ward is looked from, and its answer in a sentence."""
    names = now.place.names("ward")
    ward = st.selectbox(
        "From a ward",
        list(names.sort_values().index),
        index=None,
        format_func=lambda code: names.get(code, code),
        key=state.WARD,
        bind="query-params",
        placeholder="Look from a ward: type a name, or click the map",
        help="Minutes are means over the ward's children.",
    )
    if ward is None:
        return
    wards = view.by("ward")
    covered, children = (float(wards[name].to_dict()[str(ward)]) for name in ("children_covered", "children"))
    st.markdown(
        f"From **{plain_markdown(str(names[ward]))}**, **{whole(covered)} of {whole(children)}** children live within "
        f"{view.minutes:g} minutes of a site that counts."
    )


def show(now: PageContext, view: ReachAnswer, ward: str | None) -> None:
    """The nearest from the chosen ward; then the services x wards table."""
    if ward is None:
        st.caption("Look from a ward: choose it beside the map, or click it.")
    else:
        with st.container(border=True, key="from-ward"):
            _nearest(now, view, ward)
    _services(now, view)


def _nearest(now: PageContext, view: ReachAnswer, ward: str) -> None:
    name = str(now.place.names("ward")[ward])
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Nearest open site of each kind**  \n:gray[mean minutes from the ward's children]")
        show_table(
            "ward-kinds",
            ward_kinds(view, ward).drop(columns="nearest_site"),
            source=reach_source(now, view),
            name=f"{name} nearest by kind",
            column_config={"kind": "Kind", **_columns()},
        )
    with right:
        st.markdown("**Nearest open site for each service**  \n:gray[of the core offer]")
        if _can_say(now, view):
            show_table(
                "ward-services",
                ward_services(view, ward).drop(columns="nearest_site"),
                source=reach_source(now, view),
                name=f"{name} nearest by service",
                column_config={"service": "Service", **_columns()},
            )


def _columns() -> Columns:
    minutes = {f"{mode}_minutes": minutes_column(mode.capitalize()) for mode in MODES}
    return {"site_name": "Site", **minutes}


def _can_say(now: PageContext, view: ReachAnswer) -> bool:
    """Whether services are known; if not, a word of it, since the table below says what to do."""
    known = bool(now.place.core_offer) and bool((view.all_sites["services"] != "").any())
    if not known:
        st.caption("Nothing is known of services yet: see below.")
    return known


def _offer_stated(now: PageContext, view: ReachAnswer) -> bool:
    """Whether there is anything to say of services; if not, what is missing and the one thing to do."""
    if not now.place.core_offer:
        st.info(
            f"{now.place.name} lists no core offer, so there are no services to look for. Add `core_offer` to its "
            f"`{now.place.stated_in}`.",
            icon=":material/info:",
        )
        return False
    silent = sites_without_services(view.all_sites)
    if silent == int(view.all_sites["is_open"].sum()):
        st.info(
            f"None of the {silent} open sites states which services it holds (the published lists do not say), so "
            "there are no data on services yet. Enter them on the page Sites.",
            icon=":material/info:",
        )
        st.page_link(
            "plan/sites/page.py", label="Enter services on Sites", query_params=dict(st.query_params)
        )
        return False
    if silent:
        st.caption(f"{silent} open sites state no services and count as holding none.")
    return True


def _services(now: PageContext, view: ReachAnswer) -> None:
    st.markdown(
        f"**Services by ward**  \n:gray[share of children within {view.minutes:g} minutes of an open site that "
        "holds each service]"
    )
    with st.container(key="services-by-ward"):
        if not _offer_stated(now, view):
            return
        shares = service_shares(view)
        nobody = services_out_of_reach(service_coverage(view))
        cut_off = int((nobody.map(len) > 0).sum())
        st.markdown(
            f"In **{cut_off} of {len(shares)} wards**, at least one service is within reach of no {reach_words.smallest_part(now.place)}."
        )
        show_table(
            "services",
            shares,
            source=reach_source(now, view),
            name=f"{now.place.slug} services by ward",
            hide_index=True,
            column_config={
                "area_name": "Ward",
                **{service: share_column(service) for service in shares.columns[1:]},
            },
        )

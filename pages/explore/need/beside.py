"""Tiers of this place beside those of other places: on one national curve, or each by its own tiers."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.benchmark import figures as benchmark_figures
from analysis.benchmark.beside import settings_on_national_curve, tier_rates
from analysis.benchmark.tables import beside_table
from analysis.need.estimate import NeedEstimate
from analysis.places.england.editions import children_editions
from analysis.scenario.need_settings import default_settings
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import show_error, source_line
from pages.shared.loading import load_need, load_place, place_names
from pages.shared.short_keys import note_unknown


def show(now: PageContext, source: str) -> None:
    """Choice of places, chart and table."""
    names = place_names()
    others = [slug for slug in names if slug != now.place.slug]
    key = f"{state.COMPARE}_{now.place.slug}"
    note_unknown(key, [names.get(slug, slug) for slug in others])
    beside = st.multiselect(
        "Beside",
        others,
        default=others[:3],
        format_func=lambda slug: names.get(slug, slug),
        key=key,
        bind="query-params",
        help="Other places, with the assumptions of this view, or each with its own tiers.",
    )
    together = st.toggle(
        "Same assumptions everywhere",
        value=True,
        key="need-one-curve",
        help="One national curve: the prevalence and gradient of this view hold for all England's children, and each place's "
        "share follows from its deprivation (IMD). Off: each place by its own tiers, where the same prevalence has the same "
        "rate by construction.",
    )
    estimates = _on_one_curve(now, beside) if together else _by_themselves(now, beside, names)
    rates = tier_rates(estimates)
    rates = rates.assign(marked=rates.index == now.place.slug)
    show_chart(
        "beside",
        lambda style: benchmark_figures.share_bars(
            rates,
            style,
            title="Tiers beside other places",
            subtitle="estimated children in each tier per 1,000 children, with range"
            + ("; one national curve" if together else "; the same rate in each place by construction"),
        ),
        rates,
        source=source,
        name=f"{now.place.slug} beside other places",
    )
    if len(estimates) > 1:
        table = beside_table(estimates)
        show_table("places-beside", table, source=source, name=f"{now.place.slug} places by need")


def _by_themselves(now: PageContext, beside: list[str], names: dict[str, str]) -> list[NeedEstimate]:
    estimates = [now.need]
    for slug in beside:
        try:
            place = load_place(slug)
            children = now.settings.children if now.settings.children in children_editions(place) else ""
            estimates.append(load_need(slug, replace(default_settings(place), children=children)))
        except HubreachError as error:
            st.warning(f"{names.get(slug, slug)} is left out: {error.headline}")
    return estimates


def _on_one_curve(now: PageContext, beside: list[str]) -> list[NeedEstimate]:
    try:
        places = [now.place, *(load_place(slug) for slug in beside)]
        settings = settings_on_national_curve(places, now.settings)
        estimates = [load_need(place.slug, settings[place.slug]) for place in places]
    except HubreachError as error:
        show_error(error)
        return [now.need]
    source_line(
        "The same assumptions everywhere: one national curve, on which the prevalence of this view holds for all England's "
        "children. A share that a council has stated of its own is not used here."
    )
    return estimates

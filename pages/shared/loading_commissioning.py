"""Caching of what commissioning works out at some length: scalars and text in, read-only values out."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pandas as pd
import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.records import parse_record
from analysis.commissioning.allocation import (
    AllocationPlan,
    AllocationView,
    Recipients,
    allocation_view,
    find_recipients,
    rivals,
    what_if_floor,
)
from analysis.commissioning.appraisal import Appraisal, AppraisalView, appraisal_view
from analysis.commissioning.cohort import CohortPlan, PaybackView, payback_view
from analysis.commissioning.contract import Denominator, Discounting, service_denominators
from analysis.commissioning.published import PublishedMoney, published_money
from analysis.places.place import Place
from analysis.reach.answer import answer_reach
from analysis.reach.selection import choose_sites
from analysis.scenario.need_settings import NeedSettings
from analysis.scenario.terms import Terms
from analysis.scenario.travel import Mode, travel_settings
from pages.shared.loading import HashFunctions, load_need, load_place, place_stamp

By = Literal["locality", "ward", "site"]
BY_REPR: HashFunctions = {NeedSettings: repr}
# An identity comes again once its object is gone: recipients are told apart by their figures.
BY_FIGURES: HashFunctions = {
    Recipients: lambda held: (held.names, held.need, held.children, held.travel_minutes)
}


@st.cache_resource(show_spinner=False, max_entries=48, hash_funcs=BY_REPR)
def _denominators(
    slug: str,
    stamp: int,
    settings: NeedSettings,
    index: str,
    kinds: tuple[str, ...],
    mode: Mode,
    minutes: float,
) -> dict[str, Denominator]:
    del stamp
    estimate = load_need(slug, settings, index)
    terms = Terms(minutes, mode, kinds=kinds)
    return service_denominators(estimate, answer_reach(estimate, terms).area_share)


def load_denominators(
    slug: str, settings: NeedSettings, index: str, kinds: tuple[str, ...], mode: Mode, minutes: float
) -> dict[str, Denominator]:
    """Children and families, in all, by tier and within reach of the open sites of some kinds."""
    return _denominators(slug, place_stamp(slug), settings, index, kinds, mode, minutes)


def open_sites(slug: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Open sites of some kinds; all kinds where none is named."""
    return choose_sites(load_place(slug).sites, kinds=kinds)


@st.cache_resource(show_spinner=False, max_entries=48, hash_funcs=BY_REPR)
def _recipients(
    slug: str, stamp: int, settings: NeedSettings, index: str, by: By, kinds: tuple[str, ...], mode: Mode
) -> Recipients:
    del stamp
    return find_recipients(
        load_need(slug, settings, index), by, open_sites(slug, kinds), travel_settings(mode)
    )


def load_recipients(
    slug: str, settings: NeedSettings, index: str, by: By, kinds: tuple[str, ...], mode: Mode
) -> Recipients:
    """Those that an envelope is shared over, with their need and their way to the open sites of some kinds.

    Raises
    ------
    HubreachError
        If it is to be shared by site and none is open; not kept.
    """
    return _recipients(slug, place_stamp(slug), settings, index, by, kinds, mode)


@st.cache_resource(show_spinner=False, max_entries=48, hash_funcs=BY_FIGURES)
def _allocation(
    text: str, recipients: Recipients
) -> tuple[AllocationView, pd.DataFrame, dict[str, pd.Series]]:
    plan = parse_record(text, AllocationPlan, file="allocation", headline="The allocation cannot be used.")
    view = allocation_view(plan, recipients)
    return view, what_if_floor(view, plan), rivals(view, plan)


def load_allocation(
    text: str, recipients: Recipients
) -> tuple[AllocationView, pd.DataFrame, dict[str, pd.Series]]:
    """A plan (TOML) shared out, what other floors would do, and what it can be compared with.

    Raises
    ------
    HubreachError
        If the rules cannot hold; not kept.
    """
    return _allocation(text, recipients)


def load_published(place: Place) -> PublishedMoney | None:
    """Published spending of a place's authorities; None for a place that is no part of England."""
    try:
        return published_money(place)
    except HubreachError:
        return None


@st.cache_resource(show_spinner=False, max_entries=48)
def load_payback(text: str, horizon_years: int, rate_percent: str) -> PaybackView:
    """What a plan (TOML, without blanks) avoids, at a real discount rate."""
    plan = parse_record(text, CohortPlan, file="plan", headline="The plan cannot be used.")
    return payback_view(plan, horizon_years, Discounting(Decimal(rate_percent)))


@st.cache_resource(show_spinner=False, max_entries=48)
def load_appraisal(text: str, concentration: float, score_sd: float) -> AppraisalView:
    """An appraisal (TOML, without blanks) ranked, with its stability."""
    appraisal = parse_record(text, Appraisal, file="appraisal", headline="The appraisal cannot be used.")
    return appraisal_view(appraisal, concentration, score_sd)

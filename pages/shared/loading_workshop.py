"""Caching of what a workshop's screen shows, and the hourly deletion of workshops whose days are over."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from analysis.need.estimate import NeedEstimate
from analysis.workshop import step_maps
from analysis.workshop.retention import purge
from analysis.workshop.run import Step
from analysis.workshop.state import State
from analysis.workshop.step_maps import ScreenMap
from analysis.workshop.store import shared_store
from pages.shared.loading import load_need, load_place, place_stamp

PURGE_SECONDS = 3600


@st.cache_data(ttl=PURGE_SECONDS, show_spinner=False)
def delete_overdue() -> list[str]:
    """Delete the workshops whose days are over, once an hour at most."""
    return purge(shared_store())


def _estimate(slug: str, parameters: dict[str, Any]) -> NeedEstimate:
    return load_need(slug, step_maps.step_settings(load_place(slug), parameters))


@st.cache_resource(show_spinner=False, max_entries=64)
def _step_map(
    slug: str, stamp: int, kind: str, ward: str, options: tuple[str, ...], parameters: str
) -> ScreenMap:
    del stamp
    given = json.loads(parameters)
    estimate = _estimate(slug, given)
    if kind == "need":
        return step_maps.need_step(estimate, given)
    if kind == "ward":
        return step_maps.ward_step(estimate, ward, given)
    parsed = [step_maps.parsed_option(text) for text in options]
    if kind == "option":
        return step_maps.option_step(estimate, parsed[0], given)
    return step_maps.compare_step(estimate, (parsed[0], parsed[1]), given)


def load_step_map(state: State, step: Step) -> ScreenMap:
    """The map of a step, made once for all screens.

    Raises
    ------
    HubreachError
        If an option cannot be used, or the parameters cannot hold together; not kept.
    """
    texts = tuple(step_maps.kept_text(state, number) for number in step.options)
    parameters = json.dumps(step_maps.step_parameters(state, step), sort_keys=True)
    return _step_map(state.place_slug, place_stamp(state.place_slug), step.kind, step.ward, texts, parameters)

"""What every page starts from: the place and the estimate that the sidebar describes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.places.england.editions import with_children
from analysis.places.place import Place
from analysis.render.layers import MapFrame
from analysis.render.outlines import Outlines
from analysis.render.theme import Mode
from analysis.scenario.need_settings import NeedSettings
from pages.shared import controls, projector, state
from pages.shared.address import carry_params, kept_param
from pages.shared.background import choose_background
from pages.shared.layout import mode, show_error
from pages.shared.loading import load_need, load_outlines
from pages.shared.viewport import MAP_SIZES, Viewport, read_viewport

SESSION_KEY = "hubreach_context"


@dataclass(frozen=True, eq=False)
class PageContext:
    """Place, settings, estimate, map shapes, mode and the user's own index of one run of a page."""

    place: Place
    settings: NeedSettings
    tier: str
    mode: Mode
    index: str = ""
    viewport: Viewport = "normal"
    streets: bool = False

    @property
    def map_size(self) -> tuple[int, int]:
        """Width and height in pixels of the page's main map; on a projector, of the picture."""
        if projector.is_on():
            return projector.map_size()
        return MAP_SIZES[self.viewport]

    def map_frame(self, **extras: Any) -> MapFrame:
        """Frame of a map in this window and mode; extras are fields of `MapFrame`."""
        width_px, height_px = self.map_size
        sized: dict[str, Any] = {
            "width_px": width_px,
            "height_px": height_px,
            "mode": self.mode,
            "streets": self.streets,
        }
        return MapFrame(**{**sized, **extras, "large": projector.is_on()})

    @property
    def need(self) -> NeedEstimate:
        """The estimate in force; a page stops with one message where it cannot be made."""
        try:
            return load_need(self.place.slug, self.settings, self.index)
        except HubreachError as error:
            show_error(error)
            st.stop()

    @property
    def shapes(self) -> Outlines:
        """Map shapes of the place."""
        return load_outlines(self.place.slug)

    @property
    def tier_name(self) -> str:
        """Name of the tier in force."""
        return next(tier.name for tier in self.settings.tiers if tier.key == self.tier)


def choose_context() -> None:
    """Draw the sidebar and keep its answers for the page (call it once a run, before the page).

    A place that cannot be read, or tiers that cannot be used, stop the run with one message.
    """
    carry_params()
    try:
        with st.sidebar:
            place = controls.choose_place()
            tier = controls.choose_tier(place)
            children = controls.choose_children(place)
            vintage, basis = controls.choose_figures(place)
            settings = replace(controls.choose_assumptions(place, vintage, basis), children=children)
            place = with_children(place, children)
            streets = choose_background(mode())
            on_projector = projector.choose_projector()
    except HubreachError as error:
        show_error(error)
        st.stop()
    st.session_state[SESSION_KEY] = PageContext(
        place, settings, tier, mode(), kept_param(state.INDEX), read_viewport(), streets
    )

    if on_projector:
        projector.start()
    else:
        projector.stop()


def context() -> PageContext:
    """The context that the sidebar set for this run."""
    kept: PageContext = st.session_state[SESSION_KEY]
    return kept

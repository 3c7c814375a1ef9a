"""What every page starts from: the place and the estimate that the sidebar describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.need.words import standing_sentence
from analysis.places.england.editions import with_children
from analysis.places.place import Place
from analysis.render.layers import MapFrame
from analysis.render.outlines import Outlines
from analysis.render.theme import Mode
from analysis.scenario.need_settings import NeedSettings, default_settings
from pages.shared import controls, projector, state
from pages.shared.address import carry_params, kept_param
from pages.shared.background import choose_background
from pages.shared.layout import mode, show_error
from pages.shared.loading import load_need, load_outlines
from pages.shared.viewport import MAP_SIZES, Viewport, read_viewport

SESSION_KEY = "hubreach_context"
STANDING_KEY = "hubreach_standing"


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

    @cached_property
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

    A place that cannot be read stops the run with one message. Where prevalences and gradients cannot hold together,
    a message says which, and the page shows the last that did.
    """
    carry_params()
    try:
        with st.sidebar:
            place = controls.choose_place()
            tier = controls.choose_tier(place)
            children = controls.choose_children(place)
            vintage, basis = controls.choose_figures(place)
            settings, refused = _choose_settings(place, vintage, basis, children)
            place = with_children(place, children)
            streets = choose_background(mode())
            on_projector = projector.choose_projector()
    except HubreachError as error:
        show_error(error)
        st.stop()
    if place.left_out:
        files = dict.fromkeys(fault.file for fault in place.left_out)
        left_out = HubreachError(f"Left out of {place.name}: {', '.join(files)}.", place.left_out)
        show_error(left_out, is_warning=True)
    if refused is not None:
        show_error(refused, standing_sentence(place, settings))
    st.session_state[SESSION_KEY] = PageContext(
        place, settings, tier, mode(), kept_param(state.INDEX), read_viewport(), streets
    )

    if on_projector:
        projector.start()
    else:
        projector.stop()


def _choose_settings(
    place: Place, vintage: str, basis: str, children: str
) -> tuple[NeedSettings, HubreachError | None]:
    """The settings asked for; where they cannot hold together the last that did, else the place's own, and why.

    Raises
    ------
    HubreachError
        If not even the place's own hold together.
    """

    def here(settings: NeedSettings) -> NeedSettings:
        return replace(settings, vintage=vintage, basis=basis, children=children)

    own = default_settings(place)
    usual = here(own)
    kept_slug, kept = st.session_state.get(STANDING_KEY, ("", own))
    last = kept if kept_slug == place.slug else own
    tries: list[Callable[[], NeedSettings]] = [
        lambda: here(controls.choose_assumptions(place, vintage, basis)),
        lambda: here(last),
        lambda: last,
        lambda: usual,
        lambda: own,
    ]
    refused: HubreachError | None = None
    for each in tries:
        try:
            settings = each()
            # Pages that need no estimate do not wait for one of the place's own settings, which hold.
            if settings != usual or refused is not None:
                load_need(place.slug, settings, kept_param(state.INDEX))
        except HubreachError as error:
            refused = refused or error
            continue
        st.session_state[STANDING_KEY] = place.slug, settings
        return settings, refused
    raise refused or HubreachError("No settings hold together here.")


def context() -> PageContext:
    """The context that the sidebar set for this run."""
    kept: PageContext = st.session_state[SESSION_KEY]
    return kept

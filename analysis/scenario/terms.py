"""On what terms people are within reach: the limit, the way there, and the sites and ages that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.base.faults import FaultList
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES
from analysis.scenario.travel import MODES, Mode, TravelSettings, travel_settings

DEFAULT_MINUTES = 20.0
Status = Literal["today", "proposal", "illustration"]
STAMPS: dict[Status, str] = {"today": "", "proposal": "Proposal", "illustration": "Illustration"}
"""What is stamped on a picture of a plan."""


def stamp_of(*statuses: Status) -> str:
    """What is stamped on a picture of several plans: the least settled of them.

    >>> stamp_of("today", "illustration", "proposal"), stamp_of("today")
    ('Illustration', '')
    """
    return STAMPS[max(statuses, key=list(STAMPS).index)]


@dataclass(frozen=True)
class Terms:
    """Who counts as within reach.

    Parameters
    ----------
    minutes : float or None
        The limit, included; None is each option's own catchment.
    mode : {"walk", "cycle", "drive"} or None
        How people travel; None is each option's own.
    speed_kmh, detour, fixed_minutes : float or None
        As in `TravelSettings`; None is the default of the mode or the option.
    kinds : tuple of str or None
        Kinds of site that count. None: those that count by default (`analysis.reach.selection.today_kinds`);
        empty: every kind.
    services : tuple of str
        Services that a site must hold, all of them.
    ages : str
        Key of `AGE_GROUPS`: children who are counted, and whom a site must serve to count for them.
    least_hours : float
        Opening hours a week that a site must state.
    tier : str
        Tier that need stands for; "" is the place's first.
    closed : tuple of str
        Crossings of the place that are taken to be closed.
    time : str
        Time of day of the journey (`TravelSettings`).
    """

    minutes: float | None = DEFAULT_MINUTES
    mode: Mode | None = "walk"
    speed_kmh: float | None = None
    detour: float | None = None
    fixed_minutes: float | None = None
    kinds: tuple[str, ...] | None = None
    services: tuple[str, ...] = ()
    ages: str = ALL_AGES
    least_hours: float = 0.0
    tier: str = ""
    closed: tuple[str, ...] = ()
    time: str = ""

    @property
    def travel(self) -> TravelSettings:
        """Travel settings that they stand for where no option has its own."""
        return travel_settings(
            self.mode or "walk",
            speed_kmh=self.speed_kmh,
            detour=self.detour,
            fixed_minutes=self.fixed_minutes,
            closed=self.closed,
            time=self.time,
        )

    def travelling(self, settings: TravelSettings) -> Terms:
        """The same with these travel settings."""
        return replace(
            self,
            mode=settings.mode,
            speed_kmh=settings.speed_kmh,
            detour=settings.detour,
            fixed_minutes=settings.fixed_minutes,
            closed=settings.closed,
            time=settings.time,
        )


def check_terms(terms: Terms, tiers: Sequence[str], bands: Sequence[str]) -> str:
    """The tier that need stands for, once every part of the terms has been checked.

    Parameters
    ----------
    terms : Terms
    tiers : sequence of str
        Columns that need can stand for; the first is the default.
    bands : sequence of str
        Age bands that the place's files hold.

    Raises
    ------
    HubreachError
        With every part that cannot be used.
    """
    faults = FaultList("terms")
    if terms.minutes is not None and not (np.isfinite(terms.minutes) and terms.minutes > 0):
        faults.add(f"{terms.minutes!r} cannot be used", "Give a number above 0, such as 20", column="minutes")
    if terms.mode is not None and terms.mode not in MODES:
        faults.add(f"{terms.mode!r:.40} is not a mode", f"Use one of: {', '.join(MODES)}", column="mode")
    known = [key for key, group in AGE_GROUPS.items() if key == ALL_AGES or set(group.bands) <= set(bands)]
    if terms.ages not in known:
        remedy = f"Use one of: {', '.join(known)}" if len(known) > 1 else "This place's files hold no ages"
        faults.add(f"{terms.ages!r:.40} is not known here", remedy, column="ages")
    if not (np.isfinite(terms.least_hours) and terms.least_hours >= 0):
        faults.add(f"{terms.least_hours!r}", "Give 0 or more hours a week", column="hours")
    if terms.tier not in ("", *tiers):
        faults.add(f"{terms.tier!r:.40} is not a tier here", f"Use one of: {', '.join(tiers)}", column="tier")
    faults.raise_if_any("Reach cannot be worked out on these terms.")
    return terms.tier or tiers[0]

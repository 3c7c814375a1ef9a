"""How people travel: mode, speed, detour, and what the settings are called in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.base.faults import FaultList

Mode = Literal["walk", "cycle", "drive"]
MODES: tuple[Mode, ...] = ("walk", "cycle", "drive")


class ModeWords(NamedTuple):
    """What a mode is called: as a choice, as a journey of so many minutes, and as a way to go."""

    name: str
    trip: str
    way: str


MODE_WORDS: dict[Mode, ModeWords] = {
    "walk": ModeWords("Walk", "walk", "on foot"),
    "cycle": ModeWords("Cycle", "cycle ride", "by bicycle"),
    "drive": ModeWords("Drive", "drive", "by car"),
}
METRES_A_KM = 1000.0
MINUTES_AN_HOUR = 60.0
DEFAULT_DETOUR = 1.2
DETOURS = (1.1, DEFAULT_DETOUR, 1.3)
"""What is tried where the answer may hang on the detour."""
DETOUR_SOURCE = (
    "Against the areas within a 20-minute walk of 12 libraries in Plymouth that a street router drew, 1.2 counts 5% "
    "fewer children, 1.1 as many and 1.3 13% fewer (within 30 minutes: 1%, none and 3% fewer). One city and one router, "
    "on foot only: elsewhere, and for cycling and driving, it is an assumption"
)

FloatArray = npt.NDArray[np.float64]
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def is_time(text: str) -> bool:
    """Whether a text is a time of day, such as "09:05"."""
    return TIME.fullmatch(text) is not None


@dataclass(frozen=True)
class TravelSettings:
    """How a straight line becomes minutes: minutes = distance x detour / speed + fixed minutes.

    Parameters
    ----------
    mode : {"walk", "cycle", "drive"}
        What the settings stand for.
    speed_kmh : float
        Speed on the way, kilometres an hour.
    detour : float
        Length of the way over length of the straight line, 1 or more.
    fixed_minutes : float
        Added once to every journey (to park and walk in).
    closed : tuple of str
        Names of crossings of the place that are taken to be closed.
    time : str
        Time of day of the journey, "21:30": ferries that do not run then cannot be used. "" asks about no time.
    """

    mode: Mode = "walk"
    speed_kmh: float = 4.8
    detour: float = DEFAULT_DETOUR
    fixed_minutes: float = 0.0
    closed: tuple[str, ...] = ()
    time: str = ""

    def __post_init__(self) -> None:
        faults = FaultList("travel settings")
        for field, least, remedy in (
            ("speed_kmh", 0.1, "Enter a speed above 0, such as 4.8 for walking"),
            ("detour", 1.0, f"Enter 1 or more, such as {DEFAULT_DETOUR:g}"),
            ("fixed_minutes", 0.0, "Enter 0 or more"),
        ):
            value = getattr(self, field)
            if not (np.isfinite(value) and value >= least):
                faults.add(f"{value!r} cannot be used", remedy, column=field)
        if self.time and not is_time(self.time):
            faults.add(
                f"{self.time!r:.40} is not a time of day",
                "Give hours and minutes, such as 21:30",
                column="time",
            )
        if self.mode not in MODES:
            faults.add(f"{self.mode!r} is not a mode", f"Choose one of: {', '.join(MODES)}", column="mode")
        faults.raise_if_any("The travel settings cannot be used.")

    def minutes(self, distance_m: Any) -> FloatArray:
        """Minutes of straight-line distances in metres."""
        return np.asarray(distance_m, float) * self.minutes_a_metre + self.fixed_minutes

    def distance_m(self, minutes: float) -> float:
        """Straight-line metres that can be covered in so many minutes, 0 where there is no time for any."""
        return max(0.0, minutes - self.fixed_minutes) / self.minutes_a_metre

    @property
    def minutes_a_metre(self) -> float:
        """Minutes for each metre of a straight line."""
        return self.detour * MINUTES_AN_HOUR / (self.speed_kmh * METRES_A_KM)

    @property
    def words(self) -> str:
        """One line that says what is in force."""
        fixed = f" plus {self.fixed_minutes:g} min" if self.fixed_minutes else ""
        return f"{self.mode.capitalize()}, {self.speed_kmh:g} km/h, detour {self.detour:g}{fixed}"


DEFAULT_SETTINGS: dict[Mode, TravelSettings] = {
    "walk": TravelSettings("walk", 4.8),
    "cycle": TravelSettings("cycle", 16.0),
    "drive": TravelSettings("drive", 30.0, fixed_minutes=5.0),
}


def travel_settings(
    mode: Mode = "walk",
    *,
    speed_kmh: float | None = None,
    detour: float | None = None,
    fixed_minutes: float | None = None,
    closed: tuple[str, ...] = (),
    time: str = "",
) -> TravelSettings:
    """Settings of a mode: its defaults, with what the user has changed.

    Parameters
    ----------
    mode : {"walk", "cycle", "drive"}
    speed_kmh, detour, fixed_minutes : float, optional
        The mode's default where left out.
    closed, time
        As in `TravelSettings`.

    Examples
    --------
    >>> travel_settings("walk", detour=1.3).words
    'Walk, 4.8 km/h, detour 1.3'
    """
    base = DEFAULT_SETTINGS.get(mode) or TravelSettings(mode)
    return replace(
        base,
        speed_kmh=base.speed_kmh if speed_kmh is None else speed_kmh,
        detour=base.detour if detour is None else detour,
        fixed_minutes=base.fixed_minutes if fixed_minutes is None else fixed_minutes,
        closed=closed,
        time=time,
    )

"""Classed colour scales: which values share a colour, and the legend that says so."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import jenkspy
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.render.theme import MISSING, SEQUENTIAL, Hue

Scheme = Literal["quantiles", "natural breaks", "equal"]
SCHEMES: tuple[Scheme, ...] = ("natural breaks", "quantiles", "equal")
LEAST_ROUNDED = 100


@dataclass(frozen=True)
class ClassedScale:
    """Upper limits of the classes and their colours.

    Parameters
    ----------
    lowest : float
        Smallest value on the map.
    limits : tuple of float
        Upper limit of each class, included, rising.
    colours : tuple of str
        Hex colour of each class, light to dark.
    decimals : int
        Decimals in the legend; -1 is to the nearest 10, and a value is then in the class of its rounded figure.
    given : bool
        Whether the limits are given and not found from the values: a class then begins right above the one before.
    """

    lowest: float
    limits: tuple[float, ...]
    colours: tuple[str, ...]
    decimals: int = 0
    given: bool = False

    def classes(self, values: pd.Series) -> pd.Series:
        """Class number of each value (0 first), -1 where the value is missing; same index."""
        shown = _as_shown(values.to_numpy(dtype=float), self.decimals)
        number = np.searchsorted(np.asarray(self.limits), shown, side="left")
        number = np.minimum(number, len(self.limits) - 1)
        return pd.Series(np.where(values.isna(), -1, number), index=values.index)

    def colours_of(self, values: pd.Series) -> pd.Series:
        """Hex colour of each value, grey where it is missing; same index."""
        return self.classes(values).map(lambda number: MISSING if number < 0 else self.colours[number])

    def labels(self) -> list[str]:
        """One label a class: "120 to 180", in the decimals of the scale."""
        if self.given:
            return _between(self.limits)
        edges = [self.lowest, *self.limits]
        step, decimals = 10.0**-self.decimals, max(self.decimals, 0)
        words = []
        for number, (low, high) in enumerate(itertools.pairwise(edges)):
            start = low if number == 0 else low + step
            start = min(start, high)
            first, last = f"{start:,.{decimals}f}", f"{high:,.{decimals}f}"
            words.append(last if first == last else f"{first} to {last}")
        return words


def _between(limits: tuple[float, ...]) -> list[str]:
    """Labels of classes of given limits, the last without one: "up to 10", "over 10 to 20", "over 20"."""
    between = [f"over {low:g} to {high:g}" for low, high in itertools.pairwise(limits[:-1])]
    return [f"up to {limits[0]:g}", *between, f"over {limits[-2]:g}"]


def _as_shown(values: npt.NDArray[np.float64], decimals: int) -> npt.NDArray[np.float64]:
    """Values as the words beside a map write them where those are rounded to tens; others are classed exactly."""
    return np.round(values, decimals) if decimals < 0 else values


def estimate_decimals(values: pd.Series) -> int:
    """Decimals of a scale of modelled counts: to the nearest 10, as sentences have them, unless all are small.

    >>> estimate_decimals(pd.Series([120.0, 640.0])), estimate_decimals(pd.Series([3.0, 48.0]))
    (-1, 0)
    """
    return -1 if values.max() >= LEAST_ROUNDED else 0


def classed_scale(
    values: pd.Series,
    *,
    scheme: Scheme = "natural breaks",
    hue: Hue = "blue",
    classes: int = 5,
    decimals: int = 0,
) -> ClassedScale:
    """Class values into at most `classes` classes by a scheme.

    Limits are rounded up to the decimals of the legend, so that what the legend says is what the map does.

    Parameters
    ----------
    values : Series
        Numbers; missing ones take no part.
    scheme : {"natural breaks", "quantiles", "equal"}
        Fisher-Jenks, equal counts, or equal width.
    hue : str
        Sequential scale of the theme.
    classes : int
        Number of classes asked for; fewer where there are fewer different values.
    decimals : int
        Decimals of the legend (see `estimate_decimals`).
    """
    known = _as_shown(values.dropna().to_numpy(dtype=float), decimals)
    palette = SEQUENTIAL[hue]
    if len(known) == 0:
        return ClassedScale(0.0, (0.0,), (palette[0],), decimals)
    step = 10.0**-decimals
    rounded = np.ceil(np.round(known / step, 9)) * step
    distinct = np.unique(rounded)
    if len(distinct) <= classes:
        limits = distinct
    else:
        limits = np.unique(np.ceil(np.round(_limits(known, scheme, classes) / step, 9)) * step)
    chosen = np.linspace(0, len(palette) - 1, len(limits)).round().astype(int) if len(limits) > 1 else [2]
    colours = tuple(palette[index] for index in chosen)
    return ClassedScale(
        float(np.floor(known.min() / step) * step), tuple(map(float, limits)), colours, decimals
    )


def _limits(known: np.ndarray, scheme: Scheme, classes: int) -> np.ndarray:
    """Upper limits of the classes, before they are rounded."""
    if scheme == "natural breaks":
        return np.asarray(jenkspy.jenks_breaks(known, n_classes=classes)[1:], dtype=float)
    if scheme == "quantiles":
        return np.asarray(np.quantile(known, np.arange(1, classes + 1) / classes))
    return np.asarray(np.linspace(known.min(), known.max(), classes + 1)[1:])


def shared_scale(frames: list[pd.Series], **options: object) -> ClassedScale:
    """One scale for several maps that are compared: classed over all their values together."""
    return classed_scale(pd.concat(frames, ignore_index=True), **options)  # type: ignore[arg-type]

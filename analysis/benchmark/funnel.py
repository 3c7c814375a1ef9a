"""Limits of a funnel plot that allow for how authorities differ beyond chance (Spiegelhalter 2005)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.benchmark.national_fit import STANDARD_ERRORS
from analysis.need.rates import Floats

WINSORISED = 0.1
LIMITS = {0.95: STANDARD_ERRORS, 0.998: 3.090232306167813}
"""Standard deviations at which the limits of a funnel stand, by the share of authorities inside them."""


@dataclass(frozen=True)
class Funnel:
    """How ratios of observed to expected scatter.

    On the scale of the square root, a ratio has standard deviation sqrt(chance + between^2) about 1.

    Parameters
    ----------
    between : float
        Standard deviation between authorities beyond chance, of the square root of the ratio.
    inflation : float
        Mean square of the winsorised z scores: 1 is chance alone.
    counted : bool
        Whether chance is 1 / (4 expected); else the numbers behind are not known and it is nought.
    """

    between: float
    inflation: float
    counted: bool

    def limits(self, expected: Floats, share: float) -> tuple[Floats, Floats]:
        """Ratios between which a share of the authorities of a size are expected.

        Parameters
        ----------
        expected : ndarray, shape (n,)
        share : float
            0.95 or 0.998.

        Returns
        -------
        ndarray, ndarray
            Lower and upper ratios, shape (n,).
        """
        width = LIMITS[share] * np.sqrt(_chance(expected, counted=self.counted) + self.between**2)
        return np.maximum(1 - width, 0) ** 2, (1 + width) ** 2


def overdispersed(ratio: Floats, expected: Floats, *, counted: bool) -> Funnel:
    """Work out how far authorities differ beyond chance: additive random effects after winsorising.

    z scores of the square root of the ratio are winsorised at 10% either end; with w = 1 / chance,
    between^2 = (n inflation - (n - 1)) / (sum w - sum w^2 / sum w), at least nought.

    Parameters
    ----------
    ratio, expected : ndarray, shape (n,)
        Observed over expected, and the expected numbers.
    counted : bool
        As of `Funnel`. Without counts the variance of the winsorised ratios is all between authorities.

    Notes
    -----
    Spiegelhalter (2005), Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14.
    """
    apart = np.sqrt(ratio) - 1
    if not counted:
        held = np.clip(apart, *np.quantile(apart, [WINSORISED, 1 - WINSORISED]))
        return Funnel(float(np.sqrt(np.mean(held**2))), float("nan"), counted=False)
    weight = 1 / _chance(expected, counted=True)
    score = apart * np.sqrt(weight)
    held = np.clip(score, *np.quantile(score, [WINSORISED, 1 - WINSORISED]))
    inflation, number = float(np.mean(held**2)), len(score)
    spread = (number * inflation - (number - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return Funnel(float(np.sqrt(max(spread, 0.0))), inflation, counted=True)


def _chance(expected: Floats, *, counted: bool) -> Floats:
    return 1 / (4 * expected) if counted else np.zeros_like(expected)

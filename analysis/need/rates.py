"""The rate curve of a tier: which share of children needs it, by deprivation.

The rate at national position z (0 least, 1 most deprived) is r(z) = 1 / (1 + exp(-(a + b z))). Two
conditions fix a and b: the place's children in the tier add up to prevalence x children, and
r(0.95) / r(0.05) is the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

Floats = NDArray[np.float64]
MOST_DEPRIVED = 0.95
LEAST_DEPRIVED = 0.05
SPAN = MOST_DEPRIVED - LEAST_DEPRIVED
GROUPS = 4096


class NoRateCurveError(ValueError):
    """Prevalence and gradient cannot both hold; `highest` is the largest prevalence that could."""

    def __init__(self, prevalence: float, gradient: float, highest: float) -> None:
        self.highest = highest
        super().__init__(
            f"a prevalence of {prevalence:.1%} and a gradient of {gradient:g} cannot hold together here: "
            f"with that gradient the prevalence can be {np.floor(highest * 1000) / 1000:.1%} at the most"
        )


@dataclass(frozen=True)
class RateCurve:
    """Rate of a tier by national position z: 1 / (1 + exp(-(a + b z))); `a` is minus infinity for a tier of prevalence 0."""

    a: float
    b: float

    def rate(self, position: Floats) -> Floats:
        """Share of children (0 to 1) at national positions (0 to 1), same shape."""
        rate: Floats = expit(self.a + self.b * np.asarray(position, dtype=float))
        return rate

    @property
    def gradient(self) -> float:
        """Rate at position 0.95 over the rate at 0.05."""
        most, least = self.rate(np.array([MOST_DEPRIVED, LEAST_DEPRIVED]))
        return float(most / least)


def fit_curve(children: Floats, position: Floats, prevalence: float, gradient: float) -> RateCurve:
    """Find the curve that meets a prevalence and a gradient exactly.

    With b = ln(g) / 0.9 + t, the gradient condition gives a in closed form for every t > 0, so one
    equation in ln(t) is left; the smallest root is taken (the flattest curve).

    Parameters
    ----------
    children : ndarray, shape (n,)
        Children in each area.
    position : ndarray, shape (n,)
        National position, 0 to 1.
    prevalence : float
        Share of all children in the tier, 0 to 1.
    gradient : float
        Rate at position 0.95 over the rate at 0.05, above 0.

    Raises
    ------
    NoRateCurveError
        If the two cannot hold together on these areas.

    Examples
    --------
    >>> curve = fit_curve(np.array([100.0, 100.0]), np.array([0.05, 0.95]), 0.25, 4.0)
    >>> np.round(curve.rate(np.array([0.05, 0.95])), 6).tolist()
    [0.1, 0.4]
    """
    if prevalence <= 0:
        return RateCurve(-np.inf, 0.0)
    if gradient < 1:
        mirrored = fit_curve(children, 1 - position, prevalence, 1 / gradient)
        return RateCurve(mirrored.a + mirrored.b, -mirrored.b)
    if np.isclose(gradient, 1, rtol=1e-12, atol=0):
        return RateCurve(float(logit(prevalence)), 0.0)
    weight = children / children.sum()

    def excess(log_t: Floats) -> Floats:
        a, b = _coefficients(np.atleast_1d(log_t)[:, None], np.array([gradient]))
        mean: Floats = np.sum(expit(a + b * position) * weight, axis=1)
        return mean - prevalence

    grid = np.linspace(-46, 12, 240)
    # In parts that stay in the processor's cache, however many areas there are.
    height = np.concatenate(
        [excess(part) for part in np.array_split(grid, 1 + len(grid) * len(position) // 2**15)]
    )
    above = np.flatnonzero(height >= 0)
    if len(above) == 0 or above[0] == 0:
        raise NoRateCurveError(prevalence, gradient, float(height.max()) + prevalence)
    root = brentq(
        lambda log_t: excess(log_t).item(),
        grid[above[0] - 1],
        grid[above[0]],
        xtol=1e-15,
        rtol=8.9e-16,
        maxiter=200,
    )
    a, b = _coefficients(np.array([root]), np.array([gradient]))
    return RateCurve(float(a[0]), float(b[0]))


def fit_curves(
    children: Floats, position: Floats, prevalence: Floats, gradient: Floats
) -> tuple[Floats, Floats]:
    """Fit many curves at once: `fit_curve` for each pair of a prevalence and a gradient.

    A safeguarded Newton search on the logit of the mean rate, vectorised over the curves. More than
    4,096 areas are first grouped into that many equal steps of position, each at its mean, which moves
    a total by less than a millionth of itself.

    Parameters
    ----------
    children, position : ndarray, shape (n,)
    prevalence, gradient : ndarray, shape (d,)
        Prevalences in (0, 1), gradients above 0.

    Returns
    -------
    a : ndarray, shape (d,)
        NaN where a pair cannot hold together.
    b : ndarray, shape (d,)
        NaN where a pair cannot hold together.
    """
    steep = np.where(gradient < 1, 1 / gradient, gradient)
    steep = np.maximum(steep, 1 + 1e-9)
    a, b = np.empty_like(prevalence), np.empty_like(prevalence)
    children, position = _grouped(children, position)
    for falling in (False, True):
        chosen = (gradient < 1) == falling
        if chosen.any():
            z = 1 - position if falling else position
            a[chosen], b[chosen] = _newton(children / children.sum(), z, prevalence[chosen], steep[chosen])
    falls = gradient < 1
    return np.where(falls, a + b, a), np.where(falls, -b, b)


def _grouped(children: Floats, position: Floats) -> tuple[Floats, Floats]:
    if len(children) <= GROUPS:
        return children, position
    group = np.minimum((position * GROUPS).astype(np.int64), GROUPS - 1)
    together = np.bincount(group, weights=children, minlength=GROUPS).astype(float)
    moment = np.bincount(group, weights=children * position, minlength=GROUPS).astype(float)
    held = together > 0
    return together[held], moment[held] / together[held]


def _coefficients(log_t: Floats, gradient: Floats) -> tuple[Floats, Floats]:
    t = np.exp(log_t)
    b = np.log(gradient) / SPAN + t
    a = np.log(-np.expm1(-SPAN * t)) - np.log(gradient - 1) - LEAST_DEPRIVED * b
    return a, b


def _newton(
    weight: Floats, position: Floats, prevalence: Floats, gradient: Floats, steps: int = 60
) -> tuple[Floats, Floats]:
    low, high = np.full(len(prevalence), -46.0), np.full(len(prevalence), 12.0)
    # Where rates are small they are close to exponential, which gives the starting point.
    tilt = gradient[:, None] ** ((position[None, :] - LEAST_DEPRIVED) / SPAN) @ weight
    start = prevalence * (gradient - 1) / np.maximum(tilt, 1e-300)
    log_t = np.clip(np.log(np.clip(start / SPAN, 1e-18, 1e4)), -45, 11)
    a, b = _coefficients(log_t, gradient)
    active = np.arange(len(prevalence))
    target = logit(prevalence)
    for _ in range(steps):
        rate = expit(a[active, None] + b[active, None] * position)
        mean = rate @ weight
        gap = logit(mean) - target[active]
        moving = np.abs(gap) > 1e-11
        if not moving.any():
            return a, b
        active, rate, mean, gap = active[moving], rate[moving], mean[moving], gap[moving]
        t = np.exp(log_t[active])
        bend = rate * (1 - rate)
        slope = (
            bend @ weight * (SPAN / np.expm1(np.minimum(SPAN * t, 700)) - LEAST_DEPRIVED)
            + bend @ (weight * position)
        ) * t
        low[active] = np.where(gap < 0, log_t[active], low[active])
        high[active] = np.where(gap > 0, log_t[active], high[active])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = log_t[active] - gap * mean * (1 - mean) / slope
        inside = (step > low[active]) & (step < high[active])
        log_t[active] = np.where(inside, step, (low[active] + high[active]) / 2)
        a[active], b[active] = _coefficients(log_t[active], gradient[active])
    a[active] = b[active] = np.nan
    return a, b

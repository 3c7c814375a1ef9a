"""Ranges by simulation: many plausible worlds, each benchmarked to its own total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtr

from analysis.base.faults import Fault
from analysis.need.rates import Floats, fit_curves
from analysis.places.manifest import Tier
from analysis.scenario.need_settings import ImpossibleTiersError, NeedSettings, tiers_together

CELLS_A_CHUNK = 2_000_000
LARGE = 20_000_000


@dataclass(frozen=True, eq=False)
class Draws:
    """Simulated children in each tier.

    Parameters
    ----------
    counts : dict of str to ndarray, shape (draws, areas)
        Expected children in the tier in each draw; not rounded.
    prevalence, gradient : dict of str to ndarray, shape (draws,)
        The parameters behind each draw.
    lost : int
        Draws that could not be solved and are left out.
    """

    counts: dict[str, NDArray[np.floating]]
    prevalence: dict[str, Floats]
    gradient: dict[str, Floats]
    lost: int = 0

    @property
    def size(self) -> int:
        """Number of draws that were kept."""
        return len(next(iter(self.prevalence.values())))


def simulate(
    children: Floats, position: Floats, settings: NeedSettings, wards: NDArray[np.int64] | None = None
) -> Draws:
    """Draw prevalences, gradients and area effects, and benchmark each draw again.

    Prevalence ~ Beta with mean p and relative s.d. `prevalence_sd`; gradient = g x exp(N(0, `gradient_sd`)); each
    area has an effect N(0, `area_sd`) on the logit scale, of whose variance its ward's areas have `ward_share` in
    common. Between tiers prevalences (by a Gaussian copula), logarithms of gradients and effects have the correlation
    `tier_correlation`. Each draw's curve is fitted to its own prevalence and gradient, the area effects are added,
    and the level is shifted until the draw's total is its prevalence x children. Draws whose parameters cannot hold
    together, or whose tiers exceed all children of an area, are left out and counted: the ranges are conditional on
    possible worlds.

    Parameters
    ----------
    children, position : ndarray, shape (n,)
        Children and national position of each area, in order of area code.
    settings : NeedSettings
        Tiers, standard deviations, draws and seed.
    wards : ndarray of int, shape (n,), optional
        Number of each area's ward, from nought; by default every area is a ward of its own.

    Raises
    ------
    HubreachError
        If fewer than half of the draws are possible.
    """
    random = np.random.default_rng(settings.seed)
    tiers, draws = settings.tiers, settings.draws
    ward = np.arange(len(children)) if wards is None else wards
    levels = _correlated(random, settings, (draws,))
    prevalence = {t.key: _prevalence(t, z, settings) for t, z in zip(tiers, levels, strict=True)}
    steepness = _correlated(random, settings, (draws,))
    gradient = {
        t.key: t.gradient * np.exp(settings.gradient_sd * z) for t, z in zip(tiers, steepness, strict=True)
    }
    kind = np.float32 if draws * len(children) > LARGE else np.float64
    counts = {t.key: np.empty((draws, len(children)), dtype=kind) for t in tiers}
    possible = np.ones(draws, dtype=bool)
    for rows in _chunks(draws, len(children)):
        number = rows.stop - rows.start
        shared = _correlated(random, settings, (number, int(ward.max(initial=-1)) + 1))
        own = _correlated(random, settings, (number, len(children)))
        together = np.zeros((number, len(children)))
        for at, tier in enumerate(tiers):
            mixed = np.sqrt(settings.ward_share) * shared[at][:, ward]
            mixed += np.sqrt(1 - settings.ward_share) * own[at]
            effect = settings.area_sd * mixed
            rate = _rates(children, position, prevalence[tier.key][rows], gradient[tier.key][rows], effect)
            together += rate
            counts[tier.key][rows] = rate * children
        possible[rows] = (together <= 1 + 1e-9).all(axis=1)
    if possible.sum() < draws / 2:
        fault = Fault(
            "tiers",
            None,
            None,
            f"{tiers_together(tiers)} cannot hold together: in {draws - possible.sum():,} of {draws:,} model runs more "
            "than all children of a small area would be in a tier",
            "Lower a prevalence or a gradient",
        )
        raise ImpossibleTiersError("The range of this estimate cannot be worked out.", [fault])
    if not possible.all():
        counts = {key: drawn[possible] for key, drawn in counts.items()}
        prevalence = {key: drawn[possible] for key, drawn in prevalence.items()}
        gradient = {key: drawn[possible] for key, drawn in gradient.items()}
    return Draws(counts, prevalence, gradient, int((~possible).sum()))


def found_children(drawn: Floats, children: Floats, seed: int) -> NDArray[np.int64]:
    """Children whom one would find in each draw: binomial about the expected number.

    Parameters
    ----------
    drawn : ndarray, shape (draws, areas)
        Expected children in a tier.
    children : ndarray, shape (areas,)
        All children.
    seed : int

    Returns
    -------
    ndarray of int, shape (draws, areas)
    """
    random = np.random.default_rng([seed, 1])
    whole = np.rint(children).astype(np.int64)
    rate = np.clip(np.divide(drawn, children, out=np.zeros_like(drawn), where=children > 0), 0, 1)
    return random.binomial(whole, rate)


def _correlated(random: np.random.Generator, settings: NeedSettings, shape: tuple[int, ...]) -> list[Floats]:
    """Standard normals, an array a tier, with the correlation of the settings between tiers."""
    own = 1 - settings.tier_correlation
    common = np.sqrt(settings.tier_correlation) * random.standard_normal(shape)
    return [common + np.sqrt(own) * random.standard_normal(shape) for _ in settings.tiers]


def _chunks(draws: int, areas: int) -> Iterator[slice]:
    step = max(1, CELLS_A_CHUNK // max(areas, 1))
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))


def _prevalence(tier: Tier, normal: Floats, settings: NeedSettings) -> Floats:
    """Prevalences of the Beta distribution at the quantiles of standard normals."""
    mean = tier.prevalence
    # A Beta cannot be wider than half of its two-point limit without turning into a U.
    sd = min(settings.prevalence_sd * mean, 0.5 * np.sqrt(mean * (1 - mean)))
    if sd == 0:
        return np.full(settings.draws, mean)
    size = mean * (1 - mean) / sd**2 - 1
    drawn: Floats = betaincinv(mean * size, (1 - mean) * size, ndtr(normal))
    return drawn


def _rates(
    children: Floats, position: Floats, prevalence: Floats, gradient: Floats, effect: Floats
) -> Floats:
    """Rates of one tier, shape (draws, areas); NaN in draws whose parameters cannot hold together."""
    if not prevalence.any():
        return np.zeros_like(effect)
    a, b = fit_curves(children, position, prevalence, gradient)
    level = a[:, None] + b[:, None] * position + effect
    weight = children / children.sum()
    target = logit(prevalence)
    rate = expit(level)
    for _ in range(30):
        mean = rate @ weight
        gap = target - logit(mean)
        if not (np.abs(gap) > 1e-11).any():
            break
        slope = (mean - np.einsum("ij,ij,j->i", rate, rate, weight)) / (mean * (1 - mean))
        level += (gap / slope)[:, None]
        expit(level, out=rate)
    return rate

"""What deprivation predicts of an outcome: one curve for England, fitted to the authorities' published numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.base.faults import Fault, HubreachError
from analysis.need.rates import LEAST_DEPRIVED, MOST_DEPRIVED, Floats
from analysis.places.deprivation import with_positions
from analysis.places.england.opening import VINTAGES
from analysis.places.england.tables import BANDS_MID2024, authorities, bundle_stamp, read_rows

STANDARD_ERRORS = 1.959963984540054
"""Standard errors on either side of a 95% interval."""
MOST_STEPS = 100


@dataclass(frozen=True, eq=False)
class NationalAreas:
    """All small areas of England.

    Parameters
    ----------
    position : ndarray, shape (n,)
        National position, 0 (least) to 1 (most deprived).
    share : ndarray, shape (n,)
        Of the children of its authority (mid-2024); adds up to 1 in each.
    authority : ndarray of int, shape (n,)
        Number of the authority in the order of `authorities()`.
    """

    position: Floats
    share: Floats
    authority: NDArray[np.int64]

    def by_authority(self, values: Floats) -> Floats:
        """Child-weighted means of values of small areas, shape (153,)."""
        means = np.bincount(self.authority, self.share * values, len(authorities()))
        return means.astype(np.float64)


def national_areas(vintage: str, basis: str) -> NationalAreas:
    """All small areas on one edition ("2019", "2025") and basis ("imd", "idaci").

    Parameters
    ----------
    vintage, basis : str

    Raises
    ------
    HubreachError
        For an edition or basis that there is not.
    """
    faults = []
    if vintage not in VINTAGES:
        faults.append(Fault("vintage", None, None, repr(vintage), f"Choose {' or '.join(VINTAGES)}"))
    if basis not in ("imd", "idaci"):
        faults.append(Fault("basis", None, None, repr(basis), "Choose imd or idaci"))
    if faults:
        raise HubreachError("The benchmark has no such deprivation figures.", faults)
    return _national_areas(vintage, basis, bundle_stamp())


@lru_cache(maxsize=4)
def _national_areas(vintage: str, basis: str, stamp: int) -> NationalAreas:
    del stamp  # tells one edition of the files from the next
    bands = list(BANDS_MID2024.values())
    areas = read_rows("areas", columns=["area_code", "authority_code", *bands]).set_index("area_code")
    edition = VINTAGES[vintage]
    ranks = read_rows(edition.file.removesuffix(".parquet"), columns=["area_code", f"{basis}_rank"])
    figures = with_positions(ranks.set_index("area_code").reindex(areas.index), edition.areas_in_england)
    children = areas[bands].sum(axis=1)
    number = authorities().index.get_indexer(pd.Index(areas["authority_code"]))
    total = np.bincount(number, children, len(authorities()))
    return NationalAreas(
        figures[f"{basis}_position"].to_numpy(float), children.to_numpy(float) / total[number], number
    )


@dataclass(frozen=True, eq=False)
class NationalFit:
    """A fitted curve r(z) = 1 / (1 + exp(-(a + b z))), its uncertainty and what it expects.

    Parameters
    ----------
    coefficients : ndarray, shape (2,)
        The two numbers a and b.
    covariance : ndarray, shape (2, 2)
        Of a and b, the dispersion included.
    dispersion : float
        Pearson's chi-square over its degrees of freedom: 1 is chance alone.
    fitted : int
        Authorities that it rests on.
    mean_rate : ndarray, shape (153,)
        Expected rate (0 to 1) of each authority.
    slopes : ndarray, shape (153, 2)
        Derivatives of its logarithm by a and b.
    """

    coefficients: Floats
    covariance: Floats
    dispersion: float
    fitted: int
    mean_rate: Floats
    slopes: Floats

    @property
    def log_error(self) -> Floats:
        """Standard error of the logarithm of each authority's expected number, shape (153,)."""
        return self._error(self.slopes)

    def curve(self, position: Floats) -> tuple[Floats, Floats, Floats]:
        """Fitted rate at national positions, and its 95% interval.

        Parameters
        ----------
        position : ndarray, shape (n,)
            0 to 1.

        Returns
        -------
        ndarray, ndarray, ndarray
            Rate, lower and upper end, shape (n,).
        """
        rate = self._rate(position)
        width = np.exp(STANDARD_ERRORS * self._error((1 - rate)[:, None] * _design(position)))
        return rate, rate / width, rate * width

    @property
    def gradient(self) -> tuple[float, float, float]:
        """Rate in the most deprived tenth over that in the least, with its 95% interval."""
        ends = np.array([MOST_DEPRIVED, LEAST_DEPRIVED])
        most, least = self._rate(ends)
        slope = (1 - most) * _design(ends[:1]) - (1 - least) * _design(ends[1:])
        width = float(np.exp(STANDARD_ERRORS * self._error(slope)[0]))
        return float(most / least), float(most / least / width), float(most / least * width)

    def _rate(self, position: Floats) -> Floats:
        rate: Floats = expit(_design(position) @ self.coefficients)
        return rate

    def _error(self, slopes: Floats) -> Floats:
        error: Floats = np.sqrt(np.einsum("ij,jk,ik->i", slopes, self.covariance, slopes))
        return error


def _design(position: Floats) -> Floats:
    return np.column_stack([np.ones_like(position), position])


def fit_national(observed: pd.Series, people: pd.Series, areas: NationalAreas) -> NationalFit:
    """Fit the curve that the observed numbers of England's authorities follow best.

    An authority's expected number is its people times the child-weighted mean of r(z) over its small areas: the
    curve of the model of need, on all of England. Quasi-Poisson: the score equations of a Poisson model, solved by
    Fisher scoring, with the variance multiplied by Pearson's dispersion (McCullagh and Nelder 1989, chapter 9).
    What differs between authorities and has nothing to do with deprivation is in the dispersion, so the gradient is
    one between places: inside them it may be steeper.

    Parameters
    ----------
    observed : Series
        Numbers by authority, index as `authorities()`; NaN takes no part.
    people : Series
        Same index: of how many.
    areas : NationalAreas

    Raises
    ------
    HubreachError
        If no curve can be fitted.
    """
    known = observed.notna().to_numpy()
    number, size = observed.to_numpy(float)[known], people.to_numpy(float)[known]
    if known.sum() < 10 or not number.sum():
        raise _unfitted(f"{int(known.sum())} authorities have a number")
    coefficients = np.array([logit(min(number.sum() / size.sum(), 0.99)), 0.0])
    for _ in range(MOST_STEPS):
        rate = expit(_design(areas.position) @ coefficients)
        mean = areas.by_authority(rate)
        slopes = (
            np.column_stack(
                [
                    areas.by_authority(rate * (1 - rate)),
                    areas.by_authority(rate * (1 - rate) * areas.position),
                ]
            )
            / mean[:, None]
        )
        expected = mean[known] * size
        information = slopes[known].T @ (expected[:, None] * slopes[known])
        step = np.linalg.solve(information, slopes[known].T @ (number - expected))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-12:
            break
    else:
        raise _unfitted("the search did not settle")
    dispersion = float(((number - expected) ** 2 / expected).sum() / (known.sum() - 2))
    return NationalFit(
        coefficients, dispersion * np.linalg.inv(information), dispersion, int(known.sum()), mean, slopes
    )


def _unfitted(found: str) -> HubreachError:
    fault = Fault("outcomes.parquet", None, None, found, "Choose another year or outcome")
    return HubreachError("No curve can be fitted to this outcome.", [fault])

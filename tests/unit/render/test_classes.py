"""Classes of a map's values: the libraries' own, said in the legend as they are drawn."""

import warnings

import mapclassify
import numpy as np
import pandas as pd
import pytest

from analysis.render.classes import SCHEMES, ClassedScale, classed_scale


def spread(values: np.ndarray, limits: list[float]) -> float:
    """Sum of squared distances from the mean of each class."""
    classes = np.searchsorted(limits, values)
    return sum(float(((part - part.mean()) ** 2).sum()) for _, part in pd.Series(values).groupby(classes))


@pytest.mark.parametrize("seed", range(6))
def test_natural_breaks_lose_no_more_than_mapclassify_and_no_other_scheme_loses_less(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = np.round(random.gamma(2, 40, random.integers(20, 160)))
    breaks = list(classed_scale(pd.Series(values), scheme="natural breaks").limits)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Numba not installed")
        peer = mapclassify.FisherJenks(values, k=5)
    assert spread(values, breaks) == pytest.approx(spread(values, list(peer.bins)), rel=1e-12)
    for scheme in ("quantiles", "equal"):
        other = list(classed_scale(pd.Series(values), scheme=scheme).limits)
        assert spread(values, breaks) <= spread(values, other)


def test_quantiles_and_equal_steps_by_hand() -> None:
    values = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 101])
    assert classed_scale(values, scheme="quantiles").limits == (3, 5, 7, 9, 101)
    assert classed_scale(values, scheme="equal").limits == (21, 41, 61, 81, 101)
    assert classed_scale(values, scheme="natural breaks", classes=2).limits == (9, 101)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_order_of_rows_and_missing_values_change_nothing(scheme: str) -> None:
    values = pd.Series(np.random.default_rng(3).gamma(2, 40, 90))
    mixed = pd.concat([values.sample(frac=1, random_state=1), pd.Series([np.nan])], ignore_index=True)
    scale = classed_scale(values, scheme=scheme)
    assert classed_scale(mixed, scheme=scheme) == scale
    assert scale.classes(mixed).iloc[-1] == -1
    assert set(scale.classes(values)) == set(range(5))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_few_different_values_have_a_class_each(scheme: str) -> None:
    assert classed_scale(pd.Series([4.0, 4, 7, 9]), scheme=scheme).limits == (4, 7, 9)
    assert classed_scale(pd.Series([np.nan]), scheme=scheme).limits == (0,)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("scheme", "peer"), [("quantiles", "Quantiles"), ("equal", "EqualInterval")])
def test_quantiles_and_equal_steps_are_those_of_mapclassify(scheme: str, peer: str, seed: int) -> None:
    values = np.random.default_rng(seed).gamma(2, 40, 120)
    theirs = np.ceil(np.round(getattr(mapclassify, peer)(values, k=5).bins, 9))
    assert classed_scale(pd.Series(values), scheme=scheme).limits == tuple(theirs)


def test_given_limits_are_said_as_they_are_and_the_last_class_has_none():
    scale = ClassedScale(0.0, (7.5, 15.0, np.inf), ("#a", "#b", "#c"), given=True)
    assert scale.labels() == ["up to 7.5", "over 7.5 to 15", "over 15"]
    assert scale.classes(pd.Series([0.0, 7.5, 7.6, 15.0, 15.1, np.nan])).tolist() == [0, 0, 1, 1, 2, -1]

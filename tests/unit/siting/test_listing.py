"""Every set of a covering table within a limit, against enumeration."""

from itertools import combinations

import numpy as np
import pytest

from analysis.siting.search.listing import MOST_WORK, Listing


def covering_table(seed, sites=11, areas=30):
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 40, areas).astype(float)
    return np.where(rng.random((sites, areas)) < 0.25, 0.0, weights), rng


def handed_over(listing, limit, most=MOST_WORK):
    sets = []

    def take(block):
        sets.extend(tuple(row.tolist()) for row in block)
        return limit

    return listing.each(limit, take, lambda: False, most), sets


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("inside", [(), (3,)])
def test_no_set_within_the_limit_is_missed(seed, inside):
    loss, rng = covering_table(seed)
    free = np.array([site for site in range(len(loss)) if site not in inside])
    # Any prices will do, those above the weights too: they only say how many sets are looked at.
    prices = loss.max(axis=0) * rng.uniform(0, 1.3, loss.shape[1])
    listing = Listing(loss, prices, np.array(inside, dtype=int), free, 3)
    values = {
        (*inside, *taken): loss[[*inside, *taken]].min(axis=0).sum()
        for taken in combinations(free.tolist(), 3)
    }
    limit = np.quantile(list(values.values()), 0.1)
    complete, sets = handed_over(listing, limit)
    assert complete
    assert {chosen for chosen, value in values.items() if value <= limit} <= set(sets)
    assert sets == sorted(sets)
    assert len(sets) == len(set(sets)) < len(values)


def test_full_prices_let_only_the_sets_within_the_limit_pass():
    loss, _ = covering_table(5)
    listing = Listing(loss, loss.max(axis=0), np.zeros(0, dtype=int), np.arange(len(loss)), 4)
    limit = sorted(loss[list(taken)].min(axis=0).sum() for taken in combinations(range(len(loss)), 4))[20]
    _, sets = handed_over(listing, limit)
    assert all(loss[list(chosen)].min(axis=0).sum() <= limit for chosen in sets)


def test_a_search_that_costs_too_much_is_given_up_and_says_so():
    loss, _ = covering_table(1)
    listing = Listing(loss, loss.max(axis=0) / 9, np.zeros(0, dtype=int), np.arange(len(loss)), 4)
    complete, sets = handed_over(listing, np.inf, most=2_000.0)
    assert not complete
    assert len(sets) < 330
    everything, sets = handed_over(listing, np.inf)
    assert everything
    assert len(sets) == 330


def test_the_search_ends_when_told_and_keeps_to_a_falling_limit():
    loss, _ = covering_table(2)
    listing = Listing(loss, loss.max(axis=0), np.zeros(0, dtype=int), np.arange(len(loss)), 3)
    blocks = []

    def once(block):
        blocks.append(block)
        return -np.inf

    assert listing.each(np.inf, once, lambda: False, MOST_WORK)
    assert len(blocks) == 1
    assert not listing.each(np.inf, once, lambda: True, MOST_WORK)

"""How fast reach is, beside its peers in the same run: `python -m tests.benchmarks.reach`.

Ratios come first, because seconds depend on the machine. Peers: PySAL `access`, and the kernels of
`gasfca` (which works in single precision on a full matrix), where they are installed.
"""

from __future__ import annotations

import importlib.util
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.places.sites.edits import SiteHistory, apply_edits, close_site
from analysis.reach.answer import answer_reach, gap_list
from analysis.reach.catchments import MatrixPairs, StraightLinePairs, covered_by_pairs, floating_catchment
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.terms import Terms
from analysis.scenario.travel import TravelSettings

REPEATS = 5
ENGLAND = (203_657, 27_000)
MIDDLE = (5_000, 500)
CATCHMENT_M = 20_000.0


def best(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, object]:
    """Shortest time of several, in seconds, and the last result."""
    taken, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return min(taken), result


def scattered(areas: int, sites: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    """Areas clumped like towns over England's extent, with need, and sites with capacity; seeded."""
    random = np.random.default_rng(1)
    towns = random.uniform((100_000, 50_000), (650_000, 650_000), (400, 2))
    sizes = random.dirichlet(np.full(400, 0.6))

    def points(number: int, prefix: str) -> pd.DataFrame:
        centre = towns[random.choice(400, number, p=sizes)] + random.normal(0, 6_000, (number, 2))
        index = [f"{prefix}{count:05d}" for count in range(number)]
        return pd.DataFrame(centre, index=index, columns=["easting", "northing"])

    places, hubs = points(areas, "E"), points(sites, "s")
    need = pd.Series(random.integers(1, 120, areas).astype(float), index=places.index)
    return places, hubs, need, pd.Series(random.integers(50, 400, sites).astype(float), index=hubs.index)


def toggled(slug: str, limit_s: float) -> None:
    """A site closed, to all the figures of a page, on the place's demand points; water included."""
    place = read_place(slug)
    estimate = estimate_need(place)
    first = str(place.sites.index[place.sites["is_open"].astype(bool)][0])
    history = SiteHistory().record((close_site(first),))

    def answer() -> pd.DataFrame:
        reach = answer_reach(estimate, Terms(kinds=()), sites=apply_edits(place.sites, history))
        for by in ("lsoa", "ward", "locality", "fifth"):
            reach.by(by)
        gap_list(reach)
        assert len(reach.site_table) == len(reach.sites)
        return reach.summary

    seconds, _ = best(answer, 10)
    start = time.process_time()
    answer()
    busy = time.process_time() - start
    print(
        f"Site toggled in {place.name}, {len(place.points):,} points x {len(place.sites):,} sites, to all figures: "
        f"{seconds / limit_s:.2f} of the limit of {1000 * limit_s:.0f} ms ({1000 * seconds:.0f} ms, of which "
        f"{1000 * busy:.0f} ms on the processor)"
    )


def england() -> None:
    """Straight lines, coverage and E2SFCA over all of England's areas, and the memory that they take."""
    areas, sites, need, capacity = scattered(*ENGLAND)
    settings = TravelSettings("drive", speed_kmh=60.0, detour=1.0)
    minutes = float(settings.minutes(CATCHMENT_M))
    pairs = StraightLinePairs(areas, sites, settings, minutes)

    def work() -> tuple[pd.Series, pd.Series]:
        return covered_by_pairs(pairs), floating_catchment(pairs, need, capacity, minutes, "gaussian")

    seconds, _ = best(work, 3)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    held = sum(len(block.minutes) for block in pairs)
    full = 8 * ENGLAND[0] * ENGLAND[1] / 1e6
    print(
        f"{ENGLAND[0]:,} x {ENGLAND[1]:,}, {held:,} pairs within 20 km, coverage and E2SFCA: {seconds:.2f} s "
        f"(limit 5 s: {seconds / 5:.2f} of it), peak {peak:,.0f} MB (the full matrix: {full:,.0f} MB)"
    )


def against_peers() -> None:
    """E2SFCA on one cost matrix of 5,000 x 500, ours and theirs."""
    areas, sites, need, capacity = scattered(*MIDDLE)
    settings = TravelSettings("drive", speed_kmh=60.0, detour=1.0)
    costs = straight_line_matrix(areas, sites, settings)
    minutes = float(settings.minutes(CATCHMENT_M))
    ours, access = best(
        lambda: floating_catchment(MatrixPairs(costs, minutes), need, capacity, minutes, "gaussian")
    )
    print(f"E2SFCA, 5,000 x 500: ours {1000 * ours:.1f} ms")
    for name, peer in (("access", _pysal), ("gasfca", _gasfca)):
        if importlib.util.find_spec(name) is None:
            print(f"  {name}: not installed")
            continue
        theirs, result = best(peer(costs, need, capacity, minutes), 3)
        apart = float(np.abs(np.asarray(result) - access.to_numpy()).max() / access.max())
        print(
            f"  {name}: {theirs / ours:.1f} times as long ({1000 * theirs:.1f} ms), largest difference {apart:.1e}"
        )


def _gauss(cost: float, limit: float) -> float:
    return (np.exp(-0.5 * (cost / limit) ** 2) - np.exp(-0.5)) / (1 - np.exp(-0.5))


def _pysal(costs: pd.DataFrame, need: pd.Series, capacity: pd.Series, minutes: float) -> Callable[[], object]:
    """PySAL access on the pairs within the catchment, found beforehand: its own work only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import fca
    area, site = np.nonzero(costs.to_numpy() <= minutes)
    long = pd.DataFrame(
        {"origin": costs.index[area], "dest": costs.columns[site], "cost": costs.to_numpy()[area, site]}
    )

    def work() -> pd.Series:
        found = fca.two_stage_fca(
            demand_df=need.rename("demand").rename_axis("geoid").to_frame(),
            supply_df=capacity.rename("supply").to_frame(),
            cost_df=long,
            max_cost=minutes,
            demand_name="demand",
            supply_name="supply",
            weight_fn=lambda cost: _gauss(cost, minutes),
        )
        return found.reindex(costs.index).fillna(0.0)

    return work


def _gasfca(
    costs: pd.DataFrame, need: pd.Series, capacity: pd.Series, minutes: float
) -> Callable[[], object]:
    """The three kernels of gasfca on the full matrix, compiled beforehand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gasfca import core
    distance = np.ascontiguousarray(costs.to_numpy(np.float32))
    demand, supply = need.to_numpy(np.float32), capacity.to_numpy(np.float32)

    def work() -> np.ndarray:
        weights = core.gauss_weight_vectorized(distance.ravel(), np.float32(minutes)).reshape(distance.shape)
        load = core.compute_supply_sum(weights, demand)
        ratio = np.divide(supply, load, out=np.zeros_like(supply), where=load > 0)
        return core.compute_ai(weights, ratio)

    work()
    return work


if __name__ == "__main__":
    toggled("wirral", 0.1)
    toggled("kent", 1.0)
    england()
    against_peers()

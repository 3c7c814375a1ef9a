"""Siting against its peers in one run: spopt (PuLP, HiGHS) and, where it is installed, lokigi.

    python -m tests.benchmarks.siting                         # the real place, spopt beside it
    python -m tests.benchmarks.siting pmed1.txt pmed2.txt     # OR-Library p-median files, by path
    python -m tests.benchmarks.siting --matrix costs.csv --weights w.csv --minutes 800 --choose 8 14
    python -m tests.benchmarks.siting --points SJC818.txt --minutes 800 --choose 8 14
    python -m tests.benchmarks.siting --quick                 # leaves out what takes peers minutes

Ratios come first: how many times longer the peer takes for the same proven objective.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
import warnings
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import shortest_path

from analysis.places.read import read_place
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import travel_settings
from analysis.siting.frontier import frontier_by_sites
from analysis.siting.models.instance import read_matrix, read_weights
from analysis.siting.models.model import LocationProblem, Solution
from analysis.siting.models.solve import solve

Row = dict[str, Any]
DRIVE, WALK = travel_settings("drive"), travel_settings("walk")


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = function()
    return result, time.perf_counter() - start


def ours(
    problem: LocationProblem, costs: pd.DataFrame, weights: pd.Series, repeats: int = 3
) -> tuple[Solution, float]:
    """Best of a few runs, from frames to proven answer."""
    runs = [timed(lambda: solve(problem, costs, weights)) for _ in range(repeats)]
    return min(runs, key=lambda run: run[1])


def spopt_objective(problem: LocationProblem, costs: pd.DataFrame, weights: pd.Series) -> float:
    """The same question to spopt, solved by HiGHS through PuLP."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        from spopt.locate import LSCP, MCLP, PCenter, PMedian

        matrix, need = costs.to_numpy(), weights.to_numpy()
        models = {
            "mclp": lambda: MCLP.from_cost_matrix(
                matrix, need, problem.radius_minutes, p_facilities=problem.p
            ),
            "pmedian": lambda: PMedian.from_cost_matrix(matrix, need, p_facilities=problem.p),
            "pcenter": lambda: PCenter.from_cost_matrix(matrix, p_facilities=problem.p),
            "lscp": lambda: LSCP.from_cost_matrix(matrix, problem.radius_minutes),
        }
        model = models[problem.model]()
        model = model.solve(pulp.HiGHS(msg=False, gapRel=0.0))
        return float(model.problem.objective.value())


def place_rows(slug: str, *, quick: bool) -> Iterable[Row]:
    place = read_place(slug)
    weights = place.areas["children"].astype(float)
    drive = straight_line_matrix(place.points, place.sites, DRIVE)
    walk = straight_line_matrix(place.points, place.sites, WALK)
    for p in (3, 4, 6, 8):
        yield compared(f"{slug} mclp, {p} within 30 walking", LocationProblem("mclp", p, 30.0), walk, weights)
        yield compared(
            f"{slug} mclp, {p} within 12 driving", LocationProblem("mclp", p, 12.0), drive, weights
        )
        yield compared(
            f"{slug} p-median, {p}",
            LocationProblem("pmedian", p),
            drive,
            weights,
            peer=not quick or p < 4,
        )
        yield compared(f"{slug} p-center, {p}", LocationProblem("pcenter", p), drive, weights, peer=not quick)
    yield compared(
        f"{slug} lscp within 12 driving", LocationProblem("lscp", radius_minutes=12.0), drive, weights
    )
    table, seconds = timed(
        lambda: frontier_by_sites(LocationProblem("mclp", 1, 30.0), walk, weights, range(1, 13))
    )
    yield row(
        f"{slug} frontier of 1 to 12 sites", float(table["objective"].iloc[-1]), table["gap"].max(), seconds
    )


def compared(
    name: str, problem: LocationProblem, costs: pd.DataFrame, weights: pd.Series, *, peer: bool = True
) -> Row:
    """One question to both; objectives must agree."""
    result, seconds = ours(problem, costs, weights)
    if not peer or importlib.util.find_spec("spopt") is None:
        return row(name, result.objective, result.gap, seconds)
    theirs, their_seconds = timed(lambda: spopt_objective(problem, costs, weights))
    agree = bool(np.isclose(theirs, result.objective, rtol=1e-6))
    return row(name, result.objective, result.gap, seconds, their_seconds, agree)


def row(
    name: str, objective: float, gap: float, seconds: float, peer: float = np.nan, agree: bool | None = None
) -> Row:
    return {
        "ratio": peer / seconds,
        "question": name,
        "ours_s": seconds,
        "peer_s": peer,
        "objective": objective,
        "gap": gap,
        "equal": {None: "", True: "yes", False: "NO"}[agree],
    }


def enumeration_rows(areas: int = 278, sites: int = 28, p: int = 6) -> Iterable[Row]:
    """A problem of the size that lokigi publishes its times for, against brute force."""
    rng = np.random.default_rng(1)
    points = rng.uniform(0, 60, (areas + sites, 2))
    minutes = np.hypot(*(points[:areas, None] - points[None, areas:]).transpose(2, 0, 1))
    costs = pd.DataFrame(minutes, [f"a{i:03}" for i in range(areas)], [f"s{j:02}" for j in range(sites)])
    weights = pd.Series(rng.integers(50, 500, areas).astype(float), index=costs.index)
    result, seconds = ours(LocationProblem("pmedian", p), costs, weights)
    best, brute = timed(lambda: brute_force(minutes * weights.to_numpy()[:, None], p))
    yield row(
        f"{areas} x {sites}, {p}: vectorised brute force",
        result.objective,
        result.gap,
        seconds,
        brute,
        bool(np.isclose(best, result.objective)),
    )
    if importlib.util.find_spec("lokigi") is None:
        print("lokigi is not installed: its own brute force is not in this table.")
        return
    small = 3
    result, seconds = ours(LocationProblem("pmedian", small), costs, weights)
    theirs, their_seconds = timed(lambda: lokigi_objective(costs, weights, small))
    equal = bool(np.isclose(theirs, result.objective / weights.sum(), rtol=1e-3))
    yield row(
        f"{areas} x {sites}, {small}: lokigi", result.objective, result.gap, seconds, their_seconds, equal
    )


def brute_force(loss: np.ndarray, p: int) -> float:
    sets = np.array(list(combinations(range(loss.shape[1]), p)))
    best = np.inf
    for part in np.array_split(sets, max(1, len(sets) // 2000)):
        best = min(best, float(loss[:, part].min(axis=2).sum(axis=0).min()))
    return best


def lokigi_objective(costs: pd.DataFrame, weights: pd.Series, p: int) -> float:
    """Average travel of lokigi's best set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lokigi.site import SiteProblem

        problem = SiteProblem()
        demand = weights.rename("demand").rename_axis("area").reset_index()
        problem.add_demand(demand, demand_col="demand", location_id_col="area")
        problem.add_travel_matrix(costs.rename_axis("area").reset_index(), source_col="area", skip_cols=None)
        solved = problem.solve(p=p, objectives="p_median", search_strategy="brute-force", show_progress=False)
        return float(solved.solution_df["weighted_average"].min())


def network_matrix_of(path: Path) -> tuple[pd.DataFrame, int]:
    """Cost matrix of an OR-Library p-median file: all-pairs shortest paths, the last listing of an edge counts."""
    numbers = np.array(path.read_text().split(), dtype=float)
    nodes, edges, p = (int(number) for number in numbers[:3])
    weights = np.zeros((nodes, nodes))
    for one, other, length in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        weights[int(one) - 1, int(other) - 1] = weights[int(other) - 1, int(one) - 1] = length
    names = [f"n{k:04}" for k in range(1, nodes + 1)]
    return pd.DataFrame(shortest_path(weights, directed=False), names, names), p


def generated_network(nodes: int, p: int, seed: int) -> str:
    """A network of the kind in the OR-Library: nodes squared over fifty edges, lengths of 1 to 100."""
    rng = np.random.default_rng(seed)
    edges = [(k, k + 1, int(rng.integers(1, 101))) for k in range(1, nodes)]
    while len(edges) < nodes * nodes // 50:
        one, other = rng.integers(1, nodes + 1, 2)
        if one != other:
            edges.append((int(one), int(other), int(rng.integers(1, 101))))
    lines = [f"{nodes} {len(edges)} {p}", *(" ".join(map(str, edge)) for edge in edges)]
    return "\n".join(lines)


def network_rows(paths: Iterable[Path]) -> Iterable[Row]:
    for path in paths:
        costs, p = network_matrix_of(path)
        weights = pd.Series(1.0, index=costs.index)
        result, seconds = ours(LocationProblem("pmedian", p), costs, weights, repeats=1)
        yield row(f"{path.stem}: {len(costs)} nodes, p = {p}", result.objective, result.gap, seconds)


def generated_rows(folder: Path) -> Iterable[Row]:
    """Networks of the sizes of pmed1 to pmed15, generated."""
    sizes = [(n, p) for n in (100, 200, 300) for p in (5, 10, n // 10, n // 5, n // 3)]
    paths = []
    for number, (nodes, p) in enumerate(sizes, start=1):
        path = folder / f"generated{number:02}.txt"
        path.write_text(generated_network(nodes, p, number))
        paths.append(path)
    yield from network_rows(paths)


def town_rows(points: int = 818, across_m: float = 4600.0) -> Iterable[Row]:
    """A made-up town of the size of the published data for the MCLP: near full cover it is hardest."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(0, across_m, (25, 2))
    where = np.vstack([centre + rng.normal(0, 420, (33, 2)) for centre in centres])[:points]
    where = np.clip(where, 0, across_m)
    names = [f"n{k:03}" for k in range(points)]
    metres = pd.DataFrame(np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1)), names, names)
    need = pd.Series(rng.integers(1, 200, points).astype(float), names)
    for p in (8, 14):
        yield compared(f"made-up town, {p} within 800 m", LocationProblem("mclp", p, 800.0), metres, need)


def points_of(path: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Distances and demand of a published MCLP file: a head of four fields, then x, y and demand of each point."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()][1:]
    points = np.array([line[:3] for line in lines], dtype=float)
    names = [f"n{k:04}" for k in range(1, len(points) + 1)]
    where = points[:, :2]
    distances = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    return pd.DataFrame(distances, names, names), pd.Series(points[:, 2], names)


def covering_rows(
    name: str, costs: pd.DataFrame, need: pd.Series, minutes: float, numbers: Iterable[int]
) -> Iterable[Row]:
    for p in numbers:
        problem = LocationProblem("mclp", p, minutes)
        yield compared(f"{name} mclp, {p} within {minutes:g}", problem, costs, need)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("networks", nargs="*", type=Path, help="OR-Library p-median files")
    parser.add_argument(
        "--generated", type=Path, help="folder to write generated networks into and solve them"
    )
    parser.add_argument("--matrix", type=Path)
    parser.add_argument("--points", type=Path, help="published MCLP file: x, y and demand of each point")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--minutes", type=float, default=800.0)
    parser.add_argument("--choose", type=int, nargs="+", default=[8, 14])
    parser.add_argument("--place", default="wirral")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    rows: list[Row] = []
    if given.networks:
        rows += network_rows(given.networks)
    if given.generated:
        rows += generated_rows(given.generated)
    if given.matrix:
        costs = read_matrix(given.matrix)
        need = read_weights(given.weights) if given.weights else pd.Series(1.0, index=costs.index)
        rows += covering_rows(given.matrix.stem, costs, need, given.minutes, given.choose)
    if given.points:
        rows += covering_rows(given.points.stem, *points_of(given.points), given.minutes, given.choose)
    if not rows:
        rows += [*place_rows(given.place, quick=given.quick), *enumeration_rows(), *town_rows()]
    table = pd.DataFrame(rows)
    with pd.option_context(
        "display.width", 200, "display.max_colwidth", 60, "display.float_format", "{:,.3f}".format
    ):
        print(table.to_string(index=False))


if __name__ == "__main__":
    main()

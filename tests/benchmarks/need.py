"""Speed of need: what a moved slider costs, and all of England.

Run with `python -m tests.benchmarks.need [--official FOLDER]`, where the folder holds the published File 3
and File 6 of the English Indices of Deprivation 2019; without them England is made up at the same size.
"""

import argparse
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd

from analysis.need.estimate import estimate_need
from analysis.need.simulation import simulate
from analysis.places.manifest import AGE_BANDS
from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.render.classes import classed_scale
from analysis.scenario.need_settings import default_settings, with_tiers
from analysis.targeting.hot_spots import hot_spots
from analysis.targeting.smallest_set import SmallestSetProblem, smallest_set

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "official"
RANKS = "File_3_-_IoD2019_Supplementary_Indices_-_IDACI_and_IDAOPI.csv.gz"
PEOPLE = "File_6_-_IoD2019_Population_Denominators.csv.gz"
ENGLAND = 32_844
REPEATS = 5


def best_of(work, repeats=REPEATS):
    """Shortest of several runs in seconds, after one that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def moved_slider(place, level):
    """Estimate with another prevalence each time, its table and what the page shows of it."""
    steps = iter(np.linspace(0.10, 0.20, 50))

    def work():
        settings = with_tiers(default_settings(place), {"early_help": float(next(steps))}, {"early_help": 5})
        estimate = estimate_need(place, settings)
        estimate.table(level)
        return estimate.total_families

    return work


def england(folder):
    """A place of 32,844 small areas, with authorities as its wards."""
    model = read_place("thurrock")
    if (folder / RANKS).exists() and (folder / PEOPLE).exists():
        ranks, people = (pd.read_csv(folder / file, encoding="utf-8-sig") for file in (RANKS, PEOPLE))
        table = ranks.merge(people, on="LSOA code (2011)", suffixes=("", "_people"))
        children = next(name for name in people.columns if name.startswith("Dependent Children"))
        rank = next(name for name in ranks.columns if "(IMD) Rank" in name)
        areas = pd.DataFrame(
            {
                "area_code": table["LSOA code (2011)"],
                "area_name": table["LSOA name (2011)"],
                "ward_code": table["Local Authority District code (2019)"],
                "ward_name": table["Local Authority District name (2019)"],
                "children": table[children].astype("int64"),
                "rank": table[rank],
            }
        )
    else:
        random = np.random.default_rng(1)
        codes = [f"L{number:05d}" for number in range(ENGLAND)]
        wards = [f"D{number // 104:03d}" for number in range(ENGLAND)]
        areas = pd.DataFrame({"area_code": codes, "area_name": codes, "ward_code": wards, "ward_name": wards})
        areas = areas.assign(children=random.poisson(330, ENGLAND), rank=random.permutation(ENGLAND) + 1)
    areas = areas.set_index("area_code").sort_index()
    position = pd.DataFrame({"imd_position": 1 - (areas.pop("rank") - 0.5) / ENGLAND})
    areas = areas.assign(
        **dict.fromkeys(AGE_BANDS, 0),
        locality_code="E",
        locality_name="England",
        place_code="E",
        place_name="E",
    )
    shapes = gpd.GeoDataFrame({"geometry": []}, crs="EPSG:27700")
    return Place(model.folder, model.manifest, areas, shapes, {"2019": position}, model.sites)


def run_england(folder):
    """All of England once, in this process; prints seconds and peak memory in MiB."""
    place = england(folder)
    before = time.perf_counter()
    estimate = estimate_need(place)
    table, authorities = (estimate.tier_table(level, "early_help") for level in ("lsoa", "ward"))
    seconds = time.perf_counter() - before
    total = int(np.floor(0.15 * place.children + 0.5))
    if int(table["need"].sum()) != total or len(table) != ENGLAND:
        raise SystemExit("England does not add up")
    if int(authorities["need"].sum()) != total:
        raise SystemExit("its authorities do not add up")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.3f} {peak:.0f}")


def measure_england(folder):
    """Seconds and peak memory of England in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.need", "--england", "--official", str(folder)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(output[-2]), float(output[-1])


def main():
    """Print the table: limit, measured, share of the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--official", type=Path, default=OFFICIAL)
    parser.add_argument("--england", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.england:
        run_england(options.official)
        return 0
    wirral, thurrock = read_place("wirral"), read_place("thurrock")
    children = wirral.areas["children"].to_numpy(dtype=float)
    position = wirral.deprivation("2019")["imd_position"].to_numpy()
    settings = default_settings(wirral)
    steady = estimate_need(wirral)
    seconds, mebibytes = measure_england(options.official)
    source = "published files" if (options.official / RANKS).exists() else "made up"
    rates = steady.tier_table("lsoa", "early_help")["rate_per_1000"].astype(float)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Numba not installed")
        theirs = best_of(lambda: mapclassify.FisherJenks(rates.to_numpy(), k=5))
    ours = best_of(lambda: classed_scale(rates))
    rows = [
        ("slider to tables, wards of Thurrock", best_of(moved_slider(thurrock, "ward")), 0.100, "s"),
        ("slider to tables, wards of Wirral", best_of(moved_slider(wirral, "ward")), 0.100, "s"),
        ("slider to tables, LSOAs of Wirral", best_of(moved_slider(wirral, "lsoa")), 0.250, "s"),
        ("1,000 draws, 206 areas", best_of(lambda: simulate(children, position, settings)), 0.150, "s"),
        (
            "smallest set, LSOAs of Wirral",
            best_of(lambda: smallest_set(steady, SmallestSetProblem("lsoa"))),
            0.100,
            "s",
        ),
        (
            "hot spots, LSOAs of Wirral",
            best_of(lambda: hot_spots(wirral, steady.rates["early_help"])),
            0.500,
            "s",
        ),
        ("natural breaks, LSOAs of Wirral", ours, 0.010, "s"),
        (f"England, 1,000 draws ({source})", seconds, 20.0, "s"),
        ("England, peak memory", mebibytes, 2048.0, "MiB"),
    ]
    print(f"natural breaks, LSOAs of Wirral: {theirs / ours:,.0f} times as fast as mapclassify without Numba")
    print(f"{'what':<44}{'of limit':>9}{'measured':>12}{'limit':>10}")
    for what, measured, limit, unit in rows:
        shown = f"{measured:,.3f}" if unit == "s" else f"{measured:,.0f}"
        print(f"{what:<44}{measured / limit:>9.0%}{shown:>12}{limit:>10,g} {unit}")
    return 0 if all(measured <= limit for _, measured, limit, _ in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

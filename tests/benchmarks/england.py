"""Ten authorities of England opened one after the other, as a server would keep them.

    python -m tests.benchmarks.england

For each: processor seconds to open it (read, and its tiers tried on both editions) and to make its map shapes, and the
memory of the process so far. Peer: the same rows and polygons read from the same files and nothing done with them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import psutil

from analysis.need.opening import open_place
from analysis.places.england.grounds import Ground, find_ground
from analysis.places.england.opening import READ_TABLES
from analysis.places.england.tables import read_rows
from analysis.render.outlines import outlines

TEN = (
    "kent",
    "lancashire",
    "birmingham",
    "essex",
    "hertfordshire",
    "leeds",
    "cornwall",
    "tower-hamlets",
    "rutland",
    "isles-of-scilly",
)
MOST_SECONDS, MOST_MB = 2.0, 700.0


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, so that a busy machine is no fault, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def read_only(ground: Ground) -> None:
    """The peer: the same rows, with nothing made of them."""
    for table in READ_TABLES:
        read_rows(table, ground.districts)


def main() -> int:
    """Measure and print; the exit code is 1 where a limit is missed."""
    process, kept, slowest = psutil.Process(), [], 0.0
    print(f"{'authority':18}{'open s':>8}{'shapes s':>10}{'read only s':>13}{'memory MB':>11}")
    for slug in TEN:
        ground = find_ground(slug)
        assert ground is not None
        plain, _ = seconds_of(lambda ground=ground: read_only(ground))
        opening, place = seconds_of(lambda slug=slug: open_place(slug))
        drawing, shapes = seconds_of(lambda place=place: outlines(place))
        kept.append((place, shapes))
        slowest = max(slowest, opening)
        memory = process.memory_info().rss / 1e6
        print(f"{slug:18}{opening:8.2f}{drawing:10.2f}{plain:13.2f}{memory:11.0f}")
    print(f"slowest {slowest:.2f} s (limit {MOST_SECONDS}), ten open {memory:.0f} MB (limit {MOST_MB:.0f})")
    return int(slowest > MOST_SECONDS or memory > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())

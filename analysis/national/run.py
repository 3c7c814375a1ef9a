"""Work through every authority: by processes or on a cluster, with what is done kept, so that a kill costs time only."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.jobs import UNWATCHED, Job
from analysis.national.answers import Question, Task, answer, sites_that_matter
from analysis.national.authorities import Authority
from analysis.places.manifest import Tier

MOST_ATTEMPTS = 4


def tasks_of(
    authorities: Sequence[Authority],
    sites: pd.DataFrame,
    question: Question,
    tiers: Mapping[str, tuple[Tier, ...]] | None = None,
) -> dict[str, Task]:
    """One task an authority, by code.

    Parameters
    ----------
    authorities : sequence of Authority
    sites : DataFrame
        Sites of the country, of which each task holds those that matter to it; may be empty.
    question : Question
    tiers : mapping, optional
        By authority, where each has tiers of its own (see `one_curve`); the question must have settings.
    """
    travel = question.travel
    tasks = {}
    for authority in authorities:
        near = sites
        if travel is not None:
            near = sites_that_matter(authority.areas, sites, travel.distance_m(question.minutes))
        asked = question
        if tiers is not None and question.settings is not None:
            asked = replace(question, settings=replace(question.settings, tiers=tiers[authority.code]))
        tasks[authority.code] = Task(authority, near, asked)
    return tasks


def run_tasks(
    tasks: Mapping[str, Task],
    parts: Path,
    *,
    processes: int = 1,
    scheduler: str = "",
    job: Job[Any] = UNWATCHED,
) -> list[Path]:
    """Answer every task that has no answer yet, and give the files of all answers in order of code.

    Parameters
    ----------
    tasks : mapping
        By authority code.
    parts : Path
        Folder of the answers: one Parquet file an authority, named by its code and by a mark of the
        task, so that an answer to another question, or on other figures, is never taken for this one.
    processes : int
        1 works in this process.
    scheduler : str
        Address of a Dask scheduler, such as tcp://10.0.0.5:8786; "" works on this machine.
    job : Job
        Told after each authority, such as "2 of 153: Leeds"; what is done when it is stopped is kept.

    Raises
    ------
    HubreachError
        If an authority cannot be answered, or workers die again and again.
    """
    parts.mkdir(parents=True, exist_ok=True)
    files = {code: parts / f"{code}-{_mark(task)}.parquet" for code, task in tasks.items()}
    left = {code: task for code, task in tasks.items() if not files[code].exists()}
    done = len(tasks) - len(left)
    for attempt in range(MOST_ATTEMPTS):
        try:
            for code, frame in _answers(left, processes, scheduler):
                _write_part(frame, files[code])
                done += 1
                job.tell(done / len(tasks), f"{done} of {len(tasks)}: {tasks[code].authority.name}")
        except (BrokenProcessPool, ConnectionError) as error:
            left = {code: task for code, task in left.items() if not files[code].exists()}
            if attempt == MOST_ATTEMPTS - 1:
                found = f"workers stopped {MOST_ATTEMPTS} times with {len(left):,} authorities left"
                fault = Fault(
                    "workers", None, None, found, "Use fewer processes, or more memory; then start again"
                )
                raise HubreachError("The country was not finished; what is done is kept.", [fault]) from error
        else:
            break
    return [files[code] for code in sorted(files)]


def _answers(left: Mapping[str, Task], processes: int, scheduler: str) -> Iterator[tuple[str, pd.DataFrame]]:
    if scheduler:
        yield from _on_cluster(left, scheduler)
    elif processes > 1:
        yield from _in_processes(left, processes)
    else:
        for code, task in left.items():
            yield code, answer(task)


def _in_processes(left: Mapping[str, Task], processes: int) -> Iterator[tuple[str, pd.DataFrame]]:
    context = multiprocessing.get_context("spawn")
    waiting = list(left)
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        running: dict[Any, str] = {}
        while waiting or running:
            # Few tasks are sent ahead, so that memory holds a handful of authorities and not all of them.
            while waiting and len(running) < 2 * processes:
                code = waiting.pop(0)
                running[pool.submit(answer, left[code])] = code
            finished = next(as_completed(running))
            yield running.pop(finished), finished.result()


def _on_cluster(left: Mapping[str, Task], scheduler: str) -> Iterator[tuple[str, pd.DataFrame]]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        remedy = "Install the extra: pip install hubreach[cluster]"
        fault = Fault("--scheduler", None, None, "Dask is not installed here", remedy)
        raise HubreachError("The cluster cannot be used.", [fault]) from error
    try:
        client = distributed.Client(scheduler, timeout="15s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        found = f"{scheduler!r:.80} does not answer"
        fault = Fault("--scheduler", None, None, found, "Give its address, such as tcp://10.0.0.5:8786")
        raise HubreachError("The cluster cannot be used.", [fault]) from error
    with client, client.as_current():
        futures = {
            client.submit(answer, task, key=f"{code}-{_mark(task)}", retries=2): code
            for code, task in left.items()
        }
        for future in distributed.as_completed(list(futures)):
            yield futures[future], future.result()
            future.release()


def _mark(task: Task) -> str:
    """Mark of everything that the answer depends on."""
    authority = task.authority
    mark = hashlib.sha256(
        pickle.dumps((authority.manifest.model_dump_json(), repr(task.question)), protocol=4)
    )
    for frame in (authority.areas, authority.figures, task.sites):
        mark.update(",".join(map(str, frame.columns)).encode())
        mark.update(pd.util.hash_pandas_object(frame.astype(str)).to_numpy().tobytes())
    return mark.hexdigest()[:16]


def _write_part(frame: pd.DataFrame, path: Path) -> None:
    """Write an answer whole or not at all."""
    half = path.with_suffix(f".{os.getpid()}.half")
    frame.to_parquet(half, index=False)
    half.replace(path)


def join_parts(files: Sequence[Path], out: Path, shapes: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """Put the answers together in one Parquet file (GeoParquet with shapes), in one step.

    Parameters
    ----------
    files : sequence of Path
        As `run_tasks` gives them.
    out : Path
    shapes : GeoDataFrame, optional
        Polygons of LSOAs, index LSOA code: the file is GeoParquet, with the shapes of its LSOAs (wards
        and authorities have none: they are their LSOAs put together).

    Returns
    -------
    DataFrame
        One row an authority.

    Raises
    ------
    HubreachError
        If the file cannot be written.
    """
    whole = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    try:
        half = out.with_name(f".{out.name}.{os.getpid()}.half")
        if shapes is None:
            whole.to_parquet(half, index=False, compression="zstd")
        else:
            drawn = shapes.geometry.reindex(whole["area_code"].where(whole["level"] == "lsoa"))
            drawn_rows = gpd.GeoDataFrame(whole, geometry=drawn.to_numpy(), crs=shapes.crs)
            drawn_rows.to_parquet(half, index=False, compression="zstd")
        half.replace(out)
    except OSError as error:
        found = f"{str(out)!r}: {error.strerror or error}"
        fault = Fault("--out", None, None, found, "Choose a file in a folder that exists")
        raise HubreachError("The answer was not written.", [fault]) from error
    return whole[whole["level"] == "place"].drop(columns=["level", "area_code", "area_name"])


def forget_parts(parts: Path) -> None:
    """Remove the folder of answers once they are joined."""
    shutil.rmtree(parts, ignore_errors=True)

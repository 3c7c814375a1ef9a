"""Download official files: resumed where they broke off, checked, and kept."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.jobs import UNWATCHED, Job
from analysis.base.limits import MEGABYTE, MOST_BYTES
from analysis.base.records import kept_values
from analysis.base.writing import write_whole
from analysis.intake.download.sources import OfficialFile

MOST_ATTEMPTS = 5
PAGE_ROWS = 1_000
MOST_PAGES = 200
WAIT_SECONDS = 30.0
KEPT = "fetched.json"
BY_HAND = (
    "Download it with a browser from {address}, or ask a colleague for a copy, and give it to hubreach add"
)
Notice = Callable[[str], None]


def unsaid(words: str) -> None:
    """Pass over a notice."""
    del words


def fetch_file(
    wanted: OfficialFile,
    folder: Path,
    *,
    again: bool = False,
    pause_seconds: float = 1.0,
    job: Job[Any] = UNWATCHED,
    notice: Notice = unsaid,
) -> Path:
    """Download one official file, unless it is kept and whole.

    Parameters
    ----------
    wanted : OfficialFile
    folder : Path
        Where files are kept, with their checksums.
    again : bool
        Whether to download a file that is kept.
    pause_seconds : float
        Wait before a second attempt; doubled each time.
    job : Job
        Told what has come, such as "areas.csv: 1.2 of 3.4 MB"; what came before it is stopped is kept.
    notice : callable
        Told in words when a kept file was changed here, or the publisher's is another than the last time.

    Returns
    -------
    Path

    Raises
    ------
    HubreachError
        Without a connection, or if the server does not send the file; what came is kept for the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / wanted.file
    kept = _checksums(folder)
    if path.exists() and not again:
        found = _sha256(path)
        if kept.get(wanted.file, found) == found and wanted.sha256 in ("", found):
            return path
        notice(f"{wanted.file} is not as it was fetched, and is fetched again")
        path.unlink()
    with httpx.Client(timeout=WAIT_SECONDS, follow_redirects=True) as client:
        if wanted.kind == "service":
            _fetch_service(client, wanted, path, pause_seconds, job)
        else:
            half = path.with_name(f"{path.name}.part")
            _attempts(lambda: _fetch_once(client, wanted, half, job), wanted, pause_seconds)
            _check_content(half, wanted)
            half.replace(path)
    mark = _sha256(path)
    if kept.get(wanted.file, mark) != mark:
        notice(f"{wanted.file} has changed at its publisher since it was last fetched (SHA-256 {mark[:12]}…)")
    _remember(folder, wanted.file, mark)
    return path


def service_rows(wanted: OfficialFile, where: str, *, pause_seconds: float = 1.0) -> list[dict[str, Any]]:
    """The first rows of a feature service's table that meet a condition.

    Raises
    ------
    HubreachError
        Without a connection, or if the service does not answer with a table.
    """
    asked = wanted.model_copy(update={"where": where})
    with httpx.Client(timeout=WAIT_SECONDS, follow_redirects=True) as client:
        text = _attempts(partial(_page, client, asked, 0, shapes=False), asked, pause_seconds)
    rows = [feature.get("attributes") for feature in _features(json.loads(text))]
    return [row for row in rows if isinstance(row, dict)]


def _attempts(work: Callable[[], Any], wanted: OfficialFile, pause_seconds: float) -> Any:
    """Try again after a dropped connection or a server that is busy; say plainly when there is none."""
    for attempt in range(MOST_ATTEMPTS):
        try:
            return work()
        except (httpx.TransportError, _TryAgain) as error:
            last: Exception = error
            if attempt < MOST_ATTEMPTS - 1:
                time.sleep(pause_seconds * 2**attempt)
    if isinstance(last, httpx.ConnectError | httpx.ConnectTimeout):
        raise _failed(wanted, "there is no connection to its publisher from here") from last
    raise _failed(wanted, f"the download broke off {MOST_ATTEMPTS} times ({str(last)[:100]})") from last


class _TryAgain(Exception):  # noqa: N818 - a signal to try again, not an error that anyone sees
    """The server sent less than it said, or was busy."""


def _fetch_once(client: httpx.Client, wanted: OfficialFile, half: Path, job: Job[Any]) -> None:
    """Download what is still missing of a file into its `.part`."""
    have = half.stat().st_size if half.exists() else 0
    headers = (
        {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
        if have
        else {"Accept-Encoding": "identity"}
    )
    with client.stream("GET", wanted.address, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            half.unlink()
            raise _TryAgain("the part that was kept did not fit")
        _check_status(answer, wanted)
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        start = have if resumed else 0
        length = answer.headers.get("Content-Length", "")
        expected = start + int(length) if length.isdigit() else 0
        if expected > MOST_BYTES:
            raise _failed(wanted, f"it is {expected / MEGABYTE:,.0f} MB, more than is read")
        received = start
        with half.open("ab" if resumed else "wb") as file:
            for block in answer.iter_bytes():
                received += len(block)
                if received > MOST_BYTES:
                    raise _failed(wanted, "it is longer than any official file")
                file.write(block)
                of = f" of {expected / MEGABYTE:,.1f}" if expected else ""
                share = received / expected if expected else None
                job.tell(share, f"{wanted.file}: {received / MEGABYTE:,.1f}{of} MB")
        if expected and received != expected:
            raise _TryAgain(f"{received:,} bytes of {expected:,}")


def _check_status(answer: httpx.Response, wanted: OfficialFile) -> None:
    if (
        answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
        or answer.status_code == httpx.codes.TOO_MANY_REQUESTS
    ):
        raise _TryAgain(f"the server answered {answer.status_code}")
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        raise _failed(wanted, f"the server answered {answer.status_code} {answer.reason_phrase}")


def _check_content(half: Path, wanted: OfficialFile) -> None:
    """Refuse a page of HTML in place of a file, an empty file, and one of another checksum."""
    with half.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    problem = ""
    if not start:
        problem = "the server sent nothing"
    elif start.startswith((b"<!doctype html", b"<html")):
        problem = "the server sent a web page and not the file"
    elif wanted.sha256 and _sha256(half) != wanted.sha256:
        problem = "its checksum is not the one in the list of addresses"
    if problem:
        half.unlink()
        raise _failed(wanted, problem)


def _fetch_service(
    client: httpx.Client, wanted: OfficialFile, path: Path, pause_seconds: float, job: Job[Any]
) -> None:
    """Read a table of a feature service page by page; pages that came are kept until all are there."""
    shapes = path.suffix == ".geojson"
    records: list[dict[str, Any]] = []
    pages = []
    for number in range(MOST_PAGES):
        page = path.with_name(f".{path.name}.page-{number}")
        pages.append(page)
        if not page.exists():
            text = _attempts(partial(_page, client, wanted, number, shapes), wanted, pause_seconds)
            write_whole(page, text, f"{wanted.file} was not fetched.")
        held = list(_features(json.loads(page.read_text("utf-8"))))
        records += held
        job.tell(None, f"{wanted.file}: {len(records):,} rows")
        if len(held) < PAGE_ROWS:
            break
    if not records:
        _forget(pages)
        raise _failed(wanted, f"the service holds no rows for {wanted.where!r:.80}")
    if shapes:
        text = json.dumps({"type": "FeatureCollection", "features": records}, separators=(",", ":"))
    else:
        text = pd.DataFrame([record["attributes"] for record in records]).to_csv(
            index=False, lineterminator="\n"
        )
    write_whole(path, text, f"{wanted.file} was not fetched.")
    _forget(pages)


def _page(client: httpx.Client, wanted: OfficialFile, number: int, shapes: bool) -> str:
    query = {
        "where": wanted.where,
        "outFields": "*",
        "f": "geojson" if shapes else "json",
        "outSR": "4326",
        "resultOffset": str(number * PAGE_ROWS),
        "resultRecordCount": str(PAGE_ROWS),
    }
    answer = client.get(wanted.address, params=query)
    _check_status(answer, wanted)
    try:
        held = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        raise _failed(wanted, "the server sent a web page and not the table") from error
    if not isinstance(held, dict) or "error" in held or not isinstance(held.get("features"), list):
        message = held.get("error", {}) if isinstance(held, dict) else {}
        said = message.get("message", "no table") if isinstance(message, dict) else str(message)
        raise _failed(wanted, f"the service answered: {str(said)[:120]}")
    return answer.text


def _features(held: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for feature in held["features"]:
        if isinstance(feature, dict):
            yield feature


def _forget(pages: list[Path]) -> None:
    for page in pages:
        page.unlink(missing_ok=True)


def _failed(wanted: OfficialFile, found: str) -> HubreachError:
    fault = Fault(wanted.file, None, None, found, BY_HAND.format(address=wanted.address))
    return HubreachError(f"{wanted.title} was not fetched.", [fault])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checksums(folder: Path) -> dict[str, str]:
    return {name: str(mark) for name, mark in kept_values(folder / KEPT).items()}


def _remember(folder: Path, name: str, mark: str) -> None:
    text = json.dumps({**_checksums(folder), name: mark}, indent=1)
    write_whole(folder / KEPT, text, "The checksums were not kept.")

"""What a council has brought of its own, in place of figures of England: kept beside the place, with undo.

A checked table a kind stands in the user's folder of the place, under a name made of its content; `own.json` says which of
them are in force, who brought them and from where, step by step. So a table never changes once it is written, and what was
removed comes back by undo.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

import pandas as pd
from pydantic import Field

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.history import States, change_history, read_history
from analysis.base.records import OneLine, Record
from analysis.base.writing import write_whole
from analysis.places.manifest import AGE_BANDS
from analysis.places.sites.register import COLUMNS as SITE_TABLE
from analysis.places.tables import Column, read_table

OwnKind = Literal["boundaries", "children", "wards", "sites", "points"]
OWN_KINDS: tuple[OwnKind, ...] = get_args(OwnKind)
"""In the order in which they are applied."""
KIND_WORDS: dict[OwnKind, str] = {
    "boundaries": "shapes of small areas",
    "children": "children by small area",
    "wards": "wards",
    "sites": "sites",
    "points": "points where children live",
}
COLUMNS: dict[OwnKind, tuple[Column, ...]] = {
    "boundaries": (Column("area_code", "text", unique=True), Column("wkb", "text")),
    "children": (
        Column("area_code", "text", unique=True),
        *(Column(band, "count", least=0) for band in AGE_BANDS),
    ),
    "wards": (
        Column("area_code", "text", unique=True),
        Column("ward_code", "text"),
        Column("ward_name", "text"),
    ),
    "sites": SITE_TABLE,
    "points": (
        Column("area_code", "text"),
        Column("easting", least=0, most=700_000),
        Column("northing", least=0, most=1_300_000),
        Column("share", least=0, most=1),
    ),
}
UNREADABLE = "The council's own figures cannot be used."
NOT_KEPT = "The council's own figures were not changed."
ShortLine = Annotated[OneLine, Field(min_length=1, max_length=200)]


class OwnFile(Record):
    """What is known of one kind of a council's own figures.

    Parameters
    ----------
    kind : {"boundaries", "children", "wards", "sites", "points"}
    title, source, vintage : str
        What it is, who counted or drew it, and of when; they stand under every figure made from it.
    file : str
        Name of the file that was brought.
    added : datetime
        When (UTC).
    by : str
        Who brought it, as they said.
    estimated : bool
        Whether the product worked out a part of it: ages by shares, wards by points.
    notes : tuple of str
        What a reader has to know, in sentences.
    table : str
        File of the checked table in the folder `own`.
    """

    kind: OwnKind
    title: ShortLine
    source: ShortLine
    vintage: ShortLine
    file: ShortLine
    added: dt.datetime
    by: Annotated[OneLine, Field(max_length=100)] = ""
    estimated: bool = False
    notes: tuple[OneLine, ...] = ()
    table: Annotated[str, Field(pattern=r"^([a-z]+-[0-9a-f]{16}\.csv)?$")] = ""


class OwnHistory(States[tuple[OwnFile, ...]]):
    """What users have done to a place's own figures."""


@dataclass(frozen=True, eq=False)
class OwnTable:
    """One kind of a council's own figures.

    Parameters
    ----------
    about : OwnFile
    table : DataFrame
        Columns as `COLUMNS` has them for its kind.
    inside, loss : Series and DataFrame, optional
        Of wards that were polygons, and only while they are looked at: the share of each area's people in its ward, and
        what giving areas whole to wards loses (`analysis.intake.own.wards.OwnWards`).
    """

    about: OwnFile
    table: pd.DataFrame
    inside: pd.Series | None = None
    loss: pd.DataFrame | None = None


def own_folder(slug: str) -> Path:
    """Folder of a place's own figures; it need not exist."""
    return place_user_folder(slug) / "own"


def own_history_path(slug: str) -> Path:
    """File that says which own figures are in force."""
    return own_folder(slug) / "own.json"


def own_files(slug: str) -> tuple[OwnFile, ...]:
    """Own figures in force of a place, in the order in which they are applied.

    Raises
    ------
    HubreachError
        If the file that says so cannot be read.
    """
    return own_history(slug).latest(())


def own_history(slug: str) -> OwnHistory:
    """What users have done to a place's own figures.

    Raises
    ------
    HubreachError
        If the file that says so cannot be read.
    """
    return read_history(own_history_path(slug), OwnHistory)


def own_tables(slug: str, faults: FaultList) -> dict[OwnKind, OwnTable]:
    """Own figures in force of a place with their tables; what is wrong goes to `faults`."""
    files: tuple[OwnFile, ...] = ()
    with faults.collecting():
        files = own_files(slug)
    found = {}
    for about in files:
        before = len(faults)
        table = read_table(own_folder(slug) / about.table, COLUMNS[about.kind], faults)
        if table is not None and len(faults) == before:
            found[about.kind] = OwnTable(about, table)
    return found


def save_own(slug: str, own: OwnTable) -> OwnFile:
    """Put a kind of own figures in force, in place of those of the kind that were.

    Returns
    -------
    OwnFile
        As it is kept.

    Raises
    ------
    HubreachError
        If it cannot be written.
    """
    text = own.table.to_csv(index=False, lineterminator="\n")
    name = f"{own.about.kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.csv"
    write_whole(own_folder(slug) / name, text, NOT_KEPT)
    kept = own.about.model_copy(update={"table": name})
    _change(slug, lambda now: {**now, kept.kind: kept}, f"{kept.title}: {KIND_WORDS[kept.kind]}")
    return kept


def remove_own(slug: str, kind: OwnKind) -> OwnFile:
    """Take a kind of own figures out of force; those of England stand again, and undo brings it back.

    Raises
    ------
    HubreachError
        If there is none of the kind.
    """
    now = {about.kind: about for about in own_files(slug)}
    if kind not in now:
        known = ", ".join(now) or "none"
        fault = Fault("own", None, None, f"there are no {KIND_WORDS[kind]} of its own", f"There are: {known}")
        raise HubreachError(NOT_KEPT, [fault])
    words = f"{now[kind].title} taken away: {KIND_WORDS[kind]}"
    _change(slug, lambda files: {key: about for key, about in files.items() if key != kind}, words)
    return now[kind]


def undo_own(slug: str) -> OwnHistory:
    """Take the last change to a place's own figures back."""
    return _write(slug, lambda kept: kept.undo())


def redo_own(slug: str) -> OwnHistory:
    """Do again what was taken back last."""
    return _write(slug, lambda kept: kept.redo())


def _change(
    slug: str, change: Callable[[Mapping[OwnKind, OwnFile]], Mapping[OwnKind, OwnFile]], words: str
) -> OwnHistory:
    def changed(kept: OwnHistory) -> OwnHistory:
        before = kept.latest(())
        after = change({about.kind: about for about in before})
        return kept.changed(before, tuple(after[kind] for kind in OWN_KINDS if kind in after), words)

    return _write(slug, changed)


def _write(slug: str, change: Callable[[OwnHistory], OwnHistory]) -> OwnHistory:
    path = own_history_path(slug)
    return change_history(path, OwnHistory, change, seen=read_history(path, OwnHistory).revision)

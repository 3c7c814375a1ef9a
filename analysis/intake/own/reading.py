"""Any of a council's own files, read and checked for its place: what would stand in place of England's figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.records import checked_record
from analysis.base.text import plain
from analysis.intake.assemble.site_lists import UnknownKinds
from analysis.intake.files.mappings import Answers, check_meanings
from analysis.intake.own.boundaries import read_own_boundaries
from analysis.intake.own.children import read_own_children
from analysis.intake.own.points import read_own_points
from analysis.intake.own.sites import read_own_sites
from analysis.intake.own.wards import read_own_wards
from analysis.places.england.grounds import find_ground
from analysis.places.england.opening import england_place
from analysis.places.own.applied import left_out_wards
from analysis.places.own.kept import COLUMNS, OwnFile, OwnKind, OwnTable
from analysis.places.place import Place
from analysis.places.sites.register import SITE_COLUMNS

SAID = {
    "title": "what it is, such as GP register",
    "source": "who counted or drew it",
    "vintage": "of when it is, such as January 2026",
}

LAND = "Shores, water and neighbouring land stay those of England's figures."


@dataclass(frozen=True)
class OwnChoices:
    """What the user says of a file.

    Parameters
    ----------
    title, source, vintage : str
        What it is, who counted or drew it, and of when. None may be blank: a figure without a source is not kept.
    by : str
        Who brings it; may be blank.
    said : Answers
        What its columns mean, and which rows are meant where an area stands in several.
    unknown : {"possible", "open", "left out"}
        Of a list of sites: what becomes of kinds that the place does not know.
    """

    title: str
    source: str
    vintage: str
    by: str = ""
    said: Answers = field(default_factory=Answers)
    unknown: UnknownKinds = "possible"


@dataclass(frozen=True, eq=False)
class _Read:
    """A table of a kind, and what has to be known of it."""

    table: pd.DataFrame
    estimated: bool = False
    notes: tuple[str, ...] = ()
    inside: pd.Series | None = None
    loss: pd.DataFrame | None = None


def england_alone(place: Place) -> Place:
    """The place as England's figures have it, without anything of the council's own in their stead.

    Raises
    ------
    HubreachError
        If its figures are those of a folder of its own.
    """
    ground = find_ground(place.slug) if place.districts else None
    if ground is None:
        found = f"the figures of {place.name} are those of its own folder"
        remedy = "Change its files, or add the place again: hubreach add"
        raise HubreachError(
            "Own figures stand on top of those of England.", [Fault("place", None, None, found, remedy)]
        )
    return england_place(ground, own_figures=False)


def prepare_own(kind: OwnKind, path: Path, place: Place, choices: OwnChoices) -> OwnTable:
    """Read and check a file of one kind; nothing is kept.

    Parameters
    ----------
    kind : {"children", "wards", "sites", "boundaries", "points"}
    path : Path
        CSV or Excel; for wards and shapes also GeoJSON, GeoPackage or a zipped shapefile.
    place : Place
        As England's figures have it (`england_alone`).
    choices : OwnChoices

    Raises
    ------
    HubreachError
        With every fault of the file, or of what is said of it.
    """
    given = {name: getattr(choices, name).strip() for name in (*SAID, "by")}
    faults = FaultList("what is said of the file")
    for name, meaning in SAID.items():
        if not given[name]:
            faults.add("it is blank", f"Say {meaning}: it stands under every figure", column=name)
    with faults.collecting():
        check_meanings(choices.said.columns, kind)
    faults.raise_if_any("The file was not taken.")
    said = {"kind": kind, "file": plain(path.name), "added": dt.datetime.now(dt.UTC).replace(microsecond=0)}
    about = checked_record(
        said | given, OwnFile, file="what is said of the file", headline="The file was not taken.", typed=True
    )
    read = READERS[kind](path, place, about, choices)
    kept = about.model_copy(update={"estimated": read.estimated, "notes": read.notes})
    table = read.table[[column.name for column in COLUMNS[kind] if column.name in read.table]]
    return OwnTable(kept, table, read.inside, read.loss)


def _children(path: Path, place: Place, about: OwnFile, choices: OwnChoices) -> _Read:
    del about
    children = read_own_children(path, place, choices.said)
    return _Read(children.table, children.estimated, children.notes)


def _wards(path: Path, place: Place, about: OwnFile, choices: OwnChoices) -> _Read:
    del about
    wards = read_own_wards(path, place, choices.said)
    gone = left_out_wards(place, set(wards.table["ward_name"]))
    notes = wards.notes
    if gone:
        named = ", ".join(gone)
        notes += (
            f"No own ward is called {named}, as the council's list of areas has it: it is shown without.",
        )
    return _Read(wards.table, wards.loss is not None, notes, wards.inside, wards.loss)


def _boundaries(path: Path, place: Place, about: OwnFile, choices: OwnChoices) -> _Read:
    del about
    table, joined = read_own_boundaries(path, place, choices.said.columns)
    return _Read(table, notes=(joined, LAND) if joined else (LAND,))


def _sites(path: Path, place: Place, about: OwnFile, choices: OwnChoices) -> _Read:
    """Sites of any list that the product reads; the kinds that it has replace those of England's lists."""
    read = read_own_sites(path, place, choices.said, choices.unknown)
    own_name = read.sites["source"] == path.name
    sites = read.sites.assign(source=read.sites["source"].mask(own_name, about.title))
    kinds = ", ".join(sorted(set(sites["kind"])))
    stay = sorted(set(place.sites["kind"]) - set(sites["kind"]))
    notes = [
        f"It holds every {kinds}; sites of other kinds stay those of England's lists ({', '.join(stay) or 'none'})."
    ]
    table = sites.assign(is_open=sites["is_open"].map({True: "yes", False: "no"}))
    return _Read(table.reset_index()[["site_id", *SITE_COLUMNS]], notes=(*read.notes, *notes))


def _points(path: Path, place: Place, about: OwnFile, choices: OwnChoices) -> _Read:
    del about
    points = read_own_points(path, place, choices.said)
    return _Read(points.table, notes=points.notes)


READERS: dict[OwnKind, Callable[[Path, Place, OwnFile, OwnChoices], _Read]] = {
    "children": _children,
    "wards": _wards,
    "sites": _sites,
    "boundaries": _boundaries,
    "points": _points,
}

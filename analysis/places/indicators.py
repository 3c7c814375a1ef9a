"""Every figure of a place's areas that can be looked at, and what each says of itself."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from analysis.base.faults import Fault, HubreachError
from analysis.places.deprivation import DOMAINS
from analysis.places.england.tables import england_sources, read_rows
from analysis.places.manifest import Source
from analysis.places.own_indicators import HeldIndicator
from analysis.places.place import AreaLevel, Place

Measure = Literal["count", "mean", "rank", "decile", "share"]
Weight = Literal["residents", "households", "children", "children under 16", "neighbourhoods"]
Direction = Literal[1, -1, 0]
INDICES = "Indices of Deprivation"
MOST_DEPRIVED_TENTH = "% of LSOAs in the most deprived tenth of England"
DECIMALS = {"score": 2, "patients per GP": 0, "as published": 3}
WARDS_OF_2024 = "Published for the wards of 2024: a ward that is new since then has no figure."
HOUSEHOLD_FIGURES = ("overcrowd", "homeless", "households")


@dataclass(frozen=True)
class Indicator:
    """What a figure of areas says of itself.

    Parameters
    ----------
    key : str
        Its name in addresses and on the command line.
    title, group, unit : str
        In words; groups stand together in a list.
    measure : {"count", "mean", "rank", "decile", "share"}
        How areas are put together. A count is added up. A mean is a share, rate or score: it is weighted. Ranks and
        deciles are not averaged: of larger areas the share in the most deprived tenth of England is told.
    table, column : str
        Where it is read: an edition of the indices, "areas", "indicators" or "own".
    vintage, publisher, source, licence : str
        Of what date, whose, from which publication.
    status : {"official", "estimated", "carried", "own"}
    weight : {"residents", "households", "children", "children under 16", "neighbourhoods"}
        Of what a share is one, and so what weighs it.
    direction : {1, -1, 0}
        1 where a higher figure means more need, -1 where a lower one does, 0 where it is context.
    finest : {"lsoa", "ward"}
        Smallest areas that it is published for.
    edition : str
        Vintage as the table of indicators has it, where that holds several.
    areas_in_england : int or None
        What ranks run to.
    factor : float
        What published values are multiplied by: 100 makes a share a per cent.
    decimals : int
    note : str
        What a reader should know.
    limits : tuple of float
        Upper limits of classes on a map, where they are given and not found from the values.
    """

    key: str
    title: str
    group: str
    unit: str
    measure: Measure
    table: str
    column: str
    vintage: str
    publisher: str
    source: str
    licence: str
    status: Literal["official", "estimated", "carried", "own"]
    weight: Weight = "residents"
    direction: Direction = 1
    finest: Literal["lsoa", "ward"] = "lsoa"
    edition: str = ""
    areas_in_england: int | None = None
    factor: float = 1.0
    decimals: int = 0
    note: str = ""
    limits: tuple[float, ...] = ()

    def at(self, level: AreaLevel) -> Indicator:
        """The indicator as it is told for areas of a level."""
        if self.measure in ("rank", "decile") and level != "lsoa":
            told = {"measure": "share", "unit": MOST_DEPRIVED_TENTH, "weight": "neighbourhoods"}
            return replace(self, **told, direction=1, decimals=1)  # type: ignore[arg-type]
        return self

    @property
    def method(self) -> str:
        """How small areas are put together, in words."""
        return {
            "count": "Counts are added up.",
            "mean": f"Larger areas: mean of the small areas, weighted by {self.weight}.",
            "rank": "A rank within England; larger areas are described by their share of LSOAs in the most deprived tenth.",
            "decile": "A tenth of England; larger areas are described by their share of LSOAs in the most deprived one.",
            "share": "Ranks and deciles are not averaged: share of an area's LSOAs.",
        }[self.measure]


def indicators(place: Place) -> dict[str, Indicator]:
    """Every indicator that a place holds, by key, in the order in which they are listed.

    Parameters
    ----------
    place : Place
        A place of its own files has what these hold; one of England all that is published by small area or ward.

    Returns
    -------
    dict of str to Indicator
    """
    found = [
        *_children(place),
        *(item for vintage in sorted(place.vintages, reverse=True) for item in _deprivation(place, vintage)),
        *(_published() if place.districts else ()),
        *(_own(held) for held in place.own_indicators),
    ]
    return {item.key: item for item in found}


def find_indicator(place: Place, key: str, more: Mapping[str, Indicator] | None = None) -> Indicator:
    """The indicator of a key, among those of a place and some more.

    Raises
    ------
    HubreachError
        If there is none of this key; the message names those that are spelled like it.
    """
    known = indicators(place) | dict(more or {})
    if key not in known:
        near = difflib.get_close_matches(key, known)
        meant = f"Did you mean {', '.join(near)}? " if near else ""
        remedy = f"{meant}hubreach data {place.slug} --list names them all"
        fault = Fault("indicator", None, None, f"{key!r:.80} is not known", remedy)
        raise HubreachError(f"{place.name} has no such indicator.", [fault])
    return known[key]


def _children(place: Place) -> list[Indicator]:
    title = place.manifest.children_title
    vintage = title.rsplit(", ", 1)[-1]
    source = _source(place.manifest.sources, "areas", ("children_0_4", "children", "children_0_4_mid2024"))
    columns: dict[str, str] = {"children": title.rsplit(", ", 1)[0]}
    for band in place.age_bands:
        columns[band] = f"Children aged {band.removeprefix('children_').replace('_', '-')}"
    return [
        Indicator(
            key=column,
            title=words,
            group="Children",
            unit="number",
            measure="count",
            direction=0,
            table="areas",
            column=column,
            vintage=vintage,
            publisher=source.publisher,
            source=source.title,
            licence=source.licence,
            status=source.status or "official",
            weight="children",
            note=source.note,
        )
        for column, words in columns.items()
        if column in place.areas
    ]


def _deprivation(place: Place, vintage: str) -> list[Indicator]:
    """Indicators of one edition of the indices: its scores, ranks and deciles, all people first."""
    about, held = place.vintage(vintage), place.deprivation(vintage)
    newest = vintage == max(place.vintages)
    suffix, group = "" if newest else f"_{vintage}", f"{INDICES} {vintage}"
    stem = about.file.rsplit(".", 1)[0]

    def item(column: str, title: str, unit: str, measure: Measure, **more: object) -> Indicator:
        source = _source(place.manifest.sources, stem, (column, column.replace("_decile", "_rank")))
        values: dict[str, object] = {
            "direction": -1 if measure in ("rank", "decile") else 1,
            "group": group,
            "status": source.status or "official",
            "note": source.note,
            "areas_in_england": about.areas_in_england if measure == "rank" else None,
            **more,
        }
        return Indicator(
            key=column + suffix,
            title=title,
            unit=unit,
            measure=measure,
            table=vintage,
            column=column,
            vintage=source.vintage or vintage,
            publisher=source.publisher,
            source=source.title or about.title,
            licence=source.licence,
            **values,  # type: ignore[arg-type]
        )

    ranked = f"rank among {about.areas_in_england:,} (1 is the most deprived)"
    tenth = "tenth of England (1 is the most deprived)"
    everybody, children = (
        "Index of Multiple Deprivation (IMD)",
        "Income deprivation affecting children (IDACI)",
    )
    found = [
        item("imd_score", everybody, "score", "mean", decimals=1),
        item("imd_rank", everybody, ranked, "rank"),
        item("imd_decile", everybody, tenth, "decile"),
        item("idaci_rank", children, ranked, "rank"),
        item("idaci_decile", children, tenth, "decile"),
        item(
            "idaci_children_rounded5",
            "Children in income deprivation",
            "number, rounded to 5",
            "count",
            group="Children",
            weight="children",
        ),
    ]
    for column, name in DOMAINS.items():
        rate = column.endswith("_rate")
        title = f"{name} deprivation" if rate else name
        people = "residents" if column == "income_rate" else "residents of working age"
        found.append(
            item(
                column,
                title,
                f"% of {people}" if rate else "score",
                "mean",
                factor=100.0 if rate else 1.0,
                decimals=1 if rate else 2,
            )
        )
        found.append(item(column.rsplit("_", 1)[0] + "_rank", title, ranked, "rank"))
    young = "Education of children and young people (sub-domain)"
    found.append(
        item(
            "children_and_young_people_score",
            young,
            "score",
            "mean",
            weight="children",
            decimals=2,
        )
    )
    found.append(item("children_and_young_people_rank", young, ranked, "rank"))
    derived = {each.column for each in found if each.measure == "decile"}
    return [
        each
        for each in found
        if each.column in held or (each.column in derived and each.column.replace("_decile", "_rank") in held)
    ]


@lru_cache(maxsize=1)
def _published() -> tuple[Indicator, ...]:
    """Indicators of the table of England, newest edition first where there are several."""
    licence = _source(england_sources(), "indicators", ("value",)).licence
    listed = read_rows("indicator_list")
    listed = listed[listed["level"] != "district"]
    newest = listed.groupby("indicator")["vintage"].max()
    found = []
    for row in listed.sort_values("vintage", ascending=False, kind="stable").to_dict("records"):
        column, edition = str(row["indicator"]), str(row["vintage"])
        key = column.removesuffix("_iod_2025_indicator").removesuffix("_as_used_in_iod_2025")
        if edition != newest[column]:
            key = f"{key}_{edition.lower().replace(' ', '_')}"
        name = str(row["name"]).replace(", IoD 2025 indicator", "").replace(", as used in IoD 2025", "")
        unit = str(row["unit"])
        by_ward, of_indices = row["level"] == "ward", "IoD" in str(row["source"])
        found.append(
            Indicator(
                key=key,
                title=name[:1].upper() + name[1:],
                group="Children"
                if by_ward
                else "Behind the indices of 2025"
                if of_indices
                else "Census 2021",
                unit=unit,
                measure="mean",
                table="indicators",
                column=column,
                vintage=edition,
                publisher=str(row["publisher"]),
                source=str(row["source"]),
                licence=licence,
                status="official",
                weight=_weight(key, unit),
                direction=_direction(str(row["direction"])),
                finest="ward" if by_ward else "lsoa",
                edition=edition,
                decimals=DECIMALS.get(unit, 1),
                note=WARDS_OF_2024 if by_ward else "",
            )
        )
    return tuple(found)


def _weight(key: str, unit: str) -> Weight:
    if "under 16" in unit:
        return "children under 16"
    if "household" in unit or any(word in key for word in HOUSEHOLD_FIGURES):
        return "households"
    return "residents"


def _direction(words: str) -> Direction:
    if words.startswith("higher"):
        return 1
    return -1 if words.startswith("lower") else 0


def _own(held: HeldIndicator) -> Indicator:
    about = held.about
    return Indicator(
        key=about.key,
        title=about.name,
        group="Your own",
        unit=about.unit,
        measure="mean",
        table="own",
        column=about.key,
        vintage=about.vintage,
        publisher=about.source,
        source=f"{about.source}, by {about.geography}",
        licence="",
        status="own",
        weight="children",
        direction=about.direction,
        decimals=2,
        note="; ".join(about.cautions),
    )


def _source(sources: Collection[Source], stem: str, columns: tuple[str, ...]) -> Source:
    """The source of the first of some columns that one is named for; an empty one where none is."""
    for column in columns:
        for source in sources:
            if column in source.columns and source.file.rsplit(".", 1)[0] == stem:
                return source
    return Source(file="", columns=(), title="", publisher="", vintage="", licence="")

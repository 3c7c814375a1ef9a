"""The editions of children that a place of England can be counted on: the newest, and Census 2021."""

from __future__ import annotations

from dataclasses import replace

from analysis.base.faults import Fault, HubreachError
from analysis.places.england.tables import BANDS_CENSUS2021, read_rows
from analysis.places.manifest import AGE_BANDS, Source
from analysis.places.place import Place

CENSUS_2021 = "census2021"
TITLES = {CENSUS_2021: "Census 2021"}
CAUTION = (
    "Of Census 2021, ages 0-4 and the five-year bands are official; 5-10, 11-15 and 16-17 are these bands split at 10/11, "
    "15/16 and 17/18 with the single years of mid-2020, so the total aged 0-17 is an estimate too (aged 0-15 it is official "
    "to within 3 children an area)."
)


def children_editions(place: Place) -> dict[str, str]:
    """Editions of children, by key: "" is what the place opens with, its own or the newest of England.

    Returns
    -------
    dict of str to str
        Words such as "mid-2024" and "Census 2021".
    """
    opened = place.opened_as or place
    words = {"": opened.manifest.children_title.split(", ")[-1]}
    return words | TITLES if place.districts else words


def with_children(place: Place, edition: str) -> Place:
    """The place with another edition of children; everything else of it stays.

    Parameters
    ----------
    place : Place
    edition : str
        A key of `children_editions`.

    Returns
    -------
    Place
        The same object each time.

    Raises
    ------
    HubreachError
        If the place has no such edition.
    """
    if edition == place.children_edition:
        return place
    opened = place.opened_as or place
    if not edition:
        return opened
    known = children_editions(place)
    if edition not in known:
        named = ", ".join(f"{key or 'leave it out'} ({words})" for key, words in known.items())
        fault = Fault("children", None, None, f"{edition!r:.40} is not known", f"Choose: {named}")
        raise HubreachError(f"{place.name} has no such edition of children.", [fault])
    if edition not in opened.editions:
        opened.editions[edition] = _of_census(opened)
    return opened.editions[edition]


def _of_census(place: Place) -> Place:
    columns = list(BANDS_CENSUS2021.values())
    rows = read_rows("areas", list(place.districts), ["area_code", *columns]).set_index("area_code")
    counts = rows.reindex(place.areas.index)
    bands = {band: counts[column].astype("int64") for band, column in BANDS_CENSUS2021.items()}
    manifest = place.manifest.model_copy(
        update={
            "children_title": f"Children aged 0-17, {TITLES[CENSUS_2021]}",
            "age_bands": AGE_BANDS,
            "sources": _sources(place),
        }
    )
    return replace(
        place,
        areas=place.areas.assign(**bands, children=sum(bands.values())),
        manifest=manifest,
        own_files=tuple(about for about in place.own_files if about.kind != "children"),
        children_edition=CENSUS_2021,
        opened_as=place,
    )


def _sources(place: Place) -> tuple[Source, ...]:
    """Sources with those of the census under the names of the bands."""
    census = {column: band for band, column in BANDS_CENSUS2021.items()}
    left_out = {"children", *AGE_BANDS}
    kept = []
    for source in place.manifest.sources:
        columns = source.columns
        if source.file.rsplit(".", 1)[0] == "areas":
            columns = tuple(census.get(column, column) for column in columns if column not in left_out)
        if columns:
            kept.append(source.model_copy(update={"columns": columns}))
    return tuple(kept)

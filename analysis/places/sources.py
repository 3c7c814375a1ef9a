"""Where the figures come from, in one line or one table."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from analysis.places.manifest import Source
from analysis.places.place import Place

POINTS_SOURCE = "demand_points:share"


def sources_table(place: Place) -> pd.DataFrame:
    """Every source that a place names: `file`, `columns`, `title`, `publisher`, `vintage`, `licence`, `note`.

    The place's notices stand in the notes of the source of its wards.
    """
    told = [f"{notice.title}: {notice.words} ({notice.source})" for notice in place.manifest.notices]
    rows = [
        {
            **source.model_dump(exclude={"columns"}),
            "columns": ", ".join(source.columns),
            "note": " ".join([source.note, *(told if "ward_name" in source.columns else [])]).strip(),
        }
        for source in place.manifest.sources
    ]
    columns = ["file", "columns", "title", "publisher", "vintage", "licence", "note"]
    return pd.DataFrame(rows, columns=columns)


def source_line(place: Place, columns: Collection[str]) -> str:
    """The sources behind some columns, as a line to stand under a table.

    Parameters
    ----------
    place : Place
    columns : collection of str
        Names such as "children_0_4", or "deprivation_2019.csv:imd_rank" where two files share a name.

    Returns
    -------
    str
        "Source: title (publisher, vintage); ..." with each source once; "" where none is named.
    """
    used = dict.fromkeys(
        f"{source.title} ({source.publisher}, {source.vintage})" for source in _serving(place, columns)
    )
    return f"Source: {'; '.join(used)}" if used else ""


def source_sentence(place: Place, columns: Collection[str]) -> str:
    """`source_line` with its licences, as sentences to stand under a chart or a map.

    A place that names no source for the columns says so: nothing is claimed for files of unknown origin.
    """
    line = source_line(place, columns)
    if not line:
        return f"Source: files of {place.name}; place.toml names no source for them."
    licences = dict.fromkeys(
        part.strip()
        for source in _serving(place, columns)
        for part in source.licence.split(";")
        if part.strip()
    )
    return f"{line}. {'; '.join(licences)}." if licences else f"{line}."


def sites_source(sites: pd.DataFrame) -> str:
    """Where sites come from, as each of them says: "Sites: register of 2026; council's list."; "" where none does.

    >>> sites_source(pd.DataFrame({"source": ["a list;register", "register", ""]}))
    'Sites: a list; register.'
    """
    named = dict.fromkeys(
        part.strip() for source in sites["source"] for part in str(source).split(";") if part.strip()
    )
    return f"Sites: {'; '.join(named)}." if named else ""


def ground_sources(place: Place, sites: pd.DataFrame) -> list[str]:
    """Where people are taken to live and where sites come from, as sentences; what is not known is left out."""
    points = source_sentence(place, [POINTS_SOURCE]) if source_line(place, [POINTS_SOURCE]) else ""
    return [each for each in (points, sites_source(sites)) if each]


def _serving(place: Place, columns: Collection[str]) -> list[Source]:
    # "sites.csv:name" is meant wherever the sites of a place are kept, so the ending of the file does not count.
    wanted = {re.sub(r"\.\w+:", ":", name) for name in columns}
    return [
        source
        for source in place.manifest.sources
        if any(
            name in wanted or f"{source.file.rsplit('.', 1)[0]}:{name}" in wanted for name in source.columns
        )
    ]

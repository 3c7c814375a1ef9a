"""The checks that ran on a place: what was expected, what was found, and where the expectation comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from shapely import contains_xy

from analysis.base.text import date_words
from analysis.places.deprivation import changes_weight
from analysis.places.manifest import AGE_BANDS
from analysis.places.own.kept import KIND_WORDS
from analysis.places.place import LEVELS, Place, sum_by, weighted_mean_by
from analysis.places.sources import source_line

Result = Literal["passed", "failed", "note"]
TOLERANCE = 0.001


class Check(NamedTuple):
    """One check of a place.

    Parameters
    ----------
    check : str
        What was checked.
    result : {"passed", "failed", "note"}
        A note is worth knowing and no fault.
    expected, found : str
        In words, with values and units.
    source : str
        Where the expectation comes from.
    """

    check: str
    result: Result
    expected: str
    found: str
    source: str


def checks_table(checks: Iterator[Check]) -> pd.DataFrame:
    """Checks as a table: index `check`; `result`, `expected`, `found`, `source`."""
    return pd.DataFrame(list(checks), columns=list(Check._fields)).set_index("check")


def figure_checks(place: Place) -> Iterator[Check]:
    """Checks of the figures themselves: rows, codes, joins, totals, official averages."""
    yield from _rows(place)
    yield _centroids(place)
    yield from _children(place)
    yield _localities(place)
    for vintage in place.vintages:
        yield from _edition(place, vintage)
    yield _sites(place)
    yield from _own(place)
    for fault in place.left_out:
        words = "every figure of your own can be read"
        yield Check(
            f"{fault.file} is used",
            "failed",
            words,
            f"left out: {fault}",
            "the folder of your own indicators",
        )
    if not place.districts:
        yield _sourced(place)


def _own(place: Place) -> Iterator[Check]:
    """What stands in place of the figures of England, and what its reader has to know."""
    for about in place.own_files:
        yield Check(
            f"Own figures in use: {KIND_WORDS[about.kind]}",
            "note",
            "those of England, where the council brings none",
            f"{about.title} ({about.vintage}), brought on {date_words(about.added.date())}"
            + "".join(f"; {note.rstrip('.')}" for note in about.notes),
            about.source,
        )


def passed(condition: bool) -> Result:
    """Result of a check that holds or does not."""
    return "passed" if condition else "failed"


def _rows(place: Place) -> Iterator[Check]:
    areas, file = place.areas, source_line(place, ["area_code"]) or "areas.csv"
    rows, codes = len(areas), areas.index.nunique()
    yield Check(
        "Codes of small areas are unique", passed(rows == codes), f"{rows:,} codes", f"{codes:,} codes", file
    )
    drawn = int(place.boundaries.geometry.notna().sum())
    yield Check(
        "Every small area has a polygon",
        passed(drawn == rows and place.boundaries.index.equals(areas.index)),
        f"{rows:,} polygons",
        f"{drawn:,} polygons",
        "boundaries",
    )


def _centroids(place: Place) -> Check:
    shapes = place.boundaries.geometry.to_numpy()
    inside = contains_xy(shapes, place.areas["easting"].to_numpy(), place.areas["northing"].to_numpy())
    outside = place.areas["area_name"][~inside]
    names = ", ".join(outside.head(3)) + (" ..." if len(outside) > 3 else "")
    return Check(
        "Centroids lie inside their own polygon",
        "note" if len(outside) else "passed",
        "all inside, but for generalised boundaries",
        f"{len(outside)} of {len(inside)} outside ({len(outside) / len(inside):.1%})"
        + (f": {names}" if names else ""),
        source_line(place, ["areas.csv:lon", "areas.csv:lat"]),
    )


def _children(place: Place) -> Iterator[Check]:
    areas, source = place.areas, source_line(place, ["children", *place.age_bands])
    missing = [band for band in AGE_BANDS if band not in place.age_bands]
    bands = int(areas[list(place.age_bands)].to_numpy().sum())
    totals = {level: int(sum_by(place, areas[["children"]], level)["children"].sum()) for level in LEVELS}
    yield Check(
        "Children add up: ages to all, small areas to wards, localities and the place",
        passed({*totals.values()} == {place.children} and (bands == place.children or bool(missing))),
        f"{place.children:,} children at every level",
        ", ".join(f"{level} {total:,}" for level, total in totals.items())
        + (f", ages {bands:,}" if place.age_bands else ""),
        source,
    )
    if missing:
        yield Check(
            "Children are known by age",
            "note",
            "children aged 0-4, 5-10, 11-15, 16 and 17",
            f"not in this place's files: {', '.join(band.removeprefix('children_') for band in missing)}; "
            f"children are those of: {place.manifest.children_title}",
            source,
        )
    held = "population_mid2020" if "population_mid2020" in areas else place.manifest.population_column
    if held in areas:
        over = int((areas["children"] > areas[held]).sum())
        # Own children may be years younger than the residents that they are held against.
        newer = over and place.own("children") is not None
        yield Check(
            "Children are part of the population",
            "note" if newer else passed(over == 0),
            "no small area with more children than people",
            f"{over} small areas",
            source,
        )


def _localities(place: Place) -> Check:
    homes = place.areas.groupby("ward_code")["locality_code"].nunique()
    names = place.areas.groupby("ward_code")["ward_name"].nunique()
    return Check(
        "Every ward has one name and lies in one locality",
        passed(bool((homes == 1).all() and (names == 1).all())),
        f"{len(homes)} wards, each once",
        f"{int((homes == 1).sum())} wards; localities: {place.areas['locality_code'].nunique()}",
        source_line(place, ["ward_code"]),
    )


def _edition(place: Place, vintage: str) -> Iterator[Check]:
    figures, edition = place.deprivation(vintage), place.vintage(vintage)
    source = source_line(place, [f"{edition.file}:imd_score"])
    known = int(figures["imd_score"].notna().sum())
    yield Check(
        f"Every small area has figures of {vintage}",
        passed(known == len(place.areas)),
        f"{len(place.areas):,} small areas",
        f"{known:,} small areas",
        source,
    )
    if not place.districts:  # else compared by district, see `analysis.places.england.checks`
        yield _average(place, vintage, source)
    if edition.changes is None:
        yield from _deciles(figures, vintage, edition.areas_in_england, source)
    else:
        yield from _splits(place, vintage)


def _average(place: Place, vintage: str, source: str) -> Check:
    figures, edition = place.deprivation(vintage), place.vintage(vintage)
    average = weighted_mean_by(place, figures[["imd_score"]], place.population, "place")["imd_score"].iloc[0]
    if edition.official_imd_average is None:
        return Check(
            f"Population-weighted IMD {vintage}",
            "note",
            "no official average in this place's files (File 10 has it)",
            f"{average:.4f}",
            source,
        )
    difference = abs(average - edition.official_imd_average)
    return Check(
        f"Population-weighted IMD {vintage} is the official average",
        passed(difference <= TOLERANCE),
        f"{edition.official_imd_average:.3f}, to {TOLERANCE}",
        f"{average:.4f}",
        edition.official_imd_average_source or source,
    )


def _deciles(figures: pd.DataFrame, vintage: str, areas_in_england: int, source: str) -> Iterator[Check]:
    for index in ("imd", "idaci"):
        if f"{index}_rank" not in figures or f"{index}_decile" not in figures:
            continue
        worked_out = np.ceil(10 * figures[f"{index}_rank"] / areas_in_england)
        differing = int((worked_out != figures[f"{index}_decile"]).sum())
        yield Check(
            f"{index.upper()} {vintage} deciles follow from the ranks",
            passed(differing == 0),
            f"a tenth of {areas_in_england:,} areas each",
            f"{differing} small areas differ",
            source,
        )


def _splits(place: Place, vintage: str) -> Iterator[Check]:
    edition, figures = place.vintage(vintage), place.deprivation(vintage)
    changes = pd.read_csv(place.folder / str(edition.changes), dtype=str)
    newer = pd.read_csv(place.folder / edition.file)
    parts = changes.groupby("area_code").size()
    weight = changes_weight(newer)
    brought, published = round(figures[weight].sum()), int(newer[weight].sum())
    yield Check(
        f"Areas of {vintage} that were split since are brought over without loss",
        passed(brought == published and changes["newer_code"].nunique() == len(newer)),
        f"{published:,} people in {len(newer):,} newer areas",
        f"{brought:,} people; {int((parts > 1).sum())} small areas had been split",
        source_line(place, [f"{edition.file}:{weight}", f"{edition.changes}:change"]),
    )
    mean_of_newer = float(np.average(newer["imd_score"], weights=newer[weight]))
    mean_brought = float(np.average(figures["imd_score"], weights=figures[weight]))
    yield Check(
        f"Population-weighted IMD {vintage} is the same on newer and older areas",
        passed(abs(mean_of_newer - mean_brought) < 1e-9),
        f"{mean_of_newer:.4f} on newer areas",
        f"{mean_brought:.4f} on the place's areas",
        source_line(place, [f"{edition.file}:imd_score"]),
    )


def _sites(place: Place) -> Check:
    outline = place.boundaries.geometry.union_all().buffer(250)
    inside = contains_xy(outline, place.sites["easting"].to_numpy(), place.sites["northing"].to_numpy())
    merged = int((place.sites["labels"] != "").sum())
    outside = int((~inside).sum())
    return Check(
        "Sites lie in the place",
        "note" if outside else "passed",
        f"{len(place.sites)} sites",
        f"{outside} outside its outline; {merged} listed more than once and merged",
        source_line(place, ["sites.csv:name"]),
    )


def _sourced(place: Place) -> Check:
    named = {(source.file, column) for source in place.manifest.sources for column in source.columns}
    files = {"areas.csv", *(edition.file for edition in place.manifest.vintages.values())}
    held = {(file, column) for file in files for column in pd.read_csv(place.folder / file, nrows=0).columns}
    missing = sorted(
        f"{file}: {column}" for file, column in held - named if (column not in {"area_code", "area_name"})
    )
    return Check(
        "Every column of figures has a source",
        "note" if missing else "passed",
        f"{len(held)} columns with source, date and licence",
        f"{len(missing)} without" + (f": {', '.join(missing[:5])}" if missing else ""),
        place.stated_in,
    )

"""Deprivation figures of one edition, brought to the small areas of the place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.manifest import Vintage
from analysis.places.tables import Column, read_table

RANKS = ("imd_rank", "idaci_rank")
WEIGHTS = ("population_census2021", "population_mid2022")
COUNTS = ("idaci_children_rounded5", *WEIGHTS)
DOMAINS = {
    "income_rate": "Income",
    "employment_rate": "Employment",
    "education_score": "Education, skills and training",
    "health_score": "Health and disability",
    "crime_score": "Crime",
    "barriers_score": "Barriers to housing and services",
    "living_environment_score": "Living environment",
}


def deprivation_columns(areas_in_england: int) -> tuple[Column, ...]:
    """Columns of a deprivation file; ranks run from 1 to the number of areas in England."""
    return (
        Column("area_code", "text", unique=True),
        Column("imd_score", least=0, most=100),
        Column("imd_rank", least=1, most=areas_in_england),
        Column("imd_decile", "count", required=False, least=1, most=10),
        Column("idaci_rank", required=False, least=1, most=areas_in_england),
        Column("idaci_decile", "count", required=False, least=1, most=10),
        Column("idaci_rate", required=False, blank=True, least=0, most=1),
        Column("idaci_rate_est", required=False, blank=True, least=0, most=1),
        *(Column(domain, required=False, blank=True) for domain in DOMAINS),
        Column("idaci_children_rounded5", "count", required=False, blank=True),
        *(Column(weight, "count", required=False) for weight in WEIGHTS),
    )


def read_deprivation(
    folder: Path, vintage: Vintage, areas: pd.DataFrame, faults: FaultList
) -> pd.DataFrame | None:
    """Read one edition and bring it to the place's small areas.

    Where the edition is on newer areas, a small area takes the population-weighted mean over the parts
    that it was split into (residents as the weight, see `WEIGHTS`), counts their sum. A newer area that
    several small areas were merged into stands for each of them; its counts, and its weight where parts
    were moved about as well, are shared by their residents. National positions are 1 - (rank - 0.5) / N.

    Returns
    -------
    DataFrame or None
        On the index of `areas`, blank where a fault left no figure; None where nothing can be read.
    """
    columns = deprivation_columns(vintage.areas_in_england)
    figures = read_table(folder / vintage.file, columns, faults, partial=True)
    if figures is None:
        return None
    figures = figures[figures["area_code"] != ""].drop_duplicates("area_code")
    if vintage.changes is not None:
        figures = _to_older_areas(folder, vintage, figures, areas, faults)
    if figures is None:
        return None
    if len(areas):
        _report_codes(figures, areas, vintage.changes or vintage.file, faults)
    aligned = figures.set_index("area_code").reindex(areas.index)
    return with_positions(aligned.select_dtypes("number"), vintage.areas_in_england)


def with_positions(figures: pd.DataFrame, areas_in_england: int) -> pd.DataFrame:
    """Figures with national positions 1 - (rank - 0.5) / N beside their ranks: 1 is the most deprived."""
    positions = {
        f"{rank.removesuffix('_rank')}_position": 1 - (figures[rank] - 0.5) / areas_in_england
        for rank in RANKS
        if rank in figures
    }
    return figures.assign(**positions)


def _report_codes(figures: pd.DataFrame, areas: pd.DataFrame, file: str, faults: FaultList) -> None:
    known, given = set(areas.index), set(figures["area_code"])
    for code in sorted(known - given):
        faults.add(f"no row for {code}", "Add a row for it, or take it out of areas.csv", file=file)
    for code in sorted(given - known):
        faults.add(
            f"{code} is not in areas.csv",
            "Take the row out, or add the area to areas.csv",
            file=file,
            row=int(figures.index[figures["area_code"] == code][0]) + 2,
            column="area_code",
        )


def _to_older_areas(
    folder: Path, vintage: Vintage, figures: pd.DataFrame, areas: pd.DataFrame, faults: FaultList
) -> pd.DataFrame | None:
    file = str(vintage.changes)
    columns = (
        Column("area_code", "text"),
        Column("newer_code", "text"),
        Column("change", "text"),
    )
    changes = read_table(folder / file, columns, faults)
    if changes is None:
        return None
    weight = changes_weight(figures)
    if not weight:
        faults.add(
            "the column is missing; it weighs the parts of a split area",
            f"Add a column headed {WEIGHTS[0]}",
            file=vintage.file,
            column=WEIGHTS[0],
        )
        return None
    twice = changes.duplicated(["area_code", "newer_code"])
    for row in changes.index[twice]:
        pair = f"{changes['area_code'][row]} and {changes['newer_code'][row]}"
        faults.add(f"{pair} stand in two rows", "Keep one of them", file=file, row=int(row) + 2)
    changes = changes[~twice]
    for code in sorted(set(changes["newer_code"]) ^ set(figures["area_code"])):
        faults.add(
            f"{code} stands in only one of {vintage.file} and {file}",
            "Give it a row in both, or in neither",
            file=file,
        )
    parts = changes.merge(figures, left_on="newer_code", right_on="area_code", suffixes=("", "_newer"))
    counts = [name for name in COUNTS if name in parts]
    shared = parts[counts].mul(_shares(changes, parts, areas), axis=0)
    return _population_means(parts.assign(**{name: shared[name] for name in counts}), weight)


def changes_weight(figures: pd.DataFrame) -> str:
    """Column of residents of the newer areas, which weighs the parts of a split area; "" without one."""
    return next((weight for weight in WEIGHTS if weight in figures), "")


def _shares(changes: pd.DataFrame, parts: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """What part of a newer area belongs to the older one of the row: 1, but for areas that were merged."""
    population = next((name for name in areas.columns if name.startswith("population_")), None)
    if population is None or not changes["newer_code"].duplicated().any():
        return pd.Series(1.0, index=parts.index)
    residents = parts["area_code"].map(areas[population]).fillna(1).clip(lower=1).astype(float)
    return residents / residents.groupby(parts["newer_code"]).transform("sum")


def _population_means(parts: pd.DataFrame, weight: str) -> pd.DataFrame:
    counts = [name for name in COUNTS if name in parts]
    scores = [name for name in parts.select_dtypes("number").columns if name not in counts]
    heavy = parts[scores].mul(parts[weight], axis=0)
    by_area = parts["area_code"]
    present = parts[scores].notna().mul(parts[weight], axis=0)
    means = heavy.groupby(by_area).sum() / present.groupby(by_area).sum()
    # A count with one suppressed part is not known for the whole: min_count keeps it blank.
    size = parts.groupby("area_code").size()
    sums = parts.groupby("area_code")[counts].sum(min_count=1)
    known = parts.groupby("area_code")[counts].count().eq(size, axis=0)
    return means.join(sums.where(known)).reset_index()

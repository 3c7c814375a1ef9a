"""All official tables that were given, read once and keyed by LSOA: the whole country where they hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import FaultList
from analysis.intake.assemble.editions import Edition, edition_of
from analysis.intake.assemble.population import ages_table, read_ages
from analysis.intake.files.codes import area_codes
from analysis.intake.files.headings import LSOA_CODE, OTHER_NATIONS, Heading, nations_of
from analysis.intake.files.keys import Where, commonest, one_row_a_key, read_keyed
from analysis.intake.files.recognition import Table, numbers, recognise
from analysis.intake.indicators.looks import ranks_problem

RANKS = ("imd_rank", "imd_decile", "idaci_rank", "idaci_decile")
SCORES = (
    "imd_score",
    "idaci_rate",
    "income_rate",
    "employment_rate",
    "education_score",
    "health_score",
    "crime_score",
    "barriers_score",
    "living_environment_score",
)
COUNTS = ("population", "children_0_15")
# Weights of the domains in the index (English Indices of Deprivation 2019 and 2025, technical reports).
DOMAIN_WEIGHTS = {
    "transformed_income": 0.225,
    "transformed_employment": 0.225,
    "transformed_education": 0.135,
    "transformed_health": 0.135,
    "transformed_crime": 0.093,
    "transformed_barriers": 0.093,
    "transformed_living_environment": 0.093,
}
# What official figures lie between; the last rank is the edition's number of areas.
LIMITS = {
    "imd_decile": (1, 10),
    "idaci_decile": (1, 10),
    "imd_score": (0, 100),
    "idaci_rate": (0, 1),
    **dict.fromkeys(COUNTS, (0, np.inf)),
}
FIGURES = (*RANKS, *SCORES, *COUNTS, *DOMAIN_WEIGHTS)
MOST_OUTSIDE = 5
# Fewer ranks than these say nothing of what they run over.
FEW_RANKS = 20
LAST_CODE_OF_2011 = {"E": "E01033768", "W": "W01001958"}


@dataclass(frozen=True)
class Note:
    """One line of the preview: what a file gave, and what was left out of it and why."""

    file: str
    holds: str
    rows: int
    left_out: str = ""


@dataclass(frozen=True, eq=False)
class Indices:
    """Figures of one edition.

    Parameters
    ----------
    edition : Edition
    figures : DataFrame
        Index LSOA code; columns of `FIGURES`, and `imd_score`, whichever the files hold.
    files : dict of str to str
        File of each column.
    """

    edition: Edition
    figures: pd.DataFrame
    files: dict[str, str]


@dataclass(eq=False)
class OfficialTables:
    """What the files hold; frames are keyed by LSOA code, by census year of the LSOAs where both can be.

    Parameters
    ----------
    indices : dict of str to Indices
        By edition.
    homes : dict of str to DataFrame
        By census year: `area_name`, `district_code`, `district_name`, and `msoa_code`, `rural_urban`.
    wards : dict of str to DataFrame
        By census year: `ward_code`, `ward_name`; attribute `year` of the wards.
    ages : dict of str to DataFrame
        By census year: children by age band, `residents`; attribute `year`.
    changes : DataFrame
        `older`, `newer`, `change`; no rows where no file holds them.
    averages : dict of str to Series
        By edition: official average score, index authority code.
    notes : list of Note
    """

    indices: dict[str, Indices] = field(default_factory=dict)
    homes: dict[str, pd.DataFrame] = field(default_factory=dict)
    wards: dict[str, pd.DataFrame] = field(default_factory=dict)
    ages: dict[str, pd.DataFrame] = field(default_factory=dict)
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["older", "newer", "change"]))
    averages: dict[str, pd.Series] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def gather(
    paths: Sequence[Path],
    mappings: Mapping[str, Mapping[str, str]] | None = None,
    where: Mapping[str, Where] | None = None,
) -> OfficialTables:
    """Read every official table.

    Parameters
    ----------
    paths : sequence of Path
        Files of the indices, lookups, population estimates, in any order: what each is, is recognised.
    mappings : mapping, optional
        By file name: meaning to heading, where the user has said so.
    where : mapping, optional
        By file name: heading to the values wanted, where an area stands in several rows.

    Raises
    ------
    HubreachError
        With every fault of every file.
    """
    gathered, faults = OfficialTables(), FaultList("files")
    for path in paths:
        with faults.collecting():
            asked = (where or {}).get(path.name, {})
            tables = recognise(path, (mappings or {}).get(path.name))
            _take(tables, gathered, faults, asked)
    faults.raise_if_any("The official files cannot be used as they are.")
    for held in gathered.indices.values():
        _add_score(held)
    return gathered


def _take(tables: Sequence[Table], into: OfficialTables, faults: FaultList, where: Where) -> None:
    """Put the tables of a file where they belong; one may serve in several ways."""
    before = len(into.notes)
    by_age = ages_table(tables)
    if by_age is not None:
        _take_ages(tables, by_age, into, faults, where)
    for table in tables if by_age is None else [by_age]:
        _take_table(table, into, faults, where)
    if len(into.notes) == before:
        file = tables[0].file if len(tables) == 1 else tables[0].sheet.path.name
        into.notes.append(Note(file, "no figure that a place needs", 0, "all of it is left out"))


def _take_table(table: Table, into: OfficialTables, faults: FaultList, where: Where) -> None:
    if not table.has("lsoa_code"):
        _take_averages(table, into, faults)
    if table.has("lsoa_code"):
        _take_homes(table, into, faults)
        if any(table.has(name) for name in FIGURES):
            _take_figures(table, into, faults, where)
        if table.has("ward_code"):
            _take_wards(table, into, faults)
        if len({h.year for h in table.columns("lsoa_code")} & {"2011", "2021"}) == 2:
            _take_changes(table, into)


def census_year(column: Heading, codes: pd.Series) -> str:
    """Census year of LSOA codes: by the heading, else 2021 where a code came after 2011."""
    if column.year:
        return column.year
    later = [codes.str.startswith(nation) & (codes > last) for nation, last in LAST_CODE_OF_2011.items()]
    return "2021" if bool(np.logical_or.reduce(later).any()) else "2011"


def keyed(table: Table, names: Sequence[str], year: str = "") -> tuple[str, pd.DataFrame]:
    """Columns of a table by LSOA, as text; rows without an LSOA (totals, notes, Scotland) are left out."""
    column = table.column("lsoa_code", year)
    if column is None:  # pragma: no cover - callers ask only tables with LSOAs
        raise AssertionError(table.file)
    wanted = {"lsoa": column}
    wanted |= {name: held for name in names if (held := table.column(name)) is not None}
    frame = table.read(wanted)
    frame = frame.assign(lsoa=area_codes(frame["lsoa"]))
    frame = frame[frame["lsoa"].str.fullmatch(LSOA_CODE.pattern)]
    return census_year(column, frame["lsoa"]), frame


def _take_averages(table: Table, into: OfficialTables, faults: FaultList) -> None:
    edition = edition_of(table)
    code, score = table.column("district_code"), table.column("average_score")
    if code is None or score is None:
        return
    frame = table.read({"code": code, "score": score})
    values = numbers(frame["score"], table.file, score.text, faults)
    commonest(frame.assign(code=area_codes(frame["code"])), "code", faults, table.file)
    into.averages[edition.year] = (
        pd.Series(values.to_numpy(), index=area_codes(frame["code"])).dropna().groupby(level=0).first()
    )
    into.notes.append(Note(table.file, f"official average scores {edition.year} (File 10)", len(frame)))


def _take_homes(table: Table, into: OfficialTables, faults: FaultList) -> None:
    names = {"area_name": "lsoa_name", "district_code": "district_code", "district_name": "district_name"}
    names |= {"msoa_code": "msoa_code", "rural_urban": "rural_urban"}
    for column in table.columns("lsoa_code"):
        year, frame = keyed(table, tuple(names.values()), column.year)
        first = frame.drop_duplicates("lsoa").set_index("lsoa")
        homes = pd.DataFrame({new: first[old] for new, old in names.items() if old in first})
        if "district_code" in homes:
            best, _ = commonest(frame[["lsoa", "district_code"]], "lsoa", faults, table.file)
            homes = homes.assign(district_code=best["district_code"])
        if table.has("ward_code") or year not in into.homes:
            # A lookup of wards knows the authorities of its wards best: it goes before other tables.
            into.homes[year] = homes.combine_first(into.homes.get(year, homes))
        else:
            into.homes[year] = into.homes[year].combine_first(homes)


def _take_figures(table: Table, into: OfficialTables, faults: FaultList, where: Where) -> None:
    edition = edition_of(table)
    held = [name for name in FIGURES if table.has(name)]
    frame, left_out = _rows_of_england(table, held, faults, where)
    if frame.empty:
        return
    values = pd.DataFrame(
        {name: numbers(frame[name], table.file, str(table.column(name).text), faults) for name in held}  # type: ignore[union-attr]
    )
    _look_at(values, edition.areas_in_england, table, faults)
    for name in held:
        least, most = LIMITS.get(name, (-np.inf, np.inf))
        if name in {"imd_rank", "idaci_rank"}:
            least, most = 1, edition.areas_in_england
        outside = values[name].notna() & ~values[name].between(least, most)
        for row in values.index[outside][:MOST_OUTSIDE]:
            remedy = f"Enter {least:,g} to {most:,g}" if np.isfinite(most) else f"Enter {least:,g} or more"
            heading = str(table.column(name).text)  # type: ignore[union-attr]
            found = f"{frame[name][row]!r:.60} is out of range"
            faults.add(found, remedy, file=table.file, row=int(row), column=heading)
    values = values.set_axis(frame["lsoa"].rename("lsoa"))
    known = into.indices.setdefault(edition.year, Indices(edition, pd.DataFrame(index=values.index), {}))
    fresh = [name for name in held if name not in known.files]
    figures = known.figures.reindex(known.figures.index.union(values.index))
    figures = figures.join(values[fresh])
    known.files.update(dict.fromkeys(fresh, table.file))
    into.indices[edition.year] = Indices(edition, figures, known.files)
    left = [name for name in held if name not in fresh]
    differing = [name for name in left if not _same(figures[name], values[name])]
    words = f"{', '.join(left)}: also in another file" if left else ""
    if differing:
        words += f", WITH OTHER VALUES in {', '.join(differing)}; the first file is used"
    words = "; ".join(filter(None, [words, *left_out]))
    into.notes.append(Note(table.file, f"indices {edition.year}: {', '.join(fresh)}", len(values), words))


def _rows_of_england(
    table: Table, names: Sequence[str], faults: FaultList, where: Where
) -> tuple[pd.DataFrame, list[str]]:
    """Figures by LSOA of England, each once, as text: `lsoa` and some columns; and what was left out."""
    column = table.column("lsoa_code")
    if column is None:  # pragma: no cover - callers ask only tables with LSOAs
        raise AssertionError(table.file)
    at = {"lsoa": column.position} | {name: held.position for name in names if (held := table.column(name))}
    cells = read_keyed([table.sheet], table.sheet, table.header_row, at.values(), where)
    codes = area_codes(cells.frame[column.position])
    england = codes.str.match("E01")
    abroad = codes[codes.str.fullmatch(OTHER_NATIONS)]
    nations, own = nations_of(abroad), FaultList(table.file)
    if nations and not england.any():
        found = f"its codes are of {nations}, whose indices are others than those of England"
        own.add(
            found,
            "Give the indices of England: ranks of another nation cannot stand beside them",
            column=column.text,
        )
    frame = cells.frame.copy()
    frame[column.position] = codes
    told = replace(cells, frame=frame[england & codes.str.fullmatch(LSOA_CODE.pattern)])
    rows, notes = one_row_a_key(told, column.position, list(at.values())[1:], own, where, adds_up=False)
    faults.extend(own)
    left = [f"{len(abroad):,} rows of {nations}"] if nations else []
    return pd.DataFrame({name: rows[position] for name, position in at.items()}), [*notes, *left]


def _look_at(values: pd.DataFrame, areas_in_england: int, table: Table, faults: FaultList) -> None:
    """Ranks of another country or of the file alone, and deciles and scores that run against the ranks."""
    for index in ("imd", "idaci"):
        rank = values[f"{index}_rank"].dropna() if f"{index}_rank" in values else pd.Series(dtype=float)
        if len(rank) < FEW_RANKS:
            continue
        heading = str(table.column(f"{index}_rank").text)  # type: ignore[union-attr]
        found = ranks_problem(rank, areas_in_england)
        if found:
            remedy = f"Give England's ranks as published, from 1 to {areas_in_england:,}"
            faults.add(found, remedy, file=table.file, column=heading)
        for other, sign in ((f"{index}_decile", 1), (f"{index}_score", -1), (f"{index}_rate", -1)):
            if other in values and sign * rank.corr(values[other].reindex(rank.index), method="spearman") < 0:
                found = f"{heading} runs against it: 1 is the most deprived in one of them, and the least in the other"
                remedy = "Give both as published, where 1 is the most deprived"
                faults.add(found, remedy, file=table.file, column=str(table.column(other).text))  # type: ignore[union-attr]


def _same(one: pd.Series, other: pd.Series) -> bool:
    both = pd.concat([one.rename("one"), other.rename("other")], axis=1).dropna()
    return bool(np.allclose(both["one"], both["other"], atol=1e-6))


def _take_wards(table: Table, into: OfficialTables, faults: FaultList) -> None:
    for column in table.columns("lsoa_code"):
        year, frame = keyed(table, ("ward_code", "ward_name"), column.year)
        ward = table.column("ward_code")
        frame = frame[frame["ward_code"] != ""]
        if "ward_name" not in frame:
            frame = frame.assign(ward_name=frame["ward_code"])
        best, several = commonest(frame[["lsoa", "ward_code", "ward_name"]], "lsoa", faults, table.file)
        if year in into.wards and str(into.wards[year].attrs["year"]) >= (ward.year if ward else ""):
            into.notes.append(Note(table.file, "wards", len(best), "another lookup is of later wards"))
            continue
        best.attrs["year"], best.attrs["file"] = ward.year if ward else "", table.file
        into.wards[year] = best
        why = f"{several} parts of LSOAs in another ward than most of the LSOA" if several else ""
        title = f"wards {best.attrs['year']} of LSOA {year}".replace("  ", " ")
        into.notes.append(Note(table.file, title, len(best), why))


def _take_changes(table: Table, into: OfficialTables) -> None:
    wanted = {"older": table.column("lsoa_code", "2011"), "newer": table.column("lsoa_code", "2021")}
    if table.column("change") is not None:
        wanted["change"] = table.column("change")
    frame = table.read({name: column for name, column in wanted.items() if column is not None})
    frame = frame.assign(older=area_codes(frame["older"]), newer=area_codes(frame["newer"]))
    frame = frame[(frame["older"] != "") & (frame["newer"] != "")].drop_duplicates(["older", "newer"])
    into.changes = frame.assign(change=frame.get("change", "")).reset_index(drop=True)
    into.notes.append(Note(table.file, "LSOA 2011 to LSOA 2021", len(frame)))


def _take_ages(
    tables: Sequence[Table], table: Table, into: OfficialTables, faults: FaultList, where: Where
) -> None:
    column = table.column("lsoa_code")
    bands = read_ages(tables, table, faults, where)
    if bands is None or column is None:
        return
    year = census_year(column, bands.index.to_series())
    into.ages[year] = bands
    holds = f"children by age, mid-{bands.attrs['year'] or '?'}"
    into.notes.append(Note(str(bands.attrs["file"]), holds, len(bands), "; ".join(bands.attrs["notes"])))


def _add_score(held: Indices) -> None:
    """The index from its transformed domains (File 9), where no file gives it."""
    figures = held.figures
    if "imd_score" in figures or not set(DOMAIN_WEIGHTS) <= set(figures):
        return
    score = sum(
        (figures[name] * weight for name, weight in DOMAIN_WEIGHTS.items()), pd.Series(0.0, figures.index)
    )
    figures["imd_score"] = score.round(3)
    held.files["imd_score"] = held.files["transformed_income"]

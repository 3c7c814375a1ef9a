"""Put a place together from official tables: which areas, which wards, which figures, and what is left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from analysis.base.faults import FaultList
from analysis.intake.assemble.editions import EDITIONS
from analysis.intake.assemble.gathering import DOMAIN_WEIGHTS, Indices, Note, OfficialTables
from analysis.intake.assemble.people import listed_codes, people_of
from analysis.intake.files.codes import plain_authority
from analysis.intake.files.headings import nations_of
from analysis.places.england.tables import authorities, bundle_stamp, homes

LEFT_OUT_OF_FIGURES = {"population", "children_0_15", *DOMAIN_WEIGHTS}
WHOLE = ("imd_rank", "imd_decile", "idaci_rank", "idaci_decile", "population_mid2022")


@dataclass(eq=False)
class Assembly:
    """Tables of a place, ready to be written.

    Parameters
    ----------
    geography : str
        Census year of its LSOAs.
    areas : DataFrame
        Index LSOA code; columns of areas.csv but the position.
    figures : dict of str to DataFrame
        By edition: columns of a deprivation file, index LSOA code of the edition's own geography.
    changes : DataFrame or None
        `area_code`, `newer_code`, `change`, where an edition is on newer LSOAs than the place.
    population_column : str
        Column of `areas` that weighs averages of the figures.
    population_source, children_source : str
        File of each.
    children_title : str
        What `children` counts.
    ward_source : str
        File of the wards; "" without any.
    ward_year : str
        Year of the wards; "" without any.
    age_bands : tuple of str
        Bands that `areas` holds.
    district_names : dict of str to str
    averages : dict of str to float
        Official average score by edition (one authority only).
    notes : list of Note
    """

    geography: str
    areas: pd.DataFrame
    figures: dict[str, pd.DataFrame]
    changes: pd.DataFrame | None
    population_column: str
    population_source: str
    children_source: str
    children_title: str
    ward_source: str
    ward_year: str
    age_bands: tuple[str, ...]
    district_names: dict[str, str]
    averages: dict[str, float]
    notes: list[Note] = field(default_factory=list)


def assemble(tables: OfficialTables, authorities: Collection[str], geography: str = "") -> Assembly:
    """Tables of one authority, or of several as one place.

    Parameters
    ----------
    tables : OfficialTables
    authorities : collection of str
        Codes (E08000035) or names, as the files have them.
    geography : str
        Census year of the LSOAs (of the boundaries); "" for the oldest edition that is there.

    Raises
    ------
    HubreachError
        With everything that is missing, and which file would give it.
    """
    faults, notes = FaultList("official files"), list(tables.notes)
    year = geography or _geography(tables, faults)
    faults.raise_if_any("A place cannot be made of these files.")
    codes, names = _areas_of(tables, authorities, year, faults)
    main = _main_edition(tables, year, faults)
    faults.raise_if_any("A place cannot be made of these files.")
    if main is None:  # pragma: no cover - an edition is only absent when a fault was recorded
        raise AssertionError(year)
    figures = _figures(main, codes, faults)
    areas = tables.homes[year].reindex(codes)[["area_name"]]
    areas = areas.join(_wards(tables, codes, year, names, faults)).join(_details(tables, codes, year))
    people = people_of(tables, main, codes, year, faults, notes)
    faults.raise_if_any("A place cannot be made of these files.")
    held = {main.edition.year: figures}
    changes = _newer(tables, year, codes, held, notes)
    averages = {
        edition: float(scores.reindex(list(names)).iloc[0])
        for edition, scores in tables.averages.items()
        if len(names) == 1 and edition in held and scores.reindex(list(names)).notna().all()
    }
    wards = tables.wards.get(year)
    return Assembly(
        geography=year,
        areas=areas.join(people.frame),
        figures=held,
        changes=changes,
        population_column=people.weight,
        population_source=people.weight_file,
        children_source=people.children_file,
        children_title=people.title,
        ward_source="" if wards is None else str(wards.attrs["file"]),
        ward_year="" if wards is None else str(wards.attrs["year"]),
        age_bands=people.bands,
        district_names=names,
        averages=averages,
        notes=notes,
    )


def _geography(tables: OfficialTables, faults: FaultList) -> str:
    usable = [held.edition for held in tables.indices.values() if "imd_rank" in held.figures]
    if not usable:
        remedy = "Give File 7 of the indices, or Files 1 and 5 (or 3, 6 and 9)"
        faults.add("no file has ranks of the Index of Multiple Deprivation", remedy)
        return ""
    return min(edition.geography for edition in usable)


def _areas_of(
    tables: OfficialTables, authorities: Collection[str], year: str, faults: FaultList
) -> tuple[pd.Index, dict[str, str]]:
    """LSOAs of the authorities, in order, and the authorities' names by code."""
    homes = tables.homes.get(year)
    if homes is None or "district_code" not in homes:
        remedy = f"Give a lookup from LSOA {year} to wards and authorities"
        faults.add(f"no file says which authority an LSOA of {year} is in", remedy)
        return pd.Index([]), {}
    if "district_name" not in homes:
        homes = homes.assign(district_name=homes["district_code"])
    districts = homes.drop_duplicates("district_code").set_index("district_code")["district_name"]
    chosen: dict[str, str] = {}
    for given in authorities:
        found = _named(given, districts) or predecessors(given, homes["district_code"])
        if not found:
            near = [
                f"{c} {n}" for c, n in districts.items() if given.strip().casefold() in str(n).casefold()
            ][:5]
            remedy = (
                f"Did you mean {', '.join(near)}?" if near else "Give a code such as E06000001, or a name"
            )
            nations = nations_of([given.strip()])
            remedy = f"It is of {nations}, and the figures here are of England" if nations else remedy
            faults.add(f"no authority {given!r:.60} in the files", remedy, column="authority")
        chosen |= {code: str(districts[code]) for code in found}
    codes = homes.index[homes["district_code"].isin(list(chosen))]
    return pd.Index(sorted(codes), name="area_code"), chosen


def _named(given: str, districts: pd.Series) -> list[str]:
    """The authority of a code or a name, written in any way: Bristol, City of Bristol; one at most."""
    code = given.strip().upper()
    if code in districts.index:
        return [code]
    exact = districts.index[districts.str.casefold() == given.strip().casefold()]
    alike = districts.index[districts.map(plain_authority) == plain_authority(given)]
    return (
        [str(each) for each in (exact if len(exact) else alike)][:1] if len(exact) or len(alike) == 1 else []
    )


def predecessors(given: str, home: pd.Series) -> list[str]:
    """Authorities of the files that an authority of today was made of: their areas lie in it.

    Parameters
    ----------
    given : str
        Code or name of an authority that the files do not have.
    home : Series
        Authority of the files, index LSOA code.
    """
    known = authorities()["authority_name"]
    today = _named(given, known)
    if not today:
        return []
    now = homes(bundle_stamp()).reindex(home.index)
    counted = now.notna().astype(float).groupby(home).sum().clip(lower=1)
    inside = (now == today[0]).astype(float).groupby(home).sum() / counted
    return sorted(str(code) for code in inside.index[inside > 0.5])


def _main_edition(tables: OfficialTables, year: str, faults: FaultList) -> Indices | None:
    on_it = [h for h in tables.indices.values() if h.edition.geography == year and "imd_rank" in h.figures]
    if on_it:
        # Later editions on the same LSOAs go before earlier ones.
        return max(on_it, key=lambda held: held.edition.year)
    wanted = ", ".join(e.year for e in EDITIONS.values() if e.geography == year)
    faults.add(
        f"the boundaries are of LSOA {year}, and no file has deprivation ranks for these",
        f"Give the indices of {wanted}, or boundaries of the other LSOAs",
    )
    return None


def _figures(held: Indices, codes: pd.Index, faults: FaultList) -> pd.DataFrame:
    missing = codes.difference(held.figures.index)
    if len(missing):
        found = f"{len(missing):,} small areas have no figures of {held.edition.year}: {listed_codes(list(missing))}"
        faults.add(found, "Give files of all England (the indices do not cover Wales)")
    for name in (each for each in ("imd_rank", "imd_score") if each in held.figures):
        blank = codes.intersection(held.figures.index[held.figures[name].isna()])
        if len(blank):
            found = (
                f"{len(blank):,} of {len(codes):,} small areas have no {name}: {listed_codes(list(blank))}"
            )
            faults.add(found, "Fill these cells", file=held.files[name], column=name)
    if "imd_score" not in held.figures:
        remedy = "Give File 5, 7 or 9 too"
        faults.add(f"no file has scores of the Index of Multiple Deprivation {held.edition.year}", remedy)
    return figures_table(held, codes)


def figures_table(held: Indices, codes: pd.Index) -> pd.DataFrame:
    """Columns of a deprivation file for some areas, on their codes; ranks and deciles as whole numbers."""
    figures = held.figures.reindex(codes)
    kept = [name for name in figures.columns if name not in LEFT_OUT_OF_FIGURES]
    table = figures[kept].dropna(axis="columns", how="all")
    whole = [name for name in WHOLE if name in table and table[name].notna().all()]
    return table.astype(dict.fromkeys(whole, "int64"))


def _wards(
    tables: OfficialTables, codes: pd.Index, year: str, names: dict[str, str], faults: FaultList
) -> pd.DataFrame:
    wards = tables.wards.get(year)
    if wards is None:
        other = ", ".join(f"LSOA {y}" for y in tables.wards) or "none"
        remedy = (
            f"Give a lookup from LSOA {year} to wards (any year); if one of the files is that, say which column holds them "
            "(--column ward_code=HEADING, --column ward_name=HEADING)"
        )
        faults.add(f"no lookup of wards for LSOA {year} (found: {other})", remedy, column="ward_code")
        return pd.DataFrame(columns=["ward_code", "ward_name"], index=codes)
    found = wards.reindex(codes)
    missing = found.index[found["ward_code"].isna()]
    if len(missing):
        text = f"{len(missing):,} small areas are in no ward: {listed_codes(list(missing))}"
        faults.add(text, f"Give a lookup that holds all of LSOA {year}", column="ward_code")
    if len(names) < 2:
        return found
    # Two authorities can have a ward of one name: localities are named by their wards, so they must differ.
    home = tables.homes[year].reindex(codes)["district_code"].map(names)
    ward_count = found.groupby("ward_name")["ward_code"].nunique()
    shared = found["ward_name"].map(ward_count).gt(1)
    return found.assign(ward_name=found["ward_name"].where(~shared, found["ward_name"] + " (" + home + ")"))


def _details(tables: OfficialTables, codes: pd.Index, year: str) -> pd.DataFrame:
    homes = tables.homes[year].reindex(codes)
    return homes[
        [name for name in ("msoa_code", "rural_urban") if name in homes and homes[name].notna().all()]
    ]


def _newer(
    tables: OfficialTables, year: str, codes: pd.Index, held: dict[str, pd.DataFrame], notes: list[Note]
) -> pd.DataFrame | None:
    """Bring in editions on other LSOAs than the place's, where the changes between them are known."""
    changes = None
    for key, indices in tables.indices.items():
        if key in held or "imd_rank" not in indices.figures or "imd_score" not in indices.figures:
            continue
        title = indices.edition.title
        if indices.edition.geography == year:
            held[key] = figures_table(indices, codes)
            continue
        links = tables.changes[tables.changes["older"].isin(set(codes))]
        if indices.edition.geography < year or links.empty or "population" not in indices.figures:
            why = (
                "older LSOAs"
                if indices.edition.geography < year
                else "LSOA 2021: no lookup from LSOA 2011 was given"
            )
            notes.append(Note(title, f"figures of {key}", 0, f"left out: they are on {why}"))
            continue
        newer = pd.Index(sorted(set(links["newer"])), name="area_code")
        residents = indices.figures["population"].reindex(newer).round()
        if residents.isna().any():
            notes.append(Note(title, f"figures of {key}", 0, "left out: they do not hold all newer LSOAs"))
            continue
        held[key] = figures_table(indices, newer).assign(population_mid2022=residents.astype("int64"))
        changes = links.set_axis(["area_code", "newer_code", "change"], axis=1)
        moved = links.loc[
            links.duplicated("newer", keep=False) | links.duplicated("older", keep=False), "older"
        ]
        notes.append(
            Note(title, f"figures of {key}, brought to LSOA {year} by residents", len(newer), "")
            if moved.empty
            else Note(
                title,
                f"figures of {key}, brought to LSOA {year} by residents",
                len(newer),
                f"{moved.nunique()} small areas changed since: their figures are means",
            )
        )
    return changes

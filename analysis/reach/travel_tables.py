"""A travel-time table that a user brings: origin, destination, minutes, in any order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.sheets import Sheet, open_sheets
from analysis.base.text import normal_heading, plain, ungrouped_series
from analysis.intake.files.codes import TOTALS, code_of
from analysis.intake.files.headings import LSOA_CODE
from analysis.intake.files.keys import Cells, Where, one_row_a_key, read_keyed
from analysis.intake.files.mappings import Answers, check_meanings

NO_WAY = ("none", "no route", "no way", "inf", "infinity", "unreachable", "n/a", "na", "-")
MOST_FAULTS = 20
HEADINGS = {
    "origin": re.compile(
        r"(?:origin|from)(?:[ _](?:id|code|area|lsoa))?|(?:lsoa|area)(?:\d\d|[ _]?20\d\d)?[ _]?(?:cd|code)?"
    ),
    "destination": re.compile(
        r"(?:destination|dest|to)(?:[ _](?:id|code|site|name))?|site(?:[ _](?:id|name|code))?|hub(?: name)?"
    ),
    "minutes": re.compile(
        r"(?:travel[ _]?)?(?:minutes|mins?|time|duration|seconds|secs?)(?:[ _]\(?(?:minutes|mins?|seconds|secs?|p50|s)\)?)?|travel_time_p50"
    ),
}
SECONDS = re.compile(r".*(?:seconds?|secs?|[ _(]s)\)?")
# Half of the trips of a table in minutes are shorter than this; a trip of more than a day stands for none.
MOST_MIDDLE, MOST_MINUTES, LEAST_LONGEST = 240.0, 1440.0, 1.5
CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)?")
UNIT = re.compile(r"\s*(?:minutes?|mins?)$", re.IGNORECASE)
EXPECTED = (
    "Give a row for every area and site, headed origin, destination, minutes; or a row an area and a column a site, "
    "headed with its id or name"
)


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Travel times out of a user's table.

    Parameters
    ----------
    costs : DataFrame
        Minutes, index `area_code` (all areas of the place), columns the sites in the table.
    sites_without : tuple of str
        Sites of the place that the table does not mention: they have no column.
    notes : tuple of str
        What was left out or changed, in sentences.
    """

    costs: pd.DataFrame
    sites_without: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_travel_table(
    path: Path,
    area_codes: Sequence[str],
    site_ids: Sequence[str],
    *,
    required: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    said: Answers | None = None,
) -> TravelTable:
    """Read and check a travel-time table.

    Parameters
    ----------
    path : Path
        CSV or Excel with `origin` (area code), `destination` (site id or name) and `minutes`; or a row an area and a column a
        site. Where there is no way, minutes are the word none. Under a heading of seconds, they are made minutes.
    area_codes : sequence of str
        All areas of the place: each needs a row for every site that the table mentions.
    site_ids : sequence of str
        All sites of the place.
    required : collection of str
        Sites that the table must mention.
    names : mapping, optional
        Names of sites by id: a name that one site alone has stands for it.
    said : Answers, optional
        What its columns mean (origin, destination, minutes, seconds), and which rows are meant where a trip stands in several.

    Returns
    -------
    TravelTable

    Raises
    ------
    HubreachError
        With every unknown code, repeated or missing pair, and every cell that is not minutes.
    """
    faults = FaultList(path.name)
    headline = f"The travel times in {path.name} cannot be used as they are; those in use stay in use."
    areas, sites = pd.Index(area_codes), pd.Index(site_ids)
    spelt = _spellings(site_ids, names or {})
    table, heading = _long_table(path, set(spelt), said or Answers(), faults)
    faults.raise_if_any(headline)
    notes: list[str] = []
    own = {code.upper(): code for code in area_codes}
    table = table.assign(
        origin=table["origin"].map(lambda text: own.get(text.upper()) or own.get(code_of(text), text)),
        destination=table["destination"].map(lambda text: spelt.get(text.casefold(), text)),
    )
    if _is_turned(table, areas, sites):
        faults.add(
            "the origins are sites and the destinations areas",
            "Swap the headings origin and destination",
            row=1,
            column="origin",
        )
        faults.raise_if_any(headline)
    elsewhere = table["origin"].str.fullmatch(LSOA_CODE) & ~table["origin"].isin(areas)
    if elsewhere.any() and not elsewhere.all():
        notes.append(f"{int(elsewhere.sum()):,} rows of areas of other places were left out.")
        table = table[~elsewhere]
    area_at, site_at = (
        areas.get_indexer(pd.Index(table["origin"])),
        sites.get_indexer(pd.Index(table["destination"])),
    )
    for column, at, known in (("origin", area_at, areas), ("destination", site_at, sites)):
        what = "area" if column == "origin" else "site"
        _report(
            faults,
            table[column],
            at < 0,
            column,
            f"is not {'an' if what == 'area' else 'a'} {what} of this place",
            _example(known),
        )
    minutes = _minutes(table["minutes"], faults)
    if SECONDS.fullmatch(heading):
        minutes = minutes / 60
        notes.append("Its seconds were made minutes.")
    _look_at(minutes, faults)
    known_pair = (area_at >= 0) & (site_at >= 0)
    pair = pd.Series(np.where(known_pair, area_at * len(sites) + site_at, -1 - np.arange(len(table))))
    named = table["origin"] + " to " + table["destination"]
    _report(
        faults,
        named,
        pair.duplicated().to_numpy(),
        "destination",
        "stands in an earlier row too",
        "Keep one row for it",
    )
    values = np.full((len(areas), len(sites)), np.nan)
    values[area_at[known_pair], site_at[known_pair]] = minutes[known_pair]
    listed = np.zeros(values.shape, dtype=bool)
    listed[area_at[known_pair], site_at[known_pair]] = True
    _report_gaps(faults, listed, areas, sites, required)
    faults.raise_if_any(headline)
    mentioned = np.flatnonzero(listed.any(axis=0))
    costs = pd.DataFrame(values, index=areas.rename("area_code"), columns=sites.rename("site_id"))
    return TravelTable(costs.iloc[:, mentioned], tuple(map(str, sites.delete(mentioned))), tuple(notes))


def _spellings(site_ids: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Ids of sites by id, and by name where one site alone has it, in small letters."""
    called = pd.Series({site: names.get(site, "").casefold() for site in site_ids}, dtype="str")
    alone = called[(called != "") & ~called.duplicated(keep=False)]
    return {name: str(site) for site, name in alone.items()} | {site.casefold(): site for site in site_ids}


def _long_table(
    path: Path, known: Collection[str], said: Answers, faults: FaultList
) -> tuple[pd.DataFrame, str]:
    """A row a pair: `origin`, `destination`, `minutes` as text, index row of the file; and the heading of the minutes."""
    blank = pd.DataFrame({name: pd.Series(dtype="str") for name in HEADINGS})
    try:
        check_meanings(said.columns, "travel")
        sheets = open_sheets(path, said.columns)
    except HubreachError as error:
        faults.extend(error.faults)
        return blank, ""
    for sheet in sheets:
        for number, row in enumerate(sheet.preview[:-1]):
            normal = [normal_heading(cell[:200]) for cell in row]
            found = {
                name: at for name, pattern in HEADINGS.items() if (at := _first(pattern, normal)) is not None
            }
            wide = [at for at, text in enumerate(normal) if text in known]
            if len(found) == len(HEADINGS):
                table = _one_row_a_trip(
                    read_keyed(sheets, sheet, number, found.values(), said.where), found, said.where, faults
                )
                for name in HEADINGS:
                    empty = table.index[table[name] == ""]
                    faults.add_rows(empty, ["a cell is empty"] * len(empty), "Give it a value", column=name)
                return table, normal[found["minutes"]]
            areas = [at for at, text in enumerate(normal) if LSOA_CODE.fullmatch(code_of(text))]
            if len(areas) > 1 and areas[0] > 0:
                raw = _below(sheet, number, [0, *areas]).rename(columns={at: row[at] for at in areas})
                table = raw.melt([0], var_name="origin", value_name="minutes", ignore_index=False)
                return table.rename(columns={0: "destination"}), ""
            if wide and wide[0] > 0 and not areas:
                origin = found.get("origin", 0)
                raw = _below(sheet, number, [origin, *wide]).rename(columns={at: row[at] for at in wide})
                table = raw.melt([origin], var_name="destination", value_name="minutes", ignore_index=False)
                return table.rename(columns={origin: "origin"}), ""
    shown = next((row for sheet in sheets for row in sheet.preview if sum(map(bool, row)) > 1), ())
    heads = ", ".join(repr(plain(cell)[:40]) for cell in shown[:8]) or "none"
    faults.add(f"no table of travel times (headings found: {heads})", EXPECTED)
    return blank, ""


def _one_row_a_trip(cells: Cells, found: Mapping[str, int], where: Where, faults: FaultList) -> pd.DataFrame:
    """Rows of trips, each once; those that differ by mode or time are asked about."""
    frame, key = cells.frame.copy(), len(cells.headings)
    filled = (frame[list(found.values())] != "").sum(axis=1) > 1
    frame = frame[filled & ~frame[found["origin"]].str.casefold().str.fullmatch(TOTALS)]
    trips = frame[found["origin"]] + " to " + frame[found["destination"]]
    frame[key] = trips
    told = replace(cells, frame=frame, headings=(*cells.headings, "trip"))
    others = [at for at in range(key) if at in frame and at not in found.values() and cells.headings[at]]
    several = (frame[others] != frame[others].iloc[0]).any(axis=None) if len(frame) and others else False
    if where or (several and trips.duplicated().any()):
        frame, _ = one_row_a_key(told, key, [found["minutes"]], faults, where, adds_up=False)
    return pd.DataFrame({name: frame[at] for name, at in found.items()})


def _first(pattern: re.Pattern[str], texts: Sequence[str]) -> int | None:
    return next((at for at, text in enumerate(texts) if pattern.fullmatch(text)), None)


def _below(sheet: Sheet, header: int, positions: Sequence[int]) -> pd.DataFrame:
    """Rows below the headings, without blank ones and notes, which have one cell."""
    raw = sheet.read(header + 1, positions)
    raw.index = pd.RangeIndex(header + 2, header + 2 + len(raw))
    filled = (raw != "").sum(axis=1)
    return raw[(filled > 1) if len(positions) > 2 else (filled > 0)]


def _look_at(minutes: npt.NDArray[np.float64], faults: FaultList) -> None:
    """Seconds that are taken for minutes, and numbers that stand for no way."""
    known = minutes[np.isfinite(minutes)]
    if not len(known):
        return
    if np.median(known) > MOST_MIDDLE:
        found = f"half of its trips take over {np.median(known):,.0f} minutes: these look like seconds"
        faults.add(found, "Give minutes, or head the column seconds", column="minutes")
    elif known.max() < LEAST_LONGEST:
        found = f"its longest trip takes {known.max():.2g} minutes: these look like parts of a day, or hours"
        faults.add(found, "Give minutes (of parts of a day: times 1,440)", column="minutes")
    elif (known > MOST_MINUTES).any():
        number = int((known > MOST_MINUTES).sum())
        found = f"{number:,} cells of over a day, such as {known[known > MOST_MINUTES][0]:g}: these seem to stand for no way"
        faults.add(found, "Write the word none where there is no way", column="minutes")


def complete_costs(costs: pd.DataFrame, estimate: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Costs for every site of `estimate`: as given where given, else the estimate.

    Parameters
    ----------
    costs : DataFrame
        Minutes from a table or a network, index `area_code`, some of the sites.
    estimate : DataFrame
        Straight-line minutes to all sites.

    Returns
    -------
    DataFrame
        In the shape of `estimate`.
    tuple of str
        Sites whose minutes are estimates.
    """
    given = estimate.columns.intersection(costs.columns)
    full = estimate.copy()
    full[given] = costs[given].reindex(estimate.index)
    return full, tuple(estimate.columns.difference(given))


def _example(codes: pd.Index) -> str:
    return f"Use codes such as {codes[0]}" if len(codes) else "There are none yet"


def _is_turned(table: pd.DataFrame, areas: pd.Index, sites: pd.Index) -> bool:
    straight = table["origin"].isin(areas).sum() + table["destination"].isin(sites).sum()
    turned = table["origin"].isin(sites).sum() + table["destination"].isin(areas).sum()
    return bool(turned > straight)


def _minutes(text: pd.Series, faults: FaultList) -> npt.NDArray[np.float64]:
    """Numbers of minutes; inf where the cell says that there is no way."""
    no_way = text.str.lower().isin(NO_WAY).to_numpy(bool)
    plainly = ungrouped_series(text.map(_as_minutes)).where(~no_way)
    values = pd.to_numeric(plainly, errors="coerce").to_numpy(float)
    remedy = "Enter minutes, 0 or more, or the word none where there is no way"
    _report(faults, text, ~np.isfinite(values) & ~no_way, "minutes", "is not a number of minutes", remedy)
    _report(faults, text, values < 0, "minutes", "is negative", remedy)
    return np.where(no_way, np.inf, values)


def _as_minutes(cell: str) -> str:
    """Minutes of a time of the clock, or without their unit.

    >>> _as_minutes("00:12:30"), _as_minutes("12 mins")
    ('12.5', '12')
    """
    clock = CLOCK.fullmatch(cell)
    if clock:
        hours, minutes, seconds = map(int, clock.groups())
        return f"{60 * hours + minutes + seconds / 60:g}"
    return UNIT.sub("", cell)


def _report(
    faults: FaultList, cells: pd.Series, bad: npt.NDArray[np.bool_], column: str, found: str, remedy: str
) -> None:
    wrong = cells[bad]
    faults.add_rows(wrong.index, [f"{cell!r:.60} {found}" for cell in wrong], remedy, column=column)


def _report_gaps(
    faults: FaultList,
    listed: npt.NDArray[np.bool_],
    areas: pd.Index,
    sites: pd.Index,
    required: Collection[str],
) -> None:
    """Report areas that lack a row for a site that the table mentions, and sites that it should mention."""
    mentioned = np.asarray(listed.any(axis=0), dtype=bool)
    remedy = "Add a row for every area, with the word none where there is no way"
    gaps = [(int(at), np.flatnonzero(~listed[:, at])) for at in np.flatnonzero(mentioned)]
    gaps = [(position, missing) for position, missing in gaps if len(missing)]
    for position, missing in gaps[:MOST_FAULTS]:
        first = ", ".join(map(str, areas[missing[:3]]))
        more = " ..." if len(missing) > 3 else ""
        faults.add(
            f"{sites[position]} has no row from {len(missing):,} areas: {first}{more}",
            remedy,
            column="destination",
        )
    if len(gaps) > MOST_FAULTS:
        faults.add(f"{len(gaps) - MOST_FAULTS:,} more sites with missing rows", remedy, column="destination")
    absent = [
        str(site) for site, there in zip(sites, mentioned, strict=True) if site in required and not there
    ]
    if absent:
        shown = ", ".join(absent[:5]) + (" ..." if len(absent) > 5 else "")
        faults.add(
            f"{len(absent):,} sites that are asked about have no rows: {shown}",
            "Add their rows",
            column="destination",
        )

"""A council's own children by small area, in whatever ages it counts them, brought to the product's four bands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.rounding import shared_whole
from analysis.base.text import plain
from analysis.intake.files.headings import normal_heading
from analysis.intake.files.limits import refuse
from analysis.intake.indicators.files import check_numbers, is_mark, locate_codes
from analysis.intake.own.codes import MOST_NAMED, rows_of_place
from analysis.places.england.tables import BANDS_MID2024, read_rows
from analysis.places.manifest import AGE_BANDS
from analysis.places.place import Place

Span = tuple[int, int]
"""Youngest and oldest age of a column, both in it."""
SPANS: dict[str, Span] = dict(zip(AGE_BANDS, ((0, 4), (5, 10), (11, 15), (16, 17)), strict=True))
# Ages that the figures of England tell apart by small area; what is finer, no shares are known for.
KNOWN: tuple[Span, ...] = ((0, 4), (5, 9), (10, 10), (11, 14), (15, 15), (16, 17), (18, 19))
OLDEST, OLDEST_COUNTED = 17, 19
AGED = re.compile(
    r"(?:children|child|persons?|people|pupils)?[ _]*(?:aged?|ages)?[ _]*"
    r"(\d{1,2})(?:[ _]*(?:-|–|to|_|and)[ _]*(\d{1,2}))?(?: years?)?(?: olds?)?(?: inclusive)?"
)
ALL_AGES = re.compile(
    r"(?:all |total |number of )?children(?: in all| total)?|children_total|under 18s?|0_17"
)
EXPECTED = (
    "Give a column a band (children_0_4, children_5_10, children_11_15, children_16_17), five-year bands, single years of age "
    "from 0 to 17, or one column headed children"
)
WHOLE = (
    "Give a whole number for every area, and 0 where no child lives: what is not known cannot be planned for"
)
HEADLINE = "The children cannot be used as they are."


@dataclass(frozen=True, eq=False)
class OwnChildren:
    """Children by small area that were read.

    Parameters
    ----------
    table : DataFrame
        `area_code` and the four bands, whole children, every area of the place.
    estimated : bool
        Whether ages were parted by shares.
    notes : tuple of str
    """

    table: pd.DataFrame
    estimated: bool
    notes: tuple[str, ...]


def read_own_children(path: Path, place: Place) -> OwnChildren:
    """Read children by LSOA of 2021 out of a table.

    A column that holds ages of two bands (five-year bands, or all children) is parted by the shares that the figures of
    England have for these ages in the area, or in the place where the area has none; the total of the area stays.

    Parameters
    ----------
    path : Path
        CSV or Excel; may cover the country.
    place : Place
        A place of England.

    Raises
    ------
    HubreachError
        With every code, age and number that cannot be used, and every area of the place without a row.
    """
    held = locate_codes(
        path, {"LSOA": frozenset(place.areas.index), "MSOA": frozenset(), "ward": frozenset()}, ""
    )
    if held.geography != "LSOA":
        found = f"a {held.geography} in every row, and no code of an LSOA"
        raise refuse(path.name, found, "Give children by LSOA of 2021: they add up to every ward")
    columns = _columns(path, held.headings, held.code)
    raw = held.sheet.read(held.header + 1, [held.code, *columns.values()])
    raw.index = pd.RangeIndex(held.header + 2, held.header + 2 + len(raw))
    raw = raw[(raw != "").any(axis=1)]
    faults = FaultList(held.sheet.file)
    mine, left_out = rows_of_place(raw[held.code], place, held.headings[held.code], faults)
    rows = raw[mine]
    counts = pd.DataFrame(index=rows[held.code].str.upper())
    for span, at in columns.items():
        counts[_aged(span)] = _whole(rows[at], held.headings[at], faults)
    if not len(faults) and not counts.to_numpy().any():
        faults.add("no child lives in any area", "Give the file that has them")
    faults.raise_if_any(HEADLINE)
    spans = {_aged(span): span for span in columns}
    table, parted = _in_bands(counts.reindex(place.areas.index), spans, place)
    notes = []
    if parted:
        older = (
            "; those of 18 and 19 were taken off" if any(spans[name][1] > OLDEST for name in parted) else ""
        )
        notes.append(
            f"Ages {', '.join(parted)} were parted by the shares of England's figures (Census 2021, mid-2024){older}"
        )
    notes += [left_out] if left_out else []
    table = table.rename_axis("area_code").reset_index()
    return OwnChildren(table, bool(parted), tuple(f"{note}." for note in notes))


def _columns(path: Path, headings: Collection[str], code: int) -> dict[Span, int]:
    """Columns whose ages make up 0 to 17, by the ages they hold."""
    found: dict[Span, int] = {}
    for at, text in enumerate(headings):
        span = _span(text) if at != code else None
        if span is not None and span in found:
            raise refuse(path.name, f"two columns of ages {_aged(span)}", "Keep one of them")
        if span is not None:
            found[span] = at
    chosen = _partition(0, found)
    if chosen is None:
        shown = ", ".join(repr(plain(text)[:40]) for text in headings if text) or "none"
        named = ", ".join(map(_aged, sorted(found))) or "none"
        raise refuse(
            path.name,
            f"no columns that make up ages 0 to 17 (ages found: {named}; headings: {shown:.300})",
            EXPECTED,
        )
    for span in chosen:
        if _band(span) is None and _parts(span) is None:
            what = f"ages {_aged(span)} lie across bands that there are no shares for"
            raise refuse(path.name, what, EXPECTED)
    return {span: found[span] for span in chosen}


def _span(heading: str) -> Span | None:
    normal = normal_heading(heading[:200])
    aged = AGED.fullmatch(normal)
    if aged:
        youngest = int(aged[1])
        return youngest, int(aged[2] or youngest)
    if normal in {"under 1", "<1"}:
        return 0, 0
    return (0, OLDEST) if ALL_AGES.fullmatch(normal) else None


def _partition(youngest: int, spans: Collection[Span]) -> tuple[Span, ...] | None:
    """Spans that follow each other from an age to 17 (or 19, which are taken off), the finest first."""
    if youngest in (OLDEST + 1, OLDEST_COUNTED + 1):
        return ()
    for span in sorted(each for each in spans if each[0] == youngest and each[0] <= each[1]):
        rest = _partition(span[1] + 1, spans) if span[1] in (*range(OLDEST + 1), OLDEST_COUNTED) else None
        if rest is not None:
            return (span, *rest)
    return None


def _band(span: Span) -> str | None:
    """The band that all ages of a column belong to."""
    return next((band for band, (low, high) in SPANS.items() if low <= span[0] and span[1] <= high), None)


def _parts(span: Span) -> tuple[Span, ...] | None:
    """The ages with known shares that a column is made of."""
    inside = tuple(part for part in KNOWN if span[0] <= part[0] and part[1] <= span[1])
    covered = sum(high - low + 1 for low, high in inside)
    return inside if covered == span[1] - span[0] + 1 else None


def _aged(span: Span) -> str:
    return f"{span[0]}" if span[0] == span[1] else f"{span[0]}-{span[1]}"


def _whole(cells: pd.Series, heading: str, faults: FaultList) -> list[float]:
    """Whole numbers; a cell without one is a fault: an area without children says 0."""
    numbers, _ = check_numbers(cells, heading, set(), faults, "count", remedy=WHOLE)
    blank = cells[[is_mark(cell.strip(), set()) for cell in cells]]
    for row, cell in zip(blank.index[:MOST_NAMED].tolist(), blank, strict=False):
        what = f"{cell!r:.40} is no number" if cell else "the cell is empty"
        faults.add(what, WHOLE, row=row, column=plain(heading))
    if len(blank) > MOST_NAMED:
        faults.add(f"{len(blank) - MOST_NAMED:,} more cells without a number", WHOLE, column=plain(heading))
    return numbers


def _in_bands(
    counts: pd.DataFrame, spans: Mapping[str, Span], place: Place
) -> tuple[pd.DataFrame, list[str]]:
    """Whole children by band, and the columns that were parted by shares."""
    bands = pd.DataFrame(0, index=counts.index, columns=list(AGE_BANDS))
    parted = []
    for name, span in spans.items():
        band = _band(span)
        if band is None:
            parted.append(name)
        else:
            bands[band] += counts[name].astype("int64")
    weights = _weights(place) if parted else pd.DataFrame()
    for name in parted:
        parts = _parts(spans[name]) or ()
        shares = _shares(weights[[_aged(part) for part in parts]])
        whole = pd.DataFrame(shared_whole(counts[name], shares), shares.index, shares.columns)
        for part in parts:
            band = _band(part)
            if band is not None:
                bands[band] += whole[_aged(part)]
    return bands, parted


def _shares(weights: pd.DataFrame) -> pd.DataFrame:
    """Shares of a row's total; of the whole place where a row has none."""
    total = weights.sum(axis=1)
    whole = weights.sum() / weights.to_numpy().sum()
    return weights.div(total.where(total > 0), axis=0).fillna(whole)


def _weights(place: Place) -> pd.DataFrame:
    """Children at the ages of `KNOWN` by small area: Census 2021 ages within the bands of mid-2024."""
    rows = read_rows("areas", list(place.districts)).set_index("area_code").reindex(place.areas.index)
    ten = rows["children_5_10_census2021"] - rows["age_5_9_census2021"]
    eleven = rows["age_10_14_census2021"] - ten
    fifteen = rows["children_11_15_census2021"] - eleven
    older = rows["age_15_19_census2021"] - fifteen - rows["children_16_17_census2021"]
    of_age = (
        rows["age_0_4_census2021"],
        rows["age_5_9_census2021"],
        ten,
        eleven,
        fifteen,
        rows["children_16_17_census2021"],
        older,
    )
    census = pd.DataFrame(dict(zip(map(_aged, KNOWN), of_age, strict=True))).clip(lower=0)
    for band, column in BANDS_MID2024.items():
        inside = [_aged(part) for part in KNOWN if _band(part) == band]
        then = census[inside].sum(axis=1)
        census[inside] = census[inside].mul((rows[column] / then.where(then > 0)).fillna(0), axis=0)
    return census

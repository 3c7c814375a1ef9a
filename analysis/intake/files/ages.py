"""People by age in whatever columns or rows a file counts them, brought to the product's four bands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.rounding import shared_whole
from analysis.base.sheets import Sheet
from analysis.base.text import normal_heading, plain
from analysis.intake.files.codes import area_codes
from analysis.intake.files.headings import DATE_AS_AGES, LSOA_CODE, Age, Span, ages
from analysis.intake.files.keys import FEMALE, MALE, Cells, Where, one_row_a_key, read_keyed
from analysis.places.england.tables import BANDS_MID2024, read_rows
from analysis.places.manifest import AGE_BANDS

SPANS: dict[str, Span] = dict(zip(AGE_BANDS, ((0, 4), (5, 10), (11, 15), (16, 17)), strict=True))
# Ages that the figures of England tell apart by small area; what is finer, no shares are known for.
KNOWN: tuple[Span, ...] = ((0, 4), (5, 9), (10, 10), (11, 14), (15, 15), (16, 17), (18, 19))
OLDEST, OLDEST_COUNTED = 17, 19
# From here on a total is told, and an area beside England's figure.
FAR, MANY_TIMES, MANY = 0.25, 3, 200
EXPECTED = (
    "Give a column a band (children_0_4, children_5_10, children_11_15, children_16_17), five-year bands, single years of age "
    "from 0 to 17, or one column headed children; or a row an age, with the ages in a column headed age"
)
AGE_COLUMN = re.compile(r"ages?(?:[ _](?!.*code).*)?|c_age_name|age ?(?:band|group|range)s?.*")
COUNT_COLUMN = re.compile(
    r"(?:obs|observation)(?:[ _]value)?s?|value|count|number|n|(?:number of )?(?:children|people|persons)|population|residents"
)
YEAR_COLUMN = re.compile(r"(?:mid[- _]?)?(?:year|date|period|time)(?:[ _](?:name|code))?")
YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
AGED = "; aged "


@dataclass(frozen=True, eq=False)
class AgeRows:
    """Rows of people by age, each area once.

    Parameters
    ----------
    frame : DataFrame
        Text, index row of the file, columns by position.
    code : int
        Position of the codes.
    columns : tuple of Age
        Columns that make up ages 0 to 17 (or 19), of persons or of both sexes.
    every : tuple of Age
        Columns of the same sexes that make up all ages; none where the file ends earlier.
    headings : mapping
        By position.
    year : str
        That a column of the file names; "" for none or several.
    notes : tuple of str
    """

    frame: pd.DataFrame
    code: int
    columns: tuple[Age, ...]
    every: tuple[Age, ...]
    headings: Mapping[int, str]
    year: str
    notes: tuple[str, ...]


def read_by_age(
    sheets: Sequence[Sheet],
    table: tuple[Sheet, int, int],
    by_age: Sequence[Age],
    is_wanted: Callable[[pd.Series], pd.Series],
    where: Where,
    faults: FaultList,
) -> AgeRows | None:
    """Rows by age of some areas, from a column an age or from a row an age.

    Parameters
    ----------
    sheets : sequence of Sheet
        Of the file.
    table : (Sheet, int, int)
        Where the table is: its sheet, row of its headings, position of its codes.
    by_age : sequence of Age
        Columns of ages, of any bands.
    is_wanted : callable
        Takes codes in capitals, gives which are read.
    where : mapping
        What was chosen of rows that differ.
    faults : FaultList
        Takes what is wrong.

    Returns
    -------
    AgeRows or None
        None where its ages do not make up 0 to 17; `faults` then says why.
    """
    sheet, header, code = table
    head = sheet.preview[header]
    long = None if ages_of_childhood(by_age) else _long(sheet, header, code)
    wanted = [code, *(age.position for age in by_age), *(long or ())]
    cells = read_keyed(sheets, sheet, header, wanted, where)
    keys = area_codes(cells.frame[code])
    frame = cells.frame.copy()
    frame[code] = keys
    # What stands below the table, without a figure, is a note.
    figures = [at for at in wanted if at != code]
    counted = (frame[figures] != "").any(axis=1) | keys.str.fullmatch(LSOA_CODE.pattern)
    rest, frame = frame[~is_wanted(keys) & counted], frame[is_wanted(keys)]
    if long is not None:
        frame, by_age, notes = _widened(replace(cells, frame=frame), code, long, faults, where)
    else:
        values = [age.position for age in by_age]
        frame, notes = one_row_a_key(replace(cells, frame=frame), code, values, faults, where, adds_up=True)
    headings = dict(enumerate(cells.headings)) | {
        age.position: age.words for age in by_age if age.position >= len(head)
    }
    columns = ages_of_childhood(by_age)
    _tell_twice(columns or (), by_age, faults)
    if columns is None:
        _tell_ages(by_age, headings, faults)
        return None
    years = {
        year
        for at, text in headings.items()
        if at in frame and YEAR_COLUMN.fullmatch(normal_heading(text[:200]))
        for cell in frame[at].unique()
        for year in YEAR.findall(cell)
    }
    dated = [age.words for age in columns if DATE_AS_AGES in age.words]
    notes += (f"A spreadsheet made dates of some ages: {'; '.join(dated)}",) if dated else ()
    rows = pd.concat([frame, rest[[at for at in rest if at in frame]]]).fillna("")
    return AgeRows(
        rows, code, columns, _every(by_age, columns), headings, years.pop() if len(years) == 1 else "", notes
    )


def holds_ages(sheet: Sheet, header: int, code: int, by_age: Sequence[Age]) -> bool:
    """Whether a table counts people by age, though perhaps not every age of childhood."""
    single = [age for age in by_age if age.age == age.oldest]
    enough = ages_of_childhood(by_age) or len(single) > OLDEST
    return bool(enough or _of_one_sex(by_age) or _long(sheet, header, code))


def _of_one_sex(by_age: Sequence[Age]) -> str:
    """F or m where the columns of that sex alone make up childhood; "" else."""
    return next(
        (
            sex
            for sex in "fm"
            if ages_of_childhood([replace(age, sex="") for age in by_age if age.sex == sex])
        ),
        "",
    )


def _long(sheet: Sheet, header: int, code: int) -> tuple[int, int] | None:
    """Positions of the ages and of the numbers where a row is one age of an area."""
    below = [row for row in sheet.preview[header + 1 :] if any(row)]
    headings = [normal_heading(text[:200]) for text in sheet.preview[header]]
    cells = {at: [row[at] for row in below if at < len(row) and row[at]] for at in range(len(headings))}
    age = next(
        (
            at
            for at, text in enumerate(headings)
            if AGE_COLUMN.fullmatch(text) and at != code and ages(cells[at])
        ),
        None,
    )
    counts = [
        at for at, text in enumerate(headings) if COUNT_COLUMN.fullmatch(text) and at not in (code, age)
    ]
    return None if age is None or len(counts) != 1 else (age, counts[0])


def _widened(
    cells: Cells, code: int, long: tuple[int, int], faults: FaultList, where: Where
) -> tuple[pd.DataFrame, tuple[Age, ...], tuple[str, ...]]:
    """Rows an age as columns an age, at positions beyond those of the file."""
    at_age, at_count = long
    frame = cells.frame.copy()
    texts = tuple(dict.fromkeys(frame[at_age]))
    known = {texts[age.position]: age for age in ages(texts)}
    frame = frame[frame[at_age].isin(list(known))]
    both = len(cells.headings)
    frame[both] = frame[code] + AGED + frame[at_age]
    told = replace(cells, frame=frame, headings=(*cells.headings, cells.headings[code]))
    frame, notes = one_row_a_key(told, both, [at_count], faults, where, adds_up=True)
    wide = frame.drop_duplicates([code, at_age]).set_index([code, at_age])[at_count].unstack(fill_value="")  # noqa: PD010 - of text
    first = frame.drop_duplicates(code).drop(columns=[both])
    columns = []
    for number, (text, age) in enumerate(known.items()):
        position = both + 1 + number
        first[position] = wide[text].reindex(first[code]).to_numpy() if text in wide else ""
        columns.append(replace(age, position=position, words=f"{cells.headings[at_count]}, {age.words}"))
    return first, tuple(columns), notes


def ages_of_childhood(by_age: Sequence[Age]) -> tuple[Age, ...] | None:
    """Columns that follow each other from age 0 to 17 (or 19), the finest first: of persons, else of both sexes."""
    return _of_persons(by_age, {OLDEST + 1, OLDEST_COUNTED + 1})


def _of_persons(by_age: Sequence[Age], ends: Collection[int]) -> tuple[Age, ...] | None:
    found: dict[str, tuple[Age, ...]] = {}
    for sex in ("", "f", "m"):
        spans = {(age.age, age.oldest): age for age in by_age if age.sex == sex}
        chosen = _partition(0, spans, ends)
        if chosen is not None:
            found[sex] = tuple(spans[span] for span in chosen)
    if "" in found:
        return found[""]
    return (*found["f"], *found["m"]) if len(found) == 2 else None


def _every(by_age: Sequence[Age], columns: Sequence[Age]) -> tuple[Age, ...]:
    """Columns that make up all ages, of the sexes that were chosen."""
    sexes = {age.sex for age in columns}
    same = [age for age in by_age if age.sex in sexes]
    last = {age.oldest + 1 for age in same if age.open_ended}
    return _of_persons(same, last) or ()


def _partition(youngest: int, spans: Collection[Span], ends: Collection[int]) -> tuple[Span, ...] | None:
    """Spans that follow each other from an age to one of some ends, the finest first."""
    if youngest in ends:
        return ()
    for span in sorted(each for each in spans if each[0] == youngest and each[0] <= each[1]):
        rest = _partition(span[1] + 1, spans, ends) if span[1] < max(ends, default=0) else None
        if rest is not None:
            return (span, *rest)
    return None


def _tell_twice(columns: Sequence[Age], by_age: Sequence[Age], faults: FaultList) -> None:
    """Ages that two columns of one sex count."""
    used = {(age.sex, age.age, age.oldest) for age in columns}
    spans = [(age.sex, age.age, age.oldest) for age in by_age]
    for span in sorted({span for span in used if spans.count(span) > 1}):
        faults.add(
            f"two columns of ages {aged(span[1:])}",
            "Keep one of them, or say which is meant (--column children=HEADING)",
        )


def _tell_ages(by_age: Sequence[Age], headings: Mapping[int, str], faults: FaultList) -> None:
    """Why some columns do not make up childhood."""
    shown = (
        ", ".join(repr(plain(text)[:40]) for text in headings.values() if text not in ("", "sex", "sheet"))
        or "none"
    )
    one = _of_one_sex(by_age)
    if one:
        alone = (FEMALE if one == "f" else MALE).lower()
        faults.add(f"its ages are of {alone} alone", "Give persons, or females and males")
        return
    named = (
        ", ".join(dict.fromkeys(aged((age.age, age.oldest)) for age in sorted(by_age, key=lambda a: a.age)))
        or "none"
    )
    missing = sorted(
        set(range(OLDEST + 1)) - {year for age in by_age for year in range(age.age, age.oldest + 1)}
    )
    lacking = f"; no column for age {', '.join(map(str, missing))}" if by_age and missing else ""
    faults.add(
        f"no columns that make up ages 0 to 17 (ages found: {named}{lacking}; headings: {shown:.300})",
        EXPECTED,
    )


def band_of(span: Span) -> str | None:
    """The band that all ages of a column belong to."""
    return next((band for band, (low, high) in SPANS.items() if low <= span[0] and span[1] <= high), None)


def parts_of(span: Span) -> tuple[Span, ...] | None:
    """The ages with known shares that a column is made of."""
    inside = tuple(part for part in KNOWN if span[0] <= part[0] and part[1] <= span[1])
    covered = sum(high - low + 1 for low, high in inside)
    return inside if covered == span[1] - span[0] + 1 else None


def aged(span: Span) -> str:
    """Ages in words."""
    return f"{span[0]}" if span[0] == span[1] else f"{span[0]}-{span[1]}"


def bands_of(values: pd.DataFrame, read: AgeRows, faults: FaultList) -> pd.DataFrame | None:
    """Whole children by band; NaN in a row without every number; None where ages lie across bands that no shares are known of.

    Parameters
    ----------
    values : DataFrame
        Numbers, which may have decimals; index code of LSOA of 2021, a column a position of `read.columns`.
    read : AgeRows
    faults : FaultList

    Returns
    -------
    DataFrame or None
        Columns `AGE_BANDS`; attributes `parted` and `rounded`: what was parted by shares, and that it was rounded, in words.
    """
    counts: dict[Span, pd.Series] = {}
    for age in read.columns:
        span, given = (age.age, age.oldest), values[age.position]
        counts[span] = counts[span] + given if span in counts else given
    across = [aged(span) for span in counts if band_of(span) is None and parts_of(span) is None]
    if across:
        remedy = f"Give {', '.join(AGE_BANDS)}, five-year bands, or single years of age"
        faults.add(
            f"ages {', '.join(across)} lie across bands that there are no shares for",
            remedy,
            file=faults.file,
        )
        return None
    known = pd.DataFrame(counts.values()).notna().all()
    # Parts are added up before they are rounded: estimates may have decimals.
    exact = {
        band: sum(
            (each for span, each in counts.items() if band_of(span) == band), pd.Series(0.0, values.index)
        )
        for band in AGE_BANDS
    }
    wide = {span: each.fillna(0).round() for span, each in counts.items() if band_of(span) is None}
    parted, notes = in_bands(wide) if wide else (pd.DataFrame(0, values.index, list(AGE_BANDS)), ())
    bands = (pd.DataFrame(exact).round() + parted).where(known)
    rounded = bool((values % 1 > 0).any(axis=None))
    bands.attrs["parted"] = list(notes)
    bands.attrs["rounded"] = (
        ["Its estimates have decimals: each band is rounded to whole children"] if rounded else []
    )
    return bands


def in_bands(counts: Mapping[Span, pd.Series]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Whole children by band; ages of several bands are parted by the shares of England's figures, and their total stays.

    Parameters
    ----------
    counts : mapping
        By ages: whole numbers, index code of LSOA of 2021.

    Returns
    -------
    bands : DataFrame
        Columns `AGE_BANDS`.
    notes : tuple of str
        What was parted; none where nothing was.
    """
    index = next(iter(counts.values())).index
    bands = pd.DataFrame(0, index=index, columns=list(AGE_BANDS))
    parted = [span for span in counts if band_of(span) is None]
    for span in counts:
        band = band_of(span)
        if band is not None:
            bands[band] += counts[span].astype("int64")
    weights = _weights(index) if parted else pd.DataFrame()
    for span in parted:
        parts = parts_of(span) or ()
        shares = _shares(weights[[aged(part) for part in parts]])
        whole = pd.DataFrame(shared_whole(counts[span], shares), shares.index, shares.columns)
        for part in parts:
            band = band_of(part)
            if band is not None:
                bands[band] += whole[aged(part)]
    if not parted:
        return bands, ()
    older = "; those of 18 and 19 were taken off" if any(span[1] > OLDEST for span in parted) else ""
    named = ", ".join(map(aged, parted))
    return bands, (
        f"Ages {named} were parted by the shares of England's figures (Census 2021, mid-2024){older}",
    )


def _shares(weights: pd.DataFrame) -> pd.DataFrame:
    """Shares of a row's total; of the whole place where a row has none."""
    total = weights.sum(axis=1)
    whole = weights.sum() / weights.to_numpy().sum()
    return weights.div(total.where(total > 0), axis=0).fillna(whole)


def _weights(codes: pd.Index) -> pd.DataFrame:
    """Children at the ages of `KNOWN` by small area: Census 2021 ages within the bands of mid-2024."""
    rows = read_rows("areas", None).set_index("area_code").reindex(codes)
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
    census = pd.DataFrame(dict(zip(map(aged, KNOWN), of_age, strict=True))).clip(lower=0)
    for band, column in BANDS_MID2024.items():
        inside = [aged(part) for part in KNOWN if band_of(part) == band]
        then = census[inside].sum(axis=1)
        census[inside] = census[inside].mul((rows[column] / then.where(then > 0)).fillna(0), axis=0)
    return census


def far_from_england(children: pd.Series, bands: Sequence[str] = AGE_BANDS) -> list[str]:
    """Sentences where children are far from those of England's figures for the same areas.

    Parameters
    ----------
    children : Series
        Index code of LSOA; areas that England's figures do not have are left out of the comparison.
    bands : sequence of str
        Ages that are counted.

    Returns
    -------
    list of str
        Of all areas together, over 25% away; else of single areas that have over three times as many.
    """
    rows = read_rows("areas", None).set_index("area_code")
    both = children.index.intersection(rows.index)
    england = rows.loc[both, [BANDS_MID2024[band] for band in bands]].sum(axis=1)
    own = children.reindex(both).astype(float)
    total, theirs = float(own.sum()), float(england.sum())
    if theirs and abs(total - theirs) > FAR * theirs:
        upto = max(SPANS[band][1] for band in bands)
        far = f"{total:,.0f} children are {total / theirs - 1:+.0%} from the {theirs:,.0f} of England's figures for the same areas"
        return [
            f"Look at this first: {far}. Does the file count every child aged 0 to {upto} once, of both sexes and of one year?"
        ]
    many = own.index[(own > MANY_TIMES * england) & (own - england > MANY)]
    named = "; ".join(f"{code} has {own[code]:,.0f}, and {england[code]:,.0f} there" for code in many[:5])
    return (
        [
            f"Look at this first: some areas have over {MANY_TIMES} times the children of England's figures: {named}"
        ]
        if named
        else []
    )

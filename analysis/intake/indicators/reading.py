"""A figure of the user's own brought to the small areas of a place: joined, shared out, its gaps flagged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import plain, slugify
from analysis.intake.files.codes import changed_since_2011
from analysis.intake.indicators.files import IndicatorRows, Wanted, read_indicator_rows, value_headings
from analysis.intake.indicators.looks import against_deprivation
from analysis.intake.indicators.shapes import read_on_small_areas, shape_headings
from analysis.intake.indicators.values import (
    LEAST_SHARE,
    PER,
    by_ward,
    coverage_cautions,
    filled,
    filled_words,
    valued,
)
from analysis.places.deprivation import changes_weight
from analysis.places.england.tables import bundle_stamp
from analysis.places.geography import holds_shapes
from analysis.places.own_indicators import PREFIX, Fill, HeldIndicator, OwnIndicator
from analysis.places.place import Place

RANKED = re.compile(r"\b(?:deciles?|ranks?|quintiles?|centiles?|percentiles?|vigintiles?)\b", re.IGNORECASE)
LEAST_FIRST = re.compile(
    r"\b1 ?(?:is|=) ?(?:the )?least|most deprived ?(?:is|=) ?(?:10|5|100)\b|\b(?:10|5|100) ?(?:is|=) ?(?:the )?most",
    re.IGNORECASE,
)
HEADLINE = "The indicator cannot be used as it is."


@dataclass(frozen=True)
class IndicatorChoices:
    """What the user says of an indicator.

    Parameters
    ----------
    name, unit, vintage, source : str
        Source and vintage are needed: a figure without them is not kept. `unit` may be "" for a count.
    higher_is_more_need : bool or None
        None follows the heading: of a rank or decile of deprivation 1 is the most deprived, of all else a higher figure is
        more need.
    wanted : Wanted
        Columns and marks of the file, and whether it holds rates or counts.
    fill : {"none", "ward"}
        What becomes of small areas without a value: nothing, or the mean of their ward by children.
    least_share : float
        Where fewer than this share of an area's children are registered (the base), its value is flagged.
    """

    name: str
    unit: str
    vintage: str
    source: str
    higher_is_more_need: bool | None = None
    wanted: Wanted = field(default_factory=Wanted)
    fill: Fill = "none"
    least_share: float = LEAST_SHARE


@dataclass(frozen=True, eq=False)
class NewIndicator:
    """An indicator that was prepared, and what a person should see before it is kept.

    Parameters
    ----------
    held : HeldIndicator
    wards : DataFrame
        Index ward code: `area_name`, small areas in all and by status, `children_known` (share of the
        ward's children who live where there is a value).
    left_out : tuple of str
    """

    held: HeldIndicator
    wards: pd.DataFrame
    left_out: tuple[str, ...]


def prepare_indicator(path: Path, place: Place, choices: IndicatorChoices) -> NewIndicator:
    """Read a table of the user's own and bring it to the place's small areas; nothing is written.

    A value of an MSOA or a ward stands for each of its LSOAs: counts are shared out by children and become
    rates again, which is the same. A value of an LSOA of 2021 goes to LSOAs of 2011 by residents. A file of
    shapes is brought over by the land that they share with the small areas. A missing value stays missing: it is
    never zero.

    Raises
    ------
    HubreachError
        With every fault of the file and of what was said of it.

    See Also
    --------
    analysis.places.own_indicators.save_own_indicator : Keeps it.
    """
    _check_words(choices)
    if holds_shapes(path):
        rows, spread, cautions = read_on_small_areas(path, place, choices.wanted)
    else:
        changes = newer_areas(place)
        rows = read_indicator_rows(path, place_codes(place, changes), choices.wanted)
        spread, cautions = _to_small_areas(place, rows, changes)
    measure = choices.wanted.measure
    table = valued(place, spread, measure, choices.least_share)
    cautions += coverage_cautions(place, table, choices.least_share)
    since = table.index.intersection(pd.Index(sorted(changed_since_2011(bundle_stamp()))))
    gaps = table.index[~spread["listed"].astype(bool)]
    # A file on LSOAs of 2021 lists some of them; one of 2011 lists none, and lacks no other.
    if rows.geography == "LSOA" and len(since) and set(gaps) == set(since):
        cautions.append(
            "the areas without a value are those that were split or merged after 2011: the file is on LSOAs of 2011, and the "
            "ONS publishes which became which (LSOA (2011) to LSOA (2021))"
        )
    if choices.fill == "ward" and table["value"].isna().any():
        table = filled(place, table)
        cautions.append(filled_words(place, table))
    higher, caution = direction_of(rows.value_heading, choices.higher_is_more_need)
    cautions += caution
    ranks = place.deprivation(place.vintages[-1])["imd_rank"]
    cautions += [
        *rows.cautions,
        *against_deprivation(table["value"], ranks, 1 if higher else -1, rows.value_heading),
    ]
    about = OwnIndicator(
        key=own_key(choices.name),
        name=plain(choices.name),
        direction=1 if higher else -1,
        unit=plain(choices.unit) or f"per {PER:,} {_people(rows)}",
        vintage=plain(choices.vintage),
        source=plain(choices.source),
        measure=measure,
        geography=rows.geography,
        file=plain(rows.file),
        fill=choices.fill,
        cautions=tuple(cautions),
    )
    return NewIndicator(HeldIndicator(about, table), by_ward(place, table), rows.left_out)


def direction_of(heading: str, said: bool | None) -> tuple[bool, list[str]]:
    """Whether a higher figure is more need, by what was said and by the heading; and what has to be known of it.

    >>> direction_of("IMD Decile (where 1 is most deprived)", None)[0], direction_of("Lone parents", None)
    (False, (True, []))
    """
    spaced = heading.replace("_", " ")
    by_rank, least_first = bool(RANKED.search(spaced)), bool(LEAST_FIRST.search(spaced))
    if said is None:
        words = f"{heading} is taken as a {'decile or rank where 1 is the most deprived' if not least_first else 'decile or rank where 1 is the least deprived'}"
        return (not by_rank or least_first), [
            f"{words}: say so if that is not what it means"
        ] if by_rank else []
    if by_rank and said != least_first:
        return said, [
            f"{heading} is headed as a rank or decile, and a {'higher' if said else 'lower'} figure is taken as more need, as you said"
        ]
    return said, []


def own_key(name: str) -> str:
    """Key of an indicator: its name in small letters, marked as the user's own.

    >>> own_key("Lone parents (%)")
    'own_lone_parents'
    """
    return f"{PREFIX}{slugify(name).replace('-', '_')[:50].strip('_')}"


def indicator_headings(path: Path, place: Place) -> list[str]:
    """Headings of the columns of a file, table or shapes, that could be its values.

    Raises
    ------
    HubreachError
        If it cannot be read, or has none.
    """
    if holds_shapes(path):
        return shape_headings(path)
    return value_headings(path, place_codes(place, newer_areas(place)))


def place_codes(place: Place, changes: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Codes of a place by geography, those of newer LSOAs among them."""
    areas = place.areas
    msoas = areas["msoa_code"] if "msoa_code" in areas else pd.Series(dtype=str)
    return {
        "LSOA": frozenset(areas.index) | frozenset(changes["newer_code"]),
        "MSOA": frozenset(msoas) - {""},
        # A ward may be told by its name alone, where no other ward of the place has it.
        "ward": frozenset(areas["ward_code"]) | frozenset(areas["ward_name"]),
    }


def newer_areas(place: Place) -> pd.DataFrame:
    """Parts of the place's small areas on newer LSOAs: `area_code`, `newer_code`, `residents`; may be empty."""
    for key in reversed(place.vintages):
        vintage = place.manifest.vintages[key]
        if vintage.changes is None:
            continue
        changes = pd.read_csv(place.folder / vintage.changes, dtype=str)
        figures = pd.read_csv(place.folder / vintage.file).set_index("area_code")
        residents = figures[changes_weight(figures)].astype(float)
        table = changes[["area_code", "newer_code"]].drop_duplicates()
        return table.assign(residents=table["newer_code"].map(residents))
    return pd.DataFrame({"area_code": [], "newer_code": [], "residents": []}).astype(
        {"area_code": "str", "newer_code": "str", "residents": float}
    )


def _check_words(choices: IndicatorChoices) -> None:
    faults = FaultList("the indicator")
    for column, text, example in (
        ("name", choices.name, "Children in low income families"),
        ("vintage", choices.vintage, "2023/24"),
        ("source", choices.source, "Department for Work and Pensions"),
    ):
        if not plain(text) or len(text) > 200:
            found = "is empty" if not plain(text) else f"has {len(text)} letters, more than 200"
            faults.add(f"the {column} {found}", f"Give one, such as {example}", column=column)
    if plain(choices.name) and own_key(choices.name) == PREFIX:
        faults.add(f"{choices.name!r:.60} has no letters", "Give a name with letters a to z", column="name")
    if choices.wanted.measure == "rate" and not plain(choices.unit):
        faults.add(
            "the unit is empty", "Say what the values are, such as per cent of children", column="unit"
        )
    if len(choices.unit) > 200:
        faults.add(f"the unit has {len(choices.unit)} letters", "Give 200 at most", column="unit")
    if not 0 <= choices.least_share <= 1:
        faults.add(f"a least share of {choices.least_share:g}", "Give 0 to 1", column="least share")
    faults.raise_if_any(HEADLINE)


def _people(rows: IndicatorRows) -> str:
    return f"of {rows.base_heading}" if rows.base_heading else "children"


def _to_small_areas(
    place: Place, rows: IndicatorRows, changes: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Rows on the small areas: `value`, `base`, `suppressed`, `listed`, and `children` that they are about."""
    areas = place.areas
    if rows.geography == "LSOA":
        newer = set(changes["newer_code"]) - set(areas.index)
        older = set(areas.index) - set(changes["newer_code"])
        if sum(code in newer for code in rows.rows.index) > sum(code in older for code in rows.rows.index):
            return _from_newer(place, rows, changes)
        spread = rows.rows.reindex(areas.index)
        return _listed(spread, rows.rows.index, areas.index.to_series(), areas["children"]), []
    group = areas["ward_code" if rows.geography == "ward" else "msoa_code"]
    if rows.rows.index.isin(areas["ward_name"]).any():
        group = areas["ward_name"]
    spread = rows.rows.reindex(group).set_axis(areas.index, axis=0)
    children = areas["children"].groupby(group).transform("sum")
    caution = f"values are of {rows.geography}s: each stands for all LSOAs of its {rows.geography}, which are not alike"
    return _listed(spread, rows.rows.index, group, children), [caution]


def _listed(spread: pd.DataFrame, codes: pd.Index, keys: pd.Series, children: pd.Series) -> pd.DataFrame:
    return spread.assign(suppressed=spread["suppressed"].eq(True), listed=keys.isin(codes), children=children)


def _from_newer(place: Place, rows: IndicatorRows, changes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """LSOAs of 2021 to those of 2011: rates by the residents of the parts, counts by their sum."""
    parts = changes.join(rows.rows, on="newer_code")
    parts = parts[parts["area_code"].isin(place.areas.index)].assign(
        suppressed=lambda t: t["suppressed"].eq(True)
    )
    residents = place.population.clip(lower=1).astype(float)
    own = parts["area_code"].map(residents)
    # What part of a newer area is the older one's: 1, but where several were merged.
    share = own / own.groupby(parts["newer_code"]).transform("sum")
    by = parts["area_code"]
    # A part without a value leaves the whole without one: it is not known.
    weight = parts["residents"].fillna(0).clip(lower=1)
    means = (parts["value"] * weight).groupby(by).sum(min_count=1) / weight.groupby(by).sum()
    whole = parts["value"].notna().groupby(by).all()
    sums = (parts["value"] * share).groupby(by).sum(min_count=1)
    base = (parts["base"] * share).groupby(by).sum(min_count=1)
    spread = pd.DataFrame({"value": means.where(whole), "sum": sums.where(whole), "base": base})
    spread["suppressed"] = parts["suppressed"].groupby(by).any()
    spread = spread.reindex(place.areas.index)
    listed = (
        parts["newer_code"].isin(rows.rows.index).groupby(by).any().reindex(spread.index, fill_value=False)
    )
    spread = spread.assign(
        suppressed=spread["suppressed"].eq(True), listed=listed, children=place.areas["children"]
    )
    return spread, [
        "values are of newer LSOAs: where these were split or merged since, they are means by residents"
    ]


def unusable_words(held: HeldIndicator) -> str:
    """Why an index cannot use an indicator yet, and what to do; "" where it can."""
    if held.is_whole:
        return ""
    gaps = int(held.table["value"].isna().sum())
    if gaps:
        return (
            f"{gaps:,} small areas have no value, so an index cannot use it. Give a table without gaps, or say that "
            "they are to be filled with the mean of their ward"
        )
    return "It is the same everywhere, so an index cannot use it"

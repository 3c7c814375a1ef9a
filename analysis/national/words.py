"""England's authorities in order of a measure, in words and numbers for a chart and a table."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.base.text import plain, unmarked
from analysis.national.files import NationalFile, NationalMeasure, national_folder

HOW_MADE = "estimates by hubreach national, read from the file; range: 90% of model runs"
LICENCE = (
    "Modelled estimates. Source: English Indices of Deprivation (MHCLG); children by small area and boundaries (ONS). "
    "Open Government Licence v3.0. Contains OS data © Crown copyright and database right."
)
APART = "Colours compare within an authority, not across England"


@dataclass(frozen=True, eq=False)
class EnglandView:
    """Authorities ranked by a measure.

    Parameters
    ----------
    table : DataFrame
        As `rank_authorities` gives it, with `words` (value and range in words).
    measure : NationalMeasure
    """

    table: pd.DataFrame
    measure: NationalMeasure

    @property
    def has_ranges(self) -> bool:
        """Whether the measure has a range."""
        return bool(self.table["low"].notna().any())

    @property
    def is_level(self) -> bool:
        """Whether every authority has about the same value, so that the order says nothing."""
        # The smallest authorities differ by the rounding to whole children alone.
        low, high = self.table["value"].quantile([0.05, 0.95])
        return len(self.table) > 1 and bool(high - low < 0.01 * max(abs(high), 1e-9))

    @property
    def level_with_first(self) -> int:
        """How many others' ranges reach the first one's: they cannot be told apart from it."""
        first = self.table.iloc[0]
        return int((self.table["high"].iloc[1:] >= first["low"]).sum())


def england_view(table: pd.DataFrame, measure: NationalMeasure) -> EnglandView:
    """Put words to ranked authorities."""
    return EnglandView(table.assign(words=_words(table, _digits(table))), measure)


def _digits(table: pd.DataFrame) -> int:
    """Decimals that a measure is told in."""
    figures = table[["value", "low", "high"]].to_numpy(dtype=float)
    whole = bool(np.nan_to_num(figures % 1).max(initial=0.0) == 0)
    return 0 if whole or table["value"].abs().max() >= 1000 else 1


def _words(table: pd.DataFrame, digits: int) -> list[str]:
    return [
        f"{value:,.{digits}f}"
        if pd.isna(low)
        else f"{value:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
        for value, low, high in zip(table["value"], table["low"], table["high"], strict=True)
    ]


def england_sentence(view: EnglandView) -> str:
    """Which authority leads, and from how many others it cannot be told apart."""
    first, others = view.table.iloc[0], len(view.table) - 1
    title, unit = view.measure.title.lower(), view.measure.unit
    if view.is_level:
        return (
            f"All **{len(view.table):,}** authorities stand at about {first['words']} {unit}: each was "
            "estimated by itself with the same share of children. A file made with `--one-curve` lets deprivation decide."
        )
    start = f"**{unmarked(str(first['authority_name']))}** comes first by {title}: {first['words']} {unit}."
    if not view.has_ranges or not others:
        return f"{start} {len(view.table):,} authorities are ranked."
    many = view.level_with_first
    if not many:
        return f"{start} No other of the {others:,} authorities has a range that reaches its own."
    reach = (
        "**one** other has a range that reaches"
        if many == 1
        else f"**{many:,}** others have ranges that reach"
    )
    return f"{start} Of {others:,} authorities, {reach} its own, so the model cannot tell them from it."


def ranked_numbers(view: EnglandView) -> pd.DataFrame:
    """The table beside the chart and in the download; without a range's columns where there is none."""
    table = view.table.drop(columns="words").round({"value": 3, "low": 3, "high": 3})
    return table if view.has_ranges else table.drop(columns=["low", "high"])


def shortened_view(view: EnglandView, most: int, chosen: str | None) -> pd.DataFrame:
    """Rows of the chart: the first `most`, and the chosen authority last where it is further down."""
    shown = view.table.head(most)
    if chosen in view.table.index and chosen not in shown.index:
        return pd.concat([shown.head(most - 1), view.table.loc[[chosen]]])
    return shown


def file_sentence(file: NationalFile) -> str:
    """What a file holds."""
    about = "need with ranges" if file.kind == "need" else "who is within reach of a site"
    return f"{file.path.name}: {about}, by authority, ward and LSOA."


def making_commands() -> dict[str, str]:
    """Commands that make the files that the page reads, with their shapes, by what they answer ("need", "reach")."""
    need, reach = (shlex.quote(str(national_folder() / name)) for name in ("need.parquet", "reach.parquet"))
    return {
        "need": f"hubreach national need --one-curve --out {need}",
        "reach": "hubreach national reach --imd FILE7 --lookup LOOKUP --boundaries LSOA --sites-file SITES --one-curve "
        f"--out {reach}",
    }


def is_estimated_apart(file: NationalFile, ranked: pd.DataFrame) -> bool:
    """Whether every authority of a file was given the same share of children, so that areas of two do not compare.

    Parameters
    ----------
    ranked : DataFrame
        Authorities by the file's first measure (`rank_authorities`).
    """
    return file.kind == "need" and england_view(ranked, file.measures[0]).is_level


def small_areas_finding(table: pd.DataFrame, *, each_by_itself: bool) -> str:
    """Title of the map in print: as `small_areas_sentence`, without marks and in a line."""
    known = table.dropna(subset="value")
    if each_by_itself or known.empty:
        return APART
    high = known["value"] >= known["value"].quantile(0.8)
    among = high.groupby(known["authority_name"]).sum()
    return (
        f"The highest fifth lies in {int((among > 0).sum()):,} of {len(among):,} authorities, most of it in "
        f"{plain(str(among.idxmax()))}"
    )


def small_areas_sentence(
    table: pd.DataFrame, measure: NationalMeasure, *, each_by_itself: bool = False
) -> str:
    """Where the highest fifth of the country's small areas lies.

    Parameters
    ----------
    table : DataFrame
        As `small_area_values` gives it.
    each_by_itself : bool
        Whether every authority was given the same share of children: then areas of two authorities cannot be
        compared, and the sentence says so instead.
    """
    if each_by_itself:
        return (
            "Colours compare small areas **within an authority, not across England**: each authority was estimated by "
            "itself with the same share of children. A file made with `--one-curve` compares the country."
        )
    known = table.dropna(subset="value")
    if known.empty:
        return "The file holds **no small area** with a figure."
    high = known["value"] >= known["value"].quantile(0.8)
    by_authority = pd.DataFrame({"name": known["authority_name"], "high": high}).groupby("name")["high"]
    among, of = by_authority.sum(), by_authority.size()
    most = str(among.idxmax())
    return (
        f"The highest fifth of {len(known):,} small areas by {measure.title.lower()} lies in "
        f"**{int((among > 0).sum()):,} of {len(among):,}** authorities; "
        f"**{unmarked(most)}** has most of it: {among[most]:,} of its {of[most]:,} small areas."
    )


def authority_words(table: pd.DataFrame, code: str, *, each_by_itself: bool = False) -> str:
    """What stands out in one authority: how much of it is in the country's highest fifth, or what is highest there.

    Parameters
    ----------
    table : DataFrame
        As `small_area_values` gives it.
    code : str
        Of an authority of the table.
    each_by_itself : bool
        As for `small_areas_sentence`: then nothing is said of the country.
    """
    part = table[table["authority_code"] == code]
    name, known = plain(str(part["authority_name"].iloc[0])), part["value"].dropna()
    if known.empty:
        return f"No small area of {name} has a figure"
    if each_by_itself:
        first = part["area_name"][part["value"].round(9) == known.round(9).max()].sort_values()
        others = f" and {len(first) - 1:,} more are" if len(first) > 1 else " is"
        return f"{plain(str(first.iloc[0]))}{others} the highest of the {len(known):,} in {name}"
    high = int((known >= table["value"].quantile(0.8)).sum())
    verb = "is" if high == 1 else "are"
    return f"{high:,} of {len(known):,} small areas of {name} {verb} in England's highest fifth"


def area_sentence(table: pd.DataFrame, code: str, measure: NationalMeasure) -> str:
    """A small area's value, range and place in the order.

    Parameters
    ----------
    table : DataFrame
        As `small_area_values` gives it.
    code : str
        Of an area of the table.
    """
    row = table.loc[code]
    name = f"**{unmarked(str(row['area_name']))}** ({unmarked(str(row['authority_name']))}, {code})"
    if pd.isna(row["value"]):
        return f"{name} has no figure: {int(row['children']):,} children."
    higher = int((table["value"] > row["value"]).sum())
    words = _words(table.loc[[code]], _digits(table))[0]
    return (
        f"{name}: **{words}** {measure.unit}, {int(row['children']):,} children. "
        f"{higher:,} of {int(table['value'].notna().sum()):,} small areas have more."
    )


def small_area_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Small areas by falling value, for a table and its download."""
    rank = table["value"].round(9).rank(method="min", ascending=False)
    numbers = (
        table.assign(rank=rank.astype("Int64"))
        .sort_values(["value", "area_name"], ascending=[False, True])
        .round({"value": 1, "low": 1, "high": 1})
        .reset_index()
    )
    return numbers if table["low"].notna().any() else numbers.drop(columns=["low", "high"])

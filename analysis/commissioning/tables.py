"""Tables that people edit, type or paste: records as cells and back, and text that is masked where it counts people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pandas as pd
from pydantic import BaseModel, Field, model_validator

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import Record, checked_record, read_record
from analysis.commissioning.appraisal import Appraisal
from analysis.commissioning.cohort import EFFECT_FIELDS, CohortPlan, Partner

RecordType = TypeVar("RecordType", bound=BaseModel)
SPAN = ("low", "central", "high")
NUMBER = "Float64"
"""Numbers that may be missing: a row that is added in an editor has blanks, which plain floats refuse."""


def changed(record: RecordType, **values: object) -> RecordType:
    """The record with some fields changed, checked again as a whole.

    Raises
    ------
    HubreachError
        With one fault for each field that is wrong; the record itself is unchanged.
    """
    plain = {**record.model_dump(), **{key: _plain(value) for key, value in values.items()}}
    name = str(plain.get("name") or "what was entered")
    return checked_record(
        plain, type(record), file=name, headline="This cannot be used as it stands.", typed=True
    )


def items_table(
    items: Sequence[BaseModel], columns: Iterable[str], numbers: Iterable[str] = ()
) -> pd.DataFrame:
    """One row an item, to be edited: `numbers` as Float64 (NA where blank), the others as they are."""
    columns = list(columns)
    rows = [{name: _cell(getattr(item, name)) for name in columns} for item in items]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, NUMBER))


def table_items(edited: pd.DataFrame, needed: str = "name") -> list[dict[str, Any]]:
    """Rows of an edited table as values for a record; rows without the `needed` cell are left out."""
    return [row for row in _rows(edited) if row.get(needed) not in (None, "")]


def year_columns(years: int) -> list[str]:
    """Headings of a table by year."""
    return [f"Year {year}" for year in range(1, years + 1)]


def partners_table(plan: CohortPlan) -> pd.DataFrame:
    """Partners with a column a year, to be edited: amounts, NA where blank."""
    rows = []
    for partner in plan.partners:
        amounts = [*partner.amounts_gbp, *[None] * (plan.years - len(partner.amounts_gbp))]
        by_year = zip(year_columns(plan.years), map(_cell, amounts), strict=True)
        rows.append({"name": partner.name, "certainty": partner.certainty, **dict(by_year)})
    table = pd.DataFrame(rows, columns=["name", "certainty", *year_columns(plan.years)])
    return table.astype(dict.fromkeys(year_columns(plan.years), NUMBER))


def table_partners(edited: pd.DataFrame, years: int) -> list[dict[str, Any]]:
    """An edited table of partners as values for a plan."""
    return [
        {
            "name": row["name"],
            "certainty": row.get("certainty") or Partner.model_fields["certainty"].default,
            "amounts_gbp": [row.get(column) for column in year_columns(years)],
        }
        for row in table_items(edited)
    ]


def supported_table(plan: CohortPlan) -> pd.DataFrame:
    """Children newly supported in each year, one row, to be edited."""
    given = [*plan.children_supported, *[None] * (plan.years - len(plan.children_supported))]
    return pd.DataFrame([[_cell(n) for n in given]], columns=year_columns(plan.years), dtype=NUMBER)


def table_supported(edited: pd.DataFrame, years: int) -> list[Any]:
    """An edited row of children supported as values for a plan."""
    return [_blank(edited[column].iloc[0]) for column in year_columns(years)]


def effect_table(plan: CohortPlan) -> pd.DataFrame:
    """The figures of the effect, a row each, to be edited: `figure`, `low`, `central`, `high`, `confirm_with`."""
    rows = []
    for name, (words, who) in EFFECT_FIELDS.items():
        span = getattr(plan.effect, name)
        rows.append([_figure_words(name, words), *(_cell(getattr(span, part)) for part in SPAN), who])
    table = pd.DataFrame(
        rows, columns=["figure", *SPAN, "confirm_with"], index=pd.Index(list(EFFECT_FIELDS), name="key")
    )
    return table.astype(dict.fromkeys(SPAN, NUMBER))


def table_effect(edited: pd.DataFrame, delay_years: int) -> dict[str, Any]:
    """An edited table of the effect as values for a plan."""
    spans = {
        str(key): {part: _blank(row[part]) for part in SPAN}
        for key, row in zip(edited.index, edited.to_dict("records"), strict=True)
    }
    return {**spans, "delay_years": delay_years}


def scores_matrix(appraisal: Appraisal) -> pd.DataFrame:
    """Scores, a row an alternative and a column a criterion, NaN where blank, to be edited."""
    return appraisal.score_table().rename_axis(columns=None)


def reasons_matrix(appraisal: Appraisal) -> pd.DataFrame:
    """Reasons in the shape of `scores_matrix`, to be edited."""
    return appraisal.reasons().rename_axis(columns=None)


def matrix_scores(scores: pd.DataFrame, reasons: pd.DataFrame) -> list[dict[str, Any]]:
    """Edited scores and reasons as values for an appraisal; pairs with neither are left out."""
    pairs = [
        {
            "alternative": str(alternative),
            "criterion": str(criterion),
            "score": _blank(scores.loc[alternative, criterion]),
            "reason": _text(reasons.loc[alternative, criterion]),
        }
        for alternative in scores.index
        for criterion in scores.columns
    ]
    return [pair for pair in pairs if pair["score"] is not None or pair["reason"]]


def reshaped(
    appraisal: Appraisal,
    criteria: Mapping[int, Mapping[str, Any]],
    alternatives: Mapping[int, Mapping[str, Any]],
) -> Appraisal:
    """The appraisal with edited criteria and alternatives; scores follow a name that was changed.

    Parameters
    ----------
    criteria, alternatives : mapping of int to mapping
        Edited rows by their position in `appraisal`; positions beyond it are new.

    Raises
    ------
    HubreachError
        With what is wrong.
    """
    named = [
        {old: str(rows[i]["name"]) for i, old in enumerate(before) if i in rows}
        for before, rows in (
            (appraisal.alternative_names, alternatives),
            (appraisal.criterion_names, criteria),
        )
    ]
    scores = [
        {
            **score.model_dump(),
            "alternative": named[0][score.alternative],
            "criterion": named[1][score.criterion],
        }
        for score in appraisal.scores
        if score.alternative in named[0] and score.criterion in named[1]
    ]
    return changed(
        appraisal, criteria=list(criteria.values()), alternatives=list(alternatives.values()), scores=scores
    )


def positioned(edited: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Named rows of an edited table by the position that they had before (see `reshaped`)."""
    rows = zip(edited.index, _rows(edited), strict=True)
    return {int(str(position)): row for position, row in rows if row.get("name") not in (None, "")}


def _rows(edited: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows without their blank cells, so that a record's own defaults hold there."""
    return [
        {str(name): value for name, value in row.items() if _blank(value) is not None}
        for row in edited.to_dict("records")
    ]


def _cell(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _blank(value: object) -> Any:
    if isinstance(value, list | tuple | dict):
        return value
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def _text(value: object) -> str:
    return "" if _blank(value) is None else str(value).strip()


def _figure_words(name: str, words: str) -> str:
    unit = {"percent": ", %", "gbp": ", £", "care": ", years"}.get(name.rsplit("_", 1)[-1], "")
    return f"{words[0].upper()}{words[1:]}{unit}"


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


ENTERED = "entered"
"""What stands in a cell that is filled and not to be shown."""
MOST_CELLS = 50_000


class EnteredTable(Record):
    """A table as text, headings and rows, as it was entered."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    columns: Annotated[tuple[str, ...], Field(min_length=1, max_length=60)]
    rows: tuple[tuple[str, ...], ...] = ()

    @model_validator(mode="after")
    def _rectangular(self) -> EnteredTable:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("two columns have the same heading")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has more or fewer cells than there are headings")
        if len(self.rows) * len(self.columns) > MOST_CELLS:
            raise ValueError(f"more than {MOST_CELLS:,} cells")
        return self

    def frame(self) -> pd.DataFrame:
        """The table as a frame of text."""
        return pd.DataFrame(list(self.rows), columns=list(self.columns), dtype=str)


def entered_table(name: str, cells: pd.DataFrame) -> EnteredTable:
    """A frame as an entered table: blanks as empty text."""
    text = as_text(cells)
    return EnteredTable(
        name=name,
        columns=tuple(map(str, text.columns)),
        rows=tuple(tuple(row) for row in text.itertuples(index=False)),
    )


def read_entered_table(path: Path) -> EnteredTable:
    """Read a saved table (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, EnteredTable, f"The table in {path.name} cannot be read.")


def as_text(cells: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text without blanks around it, missing ones as empty text; rows numbered anew."""
    filled = cells.astype(object).where(cells.notna(), "")
    return filled.astype(str).map(str.strip).reset_index(drop=True)


def pasted_cells(text: str) -> pd.DataFrame:
    """Cells pasted from a spreadsheet: a row of headings, then rows; columns by tab, or by comma.

    Raises
    ------
    HubreachError
        If there is no row below the headings, or rows differ in length. No cell is repeated in it.
    """
    separator = "\t" if "\t" in text else ","
    rows = [
        row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)
    ]
    found = ""
    if len(rows) < 2:
        found = "there is no row below the headings"
    elif len({len(row) for row in rows}) > 1:
        found = "the rows have different numbers of cells"
    elif len(set(rows[0])) < len(rows[0]):
        found = "two columns have the same heading"
    if found:
        fault = Fault("pasted cells", None, None, found, "Copy the whole table with its headings")
        raise HubreachError("What was pasted is not a table.", [fault])
    return pd.DataFrame(rows[1:], columns=[heading.strip() for heading in rows[0]], dtype=str)


def masked(cells: pd.DataFrame, columns: Sequence[str], rows: pd.Series | None = None) -> pd.DataFrame:
    """The table with `ENTERED` in place of every filled cell of some columns (and, if given, rows)."""
    shown = as_text(cells)
    chosen = pd.Series(True, index=shown.index) if rows is None else rows.reset_index(drop=True)
    for column in columns:
        shown[column] = shown[column].mask(chosen & (shown[column] != ""), ENTERED)
    return shown


def unmasked(edited: pd.DataFrame, kept: pd.DataFrame, still: pd.Series | None = None) -> pd.DataFrame:
    """What was edited, with the kept value wherever the mask still stands.

    Parameters
    ----------
    edited : DataFrame
        From an editor that started with `masked(kept, ...)`: its index says which kept row a row was;
        rows that were added have other labels.
    kept : DataFrame
        As it was entered before.
    still : Series of bool, optional
        On the index of `edited`: rows whose numbers are to be hidden still. A mask in any other row is
        refused, or a number could be brought to light by saying that it counts no people.

    Returns
    -------
    DataFrame
        Text, on the index of `edited`.

    Raises
    ------
    HubreachError
        If a mask stands where nothing was kept (it was copied to another cell), or may not stand any more.
    """
    known, before = edited.copy(), as_text(kept)
    known = known.astype(object).where(known.notna(), "").astype(str).map(str.strip)
    for column in known.columns:
        mask = known[column] == ENTERED
        old = before[column] if column in before else pd.Series("", index=before.index, dtype=str)
        values = old.reindex(known.index, fill_value="")
        if (mask & (values == "")).any() or (still is not None and (mask & ~still).any()):
            found = f"{ENTERED!r} stands in a cell that holds no number, or in a row that counts no people"
            raise HubreachError(
                "The table cannot be used.", [Fault("table", None, column, found, "Type the number")]
            )
        known[column] = known[column].mask(mask, values)
    return known.reset_index(drop=True)

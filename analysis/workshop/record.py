"""The record of a workshop: what was asked, who could answer, how many did, and what came of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from analysis.base.text import inert_frame
from analysis.places.disclosure import marked
from analysis.workshop import schema
from analysis.workshop.comments import count_themes, read_comments
from analysis.workshop.groups import NOTE, protected_counts, results_by_group
from analysis.workshop.questions import Question
from analysis.workshop.results import read_answers
from analysis.workshop.state import QuestionState, State, read_state
from analysis.workshop.store import Store
from analysis.workshop.tallies import scale_summary, tally


@dataclass(frozen=True)
class Record:
    """Tables of one workshop, by name, in the order of the report.

    `workshop` (facts and parameters), `steps`, `options`, `questions` (asked when, who could answer, how
    many did, by phone and on paper), `results`, `groups` (with disclosure control), `comments`, `themes`.
    """

    title: str
    tables: dict[str, pd.DataFrame]


def make_record(store: Store, workshop_id: str) -> Record:
    """Everything that may leave the room, with nobody's single answers in it.

    Raises
    ------
    NoSuchWorkshopError
        If the workshop was deleted.
    """
    state = read_state(store, workshop_id)
    asked = [each for each in state.questions.values() if each.status != "waiting"]
    answers = {each.id: read_answers(store, each.id) for each in asked}
    comments = _comments(store, asked)
    tables = {
        "workshop": _facts(store, state),
        "steps": _steps(state),
        "options": pd.DataFrame(
            [{"option": each["key"], "name": each["name"], **_flat(each["detail"])} for each in state.options]
        ),
        "questions": _questions(store, asked, answers),
        "results": _results(asked, answers),
        "groups": _groups(asked, answers),
        "comments": comments,
        "themes": count_themes(comments).reset_index(),
    }
    return Record(state.title, tables)


def excel_bytes(record: Record) -> bytes:
    """The record as one Excel file, a sheet a table; text that looks like a formula stays text."""
    written = io.BytesIO()
    inert = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(written, engine="xlsxwriter", engine_kwargs=inert) as book:
        for name, table in record.tables.items():
            cells = inert_frame(_readable(table))
            cells.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            for position, column in enumerate(cells.columns):
                longest = max(map(len, [str(column), *cells[column].fillna("").astype(str)]))
                book.sheets[name].set_column(position, position, min(60, max(10, longest + 2)))
    return written.getvalue()


def csv_bytes(record: Record) -> bytes:
    """The record as a zip of CSV files, one a table, UTF-8 with a byte-order mark for Excel."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in record.tables.items():
            text = inert_frame(_readable(table)).to_csv(index=False, lineterminator="\n")
            archive.writestr(f"{name}.csv", text.encode("utf-8-sig"))
    return written.getvalue()


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """Moments as text in UTC: Excel has no zones."""
    copy = table.copy()
    for column in copy.select_dtypes("datetimetz"):
        copy[column] = copy[column].dt.strftime("%Y-%m-%d %H:%M UTC").fillna("")
    return copy


def _flat(parameters: dict[str, Any]) -> dict[str, str | int | float]:
    """Parameters as cells: numbers stay numbers, lists and tables become text."""
    return {
        str(key): value if isinstance(value, (int, float, str)) else str(value)
        for key, value in parameters.items()
    }


def _facts(store: Store, state: State) -> pd.DataFrame:
    table = schema.workshop.c
    columns = (table.created_at, table.closed_at, table.purge_on)
    dates = store.read(
        lambda connection: connection.execute(select(*columns).where(table.id == state.workshop_id)).one()
    )
    facts = {
        "title": state.title,
        "purpose": state.purpose,
        "place": state.place_slug,
        **{name: _moment(value) for name, value in dates._mapping.items()},
        "keep_days": state.keep_days,
        **{f"parameter: {key}": value for key, value in _flat(state.parameters).items()},
        "note on groups": NOTE,
    }
    return pd.DataFrame({"fact": list(facts), "value": list(facts.values())}, dtype=object)


def _moment(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC") if value else ""


def _steps(state: State) -> pd.DataFrame:
    names = [option["name"] for option in state.options]
    rows = []
    for number, each in enumerate(state.steps, start=1):
        step = each.step
        shown = "; ".join(names[option - 1] for option in step.options)
        about = step.question.key if step.question else step.ward or shown
        rows.append(
            {"step": number, "kind": step.kind, "title": step.title, "text": step.text, "about": about}
        )
    return pd.DataFrame(rows)


def _questions(store: Store, asked: list[QuestionState], answers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for each in asked:
        dates, could = store.read(partial(_who_could, question_id=each.id))
        row = {
            "question": each.question.key,
            "kind": each.question.kind,
            "prompt": each.question.prompt,
            "about_people": each.question.is_demographic,
            "asked_at": dates.opened_at,
            "closed_at": dates.closed_at,
            "could_answer_by_phone": could.get("phone", 0),
            "could_answer_on_paper": could.get("paper", 0),
            **_how_many(each.question, answers[each.id]),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    for column in ("asked_at", "closed_at"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def _who_could(connection: Connection, question_id: str) -> tuple[Any, dict[str, int]]:
    """When a question was open, and how many had joined by its end, by phone and on paper."""
    asked, person = schema.question.c, schema.participant.c
    query = select(asked.opened_at, asked.closed_at, asked.workshop_id).where(asked.id == question_id)
    dates = connection.execute(query).one()
    counted = select(person.source, func.count()).where(person.workshop_id == dates.workshop_id)
    if dates.closed_at is not None:
        counted = counted.where((person.source == "paper") | (person.joined_at <= dates.closed_at))
    return dates, {row[0]: int(row[1]) for row in connection.execute(counted.group_by(person.source))}


def _how_many(question: Question, answers: pd.DataFrame) -> dict[str, Any]:
    if question.is_demographic:
        everybody = protected_counts(question, answers["value"]).loc[["all"], "people"]
        return {"answered": marked(everybody).iloc[0], "answered_by_phone": "", "answered_on_paper": ""}
    by_source = answers["source"].value_counts()
    phone, paper = int(by_source.get("phone", 0)), int(by_source.get("paper", 0))
    return {"answered": phone + paper, "answered_by_phone": phone, "answered_on_paper": paper}


def _results(asked: list[QuestionState], answers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for each in asked:
        question, values = each.question, answers[each.id]["value"]
        if question.is_demographic:
            table = protected_counts(question, values)
            table["people"] = marked(table["people"])
        else:
            table = tally(question, values.tolist())
        measures = [column for column in table.columns if column != "label"]
        rows += [
            {
                "question": question.key,
                "item": item,
                "label": row["label"],
                "measure": name,
                "value": row[name],
            }
            for item, row in table.iterrows()
            for name in measures
        ]
        if question.kind == "scale":
            rows += [
                {"question": question.key, "item": "all", "label": name, "measure": name, "value": value}
                for name, value in scale_summary(values.tolist()).items()
            ]
    return pd.DataFrame(rows, columns=["question", "item", "label", "measure", "value"])


def _groups(asked: list[QuestionState], answers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    columns = ["question", "about", "group", "group_people", "label", "people"]
    frames = [pd.DataFrame(columns=columns, dtype="str")]
    opinions = [each for each in asked if not each.question.is_demographic and each.question.kind != "text"]
    for about in (each for each in asked if each.question.is_demographic):
        for each in opinions:
            table = results_by_group(each.question, answers[each.id], about.question, answers[about.id])
            frame = table.assign(
                question=each.question.key,
                about=about.question.key,
                group=table["group_label"],
                group_people=marked(table["group_people"]),
                people=marked(table["people"]),
            )
            frames.append(frame[columns])
    return pd.concat(frames, ignore_index=True)


def _comments(store: Store, asked: list[QuestionState]) -> pd.DataFrame:
    columns = ["question", "text", "themes", "status", "source"]
    frames = [pd.DataFrame(columns=columns, dtype="str")]
    frames += [
        read_comments(store, each.id).assign(question=each.question.key)[columns]
        for each in asked
        if each.question.kind == "text"
    ]
    return pd.concat(frames, ignore_index=True)

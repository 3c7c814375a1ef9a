"""A workshop's record as a Word summary: what was asked, of whom, and what came of it."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd

from analysis.base.text import plain, unmarked
from analysis.places.disclosure import MARK
from analysis.render.number_words import number_word
from analysis.report.content import Block, Bullets, Heading, Pack, Paragraph, Section, Table
from analysis.report.word import word_file
from analysis.workshop.groups import NOTE
from analysis.workshop.record import Record
from analysis.workshop.tallies import HEADLINE

SOURCE = "Source: answers given in the workshop, by phone and on paper."
MEASURES = {"people": "People", "dots": "Dots", "points": "Points"}
FACTS = {
    "place": "Place",
    "created_at": "Set up",
    "closed_at": "Closed",
    "purge_on": "Answers are deleted on",
    "keep_days": "Days kept after closing",
}


def word_summary(record: Record) -> bytes:
    """The record as a Word document, with contents, captions and accessible tables."""
    return word_file(summary_pack(record))


def summary_pack(record: Record, made: dt.date | None = None) -> Pack:
    """The record as the sections of a report.

    Parameters
    ----------
    record : Record
        From `make_record`: nobody's single answers are in it, and groups are protected already.
    made : date, optional
        By default today.
    """
    told = record.tables["workshop"]
    facts = {str(name): str(value) for name, value in zip(told["fact"], told["value"], strict=True)}
    day = made or dt.datetime.now(dt.UTC).date()
    parameters = pd.DataFrame(
        [(name, value) for name, value in facts.items() if name.startswith("parameter: ")],
        columns=["name", "value"],
    )
    return Pack(
        plain(record.title),
        plain(facts.get("purpose", "")).rstrip("."),
        facts.get("place", ""),
        day,
        (_answers(record, facts), _comments(record), _groups(record), _background(record, facts)),
        (),
        json.dumps({"workshop": facts}, ensure_ascii=False),
        parameters,
        dict,
    )


def _answers(record: Record, facts: dict[str, str]) -> Section:
    questions, results = record.tables["questions"], record.tables["results"]
    blocks: list[Block] = []
    for row in questions.to_dict("records"):
        blocks += _question({str(name): value for name, value in row.items()}, results)
    if questions.empty:
        blocks.append(Paragraph("workshop.none", "No question was asked."))
    count = len(questions)
    message = f"{number_word(count).capitalize()} question{'' if count == 1 else 's'} asked"
    when = facts.get("created_at", "")[:10]
    return Section(
        "workshop.answers",
        "What was asked, and what came of it",
        f"{message}; set up on {when}.",
        tuple(blocks),
    )


def _question(row: dict[str, object], results: pd.DataFrame) -> list[Block]:
    key, kind = str(row["question"]), str(row["kind"])
    measure = HEADLINE[kind]  # type: ignore[index]
    could = (
        f"{row['could_answer_by_phone']} by phone and {row['could_answer_on_paper']} on paper could answer"
    )
    blocks: list[Block] = [
        Heading(plain(str(row["prompt"]))),
        Paragraph(f"workshop.{key}", f"**{row['answered']}** answered; {could}."),
    ]
    mine = results[(results["question"] == key) & (results["measure"] == measure)]
    if kind == "text" or mine.empty:
        return blocks
    table = mine[["label", "value"]]
    if kind != "scale":
        size = pd.to_numeric(table["value"], errors="coerce").fillna(-1)
        table = table.loc[size.sort_values(ascending=False, kind="stable").index]
    source = f"{SOURCE} {NOTE}" if row["about_people"] else SOURCE
    heads = {"label": "Answer", "value": MEASURES[measure]}
    blocks.append(Table(f"workshop.{key}.table", plain(str(row["prompt"])), table, heads, source))
    return blocks


def _comments(record: Record) -> Section:
    comments, themes = record.tables["comments"], record.tables["themes"]
    shown = comments[comments["status"] == "shown"]
    blocks: list[Block] = []
    if len(themes):
        heads = {"theme": "Theme", "comments": "Comments"}
        blocks.append(Table("workshop.themes", "Themes by number of comments", themes, heads, SOURCE))
    if len(shown):
        blocks.append(Heading("Comments that were shown"))
        blocks.append(Bullets(tuple(_quoted(text) for text in shown["text"])))
    left = len(comments) - len(shown)
    words = f"{len(comments)} comments; {len(shown)} were shown in the room"
    blocks.append(Paragraph("workshop.comments", f"{words}. {left} others are in the record's tables."))
    return Section("workshop.words", "What people wrote", f"{words}.", tuple(blocks))


def _quoted(text: str) -> str:
    """A comment as it was written: its asterisks are not marks."""
    return unmarked(plain(text)).replace("\\", "")


def _groups(record: Record) -> Section:
    groups = record.tables["groups"]
    blocks: list[Block] = [Paragraph("workshop.note", NOTE)]
    heads = {"group": "Group", "group_people": "People in it", "label": "Answer", "people": "People"}
    for (question, about), table in groups.groupby(["question", "about"], sort=False):
        title = f"{question} by {about}"
        blocks.append(Table(f"workshop.group.{question}.{about}", title, table, heads, SOURCE))
    count = groups["group"].nunique() if len(groups) else 0
    message = (
        f"{number_word(count).capitalize()} group{'' if count == 1 else 's'} large enough to be shown apart; {MARK} hides small counts."
        if count
        else "No group is large enough to be shown apart."
    )
    return Section("workshop.groups", "Answers by group", message, tuple(blocks))


def _background(record: Record, facts: dict[str, str]) -> Section:
    known = [(label, facts.get(key, "")) for key, label in FACTS.items()]
    known += [
        (name.removeprefix("parameter: "), value)
        for name, value in facts.items()
        if name.startswith("parameter: ")
    ]
    table = pd.DataFrame(known, columns=["fact", "value"])
    options = record.tables["options"].reindex(columns=["name", "source"], fill_value="")
    steps = record.tables["steps"]
    blocks: list[Block] = [
        Table(
            "workshop.options",
            "Options as they stood",
            options,
            {"name": "Option", "source": "Source"},
            SOURCE,
        ),
        Table(
            "workshop.steps",
            "Steps of the workshop",
            steps,
            {"step": "Step", "title": "Title", "text": "Text"},
            SOURCE,
        ),
        Table("workshop.facts", "Facts and parameters", table, {"fact": "What", "value": "Value"}, SOURCE),
    ]
    return Section(
        "workshop.background",
        "Options, steps and parameters",
        f"{len(options)} options were on the table.",
        tuple(blocks),
    )

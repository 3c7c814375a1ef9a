"""What residents and partners made of it: the record of a workshop, small groups protected."""

from __future__ import annotations

from analysis.base.faults import FaultList
from analysis.render.number_words import number_word
from analysis.report.content import Block, Heading, Paragraph, Section, Table
from analysis.report.sections.material import Material
from analysis.workshop.groups import NOTE
from analysis.workshop.record import Record, make_record
from analysis.workshop.store import shared_store
from analysis.workshop.workshops import list_workshops

TITLES = {
    "workshop": "The workshop",
    "questions": "What was asked, and how many answered",
    "results": "Answers",
    "groups": "Answers by group",
    "themes": "Themes of comments",
    "comments": "Comments",
}
MOST_COLUMNS = 7


def workshop_section(material: Material) -> Section:
    """Questions, answers, groups, comments."""
    record = _record(material.request.workshop)
    asked = len(record.tables["questions"])
    message = f"In {record.title}, **{number_word(asked)} question{'' if asked == 1 else 's'}** {'was' if asked == 1 else 'were'} asked."
    blocks: list[Block] = [Paragraph("workshop.answer", message), Paragraph("workshop.note", NOTE)]
    source = f"Record of the workshop {record.title}: counted answers of those who took part, not a sample."
    for name, title in TITLES.items():
        table = record.tables[name]
        if not table.empty:
            flat = table.reset_index() if table.index.name else table
            heads = {
                str(column): str(column).replace("_", " ").capitalize()
                for column in flat.columns[:MOST_COLUMNS]
            }
            blocks += [
                Heading(title),
                Table(f"workshop {name}", title, flat, heads, source, on_slide=name == "results"),
            ]
    return Section("workshop", "Workshop: what people said", message, tuple(blocks))


def _record(given: str) -> Record:
    faults = FaultList("workshop")
    store = shared_store()
    ids = [each for each in list_workshops(store).index if given and each.startswith(given)]
    if len(ids) != 1:
        faults.add(
            f"{len(ids) or 'no'} workshop with an id that begins with {given!r:.40}",
            "Take the id from: hubreach workshop list",
        )
        faults.raise_if_any("There is no record to show.")
    return make_record(store, str(ids[0]))

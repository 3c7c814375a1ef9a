"""Ready-made runs fit their places, and what does not fit is told all at once."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from analysis.base.faults import HubreachError
from analysis.places.read import read_place
from analysis.workshop.outlines import outline_of
from analysis.workshop.paper import ballot_pdf, letters
from analysis.workshop.questions import Item, Question
from analysis.workshop.run import OptionChoice, fit_run, list_runs, read_run

RUNS = {
    ("thurrock", "three-hubs"),
    ("plymouth", "family-hubs"),
    ("wirral", "alliance"),
    ("wirral", "early-offer"),
    ("medway", "mothers-advocacy"),
}
OPTIONS = (OptionChoice(key="a", name="A"), OptionChoice(key="b", name="B"))


def test_every_place_has_its_ready_made_runs():
    found = {
        (slug, name) for slug in ("thurrock", "plymouth", "wirral", "medway") for name in list_runs(slug)
    }
    assert found >= RUNS


@pytest.mark.parametrize(("slug", "name"), sorted(RUNS))
def test_a_ready_made_run_fits_its_place_and_each_question_has_its_items(slug, name):
    place = read_place(slug)
    run = fit_run(read_run(list_runs(slug)[name]), place, OPTIONS)
    questions = [step.question for step in run.steps if step.question]
    assert {step.kind for step in run.steps} >= {"message", "need", "compare", "question"}
    assert all(len(each.items) >= 2 for each in questions if each.kind not in {"scale", "text"})
    for each in questions:
        if each.kind == "place":
            outline = outline_of(place, each)
            tapped = outline["areas"] if outline["choose"] == "area" else outline["sites"]
            assert [shape["key"] for shape in tapped] == list(each.keys)
            assert len(str(outline)) < 60_000


def test_sites_on_the_phone_map_lie_inside_it():
    place = read_place("plymouth")
    run = fit_run(read_run(list_runs("plymouth")["family-hubs"]), place, OPTIONS)
    question = next(step.question for step in run.steps if step.question and step.question.kind == "place")
    outline = outline_of(place, question)
    assert all(
        0 <= site["x"] <= outline["width"] and 0 <= site["y"] <= outline["height"]
        for site in outline["sites"]
    )
    assert (
        place.sites.loc[outline["sites"][0]["key"], "easting"]
        > place.sites.loc[outline["sites"][1]["key"], "easting"]
    ) == (outline["sites"][0]["x"] > outline["sites"][1]["x"])


def test_every_fault_of_a_run_is_told_with_its_key(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(
        """
title = "T"
[[steps]]
kind = "compare"
title = "One option only"
options = [1]
[[steps]]
kind = "question"
title = "Dots"
colour = "red"
[steps.question]
key = "d"
kind = "dots"
prompt = "?"
items = [{key = "a", label = "A"}, {key = "a", label = "B"}]
""",
        "utf-8",
    )
    with pytest.raises(HubreachError) as raised:
        read_run(file)
    text = str(raised.value)
    for part in ("purpose", "names 2 options; found 1", "steps.2.colour", "same key"):
        assert part in text


def test_a_run_that_does_not_fit_names_every_step():
    place = read_place("wirral")
    run = read_run(list_runs("thurrock")["three-hubs"])
    with pytest.raises(HubreachError) as raised:
        fit_run(run, place, OPTIONS[:1])
    text = str(raised.value)
    assert "1 options were chosen" in text
    assert "row 3, column ward: Wirral has no ward E05002247" in text
    assert "row 5, column options" in text


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0].extract_text()


def test_a_paper_ballot_is_one_page_in_large_type_with_every_question(hall):
    state = hall.state
    chosen = [hall.question(key).id for key in ("dots", "rank", "scale", "where", "words", "age")]
    pdf = ballot_pdf(state, chosen)
    text = text_of(pdf)
    for part in (
        "Hubs for Wirral",
        "1. Share your dots",
        "Fill 5 circles in all",
        "need not answer",
    ):
        assert part in text
    assert "○○○ North" in text.replace("  ", " ")
    sizes = []
    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(
        visitor_text=lambda t, cm, tm, font, size: sizes.append(size) if t.strip() else None
    )
    assert min(sizes) >= 12 * 0.8 - 0.01
    assert max(sizes) >= 15.6 - 0.01


def test_a_place_is_chosen_by_its_letter_where_the_sheet_has_room(hall):
    asked = hall.question("where")
    text = text_of(ballot_pdf(hall.state, [asked.id]))
    names = [item.label for item in asked.question.items]
    assert 12 < len(names) <= 26
    assert "Write the letter of one of these" in text
    for letter, name in zip(letters(len(names)), names, strict=True):
        assert f"{letter} {name}" in " ".join(text.split())
    assert "Tap" not in text
    assert "Four hubs and As now; ages 0 to 17, 20-minute walk" in " ".join(text.split())


def test_hostile_words_are_printed_as_words(hall, place, run):
    from analysis.workshop.progress import insert_step
    from analysis.workshop.run import Step

    nasty = "<b>Bold</b> & <a href='x'>link"
    items = (Item(key="a", label=nasty), Item(key="b", label="B"))
    step = Step(
        kind="question", title="t", question=Question(key="nasty", kind="single", prompt=nasty, items=items)
    )
    insert_step(hall.store, place, hall.id, step, 0)
    assert nasty in text_of(ballot_pdf(hall.state, [hall.question("nasty").id]))


def test_what_does_not_fit_on_one_page_is_said(hall):
    many = [each.id for each in hall.state.questions.values()] * 4
    with pytest.raises(HubreachError, match="do not fit"):
        ballot_pdf(hall.state, many)
    with pytest.raises(HubreachError, match="no question"):
        ballot_pdf(hall.state, [])

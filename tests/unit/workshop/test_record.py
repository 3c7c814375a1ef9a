"""The record: right counts, told apart, with small groups out of reach."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.places.disclosure import SMALLEST_SHOWN
from analysis.workshop.comments import assign_themes, moderate, read_comments
from analysis.workshop.entry import record_paper
from analysis.workshop.groups import protected_counts, results_by_group
from analysis.workshop.questions import Item, Question
from analysis.workshop.record import csv_bytes, excel_bytes, make_record

AGE = Question(
    key="age",
    kind="single",
    prompt="Age?",
    is_demographic=True,
    items=tuple(Item(key=key, label=key) for key in ("young", "middle", "old")),
)
NAME = Question(
    key="name", kind="single", prompt="Name?", items=(Item(key="a", label="A"), Item(key="b", label="B"))
)
MANY = Question(
    key="many", kind="multiple", prompt="Many?", items=(Item(key="a", label="A"), Item(key="b", label="B"))
)


def frame(values: list) -> pd.DataFrame:
    index = pd.Index([f"p{n:03d}" for n in range(len(values))], name="participant")
    return pd.DataFrame({"value": values, "source": "phone"}, index=index, dtype=object)


@pytest.fixture
def voted(hall):
    name, words, age = hall.ask("name"), hall.ask("words"), hall.ask("age")
    for number in range(30):
        hall.vote(name, number, "north" if number < 20 else "south")
        hall.vote(age, number, "25-44" if number < 28 else "under-25")
    hall.vote(words, 1, "=HYPERLINK(1)")
    hall.vote(words, 2, "More evenings")
    record_paper(hall.store, hall.id, 1, {name: "east"})
    return hall


def test_the_record_counts_phones_and_paper_apart_and_who_could_answer(voted):
    questions = make_record(voted.store, voted.id).tables["questions"].set_index("question")
    assert questions.index.tolist() == ["name", "words", "age"]
    name = questions.loc["name"]
    assert (name["answered"], name["answered_by_phone"], name["answered_on_paper"]) == (31, 30, 1)
    assert (name["could_answer_by_phone"], name["could_answer_on_paper"]) == (30, 1)
    assert questions.loc["age", "answered"] == "30"


def test_results_are_exact_for_opinions_and_protected_for_people(voted):
    results = (
        make_record(voted.store, voted.id)
        .tables["results"]
        .set_index(["question", "item", "measure"])["value"]
    )
    assert [results["name", each, "people"] for each in ("north", "south", "east")] == [20, 10, 1]
    assert results["name", "north", "share"] == pytest.approx(20 / 31)
    assert results["age", "under-25", "people"] == "[c]"
    assert results["age", "25-44", "people"] in {"30", "[c]"}
    assert "28" not in results.loc["age"].astype(str).tolist()


def test_a_small_group_does_not_appear_and_cannot_be_subtracted(voted):
    groups = make_record(voted.store, voted.id).tables["groups"]
    assert "under-25" not in groups["group"].tolist()
    # 28 of 31 in one group: showing it would give the three others away.
    assert len(groups) == 0


def test_large_groups_are_shown_rounded_with_small_counts_hidden_in_pairs():
    ages = ["young"] * 20 + ["middle"] * 30 + ["old"] * 25
    names = ["a"] * 17 + ["b"] * 3 + ["a"] * 12 + ["b"] * 18 + ["a"] * 14 + ["b"] * 11
    table = results_by_group(NAME, frame(names), AGE, frame(ages))
    assert table["group"].drop_duplicates().tolist() == ["young", "middle", "old"]
    cells = table.set_index(["group", "item"])["people"]
    assert pd.isna(cells["young", "b"])
    assert pd.isna(cells["old", "b"])  # 11, the smallest of the others
    shown = cells.dropna()
    assert (shown % 5 == 0).all()
    assert (shown >= SMALLEST_SHOWN).all()
    assert shown.to_dict() == {
        ("young", "a"): 15,
        ("middle", "a"): 10,
        ("middle", "b"): 20,
        ("old", "a"): 15,
    }


def test_several_ticks_are_counted_by_group_too():
    values = [["a", "b"]] * 12 + [["a"]] * 8 + [["b"]] * 20
    table = results_by_group(MANY, frame(values), AGE, frame(["young"] * 20 + ["old"] * 20))
    cells = table.set_index(["group", "item"])["people"]
    assert cells["young", "a"] == 20
    assert cells["old", "b"] == 20
    assert cells["young", "b"] == 10


def test_counts_of_people_are_protected_with_their_total():
    table = protected_counts(AGE, frame(["young"] * 2 + ["middle"] * 11 + ["old"] * 14)["value"])
    assert pd.isna(table.loc["young", "people"])
    assert table["people"].isna().sum() >= 2 or table.loc["all", "people"] == 25
    assert table["people"].dropna().mod(5).eq(0).all()


def test_comments_come_with_their_themes_and_status(voted):
    words = voted.question("words").id
    comments = read_comments(voted.store, words)
    moderate(voted.store, voted.id, comments.index[comments["text"] == "More evenings"][0], "shown")
    assign_themes(voted.store, voted.id, comments.index[1], ["Opening hours", "Staff"])
    record = make_record(voted.store, voted.id)
    table = record.tables["comments"].set_index("text")
    assert table.loc["More evenings", "status"] == "shown"
    assert table.loc["=HYPERLINK(1)", "status"] == "waiting"
    assert table.loc[comments["text"].iloc[1], "themes"] == "Opening hours; Staff"
    assert record.tables["themes"].to_dict("records") == [
        {"theme": "Opening hours", "comments": 1},
        {"theme": "Staff", "comments": 1},
    ]


def test_downloads_hold_the_same_tables_and_no_formula(voted):
    record = make_record(voted.store, voted.id)
    book = load_workbook(io.BytesIO(excel_bytes(record)))
    assert book.sheetnames == list(record.tables)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    with zipfile.ZipFile(io.BytesIO(csv_bytes(record))) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in record.tables]
        comments = pd.read_csv(archive.open("comments.csv"))
        results = pd.read_csv(archive.open("results.csv"))
    assert "'=HYPERLINK(1)" in comments["text"].tolist()
    shown = (
        results.query("question == 'name' and measure == 'people'").set_index("item")["value"].astype(float)
    )
    assert shown.to_dict() == {"north": 20, "south": 10, "east": 1}


def test_the_record_says_what_stood_and_holds_no_single_answer(voted):
    record = make_record(voted.store, voted.id)
    facts = record.tables["workshop"].set_index("fact")["value"]
    assert facts["title"] == "Hubs for Wirral"
    assert facts["keep_days"] == 90
    assert record.tables["options"]["name"].tolist() == ["Four hubs", "As now"]
    assert record.tables["steps"].loc[0, "about"] == "Four hubs; As now"
    everything = csv_bytes(record)
    with zipfile.ZipFile(io.BytesIO(everything)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert voted.person(1) not in text
    assert voted.made.join_code not in text

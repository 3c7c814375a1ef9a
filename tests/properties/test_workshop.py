"""What holds for any answers: in any order, sent any number of times, whatever is in them."""

from __future__ import annotations

import tempfile
import uuid
from functools import partial

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import URL

from analysis.base.faults import HubreachError
from analysis.workshop.answers import read_answer
from analysis.workshop.ballots import Ballot, cast
from analysis.workshop.groups import SMALLEST_GROUP, results_by_group
from analysis.workshop.progress import move_on
from analysis.workshop.questions import Item, Question
from analysis.workshop.results import read_answers
from analysis.workshop.roles import participant_id
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.tallies import tally
from analysis.workshop.workshops import create_workshop

ITEMS = tuple(Item(key=key, label=key.upper()) for key in "abcd")
DOTS = Question(key="dots", kind="dots", prompt="?", items=ITEMS, dots=6, dots_per_item=4)
RANK = Question(key="rank", kind="ranking", prompt="?", items=ITEMS)
NAME = Question(key="name", kind="single", prompt="?", items=ITEMS)
AGE = Question(key="age", kind="single", prompt="?", items=ITEMS[:3], is_demographic=True)

dots = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), min_size=1).filter(
    lambda d: sum(d.values()) <= 6
)
rankings = st.permutations("abcd").flatmap(lambda order: st.integers(1, 4).map(lambda n: list(order[:n])))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4),
    max_leaves=8,
)


@given(st.lists(dots))
def test_dots_are_conserved(values):
    table = tally(DOTS, [read_answer(DOTS, value) for value in values])
    assert table["dots"].sum() == sum(sum(value.values()) for value in values)
    assert table["share"].sum() == pytest.approx(1.0 if values else 0.0)


@given(st.lists(rankings))
def test_ranking_points_are_conserved_and_do_not_hang_on_the_order_of_the_items(values):
    table = tally(RANK, values)
    assert table["points"].sum() == sum(sum(4 - rank for rank in range(len(value))) for value in values)
    turned = RANK.model_copy(update={"items": RANK.items[::-1]})
    pd.testing.assert_frame_equal(tally(turned, values).loc[table.index], table)


def canonical_or_none(question: Question, value: object):
    try:
        return read_answer(question, value)
    except HubreachError:
        return None


@given(st.sampled_from([DOTS, RANK, NAME]), anything | dots | rankings)
def test_whatever_is_sent_is_refused_in_words_or_kept_in_a_form_that_stays(question, value):
    kept = canonical_or_none(question, value)
    assert kept is None or read_answer(question, kept) == kept
    assert (
        kept is None
        or tally(question, [kept])["people" if question is not RANK else "first_choices"].sum() > 0
    )


@pytest.fixture(scope="module")
def asked(real_places):
    run = Run(title="T", purpose="P.", steps=(Step(kind="question", title="Q", question=NAME),))
    options = [OptionChoice(key="x", name="X"), OptionChoice(key="y", name="Y")]
    with (
        tempfile.TemporaryDirectory() as folder,
        Store(URL.create("sqlite", database=f"{folder}/w.db")) as store,
    ):
        made = create_workshop(store, real_places["wirral"], run, options)
        move_on(store, made.workshop_id)
        yield store, made.workshop_id, read_state(store, made.workshop_id).current_question.id


sent = st.tuples(st.integers(0, 4), st.integers(1, 6)).map(lambda each: (*each, "abcd"[sum(each) % 4]))


@settings(max_examples=25, deadline=None)
@given(st.lists(sent, max_size=25))
def test_in_any_order_and_however_often_the_largest_revision_counts_once(asked, arrivals):
    store, workshop_id, question_id = asked
    people = {n: participant_id(workshop_id, f"phone-{uuid.uuid4().hex}-{n}") for n in range(5)}
    futures = []
    for person, revision, value in arrivals:
        answer_id = f"answer-{person}-{revision}"
        ballot = Ballot(workshop_id, question_id, people[person], answer_id, revision, value)
        futures.append(store.submit(partial(cast, ballot=ballot)))
    newest: dict[int, tuple[int, str]] = {}
    for (person, revision, value), future in zip(arrivals, futures, strict=True):
        if revision > newest.get(person, (0, ""))[0]:
            newest[person] = (revision, value)
        receipt = future.result()
        assert (receipt.revision, receipt.value) == newest[person]
    kept = read_answers(store, question_id)["value"].reindex(list(people.values())).dropna()
    assert kept.to_dict() == {people[person]: value for person, (_, value) in newest.items()}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), max_size=90))
def test_what_is_hidden_of_a_group_is_too_much_to_be_had_by_subtraction(people):
    index = pd.Index([f"p{n}" for n in range(len(people))], name="participant")
    ages = pd.DataFrame({"value": [age for age, _ in people]}, index=index, dtype=object)
    names = pd.DataFrame({"value": [name for _, name in people]}, index=index, dtype=object)
    table = results_by_group(NAME, names, AGE, ages)
    true = pd.Series(people, dtype=object).value_counts()
    for item in "abcd":
        whole = sum(name == item for _, name in people)
        shown = table[(table["item"] == item) & table["people"].notna()]
        open_count = sum(int(true.get((group, item), 0)) for group in shown["group"])
        assert whole - open_count == 0 or whole - open_count >= SMALLEST_GROUP or shown["people"].sum() == 0
    for _, row in table.dropna(subset="people").iterrows():
        assert row["people"] % 5 == 0
        assert abs(row["people"] - int(true.get((row["group"], row["item"]), 0))) <= 2
        assert not 0 < int(true.get((row["group"], row["item"]), 0)) < 5

"""The facilitator's page and projector mode without a browser: start, drive, reopen, refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.workshop.ballots import Ballot, cast
from analysis.workshop.comments import read_comments
from analysis.workshop.results import read_answers
from analysis.workshop.roles import participant_id
from analysis.workshop.screens import is_screen, screen_key, tickets
from analysis.workshop.state import State, read_state
from analysis.workshop.store import Store, shared_store
from analysis.workshop.workshops import list_workshops
from pages.consult.workshop import screen_parts
from pages.consult.workshop.screen_parts import track_height
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer

PASSWORD = "a long password"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """The store that the page uses: a file of this test."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    opened = shared_store()
    yield opened
    opened.close()


def started(run_page: OpenPage, slug: str, password: str = PASSWORD) -> AppTest:
    app = run_page("workshop", place=slug)
    app.text_input(key="new-password").set_value(password)
    submit(app, "Start the workshop")
    return app


def submit(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def the_state(store: Store) -> State:
    (workshop_id,) = list_workshops(store).index
    return read_state(store, workshop_id)


def show(app: AppTest, state: State, key: str) -> str:
    """Put a question on screen; returns its id."""
    step = next(each for each in state.steps if each.step.question and each.step.question.key == key)
    app.button(key=f"show-{step.id}").click().run()
    assert not app.exception
    assert step.question_id is not None
    return step.question_id


def vote(store: Store, state: State, question: str, person: int, value: object) -> None:
    who = participant_id(state.workshop_id, f"phone-{person:024d}")
    ballot = Ballot(state.workshop_id, question, who, f"answer-{person:05d}", 1, value)
    store.write(lambda connection: cast(connection, ballot))


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_each_place_has_a_run_that_starts_and_goes_on_to_its_end(
    run_page: OpenPage, store: Store, slug: str
) -> None:
    app = started(run_page, slug)
    state = the_state(store)
    assert state.place_slug == slug
    assert app.title[0].value.replace("\\", "") == state.title
    assert "nothing is on screen yet" in answer(app)
    assert state.parameters["vintage"] == "2019"
    for number in range(1, len(state.steps) + 1):
        app.button(key="drive-next").click().run()
        assert not app.exception
        assert not app.error
        assert f"step {number} of {len(state.steps)}" in answer(app)
    assert app.button(key="drive-next").disabled


def test_a_short_password_and_one_option_are_refused_with_the_reason(
    run_page: OpenPage, store: Store
) -> None:
    app = started(run_page, "wirral", password="short")
    assert "at least 10 characters" in app.error[0].value
    app.text_input(key="new-password").set_value(PASSWORD)
    app.multiselect(key="new-options-wirral").set_value(["today"])
    submit(app, "Start the workshop")
    assert "Choose 2 to 6 different options" in app.error[0].value
    assert list_workshops(store).empty


def test_the_secret_link_is_shown_once_and_opens_the_workshop_again(run_page: OpenPage, store: Store) -> None:
    app = started(run_page, "thurrock", password="")
    link = app.code[0].value
    secret = link.split("open=")[1]
    state = the_state(store)
    assert f"workshop={state.workshop_id}" in link
    app.button(key="link-kept").click().run()
    assert not app.code
    again = run_page("workshop", workshop=state.workshop_id, open=secret)
    assert again.title[0].value.replace("\\", "") == state.title
    assert "open" not in again.query_params
    wrong = run_page("workshop", workshop=state.workshop_id, open=secret[:-1])
    assert "was not opened" in wrong.error[0].value
    assert "make of it" in wrong.title[0].value


def test_the_code_and_the_password_open_it_and_a_wrong_one_does_not(run_page: OpenPage, store: Store) -> None:
    started(run_page, "medway")
    state = the_state(store)
    app = run_page("workshop", place="medway")
    app.text_input(key="open-link").set_value(state.join_code.lower())
    app.text_input(key="open-password").set_value("not the password")
    submit(app, "Open")
    assert "do not fit" in app.error[0].value
    app.text_input(key="open-password").set_value(PASSWORD)
    submit(app, "Open")
    assert app.title[0].value.replace("\\", "") == state.title


def test_a_question_opens_counts_closes_and_is_held_back_until_it_is_shown(
    run_page: OpenPage, store: Store
) -> None:
    app = started(run_page, "wirral")
    question = show(app, the_state(store), "readiness")
    assert the_state(store).questions[question].status == "open"
    for person, value in enumerate((4, 4, 2)):
        vote(store, the_state(store), question, person, value)
    app.run()
    assert any("**3** of 3 have answered" in each.value for each in app.markdown)
    assert not the_state(store).questions[question].is_revealed
    app.button(key="question-open").click().run()
    assert the_state(store).questions[question].status == "closed"
    app.button(key="question-reveal").click().run()
    assert the_state(store).questions[question].is_revealed
    assert app.button(key="question-reveal").label == "Hide the results"


def test_the_run_changes_while_it_goes_on(run_page: OpenPage, store: Store) -> None:
    app = started(run_page, "wirral")
    before = [each.step.title for each in the_state(store).steps]
    app.selectbox(key="order-step").set_value(the_state(store).steps[2].id).run()
    app.button(key="order-Up").click().run()
    moved = [each.step.title for each in the_state(store).steps]
    assert moved == [before[0], before[2], before[1], *before[3:]]
    app.button(key="order-remove").click().run()
    assert [each.step.title for each in the_state(store).steps] == [before[0], before[1], *before[3:]]
    app.selectbox(key="add-asks").set_value("dots").run()
    app.text_input(key="add-title").set_value("Which *plan*?")
    submit(app, "Add it")
    added = the_state(store).steps[-1].step.question
    assert added is not None
    assert added.prompt == "Which *plan*?"
    plans = the_state(store).options
    named = [p["name"] + " (illustration)" * bool(p["detail"]["illustration"]) for p in plans]
    assert [item.label for item in added.items] == named
    assert named[0] == "Today"
    assert (added.dots, added.dots_per_item) == (5, 3)


def test_a_question_with_answers_cannot_be_taken_out(run_page: OpenPage, store: Store) -> None:
    app = started(run_page, "wirral")
    question = show(app, the_state(store), "readiness")
    vote(store, the_state(store), question, 1, 5)
    step = next(each for each in the_state(store).steps if each.question_id == question)
    app.selectbox(key="order-step").set_value(step.id).run()
    app.button(key="order-remove").click().run()
    assert app.error
    assert question in the_state(store).questions
    assert len(read_answers(store, question)) == 1


def test_comments_wait_until_they_are_shown_and_hostile_words_stay_words(
    run_page: OpenPage, store: Store
) -> None:
    app = started(run_page, "wirral")
    question = show(app, the_state(store), "obstacles")
    nasty = "<script>alert(1)</script> **bold** $x$"
    vote(store, the_state(store), question, 1, nasty)
    app.run()
    assert nasty in [each.value for each in app.text]
    (comment,) = read_comments(store, question).index
    app.button(key=f"shown-{comment}").click().run()
    assert read_comments(store, question).loc[comment, "status"] == "shown"


def test_a_paper_ballot_is_counted_and_told_apart(run_page: OpenPage, store: Store) -> None:
    app = started(run_page, "wirral")
    state = the_state(store)
    question = next(key for key, each in state.questions.items() if each.question.key == "ways")
    app.multiselect(key=f"paper-{question}").set_value(["alliance", "internal"])
    submit(app, "Count this ballot")
    assert "Ballot 1 is counted, with 1 answers" in app.success[0].value
    answers = read_answers(store, question)
    assert answers["value"].tolist() == [["alliance", "internal"]]
    assert answers["source"].tolist() == ["paper"]


def test_close_and_delete(run_page: OpenPage, store: Store) -> None:
    app = started(run_page, "wirral")
    app.button(key="end-close").click().run()
    assert the_state(store).is_closed
    assert "It is closed" in answer(app)
    app.checkbox(key="end-sure").check().run()
    app.button(key="end-delete").click().run()
    assert not app.exception
    assert list_workshops(store).empty
    assert "make of it" in app.title[0].value


def test_a_screen_opens_by_its_key_only_and_a_ticket_drives_once(run_page: OpenPage, store: Store) -> None:
    started(run_page, "thurrock")
    state = the_state(store)
    key = screen_key(store, state.workshop_id)
    assert is_screen(store, state.workshop_id, key)
    assert not is_screen(store, state.workshop_id, state.invite)
    assert not is_screen(store, "0" * 32, key)
    ticket = tickets.issue(state.workshop_id)
    assert not tickets.redeem("0" * 32, ticket)
    assert tickets.redeem(state.workshop_id, ticket)
    assert not tickets.redeem(state.workshop_id, ticket)
    closed = run_page("screen", workshop=state.workshop_id, key="0" * 32)
    assert closed.title[0].value == "Hubreach"
    shown = run_page("screen", workshop=state.workshop_id, key=key)
    assert shown.title[0].value.replace("\\", "") == state.title
    assert not shown.sidebar.selectbox


@pytest.mark.parametrize("page", ["home", "need", "targeting", "reach", "sites", "options"])
def test_every_page_with_a_picture_fills_a_projector(run_page: OpenPage, page: str) -> None:
    app = run_page(page, place="wirral", projector="1")
    assert not app.exception
    assert not app.error
    assert app.toggle(key="projector").value is True
    html = " ".join(str(each.proto.body) for each in app.get("html"))
    assert "<footer>Wirral · " in html
    assert "There is no map or chart" not in html


def test_a_page_that_makes_no_sense_on_a_projector_says_so(run_page: OpenPage) -> None:
    app = run_page("method", place="wirral", projector="1")
    html = " ".join(str(each.proto.body) for each in app.get("html"))
    assert "not made for a projector" in html


@pytest.mark.parametrize("rows", range(1, 9))
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_bars_leave_room_on_the_screen_for_what_is_said_below_them(rows: int, lines: int) -> None:
    """At 1920 x 1080 a row's words are 1.8 vw x 1.2 high with gaps of 0.3 and 1.4 vh; the count is 3 vw x 1.25."""
    track = float(track_height(rows, foot_lines=lines).removesuffix("vh"))
    vw = 16 / 9
    below = 3 * 1.25 * vw + (lines - 1) * (1.7 * 1.25 * vw + 0.6)
    assert rows * (1.8 * 1.2 * vw + 0.3 + track + 1.4) + below <= 71
    assert track >= 0.5


def test_comments_that_do_not_fit_on_the_screen_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(screen_parts.st, "html", told.append)
    for number, words in ((6, None), (21, "and 15 more")):
        comments = pd.DataFrame({"text": [f"No. {n}" for n in range(number)], "themes": ""})
        screen_parts.comments(
            SimpleNamespace(
                comments=comments,
                table=pd.DataFrame(),
                headline="people",
                answered={"phone": number, "paper": 0},
            )
        )
        assert told[-1].count("<li>") == 6
        assert (words is None) == ("more" not in told[-1])
        assert words is None or words in told[-1]

"""Driving a workshop: what is on screen, what is open, and a version that grows with every change."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from analysis.base.faults import HubreachError
from analysis.workshop import roles, workshops
from analysis.workshop.broadcast import snapshot_of
from analysis.workshop.comments import add_theme, assign_themes, moderate, read_comments
from analysis.workshop.progress import (
    close_question,
    edit_question,
    insert_step,
    move_on,
    move_step,
    open_question,
    remove_step,
    reveal_question,
    show_step,
)
from analysis.workshop.questions import Question
from analysis.workshop.results import read_result
from analysis.workshop.retention import close_workshop, default_keep_days
from analysis.workshop.roles import (
    CODE_ALPHABET,
    Guesses,
    TooManyGuessesError,
    hash_password,
    matches_password,
    new_code,
    participant_id,
    read_code,
)
from analysis.workshop.run import Step
from analysis.workshop.workshops import create_workshop, is_facilitator
from tests.unit.workshop.conftest import OPTIONS

NOTE = Step(kind="message", title="A pause")


def test_the_clicker_goes_forward_and_back_and_holds_at_the_ends(hall):
    assert hall.state.position is None
    seen = []
    for steps in (1, 1, 1, -1, -1, -1, -1):
        move_on(hall.store, hall.id, steps)
        seen.append(hall.state.position)
    assert seen == [0, 1, 2, 1, 0, 0, 0]
    move_on(hall.store, hall.id, 99)
    assert hall.state.position == len(hall.state.steps) - 1


def test_a_question_opens_with_its_step_once_and_stays_closed_when_gone_back_to(hall):
    asked = hall.ask("name")
    assert hall.state.current_question.status == "open"
    close_question(hall.store, hall.id, asked)
    hall.ask("scale")
    assert [each.question.key for each in hall.state.open_questions] == ["scale"]
    hall.ask("name")
    assert hall.state.current_question.status == "closed"
    open_question(hall.store, hall.id, asked)
    assert [each.question.key for each in hall.state.open_questions] == ["name", "scale"]


def test_results_are_held_back_until_revealed_and_hidden_again_when_reopened(hall):
    asked = hall.ask("name")
    assert not hall.question("name").is_revealed
    reveal_question(hall.store, hall.id, asked)
    assert hall.question("name").is_revealed
    open_question(hall.store, hall.id, asked)
    assert not hall.question("name").is_revealed


def test_the_version_grows_with_every_change_and_not_with_an_answer(hall):
    versions = [hall.state.version]
    asked = hall.ask("name")
    versions.append(hall.state.version)
    hall.vote(asked, 1, "north")
    assert hall.state.version == versions[-1]
    for change in (
        lambda: close_question(hall.store, hall.id, asked),
        lambda: reveal_question(hall.store, hall.id, asked),
        lambda: move_on(hall.store, hall.id),
        lambda: close_workshop(hall.store, hall.id),
    ):
        change()
        versions.append(hall.state.version)
    assert versions == sorted(set(versions))


def test_steps_are_added_moved_and_removed_live_while_the_screen_stays(hall, place):
    hall.ask("name")
    made = insert_step(hall.store, place, hall.id, NOTE, 0)
    assert hall.state.steps[0].id == made
    assert hall.state.current_question.question.key == "name"
    move_step(hall.store, hall.id, made, 3)
    assert [each.step.title for each in hall.state.steps][3] == "A pause"
    remove_step(hall.store, hall.id, made)
    assert "A pause" not in [each.step.title for each in hall.state.steps]
    assert hall.state.current_question.question.key == "name"


def test_a_step_whose_question_has_answers_is_not_removed(hall):
    asked = hall.ask("name")
    hall.vote(asked, 1, "north")
    step = hall.state.step
    with pytest.raises(HubreachError, match="has answers"):
        remove_step(hall.store, hall.id, step.id)


def test_a_question_changes_freely_until_it_has_answers_then_only_in_words(hall):
    scale = hall.question("scale").question
    edit_question(hall.store, hall.id, scale.model_copy(update={"low_label": "Poor"}))
    assert hall.question("scale").question.low_label == "Poor"
    hall.vote(hall.ask("scale"), 1, 3)
    edit_question(hall.store, hall.id, scale.model_copy(update={"low_label": "Poor", "prompt": "How good?"}))
    assert hall.question("scale").question.prompt == "How good?"
    with pytest.raises(HubreachError, match="Only the words"):
        edit_question(hall.store, hall.id, scale)


def test_a_key_that_is_taken_and_a_step_of_another_workshop_are_refused(hall, place):
    twin = Step(kind="question", title="Twin", question=Question(key="name", kind="text", prompt="?"))
    with pytest.raises(HubreachError, match="is taken"):
        insert_step(hall.store, place, hall.id, twin, 0)
    with pytest.raises(HubreachError, match="no such step"):
        show_step(hall.store, hall.id, "0" * 32)
    with pytest.raises(HubreachError, match="no such question"):
        open_question(hall.store, hall.id, "0" * 32)


def test_phones_learn_nothing_of_steps_to_come_results_or_answers(hall):
    asked = hall.ask("name")
    hall.vote(asked, 1, "south")
    body = snapshot_of(hall.state).body
    assert "Which name?" in body
    for other in ("Rank the hubs", "Anything else?", hall.made.join_code, hall.made.secret, hall.person(1)):
        assert other not in body


def test_a_comment_waits_to_be_shown_and_waits_again_when_it_changes(hall):
    asked = hall.ask("words")
    hall.vote(asked, 1, "More evenings")
    comment = read_comments(hall.store, asked).index[0]
    moderate(hall.store, hall.id, comment, "shown")
    assign_themes(hall.store, hall.id, comment, ["Hours", "Hours", "Staff; pay"])
    row = read_comments(hall.store, asked).loc[comment]
    assert (row["status"], row["themes"]) == ("shown", "Hours; Staff, pay")
    hall.vote(asked, 1, "Something rude", revision=2)
    changed = read_comments(hall.store, asked)
    assert changed[["text", "status", "themes"]].to_numpy().tolist() == [["Something rude", "waiting", ""]]
    with pytest.raises(HubreachError, match="no such comment"):
        moderate(hall.store, hall.id, comment, "shown")
    with pytest.raises(HubreachError, match="no such comment"):
        assign_themes(hall.store, hall.id, comment, ["Hours"])
    assert add_theme(hall.store, hall.id, "Hours") == add_theme(hall.store, hall.id, " Hours ")


def test_the_facilitators_password_opens_that_workshop_alone(hall):
    assert is_facilitator(hall.store, hall.id, "a long password", "10.0.0.1")
    assert not is_facilitator(hall.store, hall.id, "another password", "10.0.0.2")
    assert not is_facilitator(hall.store, "0" * 32, "a long password", "10.0.0.3")


def test_passwords_are_kept_as_slow_hashes_that_differ_each_time_and_are_worked_out_one_at_a_time(
    monkeypatch,
):
    first, second = hash_password("a long password"), hash_password("a long password")
    assert first != second
    assert first.startswith("$argon2id$")
    assert matches_password(first, "a long password")
    assert not matches_password(first, "a long passwore")
    assert not matches_password("no hash", "a long password")
    with pytest.raises(HubreachError, match="too short"):
        hash_password("short")
    at_once, most = [], []

    def verify(*_: str) -> bool:
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.005)
        at_once.pop()
        return False

    monkeypatch.setattr(roles, "_hasher", SimpleNamespace(verify=verify))
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: matches_password(first, "wrong one"), range(20)))
    assert max(most) == 1


def test_loads_with_made_up_workshops_cost_no_slow_hash_and_a_link_that_fits_always_opens(
    hall, place, run, monkeypatch
):
    """`/workshop?workshop=<random>&open=x`: sixty ran sixty hashes at once, whatever their address."""
    slow = []
    monkeypatch.setattr(workshops, "matches_password", lambda *given: bool(slow.append(given)))
    monkeypatch.setattr(workshops, "guesses", Guesses())
    made = create_workshop(hall.store, place, run, OPTIONS)
    refused = 0
    for number in range(60):
        for workshop in (f"{number:032x}", made.workshop_id):
            try:
                assert not is_facilitator(hall.store, workshop, "x", "10.0.0.9")
            except TooManyGuessesError:
                refused += 1
    assert slow == []
    assert refused == 110
    assert is_facilitator(hall.store, made.workshop_id, made.secret, "10.0.0.9")
    # A workshop with a password: what anybody tried elsewhere counts too.
    for _ in range(10):
        assert not is_facilitator(hall.store, hall.id, "another password", "10.0.0.8")
    with pytest.raises(TooManyGuessesError):
        is_facilitator(hall.store, hall.id, "another password", "10.0.0.8")
    assert len(slow) == 10


def test_codes_are_hard_to_guess_and_easy_to_type():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert not set("".join(codes)) & set("01ILOSUV5")
    assert read_code(" kf7m-2qwx ") == "KF7M2QWX"
    guesses_in_eight_hours = 3000 * 60 * 8
    assert guesses_in_eight_hours / len(CODE_ALPHABET) ** 8 < 1e-5


def test_wrong_codes_are_counted_by_address_and_in_all():
    guesses = Guesses()
    for _ in range(300):
        guesses.check_code("10.0.0.1")
        guesses.wrong_code("10.0.0.1")
    with pytest.raises(TooManyGuessesError):
        guesses.check_code("10.0.0.1")
    guesses.check_code("10.0.0.2")
    for number in range(2700):
        guesses.wrong_code(f"10.0.1.{number}")
    with pytest.raises(TooManyGuessesError):
        guesses.check_code("10.0.0.2")


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "é" * 22, "a b" * 10, "-" * 22])
def test_a_key_that_the_page_did_not_make_is_refused(key):
    with pytest.raises(HubreachError, match="key cannot be read"):
        participant_id("w", key)


def test_the_days_to_keep_are_a_setting(monkeypatch):
    monkeypatch.setenv("HUBREACH_WORKSHOP_KEEP_DAYS", "30")
    assert default_keep_days() == 30
    monkeypatch.setenv("HUBREACH_WORKSHOP_KEEP_DAYS", "soon")
    with pytest.raises(HubreachError, match="'soon' is not a number of days"):
        default_keep_days()


def test_the_result_for_the_screen_holds_only_comments_that_are_shown(hall):
    name, words, age = hall.ask("name"), hall.ask("words"), hall.ask("age")
    hall.vote(name, 1, "north")
    hall.vote(words, 1, "Rude")
    hall.vote(words, 2, "Kind")
    hall.vote(age, 1, "25-44")
    comments = read_comments(hall.store, words)
    moderate(hall.store, hall.id, comments.index[comments["text"] == "Kind"][0], "shown")
    result = read_result(hall.store, hall.question("words"))
    assert result.comments["text"].tolist() == ["Kind"]
    assert result.answered == {"phone": 2, "paper": 0}
    assert read_result(hall.store, hall.question("name")).table["people"].to_dict() == {
        "north": 1,
        "south": 0,
        "east": 0,
    }
    assert read_result(hall.store, hall.question("age")).table["people"].isna().any()

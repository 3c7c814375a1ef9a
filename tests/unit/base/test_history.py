"""One undo: steps there and back, text without loss, and a copy that two people cannot overwrite unknowingly."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.faults import HubreachError
from analysis.base.history import (
    MOST_STATES,
    History,
    States,
    change_history,
    copy_path,
    kept_copies,
    new_copy_id,
    parse_history,
    read_history,
)

Letters = History[str]


def path_of(copy: str):
    return copy_path("sampleton", "letter", copy)


def test_steps_go_back_and_forth_and_a_new_one_ends_what_could_be_redone():
    history = Letters().record("a").record("b").record("c")
    assert history.undo() == Letters(done=("a", "b"), undone=("c",))
    assert history.undo().undo().redo() == history.undo()
    assert history.undo().record("d") == Letters(done=("a", "b", "d"))
    assert history.back_to_start() == Letters(undone=("c", "b", "a"))
    assert history.back_to_start().redo().redo().redo() == history
    assert (Letters().undo(), history.redo()) == (Letters(), history)


@given(st.lists(st.sampled_from(["record", "undo", "redo", "start"]), max_size=30))
def test_any_walk_keeps_every_step_that_was_not_replaced_and_reads_back(walk):
    history, made = Letters(), 0
    for move in walk:
        before = history
        if move == "record":
            made += 1
            history = history.record(str(made))
            assert history.undo().done == before.done
        elif move == "start":
            history = history.back_to_start()
            assert history.done == ()
        else:
            history = history.undo() if move == "undo" else history.redo()
        if move != "record":
            steps = sorted((*history.done, *history.undone))
            assert steps == sorted((*before.done, *before.undone))
    again = parse_history(history.text, Letters)
    assert again == history
    assert again.revision == history.revision


def test_states_know_what_stands_and_the_oldest_go_once_there_are_very_many():
    history = States[str]().changed("a", "b", "B made of A").changed("b", "c")
    assert States[str]().changed(" a\n", "b").latest("") == "b"
    assert States[str]().changed("b", " a\n").latest("") == " a\n"
    assert history.latest("start") == "c"
    assert history.undo().latest("start") == "b"
    assert history.back_to_start().latest("start") == "a"
    assert States[str]().latest("start") == "start"
    assert history.done[0].words == "B made of A"
    assert parse_history(history.text, States[str]) == history
    for number in range(3 * MOST_STATES):
        history = history.changed(str(number), str(number + 1))
    assert len(history.done) == MOST_STATES
    assert history.back_to_start().latest("") == str(2 * MOST_STATES)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"done": 3}', '{"done": [3]}', '{"made": []}'])
def test_what_is_no_history_is_refused(text):
    with pytest.raises(HubreachError, match="The changes cannot be read") as raised:
        parse_history(text, Letters)
    assert raised.value.faults


def test_a_copy_keeps_its_history_and_another_place_has_its_own():
    copy = new_copy_id()
    assert read_history(path_of(copy), Letters) == Letters()
    change_history(path_of(copy), Letters, lambda kept: kept.record("a"), seen=Letters().revision)
    assert read_history(path_of(copy), Letters).done == ("a",)
    assert read_history(copy_path("elsewhere", "letter", copy), Letters) == Letters()
    assert next(iter(kept_copies("sampleton", "letter"))) == copy


def test_a_change_on_an_older_state_is_refused_and_nothing_is_lost():
    path, seen = path_of(new_copy_id()), Letters().revision
    change_history(path, Letters, lambda kept: kept.record("a"), seen=seen)
    with pytest.raises(HubreachError, match="somebody with the same link"):
        change_history(path, Letters, lambda kept: kept.record("b"), seen=seen)
    assert read_history(path, Letters).done == ("a",)


def test_of_many_who_change_one_state_at_once_one_succeeds_and_the_others_are_told():
    path, seen = path_of(new_copy_id()), Letters().revision
    start, told = threading.Barrier(8), []

    def change(number):
        start.wait()
        try:
            change_history(path, Letters, lambda kept: kept.record(str(number)), seen=seen)
        except HubreachError as error:
            told.append(error)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 7
    assert len(read_history(path, Letters).done) == 1


def test_a_change_that_cannot_be_kept_leaves_the_last_one(monkeypatch):
    path = path_of(new_copy_id())
    first = change_history(path, Letters, lambda kept: kept.record("a"), seen=Letters().revision)
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(HubreachError, match="No space left"):
        change_history(path, Letters, lambda kept: kept.record("b"), seen=first.revision)
    assert read_history(path, Letters) == first
    assert [entry.name for entry in path.parent.glob(f"{path.stem}*")] == [path.name]


@pytest.mark.parametrize("copy", ["../../etc/passwd", "A B", "x", "é" * 10, "a" * 33, ""])
def test_an_id_that_is_none_never_becomes_a_path(copy):
    with pytest.raises(HubreachError, match="is not an id"):
        path_of(copy)


def test_ids_do_not_repeat():
    assert len({new_copy_id() for _ in range(2000)}) == 2000

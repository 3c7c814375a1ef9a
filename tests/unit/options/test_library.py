"""A place's own options: saved, copied, renamed, deleted, brought in, and everything taken back."""

import pytest

from analysis.base.faults import HubreachError
from analysis.base.history import parse_history
from analysis.options.files import (
    TODAY,
    find_option,
    list_options,
    option_folders,
    parse_option,
    read_options,
    uploaded_option,
    write_option,
)
from analysis.options.library import (
    LibraryHistory,
    delete_option,
    duplicate_option,
    exported_text,
    import_option,
    is_own,
    move_library,
    rename_option,
    save_option,
)
from analysis.options.option import Option, OptionSite

PLACE = "thurrock"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    return tmp_path


def moved(history, move):
    return move_library(PLACE, history, move)


def test_duplicate_rename_delete_and_undo_each():
    bundled = set(list_options(PLACE))
    copied = duplicate_option(PLACE, "three-hubs")
    assert copied.slug == "copy-of-three-hubs"
    assert find_option(PLACE, copied.slug).sites == find_option(PLACE, "three-hubs").sites
    assert duplicate_option(PLACE, "three-hubs").slug == "copy-of-three-hubs-2"
    renamed = rename_option(PLACE, copied.slug, "My plan!")
    assert renamed.slug == "my-plan"
    assert set(list_options(PLACE)) - bundled == {"my-plan", "copy-of-three-hubs-2"}
    history = moved(LibraryHistory().record(renamed), LibraryHistory.undo)
    assert set(list_options(PLACE)) - bundled == {"copy-of-three-hubs", "copy-of-three-hubs-2"}
    history = moved(history, LibraryHistory.redo)
    assert find_option(PLACE, "my-plan").name == "My plan!"
    history = history.record(delete_option(PLACE, "my-plan"))
    assert "my-plan" not in list_options(PLACE)
    history = moved(parse_history(history.text, LibraryHistory), LibraryHistory.back_to_start)
    assert set(list_options(PLACE)) - bundled == {"copy-of-three-hubs", "copy-of-three-hubs-2"}
    history = moved(moved(history, LibraryHistory.redo), LibraryHistory.redo)
    assert "my-plan" not in list_options(PLACE)
    assert len(history.done) == 2


def test_what_somebody_changed_since_is_not_taken_back():
    history = LibraryHistory().record(duplicate_option(PLACE, "three-hubs", "Mine"))
    write_option(Option("Mine", "mine", note="by somebody else"), PLACE)
    with pytest.raises(HubreachError, match="cannot be taken back") as raised:
        moved(history, LibraryHistory.undo)
    assert raised.value.faults[0].file == "mine.toml"
    assert find_option(PLACE, "mine").note == "by somebody else"


def test_options_that_come_with_a_place_stay():
    for change in (
        lambda: rename_option(PLACE, "three-hubs", "X"),
        lambda: delete_option(PLACE, "three-hubs"),
    ):
        with pytest.raises(HubreachError, match="Duplicate it"):
            change()
    with pytest.raises(HubreachError, match="is taken"):
        duplicate_option(PLACE, "three-hubs", "Three hubs with outreach and satellites")
    save_option(Option("Three hubs", "x", (OptionSite("tilbury-family-hub"),)), PLACE)
    assert is_own(PLACE, "three-hubs")
    assert len(find_option(PLACE, "three-hubs").sites) == 1
    delete_option(PLACE, "three-hubs")
    assert len(find_option(PLACE, "three-hubs").sites) == 3


def test_export_and_import_give_the_same_option_under_a_free_name():
    text = exported_text(PLACE, "three-hubs")
    brought = import_option(PLACE, parse_option(text))
    assert brought.slug == "three-hubs-2"
    assert find_option(PLACE, brought.slug).sites == find_option(PLACE, "three-hubs").sites
    moved(LibraryHistory().record(brought), LibraryHistory.undo)
    assert brought.slug not in list_options(PLACE)
    with pytest.raises(HubreachError, match="not UTF-8"):
        uploaded_option(b"name = '\xff'", "x.toml")


def test_a_name_cannot_leave_the_folder(empty_folder):
    save_option(Option("../../Away", "../../away"), PLACE)
    files = [path.relative_to(empty_folder).as_posix() for path in empty_folder.rglob("*.toml")]
    assert files == [f"places/{PLACE}/options/away.toml"]
    with pytest.raises(HubreachError, match="letters or digits"):
        save_option(Option("!!!", "x"), PLACE)


def test_a_file_that_cannot_be_used_is_told_and_the_others_are_there(empty_folder):
    write_option(Option("Good", "good"), PLACE)
    (empty_folder / "places" / PLACE / "options" / "bad.toml").write_text("name = 3", "utf-8")
    options, faults = read_options(PLACE)
    assert {"good", "three-hubs", "today"} <= set(options)
    assert "bad" not in options
    assert {fault.file for fault in faults} == {"bad.toml"}


def test_today_is_one_set_whatever_a_file_says(empty_folder):
    assert find_option(PLACE, "today") == TODAY
    assert find_option("thurrock", "todays-family-hubs") == TODAY
    with pytest.raises(HubreachError, match="on every page"):
        write_option(Option("Mine", "today"), PLACE)
    folder = option_folders(PLACE)[1]
    folder.mkdir(parents=True)
    (folder / "today.toml").write_text('name = "Mine"', "utf-8")
    options, faults = read_options(PLACE)
    assert options["today"] == TODAY
    assert [fault.file for fault in faults] == ["today.toml"]
    assert read_options("somewhere")[0] == {"today": TODAY}

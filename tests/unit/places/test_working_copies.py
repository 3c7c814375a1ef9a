"""Steps that are undone at once, working copies that nobody overwrites unknowingly, uploads as changes."""

import json
import threading

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.sites.edit_files import history_from_json, history_path, history_to_json
from analysis.places.sites.edits import (
    SiteHistory,
    apply_edits,
    close_site,
    open_site,
    record,
    redo,
    rename_site,
    undo,
)
from analysis.places.sites.uploads import edits_of_table
from analysis.places.sites.working_copies import change_copy, list_copies, new_copy_id, read_copy, revision_of


def test_changes_made_at_once_are_undone_and_redone_at_once():
    history = record(SiteHistory(), close_site("a"))
    history = record(history, close_site("b"), close_site("c"), rename_site("d", "D"))
    back = undo(history)
    assert [edit.site_id for edit in back.done] == ["a"]
    assert [edit.site_id for edit in redo(back).done] == ["a", "b", "c", "d"]
    assert undo(undo(history)).done == ()
    assert redo(redo(undo(undo(history)))) == history
    assert undo(SiteHistory()) == SiteHistory()
    assert redo(history) == history


def test_changes_of_an_older_file_have_no_step_and_are_undone_one_by_one():
    body = json.loads(history_to_json(record(SiteHistory(), close_site("a"), close_site("b"))))
    for edit in body["done"]:
        del edit["step"]
    history = history_from_json(json.dumps(body))
    assert [edit.site_id for edit in undo(history).done] == ["a"]


def test_a_copy_keeps_changes_and_tells_its_revision(small_place):
    copy = new_copy_id()
    empty = read_copy("sampleton", copy)
    assert empty.history == SiteHistory()
    after = change_copy(
        "sampleton", copy, lambda kept: record(kept, close_site("ash-hub")), seen=empty.revision
    )
    again = read_copy("sampleton", copy)
    assert again.history.done == (close_site("ash-hub"),)
    assert again.revision == after.revision != empty.revision
    assert not apply_edits(small_place.sites, again.history).loc["ash-hub", "is_open"]
    listed = list_copies("sampleton")
    assert listed.loc[copy, "changes"] == 1
    assert read_copy("elsewhere", copy).history == SiteHistory()


def test_a_change_on_an_older_state_is_refused_and_nothing_is_lost():
    copy = new_copy_id()
    seen = revision_of(SiteHistory())
    change_copy("sampleton", copy, lambda kept: record(kept, close_site("a")), seen=seen)
    with pytest.raises(HubreachError, match="somebody with the same link"):
        change_copy("sampleton", copy, lambda kept: record(kept, open_site("b")), seen=seen)
    assert read_copy("sampleton", copy).history.done == (close_site("a"),)


def test_of_many_who_change_one_state_at_once_one_succeeds_and_the_others_are_told():
    copy, seen = new_copy_id(), revision_of(SiteHistory())
    start, told = threading.Barrier(8), []

    def change(number):
        start.wait()
        try:
            change_copy("sampleton", copy, lambda kept: record(kept, close_site(f"s{number}")), seen=seen)
        except HubreachError as error:
            told.append(error)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 7
    assert len(read_copy("sampleton", copy).history.done) == 1


@pytest.mark.parametrize("copy", ["../../etc/passwd", "A B", "x", "é" * 10, "a" * 33])
def test_an_id_that_is_none_never_becomes_a_path(copy):
    with pytest.raises(HubreachError, match="is not an id"):
        read_copy("sampleton", copy)


def test_ids_do_not_repeat_and_a_broken_file_is_left_out_of_the_list():
    assert len({new_copy_id() for _ in range(2000)}) == 2000
    path = history_path("broken-place", "abcdef")
    path.parent.mkdir(parents=True)
    path.write_text("{", "utf-8")
    assert list_copies("broken-place").empty
    with pytest.raises(HubreachError, match="cannot be read"):
        read_copy("broken-place", "abcdef")


def test_an_upload_changes_the_sites_it_names_and_adds_the_others(small_place, tmp_path):
    path = tmp_path / "sites.csv"
    table = pd.DataFrame(
        {
            "site_id": ["ash-hub", ""],
            "name": ["Ash Hub", "=1+1"],
            "kind": ["hub", "outreach"],
            "easting": [560500, 562500],
            "northing": [181500, 180500],
            "capacity_families": [120, None],
        }
    )
    table.to_csv(path, index=False)
    edits = edits_of_table(path, small_place, small_place.sites)
    assert [(edit.action, edit.site_id) for edit in edits] == [("change", "ash-hub"), ("add", "1-1")]
    after = apply_edits(small_place.sites, record(SiteHistory(), *edits))
    assert after.loc["ash-hub", "capacity_families"] == 120
    assert after.loc["1-1", "name"] == "=1+1"
    assert after.loc["cedar-hub", "is_open"]


def test_a_download_of_the_sites_uploaded_again_changes_nothing(real_place, tmp_path):
    from analysis.base.text import inert_frame

    path = tmp_path / "sites.csv"
    inert_frame(real_place.sites).to_csv(path, encoding="utf-8-sig")
    assert edits_of_table(path, real_place, real_place.sites) == ()

"""Changes to sites: pure, reversible, saved and loaded without loss."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.sites.edit_files import history_from_json, history_to_json, load_history, save_history
from analysis.places.sites.edits import (
    SiteEdit,
    SiteHistory,
    add_site,
    apply_edits,
    change_site,
    check_near,
    close_site,
    edits_between,
    move_site,
    open_site,
    record,
    redo,
    rekind_site,
    rename_site,
    undo,
)
from analysis.places.sites.values import sites_of_rows


@pytest.fixture
def sites() -> pd.DataFrame:
    return sites_of_rows(
        {
            "hub": {"name": "Hub", "kind": "family hub", "easting": 564570.0, "northing": 176263.0,
                    "lon": 0.36758, "lat": 51.46142, "postcode": "RM18 8EY", "capacity_families": 100.0},
            "oak": {"name": "Oak", "kind": "school (primary)", "easting": 564970.0, "northing": 176263.0,
                    "lon": 0.37333, "lat": 51.4613, "is_open": False},
        }
    )  # fmt: skip


def test_every_action_does_what_it_says(sites):
    history = record(
        SiteHistory(),
        close_site("hub"),
        open_site("oak"),
        rename_site("oak", "Oak  Hub"),
        rekind_site("oak", "family hub"),
        change_site("oak", {"services": "Play; Advice", "capacity_families": "80", "age_to": None}),
        move_site("oak", postcode="ch41 3hx"),
        add_site(sites, "Bus", "outreach", easting=565000, northing=176000),
    )
    before = sites.copy()
    after = apply_edits(sites, history)
    pd.testing.assert_frame_equal(sites, before)
    assert after["is_open"].to_dict() == {"hub": False, "oak": True, "bus": True}
    oak = after.loc["oak"]
    assert (oak["name"], oak["kind"], oak["services"]) == ("Oak Hub", "family hub", "Play;Advice")
    assert oak["capacity_families"] == 80
    assert np.isnan(oak["age_to"])
    assert (oak["postcode"], oak["easting"], oak["northing"]) == ("CH41 3HX", 331465, 389353)
    assert after.loc["bus", "stage"] == "proposed"
    assert after.loc["bus", ["lon", "lat"]].tolist() == pytest.approx([0.37364, 51.45893], abs=2e-5)
    assert after.dtypes.equals(sites.dtypes)


def test_a_site_moved_by_click_loses_the_postcode_it_had(sites):
    after = apply_edits(sites, record(SiteHistory(), move_site("hub", lon=0.37333, lat=51.4613)))
    assert after.loc["hub", "postcode"] == ""
    assert after.loc["hub", ["easting", "northing"]].tolist() == pytest.approx([564970, 176263], abs=2)


def test_undo_and_redo_go_back_and_forth(sites):
    first = record(SiteHistory(), close_site("hub"))
    second = record(first, rename_site("hub", "Closed hub"))
    assert undo(second).done == first.done
    assert apply_edits(sites, undo(undo(second))).equals(sites)
    assert redo(undo(second)) == second
    assert redo(redo(undo(undo(second)))) == second
    assert undo(SiteHistory()) == SiteHistory()
    assert redo(second) == second


def test_a_new_change_ends_what_could_be_redone():
    history = record(undo(record(SiteHistory(), close_site("hub"))), open_site("hub"))
    assert history == SiteHistory(done=(open_site("hub"),))
    assert record(history) is history


def test_a_history_is_saved_and_loaded_without_loss(sites):
    history = record(
        SiteHistory(),
        add_site(sites, '=HYPERLINK("x") <b>', "outreach", postcode="RM18 8EY", age_from=0, age_to=None),
        change_site("hub", {"annual_cost_gbp": 1250.5, "condition": "b"}),
    )
    history = undo(record(history, close_site("oak")))
    text = history_to_json(history)
    assert json.loads(text)["undone"][0]["action"] == "close"
    again = history_from_json(text)
    assert again.undone == history.undone
    pd.testing.assert_frame_equal(apply_edits(sites, again), apply_edits(sites, history))
    assert apply_edits(sites, again)["name"].iloc[-1] == '=HYPERLINK("x") <b>'


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"done": [], "undone": 3}',
        '{"done": [{"action": "burn", "site_id": "hub", "values": {}}], "undone": []}',
        '{"done": [{"action": "rename", "site_id": "hub", "values": {"kind": "x"}}], "undone": []}',
        '{"done": [{"action": "change", "site_id": "hub", "values": {"age_to": "old"}}], "undone": []}',
    ],
)
def test_what_is_no_history_is_refused(text):
    with pytest.raises(HubreachError, match="The changes to sites cannot be read"):
        history_from_json(text)


def test_a_history_of_other_sites_is_refused_with_every_misfit(sites):
    history = record(
        SiteHistory(), close_site("elsewhere"), SiteEdit("add", "hub", {"name": "Hub"}), close_site("hub")
    )
    with pytest.raises(HubreachError) as raised:
        apply_edits(sites, history)
    assert [fault.found for fault in raised.value.faults] == [
        "change 1 (close): 'elsewhere' is not among the sites",
        "change 2 (add): 'hub' is there already",
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"age_from": 12, "age_to": 5}, "12 is above 5"),
        ({"hours_per_week": 169}, "169 is out of range"),
        ({"capacity_families": -1}, "-1 is out of range"),
        ({"annual_cost_gbp": float("inf")}, "inf is out of range"),
        ({"condition": "Z"}, "not a survey grade"),
        ({"stage": "dreamt"}, "not a stage"),
        ({"colour": "red"}, "cannot be set here"),
        ({"name": "Hub"}, "cannot be set here"),
    ],
)
def test_values_that_cannot_be_are_refused(values, said):
    with pytest.raises(HubreachError, match=said):
        change_site("hub", values)


def test_a_site_needs_a_name_and_a_place(sites):
    with pytest.raises(HubreachError, match="it is blank"):
        add_site(sites, " \x00 ", "outreach", easting=565000, northing=176000)
    with pytest.raises(HubreachError, match="no position"):
        add_site(sites, "Bus", "outreach", easting=565000)
    with pytest.raises(HubreachError, match="not in Great Britain"):
        add_site(sites, "Bus", "outreach", easting=565000, northing=2_000_000)
    with pytest.raises(HubreachError, match="not in the postcode directory"):
        add_site(sites, "Bus", "outreach", postcode="RM18 9ZZ")


def test_an_edited_table_becomes_the_changes_that_lead_to_it(sites):
    history = record(
        SiteHistory(),
        rename_site("hub", "New name"),
        close_site("hub"),
        change_site("oak", {"services": "Play"}),
        open_site("oak"),
        move_site("oak", easting=565170.0, northing=176263.0),
        add_site(sites, "Bus", "outreach", postcode="RM18 8EY"),
    )
    target = apply_edits(sites, history)
    found = edits_between(sites, target)
    assert {(edit.action, edit.site_id) for edit in found} == {
        (edit.action, edit.site_id) for edit in history.done
    }
    pd.testing.assert_frame_equal(apply_edits(sites, SiteHistory(found)), target)
    assert edits_between(sites, sites) == ()


def test_a_row_taken_out_of_an_edited_table_is_closed_and_a_new_postcode_moves_a_site(sites):
    edited = sites.drop(index="oak")
    edited.loc["hub", "postcode"] = "CH41 3HX"
    after = apply_edits(sites, SiteHistory(edits_between(sites.assign(is_open=True), edited)))
    assert after["is_open"].to_dict() == {"hub": True, "oak": False}
    assert after.loc["hub", "easting"] == 331465


def test_a_history_is_kept_in_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    assert load_history("somewhere") == SiteHistory()
    history = undo(record(SiteHistory(), close_site("hub"), open_site("hub")))
    path = save_history(history, "somewhere")
    assert path == tmp_path / "places" / "somewhere" / "site_changes.json"
    assert load_history("somewhere") == history
    assert [entry.name for entry in path.parent.iterdir()] == ["site_changes.json"]


def test_a_history_that_cannot_be_kept_leaves_the_last_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    save_history(SiteHistory((close_site("hub"),)), "somewhere")
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(HubreachError, match="No space left"):
        save_history(SiteHistory(), "somewhere")
    assert load_history("somewhere").done == (close_site("hub"),)
    assert [entry.name for entry in (tmp_path / "places" / "somewhere").iterdir()] == ["site_changes.json"]


def test_a_site_far_outside_its_place_is_refused(real_places):
    place = real_places["thurrock"]
    near = add_site(place.sites, "Hall", "outreach", easting=564570, northing=176263)
    assert check_near(near, place) is near
    with pytest.raises(HubreachError, match="12 E, 12 N is over 20 km outside Thurrock"):
        check_near(add_site(place.sites, "Sea", "outreach", easting=12, northing=12), place)

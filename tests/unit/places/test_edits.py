"""Changes to sites: pure, reversible, saved and loaded without loss."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.base.history import parse_history
from analysis.places.sites.edits import (
    SiteHistory,
    add_site,
    apply_edits,
    change_site,
    check_near,
    close_site,
    edits_between,
    move_site,
    open_site,
    rekind_site,
    rename_site,
    site_edit,
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
    history = SiteHistory().record(
        (
            close_site("hub"),
            open_site("oak"),
            rename_site("oak", "Oak  Hub"),
            rekind_site("oak", "family hub"),
            change_site("oak", {"services": "Play; Advice", "capacity_families": "80", "age_to": None}),
            move_site("oak", postcode="ch41 3hx"),
            add_site(sites, "Bus", "outreach", easting=565000, northing=176000),
        )
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
    after = apply_edits(sites, SiteHistory().record((move_site("hub", lon=0.37333, lat=51.4613),)))
    assert after.loc["hub", "postcode"] == ""
    assert after.loc["hub", ["easting", "northing"]].tolist() == pytest.approx([564970, 176263], abs=2)


def test_a_history_is_saved_and_loaded_without_loss(sites):
    history = SiteHistory().record(
        (
            add_site(sites, '=HYPERLINK("x") <b>', "outreach", postcode="RM18 8EY", age_from=0, age_to=None),
            change_site("hub", {"annual_cost_gbp": 1250.5, "condition": "b"}),
        )
    )
    history = history.record((close_site("oak"),)).undo()
    text = history.text
    assert json.loads(text)["undone"][0][0]["action"] == "close"
    again = parse_history(text, SiteHistory)
    assert again.undone == history.undone
    pd.testing.assert_frame_equal(apply_edits(sites, again), apply_edits(sites, history))
    assert apply_edits(sites, again)["name"].iloc[-1] == '=HYPERLINK("x") <b>'


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"done": [], "undone": 3}',
        '{"done": [[{"action": "burn", "site_id": "hub", "values": {}}]], "undone": []}',
        '{"done": [[{"action": "rename", "site_id": "hub", "values": {"kind": "x"}}]], "undone": []}',
        '{"done": [[{"action": "change", "site_id": "hub", "values": {"age_to": "old"}}]], "undone": []}',
    ],
)
def test_what_is_no_history_is_refused(text):
    with pytest.raises(HubreachError, match="The changes cannot be read"):
        parse_history(text, SiteHistory)


def test_a_history_of_other_sites_is_refused_with_every_misfit(sites):
    history = SiteHistory().record(
        (close_site("elsewhere"), site_edit("add", "hub", {"name": "Hub"}), close_site("hub"))
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
    history = SiteHistory().record(
        (
            rename_site("hub", "New name"),
            close_site("hub"),
            change_site("oak", {"services": "Play"}),
            open_site("oak"),
            move_site("oak", easting=565170.0, northing=176263.0),
            add_site(sites, "Bus", "outreach", postcode="RM18 8EY"),
        )
    )
    target = apply_edits(sites, history)
    found = edits_between(sites, target)
    assert {(edit.action, edit.site_id) for edit in found} == {
        (edit.action, edit.site_id) for edit in history.edits
    }
    pd.testing.assert_frame_equal(apply_edits(sites, SiteHistory(done=(found,))), target)
    assert edits_between(sites, sites) == ()


def test_a_row_taken_out_of_an_edited_table_is_closed_and_a_new_postcode_moves_a_site(sites):
    edited = sites.drop(index="oak")
    edited.loc["hub", "postcode"] = "CH41 3HX"
    after = apply_edits(sites, SiteHistory(done=(edits_between(sites.assign(is_open=True), edited),)))
    assert after["is_open"].to_dict() == {"hub": True, "oak": False}
    assert after.loc["hub", "easting"] == 331465


def test_changes_of_an_older_file_are_undone_as_they_were_made(sites):
    older = {
        "format": 1,
        "done": [
            {"action": "close", "site_id": "hub", "values": {}},
            {"action": "open", "site_id": "oak", "values": {}, "step": 2},
            {"action": "change", "site_id": "oak", "values": {"age_to": None}, "step": 2},
        ],
        "undone": [
            {"action": "rename", "site_id": "hub", "values": {"name": "B"}, "step": 3},
            {"action": "rename", "site_id": "hub", "values": {"name": "A"}, "step": 3},
        ],
    }
    history = parse_history(json.dumps(older), SiteHistory)
    assert [[edit.site_id for edit in step] for step in history.done] == [["hub"], ["oak", "oak"]]
    assert np.isnan(history.edits[2].values["age_to"])
    assert apply_edits(sites, history.undo())["is_open"].to_dict() == {"hub": False, "oak": False}
    assert apply_edits(sites, history.redo()).loc["hub", "name"] == "B"


def test_a_site_far_outside_its_place_is_refused(real_places):
    place = real_places["thurrock"]
    near = add_site(place.sites, "Hall", "outreach", easting=564570, northing=176263)
    assert check_near(near, place) is near
    with pytest.raises(HubreachError, match="12 E, 12 N is over 20 km outside Thurrock"):
        check_near(add_site(place.sites, "Sea", "outreach", easting=12, northing=12), place)

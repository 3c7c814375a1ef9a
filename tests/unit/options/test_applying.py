"""An option put on a place: what does not fit is named, and the rest works."""

import pandas as pd

from analysis.base.faults import HubreachError
from analysis.options.applied import apply_option, last_year
from analysis.options.changes import SiteChanges, changes_text, read_changes, with_changes
from analysis.options.files import option_text, parse_option
from analysis.options.option import Catchment, Option, OptionSite
from analysis.options.reached import option_reach
from analysis.places.manifest import Locality
from analysis.scenario.terms import Terms
from tests.unit.options.conftest import hubs

import pytest  # isort: skip


def new_site(site_id, easting, northing):
    return OptionSite(
        site_id, {"name": site_id, "kind": "hub", "easting": easting, "northing": northing}, is_new=True
    )


def test_sites_that_do_not_fit_are_named_and_the_rest_works(small_place):
    option = Option(
        "Mixed",
        "mixed",
        (
            OptionSite("ash-hub"),
            OptionSite("gone"),
            new_site("beside", 560_500.0, 183_000.0),
            new_site("far", 620_000.0, 181_500.0),
            OptionSite("cedar-hub", {"age_to": 99.0}),
        ),
    )
    applied = apply_option(option, small_place)
    found = [fault.found for fault in applied.problems]
    assert found == [
        "site 'gone' is not among the place's sites",
        "99 is out of range",
        "site 'beside' lies 1.0 km outside Sampleton: it counts all the same",
        "site 'far' lies 57.0 km outside Sampleton: it is left out",
    ]
    assert applied.sites["is_open"].to_dict() == {"ash-hub": True, "cedar-hub": False, "beside": True}


def test_localities_are_drawn_anew_and_unknown_wards_told(small_place):
    drawn = (Locality(name="West", wards=("ash", "Nowhere")),)
    applied = apply_option(Option("Areas", "areas", localities=drawn, others="as today"), small_place)
    names = applied.localities["locality_name"]
    assert names.to_dict() == {
        "A1": "West",
        "A2": "West",
        "A3": "North",
        "A4": "North",
        "A5": "South",
        "A6": "South",
    }
    assert [fault.column for fault in applied.problems] == ["localities, West"]


def test_years_go_from_today_to_the_plan(small_place):
    option = Option(
        "Steps",
        "steps",
        (OptionSite("ash-hub", closes_year=3), OptionSite("cedar-hub", {"kind": "outreach"}, opens_year=2)),
    )
    states = [apply_option(option, small_place, year).sites for year in range(4)]
    assert [frame["is_open"].tolist() for frame in states] == [
        [True, True],
        [True, True],
        [True, True],
        [False, True],
    ]
    assert [frame.loc["cedar-hub", "kind"] for frame in states] == ["hub", "hub", "outreach", "outreach"]
    pd.testing.assert_frame_equal(apply_option(option, small_place).sites, states[-1])
    assert last_year(option) == 3
    assert last_year(hubs("ash-hub")) == 1


def test_a_file_carries_years_localities_and_citywide_kinds():
    option = Option(
        "All",
        "all",
        (OptionSite("ash-hub", opens_year=2), OptionSite("cedar-hub", closes_year=4)),
        catchment=Catchment(citywide_kinds=("base",)),
        localities=(Locality(name="One", wards=("Ash", "Birch")),),
    )
    assert parse_option(option_text(option)) == option


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("[[sites]]\nsite_id = 'a'\nopens_year = 0", "sites.1.opens_year"),
        ("[[sites]]\nsite_id = 'a'\ncloses_year = 'soon'", "sites.1.closes_year"),
        ("[[localities]]\nwards = ['Ash']", "localities.1.name"),
        (
            "[[localities]]\nname='A'\nwards=['X']\n[[localities]]\nname='B'\nwards=['X']",
            "localities",
        ),
    ],
)
def test_wrong_years_and_localities_are_told(text, column):
    with pytest.raises(HubreachError) as raised:
        parse_option(f"name = 'x'\n{text}\n")
    assert [fault.column for fault in raised.value.faults] == [column]


def test_teams_that_come_to_families_count_for_no_reach(estimate):
    both = Option(
        "Bases",
        "bases",
        (OptionSite("ash-hub"), OptionSite("cedar-hub", {"kind": "base"})),
        catchment=Catchment(citywide_kinds=("Base",)),
    )
    reach = option_reach(estimate, both, Terms(minutes=20.0))
    assert reach.sites.index.tolist() == ["ash-hub"]
    assert reach.applied.sites["is_open"].tolist() == [True, True]


def test_terms_of_the_option_hold_unless_others_are_given(estimate):
    catchment = Catchment(mode="cycle", minutes=5, detour=1.0, minutes_by_kind={"hub": 7})
    option = Option("Own", "own", (OptionSite("ash-hub"),), catchment=catchment)
    own, given = option_reach(estimate, option), option_reach(estimate, option, Terms(20.0, "walk"))
    assert (own.settings.mode, own.settings.detour, own.limit.to_dict()) == ("cycle", 1.0, {"ash-hub": 7.0})
    assert (given.settings.mode, given.settings.detour, given.limit) == ("walk", 1.2, 20.0)
    with pytest.raises(HubreachError) as raised:
        option_reach(estimate, option, Terms(-1.0, "swim", ages="x", tier="y"))
    assert [fault.column for fault in raised.value.faults] == ["minutes", "mode", "ages", "tier"]


def test_changes_for_a_look_travel_in_a_text(small_place):
    changes = {"hubs": SiteChanges(("cedar-hub",), ("ash-hub",)), "other": SiteChanges(closed=("x",))}
    text = changes_text(changes)
    assert text == "hubs:+cedar-hub.-ash-hub;other:-x"
    assert read_changes(text) == changes
    assert read_changes("") == {}
    assert changes_text({"hubs": SiteChanges()}) == ""
    changed = with_changes(hubs("ash-hub"), changes["hubs"])
    assert changed.name == "ash-hub (changed)"
    assert apply_option(changed, small_place).sites["is_open"].tolist() == [False, True]
    assert with_changes(hubs("ash-hub"), SiteChanges()) == hubs("ash-hub")
    for wrong in ("hubs", "hubs:ash", "HUBS:-a", "hubs:-a..", "a:-b;;"):
        with pytest.raises(HubreachError, match="cannot be read"):
            read_changes(wrong)

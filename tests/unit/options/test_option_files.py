"""Options: files that say what differs from today, and the sites that they stand for."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.options.files import (
    find_option,
    list_options,
    option_text,
    parse_option,
    read_option,
    write_option,
)
from analysis.options.option import Catchment, Option, OptionSite, option_from_sites, option_sites
from analysis.places.sites.edits import (
    SiteHistory,
    add_site,
    apply_edits,
    change_site,
    close_site,
    rename_site,
)
from analysis.places.sites.values import sites_of_rows

TEXT = """
name = "Three hubs"
source = "Cabinet, 13 June 2012, item 13"
illustration = true

[catchment]
mode = "cycle"
minutes = 15
detour = 1.2
[catchment.minutes_by_kind]
outreach = 10

[[sites]]
site_id = "hub"
services = ["Play", "Advice; law"]
capacity_families = 250

[[sites]]
site_id = "library"
new = true
name = "Library"
kind = "Outreach"
postcode = "rm188ey"
"""


@pytest.fixture
def today() -> pd.DataFrame:
    spot = {"easting": 564570.0, "northing": 176263.0, "lon": 0.36758, "lat": 51.46142}
    return sites_of_rows(
        {
            "hub": {"name": "Hub", "kind": "family hub", **spot},
            "centre": {"name": "Centre", "kind": "children's centre", **spot},
            "oak": {"name": "Oak", "kind": "school (primary)", "is_open": False, **spot},
        }
    )


def test_an_option_file_says_which_sites_there_would_be(today):
    option = parse_option(TEXT)
    assert (option.slug, option.illustration, option.source) == (
        "three-hubs",
        True,
        "Cabinet, 13 June 2012, item 13",
    )
    planned = option_sites(option, today)
    assert planned["is_open"].to_dict() == {"hub": True, "centre": False, "oak": False, "library": True}
    assert planned.loc["hub", "capacity_families"] == 250
    assert planned.loc["hub", "services"] == "Play;Advice;law"
    assert planned.loc["library", ["easting", "northing"]].tolist() == [564570, 176263]
    assert planned.loc["library", "stage"] == "proposed"
    assert option.catchment.limits(planned).to_dict() == {"hub": 15, "centre": 15, "oak": 15, "library": 10}
    assert option.catchment.settings.words == "Cycle, 16 km/h, detour 1.2"


def test_others_as_today_leaves_them_open(today):
    option = parse_option('name = "More"\nothers = "as today"\n[[sites]]\nsite_id = "oak"\n')
    assert option_sites(option, today)["is_open"].tolist() == [True, True, True]
    shut = parse_option('name = "Less"\nothers = "as today"\n[[sites]]\nsite_id = "hub"\nis_open = false\n')
    assert option_sites(shut, today)["is_open"].tolist() == [False, True, False]


def test_text_of_an_option_reads_back_as_the_option():
    option = parse_option(TEXT)
    again = parse_option(option_text(option))
    assert again == option
    assert again.catchment.minutes_by_kind == {"outreach": 10}


def test_edited_sites_become_an_option_that_gives_them_back(today):
    history = SiteHistory().record(
        (
            close_site("centre"),
            rename_site("oak", '"Quoted" = <b>\\'),
            change_site("hub", {"services": "Play;Law", "annual_cost_gbp": 12.5}),
            add_site(today, "Bus", "outreach", postcode="RM18 8EY", is_open=False),
        )
    )
    planned = apply_edits(today, history)
    option = option_from_sites("My plan!", today, planned, catchment=Catchment(mode="drive", minutes=10))
    assert option.slug == "my-plan"
    again = parse_option(option_text(option))
    pd.testing.assert_frame_equal(option_sites(again, today), planned)


def test_what_was_known_can_become_unknown(today):
    known = today.assign(capacity_families=100.0)
    planned = apply_edits(known, SiteHistory().record((change_site("hub", {"capacity_families": None}),)))
    again = parse_option(option_text(option_from_sites("Plan", known, planned)))
    assert option_sites(again, known)["capacity_families"].isna().tolist() == [True, False, False]


def test_options_are_saved_in_the_users_folder_and_found_by_name(today, tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    assert list_options("somewhere") == {}
    path = write_option(Option("Two  hubs", "two-hubs", (OptionSite("hub"),)), "somewhere")
    assert path == tmp_path / "places" / "somewhere" / "options" / "two-hubs.toml"
    assert [entry.name for entry in path.parent.iterdir()] == ["two-hubs.toml"]
    assert find_option("somewhere", "Two hubs").sites == (OptionSite("hub"),)
    assert read_option(path).name == "Two hubs"
    with pytest.raises(HubreachError, match="Choose one of: today, two-hubs"):
        find_option("somewhere", "Three hubs")


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(blocked))
    with pytest.raises(HubreachError, match="The option was not saved"):
        write_option(Option("A", "a"), "somewhere")


def test_every_fault_of_a_file_is_told_at_once():
    text = """
slug = "x"
colour = "red"
illustration = "yes"
others = "gone"
[catchment]
mode = "swim"
minutes = -1
[[sites]]
site_id = "hub"
[[sites]]
site_id = "hub"
beds = 3
age_to = [1]
[[sites]]
name = "No id"
"""
    with pytest.raises(HubreachError) as raised:
        parse_option(text, file="x.toml")
    assert {fault.column for fault in raised.value.faults} == {
        "name",
        "colour",
        "illustration",
        "others",
        "catchment.mode",
        "catchment.minutes",
        "sites.2.beds",
        "sites.2.age_to",
        "sites.3.site_id",
    }
    beds = next(fault for fault in raised.value.faults if fault.column == "sites.2.beds")
    assert beds.found == "this key is not known"
    assert beds.remedy.startswith("Use one of: site_id, new, opens_year, closes_year, name, kind")


@pytest.mark.parametrize(
    ("text", "column", "found"),
    [
        ("[[sites]]\nsite_id = 'hub'\n[[sites]]\nsite_id = 'hub'", "sites", "'hub' is listed twice"),
        (
            "localities = [{name = 'E', wards = ['Ash']}, {name = 'W', wards = ['Ash']}]",
            "localities",
            "ward 'Ash' is in E and in W",
        ),
    ],
)
def test_a_site_and_a_ward_stand_once(text, column, found):
    with pytest.raises(HubreachError) as raised:
        parse_option(f"name = 'Plan'\n{text}", file="x.toml")
    (fault,) = raised.value.faults
    assert (fault.file, fault.column) == ("x.toml", column)
    assert fault.found.startswith(found)


@pytest.mark.parametrize("text", ["name = ", "\x00", "name = 1", "sites = 3\nname = 'x'"])
def test_what_is_no_option_is_refused(text):
    with pytest.raises(HubreachError):
        parse_option(text)


def test_an_option_of_another_place_is_refused_with_every_misfit(today):
    option = Option(
        "Misfit",
        "misfit",
        (
            OptionSite("nowhere"),
            OptionSite("hub", {"name": "x"}, is_new=True),
            OptionSite("oak", {"age_to": 99.0}),
        ),
    )
    with pytest.raises(HubreachError) as raised:
        option_sites(option, today)
    assert [fault.found for fault in raised.value.faults] == [
        "site 'nowhere' is not among the place's sites",
        "site 'hub' is called new, but the place has it",
        "99 is out of range",
    ]


def test_an_option_needs_a_name(today):
    with pytest.raises(HubreachError, match="Give the option a name"):
        option_from_sites("!!!", today, today)

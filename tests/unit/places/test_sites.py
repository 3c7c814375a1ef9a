"""Reading sites: positions, defaults, faults with rows, and rows that stand for one building."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.manifest import SiteKind
from analysis.places.sites.duplicates import label_kinds, merge_duplicates, site_label
from analysis.places.sites.register import SITE_COLUMNS, empty_sites, new_site_id, read_sites, split_list
from tests.conftest import PLACES_OF_2011

KINDS = (
    SiteKind(name="family hub", symbol="hub"),
    SiteKind(name="children's centre", symbol="centre"),
    SiteKind(name="children's centre linked site", symbol="satellite"),
    SiteKind(name="outreach", symbol="outreach"),
    SiteKind(name="school (primary)", symbol="candidate", open=False),
)
TILBURY = (562_000.0, 174_000.0, 568_000.0, 180_000.0)


@pytest.fixture
def read(tmp_path):
    def reader(text: str, **options) -> pd.DataFrame:
        path = tmp_path / "sites.csv"
        path.write_text(text, encoding="utf-8")
        return read_sites(path, kinds=KINDS, **options)

    return reader


def test_three_ways_to_give_a_position_agree(read):
    sites = read(
        "name,kind,postcode,easting,northing,lon,lat\n"
        "Grid,family hub,,564570,176263,,\n"
        "Degrees,family hub,,,,0.36758073,51.46141859\n"
        "Postcode,family hub,rm188ey,,,,\n"
    )
    assert list(sites.index) == ["grid", "degrees", "postcode"]
    assert sites["easting"].tolist() == [564570.0, 564570.0, 564570.0]
    assert sites["northing"].tolist() == [176263.0, 176263.0, 176263.0]
    assert sites["lon"].tolist() == pytest.approx([0.36758] * 3, abs=1e-6)
    assert sites.loc["postcode", "postcode"] == "RM18 8EY"


def test_unknown_figures_are_nan_and_unknown_text_is_blank(read):
    sites = read("name,kind,easting,northing\nHub,Family  Hub,564570,176263\n")
    assert tuple(sites.columns) == SITE_COLUMNS
    hub = sites.loc["hub"]
    assert hub["kind"] == "family hub"
    assert hub["is_open"]
    assert hub["stage"] == "existing"
    assert np.isnan([hub["age_from"], hub["hours_per_week"], hub["capacity_families"]]).all()
    assert hub[["services", "condition", "labels", "urn"]].tolist() == ["", "", "", ""]
    assert sites.dtypes.equals(empty_sites().dtypes)


def test_a_kind_that_starts_closed_or_is_not_known_is_closed_unless_the_row_says_open(read):
    sites = read(
        "name,kind,easting,northing,is_open\n"
        "Oak,school (primary),564570,176263,\n"
        "Elm,school (primary),564970,176263,Yes\n"
        "Bus,mobile library,564970,176563,\n"
        "Van,mobile library,564990,176563,open\n"
    )
    assert sites["is_open"].tolist() == [False, True, False, True]


def test_every_fault_is_told_with_its_row_and_column(read):
    with pytest.raises(HubreachError) as raised:
        read(
            "site_id,name,kind,postcode,easting,northing,condition,stage,is_open,age_from,age_to\n"
            "Hub A,A,family hub,,564570,176263,,,,,\n"
            "b,,family hub,,564570,176263,,,,,\n"
            "c,C,family hub,,564570,,,,,,\n"
            "d,D,family hub,ZZ1 1ZZ,,,,,,,\n"
            "e,E,family hub,,564570,176263,X,planned,maybe,12,5\n"
        )
    where = {(fault.row, fault.column) for fault in raised.value.faults}
    assert where == {
        (2, "site_id"),
        (3, "name"),
        (4, "easting"),
        (5, "postcode"),
        (6, "condition"),
        (6, "stage"),
        (6, "is_open"),
        (6, "age_from"),
    }


def test_a_site_outside_the_place_is_a_fault_and_a_swap_is_named(read):
    text = "name,kind,easting,northing\nHub,family hub,{},{}\n"
    assert len(read(text.format(564570, 176263), bounds=TILBURY)) == 1
    with pytest.raises(HubreachError, match="Swap easting and northing"):
        read(text.format(176263, 564570), bounds=TILBURY)
    with pytest.raises(HubreachError, match="over 20 km outside"):
        read(text.format(464570, 176263), bounds=TILBURY)


def test_a_grid_reference_and_degrees_that_differ_are_a_fault(read):
    text = "name,kind,easting,northing,lon,lat\nHub,family hub,564570,176263,{},{}\n"
    assert len(read(text.format(0.3645, 51.4621), bounds=TILBURY)) == 1
    with pytest.raises(HubreachError, match=r"the grid reference and the degrees are \d+ km apart"):
        read(text.format(-2.5, 53.5), bounds=TILBURY)


def test_a_centre_that_became_a_hub_is_one_site_with_both_labels(read):
    sites = read(
        "name,kind,postcode,easting,northing,source,urn,services,capacity_families\n"
        "Tilbury Centre P1-3,children's centre,RM18 8EY,564570,176263,register,23317,Play,\n"
        "Tilbury Family Hub,family hub,rm18 8ey,564570,176263,list,,Advice;Play,200\n"
    )
    assert list(sites.index) == ["tilbury-family-hub"]
    hub = sites.iloc[0]
    assert hub["kind"] == "family hub"
    assert hub["labels"] == "Tilbury Centre P1-3 [children's centre]"
    assert label_kinds(hub["labels"]) == ("children's centre",)
    assert (hub["urn"], hub["source"], hub["services"]) == ("23317", "list;register", "Advice;Play")
    assert hub["capacity_families"] == 200


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("Oak School,school (primary),RM18 8EY,564570,176263,", "a school is a building of its own"),
        ("Second Hub,family hub,RM18 8EY,564570,176263,", "two names of one kind are two sites"),
        ("Centre,children's centre,RM18 8EY,564570,176263,90", "figures contradict"),
        ("Centre,children's centre,RM18 8EX,564570,176263,", "another postcode"),
        ("Centre,children's centre,RM18 8EY,564970,176263,", "400 m away"),
        ("Centre,children's centre,,564570,176263,", "no postcode"),
    ],
)
def test_what_is_not_clearly_one_site_stays_two(read, second, why):
    sites = read(
        "name,kind,postcode,easting,northing,capacity_families\n"
        f"Hub,family hub,RM18 8EY,564570,176263,100\n{second}\n"
    )
    assert len(sites) == 2, why
    assert sites["labels"].tolist() == ["", ""]


def test_a_school_listed_twice_under_one_name_is_one(read):
    sites = read(
        "name,kind,postcode,easting,northing\n"
        "Oak School,school (primary),RM18 8EY,564570,176263\n"
        "Oak  school,family hub,RM18 8EY,564570,176263\n"
        "Elm School,school (primary),RM18 8EY,564570,176263\n"
    )
    # opening differs (a school starts closed, a hub open), so the hub is not the school
    assert sites["name"].tolist() == ["Oak School", "Oak school", "Elm School"]
    opened = sites.assign(is_open=True)
    assert merge_duplicates(opened, ["family hub"])["name"].tolist() == ["Oak school", "Elm School"]


def test_three_labels_at_one_postcode_become_one_site_and_what_the_place_does_not_know_stays_apart(read):
    sites = read(
        "name,kind,postcode,easting,northing\n"
        "Hub,family hub,RM18 8EY,564570,176263\n"
        "Centre,children's centre,RM18 8EY,564575,176263\n"
        "Base,outreach,RM18 8EY,564580,176263\n"
        "Tilbury Academy,academy,RM18 8EY,564580,176263\n"
        "Tilbury academy,academy,RM18 8EY,564580,176263\n"
    )
    assert dict(zip(sites["name"], sites["labels"], strict=True)) == {
        "Hub": "Centre [children's centre];Base [outreach]",
        "Tilbury Academy": "Tilbury academy [academy]",
    }


def test_a_download_reads_back_as_it_was(read, tmp_path):
    first = read(
        "name,kind,postcode,easting,northing,services,is_open\n"
        "'=HYPERLINK(1),family hub,RM18 8EY,564570,176263,A; B;A,no\n"
        "<b>Hub</b>,family hub,,564970,176263,,\n"
    )
    assert first["name"].tolist() == ["=HYPERLINK(1)", "<b>Hub</b>"]
    assert first["services"].tolist() == ["A;B", ""]
    path = tmp_path / "again.csv"
    first.to_csv(path)
    pd.testing.assert_frame_equal(read_sites(path, kinds=KINDS), first)


def test_labels_cannot_be_broken_by_their_own_marks():
    label = site_label("Hub; the [old] one", "school (nursery)")
    assert label == "Hub, the (old) one [school (nursery)]"
    assert label_kinds(f"{label};plain text") == ("school (nursery)",)


def test_ids_tell_namesakes_apart():
    taken = {"oak", "oak-101"}
    assert new_site_id("Oak", taken, "101") == "oak-101-2"
    assert new_site_id("Oak", taken) == "oak-2"
    assert new_site_id("!!", taken) == "site"


def test_split_list_keeps_order_and_drops_repeats():
    assert split_list(" b; a ;;b") == ("b", "a")


def test_the_bundled_sites_hold_each_building_once():
    counts = {}
    for slug in ("thurrock", "plymouth", "wirral", "medway"):
        sites = read_sites(PLACES_OF_2011 / slug / "sites.csv", kinds=KINDS)
        services = sites[~sites["kind"].str.startswith("school")]
        counts[slug] = (len(sites), len(services), int((services["labels"] != "").sum()))
    # rows in the figures less the pairs at one postcode: 73-6, 117-8, 138-5, 119-2
    assert counts == {
        "thurrock": (67, 15, 6),
        "plymouth": (109, 19, 8),
        "wirral": (133, 21, 5),
        "medway": (117, 21, 2),
    }

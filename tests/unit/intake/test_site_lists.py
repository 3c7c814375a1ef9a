"""Sites from lists as published, and a council's own."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from analysis.base.faults import HubreachError
from analysis.intake.assemble.adding import prepare_place
from analysis.intake.assemble.saving import save_place
from analysis.intake.assemble.site_lists import read_site_list

OUTLINE = gpd.GeoSeries([box(430_000, 430_000, 436_000, 431_000)], crs="EPSG:27700")
GIAS = pd.DataFrame(
    {
        "URN": ["1", "2", "3", "4", "5", "6"],
        "LA (name)": ["Alderton"] * 5 + ["Elsewhere"],
        "EstablishmentName": [
            "Ash Children’s Centre",
            "Ash Primary",
            "Old School",
            "Ash Special",
            "Far Primary",
            "X",
        ],
        "TypeOfEstablishment (name)": [
            "Children's Centre",
            "Community school",
            "Community school",
            "Community special school",
            "Community school",
            "Children's Centre",
        ],
        "EstablishmentStatus (name)": [
            "Open",
            "Open, but proposed to close",
            "Closed",
            "Open",
            "Open",
            "Open",
        ],
        "PhaseOfEducation (name)": [
            "Not applicable",
            "Primary",
            "Primary",
            "Not applicable",
            "Primary",
            "Not applicable",
        ],
        "StatutoryLowAge": ["0", "4", "4", "4", "4", "0"],
        "Postcode": [""] * 6,
        "Easting": ["430500", "431500", "432500", "433500", "530000", "430500"],
        "Northing": ["430500"] * 6,
    }
)


def read(path, **more):
    return read_site_list(path, districts={"E06000901"}, names={"Alderton"}, outline=OUTLINE, **more)


def test_gias_gives_open_centres_and_schools_of_the_authority(tmp_path):
    path = tmp_path / "edubasealldata.csv"
    # The register is published in the old Windows encoding.
    GIAS.to_csv(path, index=False, encoding="cp1252", lineterminator="\r\n")
    held = read(path)
    assert held.sites["name"].tolist() == ["Ash Children’s Centre", "Ash Primary"]
    assert held.sites["kind"].tolist() == ["children's centre", "school (primary)"]
    assert held.sites["urn"].tolist() == ["1", "2"]
    assert held.note.left_out == (
        "1 of other authorities, 1 not open, 1 of no kind that a place uses, 1 without a known position in the place"
    )


def test_the_list_of_family_hubs_is_placed_by_postcode(tmp_path):
    path = tmp_path / "family_hubs.csv"
    text = "List of family hubs\n\nLocal authority,Family hub name,Post code\nAlderton Council,Ash Hub,RM18 8EY\nOther,B Hub,RM18 8EY\n"
    path.write_text(text)
    tilbury = gpd.GeoSeries([box(560_000, 170_000, 570_000, 180_000)], crs="EPSG:27700")
    held = read_site_list(path, districts={"E06000901"}, names={"Alderton"}, outline=tilbury)
    assert held.sites[["name", "kind", "postcode"]].to_numpy().tolist() == [
        ["Ash Hub", "family hub", "RM18 8EY"]
    ]


def test_an_own_list_is_taken_whole(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text(
        "Name;Kind;Easting;Northing;Capacity families\n=HUB();hub;430500;430500;20\nB;;431000;430500;\n"
    )
    held = read(path)
    assert held.sites["name"].tolist() == ["=HUB()", "B"]
    assert held.sites["kind"].tolist() == ["hub", "site"]
    assert held.sites["capacity_families"].tolist() == ["20", ""]


def test_a_site_without_a_name_is_told_with_its_row(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text("Our sites\nName,Kind,Easting,Northing\nA,hub,430500,430500\n,hub,431000,430500\n,,,\n")
    with pytest.raises(HubreachError) as caught:
        read(path)
    assert [(fault.row, fault.found) for fault in caught.value.faults] == [(4, "the site has no name")]


def test_a_list_without_names_or_positions_is_none(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text("Title,Where\nA,B\n")
    with pytest.raises(HubreachError) as caught:
        read(path)
    (fault,) = caught.value.faults
    assert fault.found == "no list of sites (headings found: 'Title', 'Where')"
    assert "headed name, postcode" in fault.remedy


def test_sites_go_into_the_place_with_their_source(country, own_data, tmp_path):
    path = tmp_path / "gias.csv"
    GIAS.to_csv(path, index=False, encoding="cp1252")
    place = save_place(prepare_place(country.files(sites=(path,))))
    assert place.sites["kind"].tolist() == ["children's centre", "school (primary)"]
    assert place.sites["is_open"].tolist() == [True, False]
    assert place.sites["source"].unique().tolist() == ["gias.csv"]
    assert place.sites["age_from"].tolist() == [0, 4]


def test_a_place_without_a_list_has_no_sites(country, own_data):
    place = save_place(prepare_place(country.files()))
    assert place.sites.empty
    assert place.sites["is_open"].dtype == bool

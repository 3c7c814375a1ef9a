"""Users against children: by hand on a small place, what is refused, and postcodes that leave no trace."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.deciles import decile_counts, read_postcodes, shown_deciles
from analysis.commissioning.takeup import answer_takeup, read_users
from analysis.commissioning.takeup_words import takeup_notes, takeup_sentence
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.places.deciles import idaci_deciles
from analysis.places.england.tables import read_rows
from analysis.scenario.terms import Terms


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place)


def answered(text, estimate, terms=None):
    return answer_takeup(read_users(text.encode(), estimate.place, "users.csv"), estimate, terms)


def test_rates_gaps_and_who_could_be_reached_by_hand(estimate):
    # Under-fives: Ash 40 + 30, Birch 20 + 10, Cedar 20 + 30. Multiples of 5 stay as they are.
    found = answered("ward,users\nAsh,35\nBirch,10\nCedar,15\n", estimate, Terms(ages="0-4"))
    table = found.table.set_index("area_name")
    assert table["children"].to_dict() == {"Cedar": 50, "Birch": 30, "Ash": 70}
    assert list(table.index) == ["Cedar", "Birch", "Ash"]
    assert found.mean == pytest.approx(60 / 150)
    assert table.loc["Cedar", "rate"] == pytest.approx(0.3)
    assert table.loc["Cedar", "gap_children"] == pytest.approx(0.4 * 50 - 15)
    assert table["gap_children"].sum() == pytest.approx(0)
    assert table.loc["Cedar", "not_reached"] == 35
    # Everybody stands at the middle of a square of 1 km, and each row has a hub in a square: all are in reach.
    expected = table["not_reached"] * table["within_reach"]
    pd.testing.assert_series_equal(table["could_be_reached"], expected, check_names=False)
    # 19 users at most, 11 at least, with chance about them: Poisson limits from tables.
    assert table.loc["Cedar", ["low", "high"]].tolist() == pytest.approx([5.491 / 50, 29.671 / 50], rel=1e-3)
    assert "**Cedar**: 30% (11% to 59%), about 5 fewer" in takeup_sentence(found)


def test_areas_without_a_number_are_left_out_and_said(estimate):
    found = answered("ward,users\nAsh,30\nBirch,\nCedar,10\nunknown,5\n", estimate)
    assert found.without == ["Birch"]
    assert found.mean == pytest.approx(40 / 400)
    assert found.unknown == 5
    assert np.isnan(found.table.set_index("area_name").loc["Birch", "rate"])
    notes = " ".join(takeup_notes(found, estimate))
    assert "No number for 1 wards (Birch): left out, not nought" in notes
    assert "5 users whose area is not known" in notes


def test_small_areas_add_up_to_wards_and_deciles(estimate):
    lines = [f"{code},{n}" for code, n in zip(estimate.place.areas.index, (3, 4, 9, 2, 0, 7), strict=True)]
    found = answered("lsoa,users\n" + "\n".join(lines), estimate)
    assert set(found.tables) == {"lsoa", "ward", "decile"}
    for table in found.tables.values():
        assert table["users"].sum() == found.users == 25
        assert table["children"].sum() == 600
        assert (table["users"].dropna() % 5 == 0).all()


def test_sites_are_set_against_the_children_nearest_to_them(estimate):
    found = answered("site,users\nAsh Hub,20\nCedar Hub,40\n", estimate)
    # Three squares are nearest to each of the two hubs.
    assert found.table["children"].sum() == 600
    assert found.by == "site"


def test_deciles_are_those_that_are_published():
    leeds = open_place("leeds")
    official = read_rows("deprivation_2025", leeds.districts).set_index("area_code")["idaci_decile"]
    assert (idaci_deciles(leeds).astype(int) == official.reindex(leeds.areas.index)).all()
    users = read_users(b"decile,users\n1,40\nDecile 2,20\n", leeds, "u.csv")
    assert users.by == "decile"
    found = answer_takeup(users, estimate_need(leeds), Terms(ages="0-4"))
    children = leeds.areas["children_0_4"].groupby(official.reindex(leeds.areas.index)).sum()
    assert found.table.loc["1", "children"] == children[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ward,users,others\nAsh,5,5\n", "2 columns of numbers"),
        ("ward,quarter,users\nAsh,2022 Q1,5\nAsh,2022 Q2,5\n", "2 periods"),
        ("ward,name,users\nAsh,Jane Doe,5\n", "personal data"),
        ("ward,users\nElm,5\n", "no column of Sampleton's"),
        ("ward,users\nAsh,5\nTotal,5\n", "row 3: not one of Sampleton's wards"),
    ],
)
def test_what_cannot_be_used_is_said(text, message, estimate):
    with pytest.raises(HubreachError, match=message) as error:
        answered(text, estimate)
    assert "Jane" not in str(error.value)


def test_what_does_not_add_up_cannot_be_broken_down(estimate):
    found = answered("ward,users\nAsh,30\n", estimate)
    with pytest.raises(HubreachError, match="cannot be broken down by lsoa"):
        found.breakdown("lsoa")


def test_more_users_than_children_are_said(estimate):
    found = answered("ward,users\nAsh,900\nCedar,10\n", estimate)
    assert found.over_full == ["Ash"]
    assert "More users than children in Ash" in " ".join(takeup_notes(found, estimate))


def test_postcodes_become_deciles(tmp_path):
    # RM18 8EY lies in Tilbury, among the most deprived tenth; CF10 1AA is Cardiff.
    counts = decile_counts("Postcode\nRM18 8EY\nrm188ey\nCF10 1AA\n")
    assert counts[counts > 0].to_dict() == {"1": 2, "unknown": 1}
    file = tmp_path / "postcodes.csv"
    file.write_text("postcode\nRM18 8EY\nRM18 8EY\nCF10 1AA\n")
    pd.testing.assert_series_equal(read_postcodes(file), counts)
    shown = shown_deciles(counts)
    assert set(shown["users"]) <= {0, 5}
    assert len(shown) == 11


def test_a_point_of_each_neighbourhood_is_coded_as_its_neighbourhood(monkeypatch):
    # A point of every hundredth neighbourhood stands for a postcode: nearly all come back as their own decile.
    points = read_rows("demand_points").drop_duplicates("area_code").iloc[::100]
    official = read_rows("deprivation_2025").set_index("area_code")["idaci_decile"]
    from analysis.commissioning import deciles

    monkeypatch.setattr(
        deciles, "locate_postcodes", lambda _: points[["easting", "northing"]].reset_index(drop=True)
    )
    found = deciles._deciles(pd.Series(["RM18 8EY"] * len(points)))
    right = found.to_numpy() == official.reindex(points["area_code"]).astype(str).to_numpy()
    assert right.mean() > 0.99


@pytest.mark.parametrize(
    ("text", "rows"), [("RM18 8EY\nJane Doe RM18 8EY\n", [2]), ("RM18 8EY,1\nnonsense", [1, 2]), ("", [None])]
)
def test_what_is_not_a_postcode_is_refused_without_repeating_it(text, rows):
    with pytest.raises(HubreachError, match="nothing of them is kept") as error:
        decile_counts(text)
    assert [fault.row for fault in error.value.faults] == rows
    assert not any(secret in str(error.value) for secret in ("Jane", "8EY", "nonsense"))


def test_a_file_of_more_than_postcodes_is_refused():
    with pytest.raises(HubreachError, match="more than postcodes"):
        read_postcodes(b"name,postcode\nJane,RM18 8EY\n", "p.csv")


@pytest.mark.parametrize(
    ("heading", "ages"),
    [
        ("users aged 0-4", "0-4"),
        ("Under fives", "0-4"),
        ("11 to 15", "11-15"),
        ("users", "0-17"),
        ("3-4", "0-17"),
    ],
)
def test_the_ages_are_those_that_the_heading_names(heading, ages, estimate, tmp_path):
    file = tmp_path / "users.csv"
    codes = estimate.place.names("ward").index
    file.write_text("\n".join([f"ward,{heading}", *(f"{code},20" for code in codes)]))
    given = read_users(file, estimate.place)
    found = answer_takeup(given, estimate)
    assert (given.ages, found.ages) == (ages, ages)
    doubted = takeup_notes(found, estimate)[0].startswith("The heading of the users names ages 3 to 4")
    assert doubted == (heading == "3-4")
    other = takeup_notes(answer_takeup(given, estimate, Terms(ages="5-10")), estimate)[0]
    assert ("but children aged 5 to 10 are counted" in other) == (heading != "users")

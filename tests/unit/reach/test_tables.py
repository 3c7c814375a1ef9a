"""A travel-time table that a user brings: read in any order, or refused with everything that is wrong."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.intake.files.mappings import Answers
from analysis.reach.travel_tables import complete_costs, read_travel_table

AREAS, SITES = ["a", "b"], ["s1", "s2", "s3"]
GOOD = "destination,origin,minutes,note\ns2,b,12.5,x\ns1,a,0,\ns1,b,7,\ns2,a,none,\n"


@pytest.fixture
def read(tmp_path):
    def reader(text: str, **options):
        path = tmp_path / "times.csv"
        path.write_text(text, encoding="utf-8")
        return read_travel_table(path, AREAS, SITES, **options)

    return reader


def faults_of(read, text: str, **options) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(HubreachError, match="those in use stay in use") as raised:
        read(text, **options)
    return [(fault.row, fault.column, fault.found) for fault in raised.value.faults]


def test_rows_and_columns_may_come_in_any_order(read):
    table = read(GOOD)
    assert table.costs.index.tolist() == AREAS
    assert table.costs["s1"].tolist() == [0.0, 7.0]
    assert table.costs["s2"].tolist() == [np.inf, 12.5]
    assert table.sites_without == ("s3",)


def test_every_wrong_row_is_told_at_once(read):
    text = "origin,destination,minutes\na,s1,5\nx,s1,5\nb,s1,-1\nb,s9,5\na,s2,soon\nb,s2,5\na,s1,6\nb,s2,\n"
    assert faults_of(read, text)[0] == (9, "minutes", "a cell is empty")
    assert faults_of(read, text.replace("b,s2,\n", "b,s2,nan\n")) == [
        (3, "origin", "'x' is not an area of this place"),
        (5, "destination", "'s9' is not a site of this place"),
        (6, "minutes", "'soon' is not a number of minutes"),
        (9, "minutes", "'nan' is not a number of minutes"),
        (4, "minutes", "'-1' is negative"),
        (8, "destination", "'a to s1' stands in an earlier row too"),
        (9, "destination", "'b to s2' stands in an earlier row too"),
    ]


def test_missing_pairs_are_told_by_site(read):
    text = "origin,destination,minutes\na,s1,5\na,s2,5\nb,s2,5\n"
    assert faults_of(read, text) == [(None, "destination", "s1 has no row from 1 areas: b")]


def test_sites_that_are_asked_about_must_be_there(read):
    assert read(GOOD, required=["s1"]).costs.shape == (2, 2)
    assert faults_of(read, GOOD, required=["s1", "s3"]) == [
        (None, "destination", "1 sites that are asked about have no rows: s3")
    ]


def test_a_table_the_wrong_way_round_is_recognised(read):
    text = "origin,destination,minutes\ns1,a,5\ns1,b,7\n"
    assert faults_of(read, text) == [(1, "origin", "the origins are sites and the destinations areas")]


def test_a_table_without_the_right_headings_is_refused(read):
    assert faults_of(read, "start,end,how long\na,s1,5\n") == [
        (None, None, "no table of travel times (headings found: 'start', 'end', 'how long')")
    ]


def test_many_faults_are_one_with_their_number(read):
    text = "origin,destination,minutes\n" + "x,s1,1\n" * 30
    (found,) = (fault for fault in faults_of(read, text) if fault[1] == "origin")
    assert found[2].startswith("30 rows such as: 'x' is not an area of this place (rows 2, 3, 4")


@pytest.mark.parametrize(
    "text",
    [
        "from_id,to_id,travel_time_p50\na,s1,1\nb,s1,20\n",
        "\ufeff\ufeffMade in May,,\n\norigin;destination;seconds\nA;S1;60\nb;s1;1,200\n\nSource: ours\n",
        "lsoa21cd,s1\na,1\nb,20\n",
        "origin,destination,minutes\na,Oak Hub,1\nb,OAK HUB,20\n",
        "origin,Oak Hub\nb,20\nE01000001,3\na,1\n",
    ],
)
def test_the_same_minutes_in_many_shapes(read, text):
    table = read(text, names={"s1": "Oak Hub", "s2": "Elm", "s3": "Elm"})
    assert table.costs["s1"].tolist() == [1.0, 20.0]


def test_seconds_and_numbers_that_stand_for_no_way_are_told(read):
    head = "origin,destination,minutes\n"
    assert "look like seconds" in faults_of(read, f"{head}a,s1,900\nb,s1,1200\n")[0][2]
    (found,) = faults_of(read, f"{head}a,s1,9999\nb,s1,5\na,s2,4\nb,s2,3\n")
    assert found[2] == "1 cells of over a day, such as 9999: these seem to stand for no way"


def test_sites_that_the_table_lacks_are_estimated_and_named(read):
    estimate = pd.DataFrame(1.0, index=AREAS, columns=SITES)
    full, estimated = complete_costs(read(GOOD).costs, estimate)
    assert estimated == ("s3",)
    assert full.loc["b"].tolist() == [7.0, 12.5, 1.0]
    assert estimate.to_numpy().max() == 1.0


def trips(minutes, **more):
    rows = [
        {"origin": area, "destination": site, "minutes": minutes, **more} for area in AREAS for site in SITES
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("00:12:30", 12.5), ("12 mins", 12.0), ("1,200", 1200.0 / 60), ("12.5 Minutes", 12.5)],
)
def test_minutes_as_people_write_them(read, cell, minutes):
    table = trips(cell)
    if cell == "1,200":
        table = table.rename(columns={"minutes": "seconds"})
    costs = read(table.to_csv(index=False)).costs
    assert (costs == minutes).all(axis=None)


def test_trips_by_two_modes_are_asked_about(read):
    both = pd.concat([trips(10, mode="walk"), trips(5, mode="bus")]).to_csv(index=False)
    with pytest.raises(HubreachError) as caught:
        read(both)
    (fault,) = caught.value.faults
    assert (fault.column, fault.options) == ("mode", ("bus", "walk"))
    assert "added up" not in fault.remedy
    assert (read(both, said=Answers(where={"mode": ["bus"]})).costs == 5).all(axis=None)


def test_a_matrix_on_its_side_is_read_and_parts_of_a_day_are_not(read, tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("site,E01000001,E01000002\ns1,7,8\ns2,9,none\n", "utf-8")
    costs = read_travel_table(path, ["E01000001", "E01000002"], SITES).costs
    assert costs["s1"].tolist() == [7, 8]
    assert costs["s2"].tolist() == [9, np.inf]
    with pytest.raises(HubreachError, match="these look like parts of a day"):
        read(trips(0.01).to_csv(index=False))

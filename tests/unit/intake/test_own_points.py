"""A council's own points where children live: shares by area, nothing about persons, everything left out told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.intake.own.points import read_own_points
from analysis.intake.own.preview import changed_points, preview_own, preview_sentences
from analysis.intake.own.reading import OwnChoices, prepare_own
from analysis.need.estimate import estimate_need
from analysis.places.coordinates import lon_lat_of_grid
from analysis.places.england.grounds import find_ground
from analysis.places.england.opening import england_place
from analysis.places.own.kept import save_own
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach
from analysis.reach.words import standing, travel_source
from analysis.scenario.scenario import Terms

SAID = OwnChoices("Homes with children", "Rutland", "May 2026")


@pytest.fixture(scope="module")
def place():
    return england_place(find_ground("rutland"), own_figures=False)


def written(folder: Path, columns: dict[str, object], name: str = "own.csv") -> Path:
    path = folder / name
    table = pd.DataFrame(columns)
    table.to_excel(path, index=False) if path.suffix == ".xlsx" else table.to_csv(path, index=False)
    return path


def of_england(place) -> dict[str, object]:
    points = place.points
    return {"Easting": points["easting"], "Northing": points["northing"], "Children": points["share"] * 40}


def faults(path: Path, place) -> str:
    with pytest.raises(HubreachError) as error:
        read_own_points(path, place)
    return " | ".join(map(str, error.value.faults))


@pytest.mark.parametrize("name", ["own.csv", "own.xlsx"])
def test_the_points_of_england_brought_as_ones_own_change_no_share(tmp_path, place, name):
    read = read_own_points(written(tmp_path, of_england(place), name), place)
    again = read.table.sort_values(["area_code", "easting", "northing"])
    before = place.points.sort_values(["area_code", "easting", "northing"])
    # Points within one square of 100 m are one; some stand just over the simplified border of their area.
    assert len(before) - 3 <= len(again) <= len(before)
    assert again.groupby("area_code")["share"].sum().to_numpy() == pytest.approx(np.ones(26))
    for axis in ("easting", "northing"):
        mean = [(table[axis] * table["share"]).groupby(table["area_code"]).sum() for table in (again, before)]
        assert mean[0].to_numpy() == pytest.approx(mean[1].to_numpy(), abs=40)


def test_degrees_and_metres_are_one_place(tmp_path, place):
    metres = of_england(place)
    lon, lat = lon_lat_of_grid(metres["Easting"], metres["Northing"])
    degrees = {"longitude": lon, "lat": lat, "people": metres["Children"]}
    one = read_own_points(written(tmp_path, metres), place).table
    other = read_own_points(written(tmp_path, degrees, "degrees.csv"), place).table
    assert len(one) == pytest.approx(len(other), abs=3)


def test_rows_in_a_square_are_one_point_at_their_weighted_centre(tmp_path, place):
    first = place.points.iloc[0]
    east, north = first["easting"] // 100 * 100, first["northing"] // 100 * 100
    columns = {"easting": [east + 10, east + 50], "northing": [north + 20, north + 60], "weight": [1, 3]}
    read = read_own_points(written(tmp_path, columns), place)
    mine = read.table[read.table["area_code"] == first["area_code"]]
    assert mine[["easting", "northing", "share"]].to_numpy().tolist() == [[east + 40, north + 50, 1.0]]
    assert "25 of 26 small areas have no row: they keep the points of England's figures." in read.notes
    assert set(read.table["area_code"]) == set(place.areas.index)


def test_postcodes_are_placed_and_strange_ones_told(tmp_path, place):
    codes = ["LE15 6HP"] * 30 + ["ZZ15 9ZZ"]
    read = read_own_points(written(tmp_path, {"Postcode": codes}), place)
    notes = " ".join(read.notes)
    assert "1 postcode (3.2% of the weight) is not in the directory in use" in notes
    assert "row 32: 'ZZ15 9ZZ'" in notes
    assert "The file has no weights: every row counts the same." in read.notes
    told = faults(written(tmp_path, {"postcode": [*codes, "LE15"]}), place)
    assert "2 postcodes (6.2% of the weight) are not in the directory" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Surname": "Smith"}, "the column 'Surname' is about persons"),
        ({"NHS number": "1"}, "the column 'NHS number' is about persons"),
        ({"Date of birth": "1"}, "the column 'Date of birth' is about persons"),
        ({"Children": -1}, "row 2, column Children: -1 is less than 0"),
        ({"Children": ""}, "row 2, column Children: the cell is no number"),
        ({"Children": "many"}, "'many' is not a number"),
        ({"Children": 0}, "every weight is 0"),
        ({"People": 1}, "several columns of weights (Children, People)"),
        ({"Easting": "inf"}, "'inf' is not a number"),
        ({"Northing": ""}, "row 2, column Northing: there is no number"),
        ({"Easting": 530_000, "Northing": 180_000}, "none of its"),
        ({"Northing": None}, "no points (headings found: 'Easting', 'Children')"),
    ],
)
def test_what_cannot_be_used_is_told_by_row_and_column(tmp_path, place, change, told):
    columns = of_england(place)
    for heading, value in change.items():
        columns[heading] = value
        if value is None:
            del columns[heading]
    assert told in faults(written(tmp_path, columns), place)


def test_own_points_are_where_minutes_run_from_and_are_named(tmp_path, monkeypatch, place):
    """Everybody at Oakham's library: all of its area is near it, and the own source stands under the figure."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("HUBREACH_PLACES", raising=False)
    hub = place.sites.loc["visions-at-oakham"]
    area = place.points.loc[
        np.hypot(
            place.points["easting"] - hub["easting"], place.points["northing"] - hub["northing"]
        ).idxmin(),
        "area_code",
    ]
    path = written(tmp_path, {"easting": [hub["easting"]], "northing": [hub["northing"]], "homes": [10]})
    own = prepare_own("points", path, place, SAID)
    preview = preview_own(place, own)
    moved = changed_points(preview)
    assert moved.loc[area, "points_after"] == 1
    assert (moved["moved_m"].drop(area) == 0).all()
    assert any("points in place of 171" in sentence for sentence in preview_sentences(preview))
    save_own("rutland", own)
    brought = read_place("rutland")
    answer = answer_reach(estimate_need(brought), Terms())
    assert answer.area_share[area] == 1.0
    assert "Homes with children (Rutland, May 2026)" in travel_source(answer)
    assert "Postcode Directory (" not in travel_source(answer)
    assert "Homes with children" in standing(brought)
    both = read_place("rutland,north-kesteven")
    assert both.own_files == ()
    assert (
        "Rutland has its own points where children live (Homes with children)"
        in both.manifest.notices[-1].words
    )
    assert read_place("leeds").manifest.notices == ()

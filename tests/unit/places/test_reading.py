"""Reading a place: joins, sums, positions, editions on other areas, and the real four."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.checks import checks_table, figure_checks
from analysis.places.place import LEVELS, sum_by, weighted_mean_by
from analysis.places.read import read_place
from analysis.places.sources import source_line, sources_table

CHILDREN = {"thurrock": 45_381, "plymouth": 53_291, "wirral": 67_431, "medway": 65_441}
AREAS = {"thurrock": (98, 20), "plymouth": (161, 20), "wirral": (206, 22), "medway": (163, 22)}
OFFICIAL_IMD = {"thurrock": 20.928, "plymouth": 26.619, "wirral": 29.589, "medway": 23.936}


def test_sums_and_means_by_hand(small_place):
    wards = sum_by(small_place, small_place.areas[["children", "children_0_4"]], "ward")
    assert wards["children_0_4"].to_dict() == {"W1": 70, "W2": 30, "W3": 50}
    assert wards["children"].to_dict() == {"W1": 200, "W2": 200, "W3": 200}
    weight = small_place.areas["population_mid2015"]
    score = small_place.deprivation("2019")[["imd_score"]]
    # Ward W2 is A3 (score 40, 200 people) and A4 (score 10, 400 people).
    assert weighted_mean_by(small_place, score, weight, "ward")["imd_score"]["W2"] == pytest.approx(20.0)
    assert weighted_mean_by(small_place, score, weight, "place")["imd_score"]["S01"] == pytest.approx(20.0)


def test_a_missing_score_takes_no_part_in_a_mean(small_place):
    score = pd.DataFrame({"score": [10.0, float("nan"), 1, 1, 1, 1]}, index=small_place.areas.index)
    means = weighted_mean_by(small_place, score, small_place.areas["children"], "ward")
    assert means["score"]["W1"] == 10.0


def test_positions_follow_the_national_rank(small_place):
    assert small_place.deprivation("2019")["imd_position"].tolist() == pytest.approx([0.95] * 3 + [0.05] * 3)
    assert small_place.deprivation("2019")["idaci_position"]["A2"] == pytest.approx(0.85)


def test_a_split_area_takes_the_mean_of_its_parts_by_population(small_place):
    newer = small_place.deprivation("2025")
    assert newer["imd_score"]["A1"] == pytest.approx((100 * 50 + 300 * 30) / 400)
    assert newer["imd_rank"]["A1"] == pytest.approx((100 * 1 + 300 * 3) / 400)
    assert newer["population_census2021"]["A1"] == 400
    assert newer["imd_position"]["A1"] == pytest.approx(1 - (2.5 - 0.5) / 12)
    assert newer["imd_score"]["A6"] == 5


def test_localities_hold_their_wards(small_place):
    assert small_place.areas["locality_code"].tolist() == ["north"] * 4 + ["south"] * 2
    assert small_place.names("locality").to_dict() == {"north": "North", "south": "South"}


def test_ward_outlines_are_dissolved_from_their_areas(small_place):
    wards = small_place.outlines("ward")
    assert wards["area_name"].to_dict() == {"W1": "Ash", "W2": "Birch", "W3": "Cedar"}
    assert wards.area.to_dict() == pytest.approx({"W1": 2e6, "W2": 2e6, "W3": 2e6})
    assert wards.crs.to_epsg() == 27700


def test_a_place_is_found_by_slug_name_or_folder(real_places):
    folder = real_places["thurrock"].folder
    assert {read_place(name).slug for name in ("thurrock", "Thurrock", folder, str(folder))} == {"thurrock"}


def test_an_edition_that_is_not_there(small_place):
    with pytest.raises(HubreachError, match="Choose one of: 2019, 2025"):
        small_place.deprivation("2015")


def test_published_totals(real_place):
    slug = real_place.slug
    assert real_place.children == CHILDREN[slug]
    assert (len(real_place.areas), real_place.areas["ward_code"].nunique()) == AREAS[slug]
    weight = real_place.areas["population_mid2015"]
    average = weighted_mean_by(real_place, real_place.deprivation("2019")[["imd_score"]], weight, "place")
    assert average["imd_score"].iloc[0] == pytest.approx(OFFICIAL_IMD[slug], abs=0.001)
    for level in LEVELS:
        assert sum_by(real_place, real_place.areas[["children"]], level)["children"].sum() == CHILDREN[slug]


def test_every_area_has_a_polygon_a_ward_and_both_editions(real_place):
    assert real_place.boundaries.index.equals(real_place.areas.index)
    assert real_place.boundaries.geometry.notna().all()
    for vintage in ("2019", "2025"):
        assert real_place.deprivation(vintage).index.equals(real_place.areas.index)
        assert real_place.deprivation(vintage)["imd_position"].between(0, 1).all()


def test_wirral_has_four_localities(real_places):
    wards = real_places["wirral"].areas.groupby("locality_name")["ward_code"].nunique()
    assert wards.to_dict() == {"Birkenhead": 6, "Wallasey": 6, "Wirral South": 5, "Wirral West": 5}


def test_checks_pass_and_tell_what_they_found(real_place):
    table = checks_table(figure_checks(real_place))
    assert set(table["result"]) <= {"passed", "note"}
    average = table.loc["Population-weighted IMD 2019 is the official average"]
    assert average["result"] == "passed"
    assert float(average["found"]) == pytest.approx(OFFICIAL_IMD[real_place.slug], abs=0.001)
    assert "File 10" in average["source"]


def test_a_wrong_official_average_fails_its_check(small_folder):
    text = (small_folder / "place.toml").read_text("utf-8")
    (small_folder / "place.toml").write_text(text.replace("average = 20.0", "average = 20.1"), "utf-8")
    row = checks_table(figure_checks(read_place(small_folder))).loc[
        "Population-weighted IMD 2019 is the official average"
    ]
    assert (row["result"], row["expected"], row["found"]) == ("failed", "20.100, to 0.001", "20.0000")


def test_splits_and_missing_sources_are_told(small_place):
    table = checks_table(figure_checks(small_place))
    split = table.loc["Areas of 2025 that were split since are brought over without loss"]
    assert (split["result"], split["found"]) == ("passed", "2,400 people; 1 small areas had been split")
    assert table.loc["Every column of figures has a source", "result"] == "note"


def test_sources(small_place):
    assert source_line(small_place, ["children_0_4", "lon"]) == "Source: Counts (Nobody, 2020)"
    assert source_line(small_place, ["imd_rank"]) == ""
    assert sources_table(small_place)["columns"].tolist() == ["population_mid2015, children_0_4, lon"]

"""Figures of a place's areas: hand-checked on three neighbourhoods of Rutland, and against the published totals."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.places.england.tables import BANDS_MID2024, districts, read_rows
from analysis.places.indicator_values import indicator_parts, indicator_values, levels_of, put_together
from analysis.places.indicators import MOST_DEPRIVED_TENTH, Indicator, find_indicator, indicators
from analysis.places.own_indicators import HeldIndicator, OwnIndicator
from analysis.places.read import read_place

OAKHAM_SOUTH = "E05012643"
LOW_INCOME = "children_under_16_in_relative_low_income_after_housing_costs"


@pytest.fixture(scope="module")
def rutland():
    return read_place("rutland")


@pytest.fixture(scope="module")
def kent():
    return read_place("kent")


def row(place, key, level="ward", code=OAKHAM_SOUTH):
    return indicator_values(place, find_indicator(place, key), level).loc[code]


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        # 6.049, 7.453 and 8.441 of 2,257, 1,353 and 1,257 residents.
        ("imd_score", (6.049 * 2257 + 7.453 * 1353 + 8.441 * 1257) / 4867, None),
        ("income_rate", 100 * (0.112 * 2257 + 0.147 * 1353 + 0.129 * 1257) / 4867, None),
        ("disabled_residents", (16.16 * 2257 + 19.16 * 1353 + 22.14 * 1257) / 4867, 365 + 259 + 279),
        # Households: 475 are 46.61% of 1,019, 319 are 50.47% of 632, 307 are 47.09% of 652.
        ("social_rented_households", (11.97 * 1019 + 13.74 * 632 + 9.06 * 652) / 2303, 122 + 87 + 59),
        ("children", 412 + 214 + 165, None),
        ("children_0_4", 85 + 43 + 34, None),
        ("idaci_children_rounded5", 65 + 45 + 40, None),
        (LOW_INCOME, 18.3, 95),
    ],
)
def test_a_ward_is_put_together_from_its_small_areas(rutland, key, value, count):
    found = row(rutland, key)
    assert found["value"] == pytest.approx(value, abs=1e-9)
    assert np.isnan(found["count"]) if count is None else found["count"] == count
    assert found["parts_missing"] == 0


def test_a_share_is_what_its_count_is_of_all_residents(rutland):
    found = row(rutland, "disabled_residents", "place", "E06000017")
    assert found["value"] == pytest.approx(100 * found["count"] / rutland.population.sum(), abs=0.01)


def test_low_income_of_a_county_is_what_its_districts_publish(kent):
    published = read_rows("indicators", ["E10000016"], key="authority_code")
    rows = published[
        (published["indicator"] == LOW_INCOME)
        & (published["vintage"] == "FYE 2025")
        & (published["level"] == "district")
    ].set_index("code")
    found = indicator_values(kent, find_indicator(kent, LOW_INCOME), "locality")
    pd.testing.assert_series_equal(found["value"], rows["value"].sort_index(), check_names=False)
    whole = row(kent, LOW_INCOME, "place", "E10000016")
    children = 100 * rows["count"] / rows["value"]
    assert whole["value"] == pytest.approx(100 * rows["count"].sum() / children.sum())
    assert whole["count"] == rows["count"].sum() == 73_602


def test_ranks_and_deciles_are_not_averaged():
    leeds = read_place("leeds")
    for key in ("imd_rank", "imd_decile"):
        indicator = find_indicator(leeds, key)
        # Of the 17 neighbourhoods of Gipton & Harehills, 13 are in the most deprived tenth.
        assert row(leeds, key, code="E05011394")["value"] == pytest.approx(100 * 13 / 17)
        assert indicator.at("ward").unit == MOST_DEPRIVED_TENTH
        assert indicator.at("lsoa") == indicator
    assert row(leeds, "imd_rank", "lsoa", "E01011433")["value"] == 58


@pytest.mark.parametrize("slug", ["leeds", "rutland", "tower-hamlets", "maidstone"])
def test_the_share_in_the_most_deprived_tenth_is_the_published_one(slug):
    place = read_place(slug)
    (code,) = place.districts
    found = indicator_values(place, find_indicator(place, "imd_rank"), "place")["value"].iloc[0]
    published = districts().loc[code, "imd_share_most_deprived_tenth"]
    assert found == pytest.approx(100 * published, abs=0.011)


def test_counts_add_up_at_every_level(kent):
    for key in ("children", *BANDS_MID2024, "idaci_children_rounded5"):
        indicator = find_indicator(kent, key)
        sums = {
            level: indicator_values(kent, indicator, level)["value"].sum()
            for level in levels_of(kent, indicator)
        }
        assert set(sums) == {"ward", "msoa", "lsoa", "locality", "place"}
        assert len(set(sums.values())) == 1


def test_the_deciles_of_2019_follow_the_carried_ranks(kent):
    rank = indicator_values(kent, find_indicator(kent, "imd_rank_2019"), "lsoa")["value"]
    decile = indicator_values(kent, find_indicator(kent, "imd_decile_2019"), "lsoa")["value"]
    assert (decile == np.ceil(rank / 3284.4)).all()
    assert find_indicator(kent, "imd_rank_2019").status == "carried"


def test_suppressed_counts_are_counted_and_not_taken_for_zero():
    leeds = read_place("leeds")
    indicator = find_indicator(leeds, "idaci_children_rounded5")
    areas = indicator_values(leeds, indicator, "lsoa")
    assert areas["value"].isna().sum() == areas["parts_missing"].sum() == 19
    wards = indicator_values(leeds, indicator, "ward")
    assert wards["parts_missing"].sum() == 19
    assert wards["value"].sum() == areas["value"].sum() == 61_970


def test_a_ward_that_is_new_since_2024_has_no_figure_and_the_place_has_one():
    shropshire = read_place("shropshire")
    indicator = find_indicator(shropshire, LOW_INCOME)
    wards = indicator_values(shropshire, indicator, "ward")
    assert wards["value"].isna().all()
    assert (wards["parts_missing"] == 1).all()
    assert indicator_values(shropshire, indicator, "place")["value"].iloc[0] == pytest.approx(23.4)


def test_what_is_published_by_ward_has_no_neighbourhoods(rutland):
    indicator = find_indicator(rutland, LOW_INCOME)
    assert levels_of(rutland, indicator) == ("ward", "place")
    with pytest.raises(HubreachError, match="Choose one of: ward, place"):
        indicator_values(rutland, indicator, "lsoa")


def test_every_indicator_says_what_it_is_and_has_values_at_each_of_its_levels(rutland):
    known = indicators(rutland)
    assert len(known) == 62
    for key, indicator in known.items():
        assert indicator.key == key
        assert all(
            [indicator.title, indicator.unit, indicator.vintage, indicator.publisher, indicator.source]
        )
        assert indicator.licence.startswith("Open Government Licence")
        for level in levels_of(rutland, indicator):
            values = indicator_values(rutland, indicator, level)
            assert list(values.index) == list(rutland.names(level).index)
            assert values["value"].notna().any()


def test_a_key_that_is_nearly_right_is_answered_with_the_right_one(rutland):
    with pytest.raises(HubreachError, match="Did you mean imd_score"):
        find_indicator(rutland, "imd_scor")


def test_figures_of_the_users_own_are_weighed_by_children(rutland):
    about = OwnIndicator(
        key="own_referrals",
        name="Referrals",
        direction=1,
        unit="per 1,000 children",
        vintage="2025",
        source="Front door",
        measure="count",
        geography="LSOA 2021",
        file="referrals.csv",
    )
    table = pd.DataFrame({"value": 10.0, "status": "value"}, index=rutland.areas.index)
    south = rutland.areas.index[rutland.areas["ward_code"] == OAKHAM_SOUTH]
    table.loc[south, "value"] = [30.0, 20.0, np.nan]
    table.loc[south[2], "status"] = "suppressed"
    place = type(rutland)(**{**vars(rutland), "own_indicators": (HeldIndicator(about, table),)})
    found = row(place, "own_referrals")
    assert found["value"] == pytest.approx((30 * 412 + 20 * 214) / (412 + 214))
    assert found["parts_missing"] == 1


def test_a_place_of_its_own_files_has_what_these_hold(small_place):
    known = indicators(small_place)
    assert {"children", "imd_score", "imd_rank"} <= set(known)
    assert "disabled_residents" not in known
    assert indicator_values(small_place, known["children"], "place")["value"].iloc[0] == 600
    assert "msoa" not in levels_of(small_place, known["children"])


def test_parts_without_a_figure_take_no_part_in_a_mean():
    parts = pd.DataFrame(
        {"value": [10.0, np.nan, 40.0], "count": np.nan, "weight": [1.0, 100.0, 2.0]}, index=["a", "b", "c"]
    )
    home = pd.Series("ward", parts.index)
    mean = Indicator("k", "T", "G", "%", "mean", "t", "c", "2025", "P", "S", "L", "official")
    found = put_together(parts, home, mean, pd.Series({"ward": "Ward", "empty": "No parts"}))
    assert found.loc["ward", "value"] == 30
    assert (found.loc["ward", "parts"], found.loc["ward", "parts_missing"]) == (3, 1)
    assert np.isnan(found.loc["empty", "value"])


def test_parts_are_the_published_ones(rutland):
    parts = indicator_parts(rutland, find_indicator(rutland, "disabled_residents"), "ward")
    assert parts.loc["E01013803"].tolist() == [16.16, 365, 2257]

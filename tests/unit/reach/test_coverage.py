"""Coverage, summaries, gaps and fifths on the row of six areas."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.reach.coverage import (
    coverage_by,
    covered_areas,
    fifth_gap,
    group_means,
    nearest_sites,
    within_limit,
)
from analysis.reach.demand import demand_frame, deprivation_fifths, measure_columns, tier_columns
from analysis.reach.summary import areas_not_reached, reach_summary, weighted_quantile

COLUMNS = [
    "area_name",
    "children",
    "children_covered",
    "under_fives_covered",
    "early_help_covered",
    "specialist_covered",
    "share_covered",
    "nearest_site",
    "nearest_minutes",
    "mean_minutes",
]


def test_by_small_area(costs, demand):
    table = coverage_by(costs, demand, 4.0)
    assert table.index.name == "area_code"
    assert table.columns.tolist() == COLUMNS
    assert table["children_covered"].tolist() == [100, 0, 300, 0, 0, 250]
    assert table["early_help_covered"].tolist() == [10, 0, 60, 0, 0, 25]
    # b is as far from s1 as from s2: the smaller id has it
    assert table["nearest_site"].tolist() == ["s1", "s1", "s2", "s2", "s3", "s3"]
    assert table["nearest_minutes"].tolist() == pytest.approx([0, 5, 0, 5, 5, 0])
    assert table["mean_minutes"].tolist()[:4] == pytest.approx([0, 5, 0, 5])
    assert np.isnan(table.loc["e", "share_covered"])


def test_by_ward_counts_add_up_and_means_are_weighted_by_children(costs, demand):
    table = coverage_by(costs, demand, 4.0, "ward")
    first = table.loc["W1"]
    assert (first["area_name"], first["children"], first["children_covered"]) == ("First", 600, 400)
    assert first["share_covered"] == pytest.approx(400 / 600)
    # s1 is nearest for a and b (300 children), s2 for c (300): the smaller id wins
    assert first["nearest_site"] == "s1"
    assert first["nearest_minutes"] == pytest.approx((100 * 0 + 200 * 5) / 300)
    assert first["mean_minutes"] == pytest.approx(200 * 5 / 600)
    second = table.loc["W2"]
    assert second["nearest_site"] == "s3"
    assert second["mean_minutes"] == pytest.approx(150 * 5 / 400)


def test_the_limit_is_included_and_may_differ_by_site(costs, demand):
    assert covered_areas(costs, 5.0).all()
    assert covered_areas(costs, np.nextafter(5.0, 0)).tolist() == [True, False, True, False, False, True]
    by_site = pd.Series({"s3": 0.0, "s1": 5.0, "s2": 0.0})
    assert coverage_by(costs, demand, by_site)["children_covered"].tolist() == [100, 200, 300, 0, 0, 250]


def test_by_place_and_locality_are_the_same_sum(costs, demand):
    place = coverage_by(costs, demand, 4.0, "place")
    assert place.loc["P", "children_covered"] == 650
    pd.testing.assert_series_equal(
        place.iloc[0],
        coverage_by(costs, demand, 4.0, "locality").iloc[0].replace("All", "Row"),
        check_names=False,
    )


def test_fifths_are_of_the_population(areas, costs, demand):
    # six equal areas: their middles lie at 1/12, 3/12, ... so the third fifth holds c and d
    assert demand["fifth"].tolist() == [1, 2, 3, 3, 4, 5]
    table = coverage_by(costs, demand, 4.0, "fifth")
    assert table.index.tolist() == ["1", "2", "3", "4", "5"]
    assert table["area_name"].iloc[0] == "Most deprived fifth"
    assert table["children_covered"].tolist() == [100, 0, 300, 0, 250]
    assert fifth_gap(table) == {"share_gap": pytest.approx(0.0), "minutes_gap": pytest.approx(0.0)}
    uneven = areas["population_mid2015"].where(areas.index != "a", 5000)
    # a alone is half of all: its middle is at 0.25, b's at 0.55
    fifths = deprivation_fifths(pd.Series([0.9, 0.8, 0.7, 0.5, 0.3, 0.1], index=areas.index), uneven)
    assert fifths.tolist() == [2, 3, 4, 4, 5, 5]


def test_fifth_gap_is_positive_where_the_most_deprived_are_worse_off(costs, demand):
    only = coverage_by(costs[["s3"]], demand, 10.0, "fifth")
    gap = fifth_gap(only)
    assert gap == {"share_gap": pytest.approx(1.0), "minutes_gap": pytest.approx(25.0)}
    nobody = fifth_gap(coverage_by(costs[[]], demand, 10.0, "fifth"))
    assert nobody == {"share_gap": 0.0, "minutes_gap": 0.0}


def test_equal_deprivation_is_told_apart_by_code():
    position = pd.Series([0.5, 0.5], index=["b", "a"])
    assert deprivation_fifths(position, pd.Series([1, 1], index=["a", "b"])).to_dict() == {"b": 4, "a": 2}


def test_closing_every_site_gives_zero_and_says_so(costs, demand):
    table = coverage_by(costs[[]], demand, 20.0, "ward")
    assert table["children_covered"].tolist() == [0, 0]
    assert table["nearest_site"].tolist() == ["", ""]
    assert np.isinf(table["mean_minutes"]).all()
    summary = reach_summary(costs[[]], demand, 20.0)
    assert summary["covered"].tolist() == [0, 0, 0, 0]


def test_unreachable_pairs_are_never_covered_nor_assigned(demand):
    costs = pd.DataFrame({"s1": [np.inf, 3.0, np.inf, 1.0, 2.0, np.inf]}, index=demand.index)
    assert within_limit(costs, np.inf)["s1"].tolist() == [False, True, False, True, True, False]
    nearest = nearest_sites(costs)
    assert nearest["nearest_site"].tolist() == ["", "s1", "", "s1", "s1", ""]
    ward = coverage_by(costs, demand, 5.0, "ward")
    # 400 of 600 children in the first ward have no way, so that is what most of them have
    assert ward["nearest_site"].tolist() == ["", ""]
    assert np.isinf(ward.loc["W1", "mean_minutes"])


def test_ties_do_not_hang_on_the_order_of_columns(costs):
    assert nearest_sites(costs[["s3", "s2", "s1"]]).equals(nearest_sites(costs))


def test_the_summary_weighs_minutes_by_each_group(costs, demand):
    summary = reach_summary(costs, demand, 4.0)
    assert summary.index.tolist() == ["children", "under_fives", "early_help", "specialist"]
    assert summary["total"].tolist() == [1000, 240, 130, 40]
    assert summary["covered"].tolist() == [650, 150, 95, 30]
    assert summary["not_covered"].tolist() == [350, 90, 35, 10]
    # early help: 95 at 0 minutes, 35 at 5 minutes
    assert summary.loc["early_help", "mean_minutes"] == pytest.approx(35 * 5 / 130)
    assert summary["median_minutes"].tolist() == pytest.approx([0] * 4)
    assert summary["p90_minutes"].tolist() == pytest.approx([5] * 4)
    assert summary["longest_minutes"].tolist() == pytest.approx([5] * 4)


def test_weighted_quantile_is_the_first_value_with_enough_weight():
    values, weights = np.array([30.0, 10.0, 20.0]), np.array([1.0, 3.0, 6.0])
    assert weighted_quantile(values, weights, 0.3) == 10.0
    assert weighted_quantile(values, weights, 0.31) == 20.0
    assert weighted_quantile(values, weights, 0.9) == 20.0
    assert weighted_quantile(values, weights, 1.0) == 30.0
    assert np.isnan(weighted_quantile(values, weights * 0, 0.5))


def test_gaps_list_the_most_need_first_with_the_nearest_site(costs, demand):
    gaps = areas_not_reached(costs, demand, 4.0, "early_help")
    assert gaps.index.tolist() == ["b", "d", "e"]
    assert gaps["need_not_reached"].tolist() == [20, 15, 0]
    assert gaps["nearest_site"].tolist() == ["s1", "s2", "s3"]
    assert gaps["nearest_minutes"].tolist() == pytest.approx([5, 5, 5])
    assert areas_not_reached(costs, demand, 5.0, "early_help").empty


def test_group_means_weigh_a_measure(demand):
    measure = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], index=demand.index, name="score")
    means = group_means(measure, demand["children"], demand, "ward")
    assert means["score"].tolist() == pytest.approx([1400 / 600, 2100 / 400])


def test_the_demand_frame_names_its_tiers(areas, demand):
    assert tier_columns(demand) == ["early_help", "specialist"]
    assert measure_columns(demand) == ["children", "under_fives", "early_help", "specialist"]
    assert demand["under_fives"].tolist() == areas["children_0_4"].tolist()
    with pytest.raises(HubreachError, match="1 areas have no figures, the first is f"):
        demand_frame(areas, demand[["early_help"]].iloc[:5], pd.Series(0.5, index=areas.index))

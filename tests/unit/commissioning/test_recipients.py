"""Who shares an envelope, counted by hand on the made-up place; allocation plans as files."""

from decimal import Decimal

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.allocation import (
    AllocationPlan,
    allocate,
    blend_need,
    find_recipients,
    read_allocation_plan,
)
from analysis.commissioning.storage import record_text
from analysis.need.estimate import estimate_need
from analysis.reach.travel import straight_line_matrix


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place)


def test_each_neighbourhood_goes_to_its_nearest_site(estimate):
    place = estimate.place
    shared = find_recipients(estimate, "site", place.sites)
    costs = straight_line_matrix(place.areas, place.sites)
    for site in place.sites.index:
        others = costs.drop(columns=site).min(axis=1)
        # Ties go to the site whose id comes first.
        mine = costs.index[
            (costs[site] < others) | ((costs[site] == others) & (site == min(place.sites.index)))
        ]
        assert shared.need.loc[site].tolist() == estimate.counts.loc[mine].sum().tolist()
        assert shared.children[site] == place.areas.loc[mine, "children"].sum()
        mean = (costs.loc[mine, site] * place.areas.loc[mine, "children"]).sum() / shared.children[site]
        assert shared.travel_minutes[site] == pytest.approx(mean)


@pytest.mark.parametrize("by", ["lsoa", "ward", "locality", "place", "site"])
def test_nothing_is_lost_or_counted_twice(estimate, by):
    shared = find_recipients(estimate, by, estimate.place.sites)
    assert shared.need.sum().tolist() == estimate.counts.sum().tolist()
    assert shared.children.sum() == estimate.place.children
    assert shared.names.index.equals(shared.need.index)
    assert allocate(blend_need(shared.need, {"early_help": 1}), 1001)["allocation_gbp"].sum() == 1001


def test_sites_are_needed_to_share_by_site_only(estimate):
    none = estimate.place.sites.iloc[:0]
    with pytest.raises(HubreachError, match="no site of these kinds is open"):
        find_recipients(estimate, "site", none)
    assert find_recipients(estimate, "ward", none).travel_minutes.tolist() == [float("inf")] * 3


def test_a_plan_is_a_file_and_its_rules_are_shares(estimate, tmp_path):
    plan = AllocationPlan(
        name="By need",
        envelope_gbp="£1,000",
        by="ward",
        weights={"early_help": "0.7", "specialist": 1},
        floor_percent="10%",
        today_gbp={"W1": "300", "W2": "300", "W3": "400"},
        most_loss_percent=5,
    )
    file = tmp_path / "plan.toml"
    file.write_text(record_text(plan))
    assert read_allocation_plan(file) == plan
    rules = plan.rules(find_recipients(estimate, "ward", estimate.place.sites))
    assert (rules.floor, rules.most_loss, rules.supplement) == (0.1, 0.05, None)
    assert rules.today_gbp.tolist() == [300, 300, 400]


def test_a_supplement_comes_from_the_way_to_the_nearest_site(estimate):
    shared = find_recipients(estimate, "ward", estimate.place.sites)
    plan = AllocationPlan(
        name="X",
        envelope_gbp=1000,
        supplement={"percent_per_minute": 1, "beyond_minutes": 5, "most_percent": 50},
    )
    expected = (shared.travel_minutes - 5).clip(lower=0) / 100
    pd.testing.assert_series_equal(plan.rules(shared).supplement, expected.clip(upper=0.5), check_names=False)


def test_todays_amounts_may_be_there_in_part_only(estimate):
    names = find_recipients(estimate, "ward", estimate.place.sites).names
    assert AllocationPlan(name="X").today(names) is None
    part = AllocationPlan(name="X", today_gbp={"W1": 5, "gone": 7}).today(names)
    assert part.isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("values", "found"),
    [({"envelope_gbp": Decimal("1.50")}, "whole pounds"), ({"most_loss_percent": 101}, "more than 100%")],
)
def test_rules_without_sense_are_refused(values, found):
    with pytest.raises(ValueError, match=found):
        AllocationPlan(name="X", **values)


def test_every_rule_is_in_the_log_for_the_committee():
    log = AllocationPlan(name="X", floor_percent=10, weights={"early_help": 1}).log().set_index("parameter")
    assert log.loc["floor_percent", "value"] == "10"
    assert log.loc["weights", "value"] == "early_help 1"
    assert (log["confirm_with"] == "the committee that decides the allocation").all()
    assert log.loc["envelope_gbp", "value"] == ""

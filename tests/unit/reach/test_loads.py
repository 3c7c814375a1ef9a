"""What each site carries, on the row of six areas."""

import numpy as np
import pandas as pd
import pytest

from analysis.reach.loads import loss_if_closed, site_figures, site_overlaps


def test_site_figures_by_hand(costs, demand, sites):
    table = site_figures(costs, demand, sites, 5.0, measure="early_help", children_per_family=2.0)
    assert table.index.tolist() == ["s1", "s2", "s3"]
    # s1 reaches a, b; s2 reaches b, c, d; s3 reaches e, f
    assert table["children_within"].tolist() == [300, 650, 250]
    assert table["need_within"].tolist() == [30, 95, 25]
    assert table["need_assigned"].tolist() == [30, 75, 25]
    assert table["families_assigned"].tolist() == [15, 37.5, 12.5]
    assert table["load"].tolist() == pytest.approx([15 / 50, np.nan, 12.5 / 100], nan_ok=True)
    assert table["need_shared"].tolist() == [20, 20, 0]
    assert table["need_unique"].tolist() == [10, 75, 25]
    assert table["children_unique"].tolist() == [100, 450, 250]
    assert table["mean_minutes"].tolist() == pytest.approx([20 * 5 / 30, 15 * 5 / 75, 0])


def test_need_is_assigned_at_any_distance_and_counted_within_reach_apart(costs, demand, sites):
    table = site_figures(costs, demand, sites, 4.0)
    assert table["need_assigned"].tolist() == [300, 450, 250]
    assert table["need_assigned_within"].tolist() == [100, 300, 250]


def test_a_capacity_of_nothing_has_no_load(costs, demand, sites):
    table = site_figures(costs, demand, sites.assign(capacity_families=0.0), 5.0)
    assert table["load"].isna().all()


def test_overlap_is_shared_need_with_own_reach_on_the_diagonal(costs, demand):
    shared = site_overlaps(costs, demand, 5.0, measure="early_help")
    assert shared.to_numpy().tolist() == [[30, 20, 0], [20, 95, 0], [0, 0, 25]]


def test_what_is_lost_is_what_nobody_else_reaches(costs, demand):
    lost = loss_if_closed(costs, demand, 5.0)
    assert lost.loc["s2"].to_dict() == {
        "children": 450,
        "under_fives": 110,
        "early_help": 75,
        "specialist": 25,
    }


def test_without_sites_there_are_no_rows(costs, demand, sites):
    assert site_figures(costs[[]], demand, sites, 5.0).empty
    assert site_overlaps(costs[[]], demand, 5.0).shape == (0, 0)
    assert loss_if_closed(costs[[]], demand, 5.0).shape == (0, 4)


def test_an_area_without_a_way_is_assigned_to_nobody(demand, sites):
    costs = pd.DataFrame({"s1": [np.inf] * 5 + [1.0]}, index=demand.index)
    table = site_figures(costs, demand, sites, 5.0)
    assert table["need_assigned"].tolist() == [250]

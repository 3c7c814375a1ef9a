"""Options side by side and one against another, on figures worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.options.balance import balance, locality_figures
from analysis.options.comparison import children_by_age, comparison_by, option_figures
from analysis.options.difference import (
    LOSES,
    OUTCOMES,
    area_difference,
    area_outcomes,
    column_of,
    difference_by,
    row_difference,
    site_moves,
)
from analysis.options.equality import equality_table, group_views
from analysis.options.measures import best_and_worst, figure_list
from analysis.options.option import Option, OptionSite
from analysis.options.phases import reach_by_year, year_figures
from analysis.options.reached import for_age, option_reach, option_reaches
from analysis.options.scores import scorable, score_options
from analysis.options.statement import areas_worse_off, under_fives_statement, wards_worse_off
from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.reach.coverage import coverage_by, fifth_gap
from analysis.reach.demand import estimated_demand
from analysis.reach.selection import choose_sites
from analysis.reach.summary import reach_summary
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.terms import Terms
from analysis.scenario.travel import travel_settings
from tests.conftest import write_small_place
from tests.unit.options.conftest import DIAGONAL, KILOMETRE, LONG, WALK, hubs

COLUMNS = [
    "area_name",
    "children",
    "under_fives",
    "minutes_before",
    "minutes_after",
    "minutes_change",
    "covered_before",
    "covered_after",
    "children_gaining",
    "children_losing",
]


def test_figures_are_those_of_a_person_with_a_map(ash, cedar):
    figures = option_figures([ash, cedar])
    # Ash Hub: A1 at its door, A2 and A4 a kilometre off; Cedar Hub: A5, and A2, A4, A6.
    assert figures["children_covered"].tolist() == [300, 400]
    assert figures["children_0_4_covered"].tolist() == [40 + 30 + 10, 30 + 10 + 20 + 30]
    assert figures["share_covered"].tolist() == [0.5, pytest.approx(4 / 6)]
    assert figures["worst_ward"].tolist() == ["Cedar", "Ash"]
    assert figures.loc["ash-hub", "worst_ward_minutes"] == pytest.approx((DIAGONAL + LONG) / 2, abs=0.01)
    assert figures.loc["ash-hub", "longest_minutes"] == pytest.approx(LONG, abs=0.01)
    assert figures["sites_open"].tolist() == [1, 1]
    assert (figures["need_shared"] == 0).all()
    assert figures["annual_cost_gbp"].isna().all()


def test_costs_load_and_services_are_told_where_they_are_known(estimate, reach_of):
    reach = reach_of("ash-hub", annual_cost_gbp=1000.10, capacity_families=10.0)
    row = option_figures([reach]).iloc[0]
    need = row["early_help_covered"]
    assert row["annual_cost_gbp"] == 1000.10
    assert row["cost_per_child_gbp"] == 3.33
    assert row["cost_per_family_gbp"] == pytest.approx(1000.10 * 1.74 / need, abs=0.006)
    assert row["largest_load"] == pytest.approx(estimate.counts["early_help"].sum() / 1.74 / 10)
    mixed = Option(
        "Mixed", "mixed", (OptionSite("ash-hub", {"annual_cost_gbp": 5.0}), OptionSite("cedar-hub"))
    )
    unknown = option_figures([option_reach(estimate, mixed, WALK)]).iloc[0]
    assert np.isnan(unknown["annual_cost_gbp"])
    assert unknown["costs_known"] == 1


def test_sites_for_an_age_reach_that_age_only(reach_of):
    young = reach_of("ash-hub", age_from=0.0, age_to=5.0)
    table = children_by_age(young)
    assert table["covered"].tolist() == [80, 0, 0, 0]
    assert table["children"].tolist() == [150, 210, 180, 60]
    # Of the 300 children near it only those under five have a site there: for the others it is none.
    assert option_figures([young])["children_covered"].tolist() == [80]
    assert young.by("place")["children"].tolist() == [600]
    assert young.by("place")["early_help_covered"].iloc[0] < 80
    teens = for_age(young, "11-17")
    assert teens.sites.empty
    assert teens.areas["children"].tolist() == [40] * 6


def test_best_and_worst_are_marked_where_options_differ(estimate, ash, cedar):
    rows = figure_list(estimate)
    marks = best_and_worst(option_figures([ash, cedar]), rows)
    assert marks.loc["children_covered"].to_dict() == {"ash-hub": "worst", "cedar-hub": "best"}
    assert marks.loc["mean_minutes"].tolist() in (["best", "worst"], ["worst", "best"])
    assert set(marks.loc["need_unique"]) == {""}
    assert set(marks.loc["annual_cost_gbp"]) == {""}
    assert (best_and_worst(option_figures([ash]), rows) == "").all(axis=None)


@pytest.mark.parametrize("slug", ["ash-hub", "cedar-hub"])
def test_figures_equal_those_of_the_reach_room(estimate, small_place, reach_of, slug):
    reach = reach_of(slug)
    demand = estimated_demand(estimate)
    costs = straight_line_matrix(demand, choose_sites(small_place.sites.loc[[slug]]), travel_settings("walk"))
    summary, row = reach_summary(costs, demand, 20.0), option_figures([reach]).iloc[0]
    for measure in ("children", "early_help", "specialist"):
        assert row[f"{measure}_covered"] == summary.loc[measure, "covered"]
    for column in ("mean_minutes", "p90_minutes", "longest_minutes"):
        assert row[column] == summary.loc["early_help", column]
    assert row[["share_gap", "minutes_gap"]].to_dict() == fifth_gap(coverage_by(costs, demand, 20.0, "fifth"))
    by_ward = comparison_by([reach], "ward").drop(columns=["option", "name"]).set_index("area_code")
    pd.testing.assert_frame_equal(by_ward, coverage_by(costs, demand, 20.0, "ward"))


def test_the_difference_says_what_becomes_of_every_area(ash, cedar):
    table = area_difference(ash, cedar)
    assert list(table.columns) == COLUMNS
    assert table.index.name == "area_code"
    outcomes = area_outcomes(table)
    assert outcomes.tolist() == [
        "out of reach",
        "unchanged",
        "nearer",
        "unchanged",
        "into reach",
        "into reach",
    ]
    assert table["children_gaining"].tolist() == [0, 0, 100, 0, 100, 100]
    assert table["children_losing"].tolist() == [100, 0, 0, 0, 0, 0]
    expected = [DIAGONAL, 0, DIAGONAL - 2 * KILOMETRE, 0, -DIAGONAL, KILOMETRE - LONG]
    np.testing.assert_allclose(table["minutes_change"], expected, atol=0.02)


def test_a_small_change_of_minutes_counts_from_the_least(ash, cedar):
    outcomes = area_outcomes(area_difference(ash, cedar, least_minutes=10.0), 10.0)
    assert outcomes["A3"] == "unchanged"
    assert outcomes["A1"] == "out of reach"


def test_an_option_against_itself_changes_nothing(ash):
    table = area_difference(ash, ash, least_minutes=0.0)
    assert (table[["minutes_change", "children_gaining", "children_losing"]] == 0).all(axis=None)
    assert set(area_outcomes(table, 0.0)) == {"unchanged"}
    assert not site_moves(ash, ash)["moves"].any()


def test_turned_round_gains_are_losses(ash, cedar):
    there, back = area_difference(ash, cedar), area_difference(cedar, ash)
    pd.testing.assert_series_equal(there["children_gaining"], back["children_losing"], check_names=False)
    pd.testing.assert_series_equal(there["minutes_change"], -back["minutes_change"])


def test_groups_count_every_child_once(ash, cedar):
    for by in ("ward", "locality", "fifth", "place"):
        table = difference_by(ash, cedar, by)
        parts = table[["children_gaining", "children_losing", "children_unchanged"]].sum(axis=1)
        assert parts.tolist() == table["children"].tolist()
        assert (
            table[[column_of(name) for name in OUTCOMES]].sum(axis=1).tolist() == table["children"].tolist()
        )
    place = difference_by(ash, cedar, "place").iloc[0]
    assert (place["children_gaining"], place["children_losing"], place["children_unchanged"]) == (
        300,
        100,
        200,
    )
    assert place["families_gaining"] == pytest.approx(300 / 1.74)
    assert (place["under_fives_gaining"], place["under_fives_out_of_reach"]) == (70, 40)


def test_everybody_moves_when_the_only_site_does(ash, cedar, reach_of):
    moves = site_moves(ash, cedar)
    assert moves[["from_site", "to_site", "children", "moves"]].values.tolist() == [
        ["ash-hub", "cedar-hub", 600, True]
    ]
    assert moves.loc[0, "from_name"] == "Ash Hub"
    nobody = site_moves(ash, reach_of())
    assert nobody.loc[0, "to_name"] == "no site"
    assert nobody["children"].sum() == 600


def test_with_no_site_nobody_is_reached_and_nothing_breaks(ash, reach_of):
    none = reach_of()
    table = area_difference(ash, none)
    assert np.isposinf(table["minutes_change"]).all()
    assert table["children_losing"].tolist() == [100] * 6
    assert area_difference(none, none)["minutes_change"].tolist() == [0.0] * 6
    row = option_figures([none]).iloc[0]
    assert (row["children_covered"], row["sites_open"]) == (0, 0)
    assert np.isposinf(row["mean_minutes"])


def test_the_statement_counts_under_fives_ward_by_ward(ash, cedar):
    table = under_fives_statement(ash, cedar).set_index("area_name")
    assert table["under_fives"].to_dict() == {"Ash": 70, "Birch": 30, "Cedar": 50}
    assert table["walk_before"].to_dict() == {"Ash": 70, "Birch": 10, "Cedar": 0}
    assert table["walk_after"].to_dict() == {"Ash": 30, "Birch": 10, "Cedar": 50}
    assert table["drive_after"].tolist() == [70, 30, 50]
    assert table["verdict"].to_dict() == {"Ash": "worse", "Birch": "better", "Cedar": "better"}
    assert table["nearest_after"].tolist() == ["Cedar Hub"] * 3
    worse = wards_worse_off(under_fives_statement(ash, cedar))
    assert worse[["area_name", "under_fives_losing", "under_fives_out_of_reach"]].values.tolist() == [
        ["Ash", 40, 40]
    ]
    assert areas_worse_off(ash, cedar).index.tolist() == ["A1"]


def test_the_statement_rests_on_sites_for_under_fives_only(ash, reach_of):
    older = reach_of("ash-hub", age_from=8.0, age_to=18.0)
    table = under_fives_statement(ash, older)
    assert table["walk_after"].sum() == 0
    assert table["under_fives_losing"].sum() == 150


def test_groups_of_people_by_hand(tmp_path, ash, cedar):
    folder = write_small_place(tmp_path / "grouped")
    areas = pd.read_csv(folder / "areas.csv")
    areas["lone_parents"] = [10, "", 0, 0, 30, 0]
    areas["disabled_share"] = [0.5, 0.1, 0, 0, 0, 0]
    areas["estate"] = ["East", "East", "West", "West", "", "West"]
    areas["rural_urban"] = ["A1", "A1", "D1", "D1", "D1", "D1"]
    areas.to_csv(folder / "areas.csv", index=False)
    place = read_place(folder)
    views = {view.key: view for view in group_views(place, "2019", ash.demand)}
    assert list(views) == ["fifth", "income", "rural_urban", "lone_parents", "disabled_share", "estate"]

    def shares(key):
        table = equality_table([ash], views[key])
        return dict(zip(table["group"], table["share_covered"].round(4), strict=True))

    assert shares("lone_parents") == {"Lone parents": 0.25, "All children": 0.5}
    assert shares("disabled_share") == {"Disabled share": 1.0, "All children": 0.5}
    assert shares("estate") == {"East": 1.0, "Not stated": 0.0, "West": 0.3333}
    assert shares("rural_urban") == {"Rural: town and fringe": 0.25, "Urban: major conurbation": 1.0}
    assert "Known for 83% of areas" in views["lone_parents"].caution
    assert "An estimate" in views["disabled_share"].caution
    known = equality_table([cedar], views["lone_parents"])
    assert known["share_of_areas_known"].round(4).tolist() == [0.8333, 1.0]
    assert known["behind"].tolist() == [0.0, pytest.approx(0.75 - 4 / 6)]


def test_every_view_of_a_real_place_counts_every_child(real_place: Place, real_places):
    from analysis.need.estimate import estimate_need
    from analysis.scenario.need_settings import default_settings

    estimate = estimate_need(real_place, default_settings(real_place))
    reach = option_reach(estimate, Option("Today", "today", others="as today"), WALK)
    for view in group_views(real_place, "2019", reach.demand):
        table = equality_table([reach], view)
        assert table["people"].sum() == real_place.children
        assert table["covered"].sum() == reach.summary.loc["children", "covered"]


def test_localities_balance_by_hand(estimate, ash):
    table = locality_figures(ash)
    assert table["area_name"].tolist() == ["North", "South"]
    assert table["children"].tolist() == [400, 200]
    assert table["sites"].tolist() == [1, 0]
    assert table["share_covered"].tolist() == [0.75, 0.0]
    spread = balance(table, ["children"]).iloc[0]
    assert (spread["largest_to_smallest"], spread["mean"]) == (2.0, 300.0)
    assert spread["coefficient_of_variation"] == pytest.approx(1 / 3)
    even = balance(pd.DataFrame({"n": [5, 5], "m": [0, 5]}), ["n", "m"])
    assert even["coefficient_of_variation"].tolist() == [0.0, 1.0]
    assert np.isinf(even.loc["m", "largest_to_smallest"])


def test_a_dip_on_the_way_is_told(estimate):
    plan = Option(
        "Plan",
        "plan",
        (OptionSite("ash-hub", opens_year=3), OptionSite("cedar-hub", closes_year=2)),
        others="closed",
    )
    closes = Option("Gap", "gap", (OptionSite("cedar-hub", {"kind": "hub"}),))
    table = year_figures(reach_by_year(estimate, plan, WALK, until=4))
    assert table.index.tolist() == [0, 1, 2, 3, 4]
    assert table["children_covered"].tolist() == [500, 500, 300, 300, 300]
    assert table["dip"].tolist() == [False, False, True, True, True]
    assert table["closed"].tolist() == ["", "", "Cedar Hub", "", ""]
    assert year_figures(reach_by_year(estimate, closes, WALK))["closed"].tolist() == ["", "Ash Hub"]


def test_a_score_ranks_by_the_weighted_figures(estimate, ash, cedar, reach_of):
    reaches = option_reaches(estimate, [hubs("ash-hub"), hubs("cedar-hub"), hubs()], WALK)
    figures, rows = option_figures(reaches), figure_list(estimate)
    assert "mean_minutes" not in {row.key for row in scorable(figures, rows)}
    scores = score_options(figures, rows, {"children_covered": 1.0})
    assert scores.index.tolist() == ["cedar-hub", "ash-hub", "none"]
    assert scores["score"].tolist() == [pytest.approx(100), pytest.approx(75), pytest.approx(0)]
    assert scores["p_first"].tolist() == [1.0, 0.0, 0.0]
    with pytest.raises(HubreachError, match="One option has no rank"):
        score_options(figures.head(1), rows, {"children_covered": 1.0})
    with pytest.raises(HubreachError):
        score_options(figures, rows, {"children_covered": 0.0})


def test_terms_that_count_one_kind_leave_others_out(estimate):
    mixed = Option("Mixed", "mixed", (OptionSite("ash-hub", {"kind": "outreach"}), OptionSite("cedar-hub")))
    reach = option_reach(estimate, mixed, Terms(20.0, "walk", kinds=("hub",)))
    assert option_figures([reach])["children_covered"].tolist() == [400]


def test_only_ages_that_a_site_serves_gain_or_lose(reach_of):
    """A centre for under-fives closes and a hub for all opens elsewhere: teenagers lose nothing at the centre."""
    centre = reach_of("ash-hub", age_from=0.0, age_to=5.0)
    hub = reach_of("cedar-hub")
    place = difference_by(centre, hub, "place").iloc[0]
    rows = row_difference(centre, hub)
    losing = rows[rows["outcome"].isin(LOSES)]
    assert set(losing.loc[losing["children"] > 0, "age_band"]) == {"children_0_4"}
    assert place["children_losing"] == losing["children"].sum() == place["under_fives_losing"]
    assert place["children_gaining"] + place["children_losing"] + place["children_unchanged"] == 600
    by_area = area_difference(centre, hub)
    assert by_area["children"].tolist() == [100] * 6
    assert by_area["children_losing"].sum() == place["children_losing"]
    assert np.isfinite(by_area["minutes_change"]).all()
    # What changes for the other way round is the mirror of it.
    back = difference_by(hub, centre, "place").iloc[0]
    assert back["children_gaining"] == place["children_losing"]
    assert back["children_out_of_reach"] == place["children_into_reach"]

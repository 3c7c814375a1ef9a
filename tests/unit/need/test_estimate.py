"""Estimates against hand-worked values, a slow oracle, and what the councils' papers say."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.need.answer import area_profile, family_reconciliation, other_figures, pyramid
from analysis.need.checks import place_checks
from analysis.need.estimate import NEED, estimate_need
from analysis.need.parameters import parameter_log, settings_line
from analysis.need.tables import wide_table
from analysis.need.words import assumption_sentence, need_sentence, other_figures_sentence
from analysis.places.place import LEVELS
from analysis.scenario.need_settings import NAMED_GRADIENTS, available_bases, default_settings, with_tiers
from tests.unit.need import slow_oracle

NINE_WARDS = [
    "West Thurrock and South Stifford",
    "Grays Riverside",
    "Tilbury Riverside and Thurrock Park",
    "Belhus",
    "Ockendon",
    "Chadwell St Mary",
    "Aveley and Uplands",
    "Tilbury St Chads",
    "Grays Thurrock",
]


@pytest.fixture(scope="module")
def thurrock(real_places):
    return estimate_need(real_places["thurrock"])


def test_rates_by_hand(small_place):
    # Half of 600 children at position 0.95, half at 0.05: 25% at gradient 4 is 0.4 and 0.1.
    estimate = estimate_need(small_place)
    assert estimate.rates["early_help"].tolist() == pytest.approx([0.4] * 3 + [0.1] * 3)
    assert estimate.rates["specialist"].tolist() == pytest.approx([0.1] * 3 + [0.01] * 3)
    assert estimate.counts["early_help"].tolist() == [40, 40, 40, 10, 10, 10]
    assert estimate.counts["specialist"].tolist() == [10, 10, 10, 1, 1, 1]


def test_a_table_by_hand(small_place):
    table = wide_table(estimate_need(small_place), "ward")
    assert table["area_name"].to_dict() == {"W1": "Ash", "W2": "Birch", "W3": "Cedar"}
    assert table["early_help_children"].to_dict() == {"W1": 80, "W2": 50, "W3": 20}
    assert table["early_help_rate_per_1000"].to_dict() == {"W1": 400.0, "W2": 250.0, "W3": 100.0}
    assert table["early_help_rank"].to_dict() == {"W1": 1, "W2": 2, "W3": 3}
    # 80 + 20 children at 1.74 children a family.
    assert table.loc["W1", "families"] == 57
    assert table.columns.tolist()[:9] == [
        "area_name",
        "children",
        "early_help_children",
        "early_help_low",
        "early_help_high",
        "early_help_rate_per_1000",
        "early_help_rank",
        "early_help_p_top",
        "specialist_children",
    ]
    assert table.columns.tolist()[-3:] == ["families", "families_low", "families_high"]


def test_the_long_table_has_a_row_an_area_and_tier(small_place):
    estimate = estimate_need(small_place)
    table = estimate.table("ward")
    assert list(table.columns) == list(NEED.columns)
    assert table.index.tolist() == ["W1", "W2", "W3"] * 2
    assert table["tier"].tolist() == ["early_help"] * 3 + ["specialist"] * 3
    assert table["need"].tolist() == [80, 50, 20, 20, 11, 2]
    # Of 200 children in Birch, 50 and 11.
    assert table.loc["W2", "rate_per_1000"].tolist() == [250.0, 55.0]
    assert estimate.total("specialist").value == 33
    # 183 children at 1.74 children a family.
    assert estimate.families("place")["families"].tolist() == [estimate.total_families.value] == [105]


def test_a_table_that_is_not_the_promised_one_is_refused(small_place):
    table = estimate_need(small_place).table("ward")
    with pytest.raises(TypeError, match=r"need is float64, not whole"):
        NEED.checked(table.astype({"need": float}))
    with pytest.raises(TypeError, match=r"columns .*, not \['area_name', 'tier'"):
        NEED.checked(table.drop(columns="rank"))
    with pytest.raises(TypeError, match=r"index None, not 'area_code'"):
        NEED.checked(table.rename_axis(None))


def test_published_totals_of_thurrock(thurrock):
    assert thurrock.counts.sum().to_dict() == {"early_help": 6_807, "specialist": 2_269}


def test_the_nine_wards_with_most_need_in_thurrock(thurrock):
    assert (
        thurrock.tier_table("ward", "early_help").sort_values("rank")["area_name"].tolist()[:9] == NINE_WARDS
    )


@pytest.mark.parametrize("vintage", ["2019", "2025"])
def test_the_slow_oracle_agrees(real_places, vintage):
    place = real_places["thurrock"]
    estimate = estimate_need(place, replace(default_settings(place), vintage=vintage))
    children = place.areas["children"].tolist()
    position = place.deprivation(vintage)["imd_position"].tolist()
    tier = place.tiers[0]
    expected = slow_oracle.rates(children, position, tier.prevalence, tier.gradient)
    assert estimate.rates["early_help"].tolist() == pytest.approx(expected, rel=1e-9)
    counts = [rate * count for rate, count in zip(expected, children, strict=True)]
    assert estimate.counts["early_help"].tolist() == slow_oracle.whole(counts, 6_807)


def test_levels_add_up(real_place):
    for vintage in real_place.vintages:
        estimate = estimate_need(real_place, replace(default_settings(real_place), vintage=vintage))
        for key in estimate.tier_keys:
            sums = {int(estimate.tier_table(level, key)["need"].sum()) for level in LEVELS}
            assert sums == {int(estimate.counts[key].sum())}


def test_all_checks_of_the_real_places_pass(real_place):
    checks = place_checks(real_place)
    assert checks.index[checks["result"] == "failed"].tolist() == []
    assert checks.index.str.startswith("Tiers add up").sum() == 3


def test_idaci_moves_need_to_where_children_are_poor(small_place):
    settings = with_tiers(default_settings(small_place), {"specialist": 0.0}, {})
    estimate = estimate_need(small_place, replace(settings, basis="idaci"))
    assert estimate.counts["early_help"].is_monotonic_decreasing
    assert estimate.counts["early_help"].iloc[0] > 40
    assert estimate.counts["specialist"].sum() == 0


def test_a_gradient_of_one_is_flat_and_below_one_falls(small_place):
    flat = with_tiers(default_settings(small_place), {}, {"early_help": 1})
    assert estimate_need(small_place, flat).rates["early_help"].tolist() == pytest.approx([0.25] * 6)
    falling = with_tiers(default_settings(small_place), {}, {"early_help": 0.25})
    assert estimate_need(small_place, falling).rates["early_help"].tolist() == pytest.approx(
        [0.1] * 3 + [0.4] * 3
    )


def test_tiers_that_hold_all_children_leave_no_child_twice(small_place):
    # 600 children of whom 50.1% and 49.9% is 300.6 and 299.4: 301 and 299, never 301 and 300.
    settings = with_tiers(
        default_settings(small_place),
        {"early_help": 0.501, "specialist": 0.499},
        {"early_help": 1, "specialist": 1},
    )
    counts = estimate_need(small_place, settings).counts
    assert counts.sum().to_dict() == {"early_help": 301, "specialist": 299}
    assert (counts.sum(axis=1) <= 100).all()


def test_two_halves_of_an_odd_number_of_children(real_places):
    place = real_places["thurrock"]
    halves = dict.fromkeys(("early_help", "specialist"), 0.5)
    settings = with_tiers(default_settings(place), halves, dict.fromkeys(halves, 1))
    counts = estimate_need(place, settings).counts
    assert counts.sum().tolist() == [22_691, 22_690]
    assert (counts.sum(axis=1) <= place.areas["children"]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"basis": "idaci", "vintage": "2025"}, "Choose imd for 2025"),
        ({"draws": 10}, "Give 100 to 100,000"),
        ({"top": 0}, "Give 1 or more"),
        ({"children_per_family": 0.5}, "Give 1 or more"),
        ({"interval": 1.0}, "Give 0.5 to 0.99"),
        ({"area_sd": -1}, "Give 0 to 2"),
    ],
)
def test_settings_that_cannot_be_served(small_place, change, message):
    with pytest.raises(HubreachError, match=message):
        estimate_need(small_place, replace(default_settings(small_place), **change))


def test_wrong_tiers_are_told_together(small_place):
    with pytest.raises(HubreachError) as caught:
        with_tiers(default_settings(small_place), {"early_help": 1.5, "help": 0.1}, {"specialist": 0})
    assert {fault.column for fault in caught.value.faults} == {"early_help", "help", "specialist"}


def test_the_pyramid_holds_every_child(thurrock):
    steps = pyramid(thurrock)
    assert steps["children"].to_dict() == {"universal": 36_305, "early_help": 6_807, "specialist": 2_269}
    assert steps["share"].sum() == pytest.approx(1)
    assert (steps["low"] <= steps["children"]).all()
    assert (steps["children"] <= steps["high"]).all()
    belhus = pyramid(thurrock, "ward", "E05002230")
    assert belhus["children"].sum() == 2_849


def test_the_published_number_of_families_is_reconciled(thurrock, small_place):
    table = family_reconciliation(thurrock)
    # 20% of 45,381 children is 9,076; 3,000 families would be 3.0 children each.
    assert table["children"].unique().tolist() == [9_076]
    assert table["families"].tolist() == [3_000, 5_216, 8_177]
    assert table["children_per_family"].iloc[0] == pytest.approx(3.025, abs=0.001)
    assert family_reconciliation(estimate_need(small_place)) is None


def test_every_parameter_is_logged(small_place):
    settings = replace(with_tiers(default_settings(small_place), {"early_help": 0.2}, {}), seed=7)
    log = parameter_log(small_place, settings)
    assert log.index[log["changed"]].tolist() == ["early_help_prevalence", "seed"]
    assert log.loc["seed", ["value", "default"]].tolist() == ["7", "1"]
    assert "seed 7" in settings_line(small_place, settings)
    assert "Early help 20% of children" in settings_line(small_place, settings)


def test_arguments_are_not_changed(small_place):
    before = small_place.areas.copy(deep=True)
    estimate = estimate_need(small_place)
    counts = estimate.counts.copy(deep=True)
    estimate.table("ward")
    assert small_place.areas.equals(before)
    assert estimate.counts.equals(counts)
    assert np.isfinite(estimate.rates.to_numpy()).all()


def test_the_total_is_told_as_an_assumption_and_who_stated_it(small_place):
    estimate = estimate_need(small_place)
    said = need_sentence(estimate, "early_help", "ward")
    assert said.startswith("If **25%** of children may need early help, that is about **150 (")
    assert "(assumed; authorities differ by about 33% either way)" in said
    assert "no share has been stated for Sampleton" in assumption_sentence(estimate, "early_help")
    own = estimate_need(small_place, with_tiers(default_settings(small_place), {"early_help": 0.2}, {}))
    assert "chosen by the user" in assumption_sentence(own, "early_help")
    tiers = tuple(
        tier.model_copy(update={"prevalence_source": "Cabinet of Sampleton, 2012"})
        for tier in small_place.tiers
    )
    stated = replace(small_place, manifest=small_place.manifest.model_copy(update={"tiers": tiers}))
    assert "(stated; " in need_sentence(estimate_need(stated), "early_help", "ward")


def test_a_named_gradient_has_its_source_and_another_is_the_users(small_place):
    usual = default_settings(small_place)

    def source(gradient):
        return parameter_log(small_place, with_tiers(usual, {}, {"early_help": gradient})).loc[
            "early_help_gradient", "source"
        ]

    for named in NAMED_GRADIENTS.values():
        assert source(named.gradient) == named.source
    assert source(3.3) == "Chosen by the user"
    assert source(4) == small_place.tiers[0].gradient_source


def test_families_hold_both_readings(small_place):
    estimate = estimate_need(small_place)
    row = estimate.families("place").iloc[0]
    drawn = sum(estimate.level_draws("place").values())[:, 0]
    assert row["low"] == np.floor(np.quantile(drawn / 1.74, 0.05))
    assert row["high"] == np.ceil(np.quantile(drawn / 1.11, 0.95))


def test_wards_that_leave_their_range_on_other_figures_are_listed(real_places):
    place = real_places["wirral"]
    estimate = estimate_need(place)
    found = other_figures(estimate)
    assert set(zip(found["vintage"], found["basis"], strict=True)) == {
        (vintage, basis)
        for vintage in place.vintages
        for basis in available_bases(place, vintage)
        if (vintage, basis) != (estimate.settings.vintage, "imd")
    }
    outside = (found["other"] < found["low"]) | (found["other"] > found["high"])
    assert found["leaves"].equals(outside)
    totals = found.groupby(["tier", "vintage", "basis"])["other"].sum()
    for key in estimate.tier_keys:
        assert (totals[key] == estimate.counts[key].sum()).all()
    assert f"of {place.areas['ward_code'].nunique()}" in other_figures_sentence(found, estimate, "early_help")


def test_a_profile_has_both_ranges(small_place):
    tiers = area_profile(estimate_need(small_place), "ward", "W1").tiers
    assert (tiers["count_high"] - tiers["count_low"] >= tiers["high"] - tiers["low"]).all()

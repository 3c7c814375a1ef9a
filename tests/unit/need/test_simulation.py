"""Ranges: by seed, around the estimate, wider with each source, and equal to a slow oracle."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.need.rates import RateCurve, fit_curve, fit_curves
from analysis.need.simulation import simulate
from analysis.need.words import parameters_sentence
from analysis.places.place import LEVELS
from analysis.scenario.need_settings import default_settings, with_tiers
from tests.unit.need import slow_oracle

SOURCES = ("prevalence_sd", "gradient_sd", "area_sd")


def settings_with(place, **changes):
    return replace(default_settings(place), **changes)


def width(place, **changes):
    """Mean width of the 90% interval of early help over the small areas, in children."""
    drawn = estimate_need(place, settings_with(place, **changes)).draws.counts["early_help"]
    return float((np.quantile(drawn, 0.95, axis=0) - np.quantile(drawn, 0.05, axis=0)).mean())


def test_the_same_seed_gives_the_same_ranges(small_place):
    tables = [estimate_need(small_place, settings_with(small_place, seed=s)).table("ward") for s in (3, 3, 4)]
    assert tables[0].equals(tables[1])
    assert not tables[0]["low"].equals(tables[2]["low"])


def test_ranges_hold_the_estimate_at_every_level(real_place):
    estimate = estimate_need(real_place)
    for level in LEVELS:
        table, families = estimate.table(level), estimate.families(level)
        assert table["need"].between(table["low"], table["high"]).all()
        assert families["families"].between(families["low"], families["high"]).all()
        assert (table["high"] <= table["children"]).all()


def test_with_no_uncertainty_there_is_no_range(small_place):
    settings = settings_with(small_place, **dict.fromkeys(SOURCES, 0.0))
    estimate = estimate_need(small_place, settings)
    drawn = estimate.draws.counts["early_help"]
    assert drawn == pytest.approx(np.tile([40.0] * 3 + [10.0] * 3, (1000, 1)), rel=1e-9)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_alone_gives_a_range_that_grows_with_it(real_places, source):
    place = real_places["thurrock"]
    alone = dict.fromkeys(SOURCES, 0.0)
    usual = getattr(default_settings(place), source)
    narrow = width(place, **{**alone, source: usual / 2})
    wide = width(place, **{**alone, source: usual})
    assert 0 < narrow < wide < 4 * narrow


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_added_to_the_others_widens_the_range(real_places, source):
    place = real_places["thurrock"]
    assert width(place, **{source: 0.0}) < width(place)


def test_each_draw_is_benchmarked_to_its_own_prevalence(small_place):
    draws = estimate_need(small_place).draws
    for key, counts in draws.counts.items():
        assert counts.sum(axis=1) == pytest.approx(600 * draws.prevalence[key], rel=1e-9)


def test_drawn_parameters_have_the_stated_spread(small_place):
    position = small_place.deprivation("2019")["imd_position"].to_numpy() * [1, 0.9, 0.8, 8, 6, 4]
    tiers = with_tiers(default_settings(small_place), {"early_help": 0.15, "specialist": 0.05}, {})
    draws = simulate(np.full(6, 100.0), position, replace(tiers, draws=20_000))
    prevalence = draws.prevalence["early_help"]
    assert prevalence.mean() == pytest.approx(0.15, rel=0.01)
    assert prevalence.std() == pytest.approx(0.03, rel=0.03)
    assert np.log(draws.gradient["specialist"]).std() == pytest.approx(0.35, rel=0.03)
    assert np.median(draws.gradient["specialist"]) == pytest.approx(10, rel=0.02)


def test_the_slow_oracle_agrees_draw_by_draw(small_place):
    children = small_place.areas["children"].to_numpy(dtype=float) * [1, 2, 3, 4, 5, 6]
    position = np.array([0.95, 0.8, 0.6, 0.4, 0.2, 0.05])
    settings = settings_with(small_place, draws=12)
    wards = np.array([0, 0, 1, 1, 2, 2])
    draws = simulate(children, position, settings, wards)
    assert draws.lost == 0
    # The generator is read in the documented order: levels, gradients, effects of wards, effects of areas; of each what
    # the tiers have in common, then each tier's own.
    random = np.random.default_rng(settings.seed)

    def correlated(*shape):
        common = random.standard_normal(shape)
        return [
            math.sqrt(settings.tier_correlation) * common
            + math.sqrt(1 - settings.tier_correlation) * random.standard_normal(shape)
            for _ in settings.tiers
        ]

    levels, steepness = correlated(12), correlated(12)
    shared, own = correlated(12, 3), correlated(12, 6)
    effects = {}
    for at, tier in enumerate(settings.tiers):
        size = (1 - tier.prevalence) / (tier.prevalence * settings.prevalence_sd**2) - 1
        drawn = beta.ppf(norm.cdf(levels[at]), tier.prevalence * size, (1 - tier.prevalence) * size)
        assert draws.prevalence[tier.key] == pytest.approx(drawn, rel=1e-8)
        assert draws.gradient[tier.key] == pytest.approx(
            tier.gradient * np.exp(settings.gradient_sd * steepness[at])
        )
        effects[tier.key] = settings.area_sd * (
            math.sqrt(settings.ward_share) * shared[at][:, wards]
            + math.sqrt(1 - settings.ward_share) * own[at]
        )
    for key, counts in draws.counts.items():
        for row in range(draws.size):
            expected = slow_oracle.simulated_counts(
                children.tolist(),
                position.tolist(),
                draws.prevalence[key][row],
                draws.gradient[key][row],
                effects[key][row].tolist(),
            )
            assert counts[row].tolist() == pytest.approx(expected, rel=1e-8)


def test_very_many_areas_are_grouped_without_harm():
    random = np.random.default_rng(2)
    children, position = random.integers(1, 900, 20_000).astype(float), random.random(20_000)
    prevalence, gradient = np.array([0.15, 0.05, 0.3]), np.array([4.0, 10.0, 0.5])
    a, b = fit_curves(children, position, prevalence, gradient)
    for number in range(3):
        exact = fit_curve(children, position, prevalence[number], gradient[number])
        near = RateCurve(float(a[number]), float(b[number]))
        assert near.gradient == pytest.approx(gradient[number], rel=1e-9)
        mean = near.rate(position) @ children / children.sum()
        assert mean == pytest.approx(prevalence[number], rel=1e-6)
        assert near.rate(position) == pytest.approx(exact.rate(position), rel=1e-5)


def test_the_chance_of_the_top_counts_draws(small_place):
    settings = settings_with(small_place, top=1, **dict.fromkeys(SOURCES, 0.0))
    table = estimate_need(small_place, settings).tier_table("ward", "early_help")
    assert table["p_top"].to_dict() == {"W1": 1.0, "W2": 0.0, "W3": 0.0}
    every = estimate_need(small_place, replace(settings, top=3)).tier_table("ward", "early_help")
    assert every["p_top"].tolist() == [1.0, 1.0, 1.0]


def test_chances_of_the_top_add_up_to_its_size(real_place):
    estimate = estimate_need(real_place, settings_with(real_place, top=7))
    for level in ("lsoa", "ward"):
        # Rounded to three decimals, area by area.
        assert estimate.tier_table(level, "early_help")["p_top"].sum() == pytest.approx(7, abs=0.05)


def test_ranges_that_cannot_be_worked_out_are_said(small_place):
    # Rates of 0.96 and 0.04 in the poorer half leave room in the middle, but few draws are possible.
    tiers = with_tiers(
        default_settings(small_place),
        {"early_help": 0.60, "specialist": 0.02},
        {"early_help": 4, "specialist": 1},
    )
    estimate = estimate_need(small_place, replace(tiers, prevalence_sd=0.3, area_sd=1.5))
    with pytest.raises(HubreachError, match="cannot hold together: in"):
        estimate.table("ward")


def test_areas_of_a_ward_move_together_and_so_do_tiers(small_place):
    position = np.full(6, 0.5)
    wards = np.array([0, 0, 0, 1, 1, 1])
    settings = replace(
        with_tiers(
            default_settings(small_place),
            {"early_help": 0.1, "specialist": 0.1},
            {"early_help": 1.5, "specialist": 1.5},
        ),
        draws=20_000,
        prevalence_sd=0.0,
        gradient_sd=0.0,
    )
    # Benchmarking to the total takes one degree of freedom away, so many small areas stand beside the six.
    children = np.concatenate([np.full(6, 100.0), np.full(60, 1000.0)])
    spread = np.concatenate([wards, np.arange(2, 62)])
    draws = simulate(children, np.concatenate([position, np.full(60, 0.5)]), settings, spread)
    logs = {key: np.log(counts[:, :6]) for key, counts in draws.counts.items()}
    within = np.corrcoef(logs["early_help"].T)
    assert within[0, 1] == pytest.approx(0.5, abs=0.03)
    assert within[0, 3] == pytest.approx(0.0, abs=0.03)
    tiers = np.corrcoef(logs["early_help"][:, 0], logs["specialist"][:, 0])[0, 1]
    assert tiers == pytest.approx(0.5, abs=0.03)


def test_prevalences_and_gradients_of_tiers_are_correlated(small_place):
    draws = simulate(np.full(6, 100.0), np.linspace(0.1, 0.9, 6), settings_with(small_place, draws=5000))
    level = np.corrcoef(*draws.prevalence.values())[0, 1]
    steepness = np.corrcoef(*(np.log(each) for each in draws.gradient.values()))[0, 1]
    assert level == pytest.approx(0.5, abs=0.06)
    assert steepness == pytest.approx(0.5, abs=0.06)


def test_runs_without_a_solution_are_counted_and_said(small_place):
    settings = with_tiers(
        default_settings(small_place), {"early_help": 0.5, "specialist": 0.02}, {"early_help": 4}
    )
    estimate = estimate_need(small_place, settings)
    assert estimate.draws.lost > 0
    assert estimate.draws.size + estimate.draws.lost == settings.draws
    assert f"{estimate.draws.lost:,} of them without a solution and left out" in parameters_sentence(estimate)
    assert "without a solution" not in parameters_sentence(
        estimate_need(small_place, with_tiers(settings, {"early_help": 0.1}, {}))
    )


@pytest.mark.parametrize("level", ["lsoa", "ward"])
def test_count_ranges_hold_nine_in_ten_made_up_children(real_place, level):
    """Children are made from the model, with chance; the range is worked out from other runs of it."""
    estimate = estimate_need(real_place, settings_with(real_place, draws=2000))
    truth = estimate_need(real_place, settings_with(real_place, draws=400, seed=99))
    for tier in estimate.tier_keys:
        ends = estimate.ranges(level, tier, "count")
        member = pd.factorize(real_place.keys(level).reindex(truth.counts.index), sort=True)[0]
        made = np.array([np.bincount(member, row) for row in truth.found[tier]])
        inside = (made >= ends["low"].to_numpy()) & (made <= ends["high"].to_numpy())
        assert 0.88 <= inside.mean() <= 0.92, (tier, level)
        # What one would find scatters more than what is expected.
        narrow = estimate.ranges(level, tier, "rate")
        assert (ends["high"] - ends["low"]).sum() > (narrow["high"] - narrow["low"]).sum()


def test_the_kind_of_range_is_the_one_asked_for(small_place):
    rate = estimate_need(small_place)
    count = estimate_need(small_place, settings_with(small_place, range_kind="count"))
    for key in rate.tier_keys:
        assert rate.tier_table("lsoa", key)["low"].equals(rate.ranges("lsoa", key, "rate")["low"])
        assert count.tier_table("lsoa", key)["low"].equals(rate.ranges("lsoa", key, "count")["low"])
        assert rate.tier_table("lsoa", key)["need"].equals(count.tier_table("lsoa", key)["need"])
    assert "90% rate range" in parameters_sentence(rate)
    assert "90% count range" in parameters_sentence(count)

"""Observed against expected: the national fit against statsmodels, who takes part, intervals, funnel, neighbours."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import chi2
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.benchmark.funnel import overdispersed
from analysis.benchmark.national_fit import fit_national, national_areas
from analysis.benchmark.observed_answer import (
    BenchmarkProblem,
    answer_benchmark,
    benchmark_problem,
    is_whole,
    nearest_vintage,
    observed_pyramid,
    standing,
    trend,
)
from analysis.benchmark.observed_words import benchmark_notes, benchmark_sentence
from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.need.parameters import parameter_log
from analysis.places.england.outcomes import (
    CHILDREN,
    OUTCOMES,
    children_of,
    find_outcome,
    outcome_values,
    outcome_years,
)
from analysis.places.england.tables import authorities, read_rows
from analysis.places.read import read_place
from analysis.scenario.need_settings import default_settings, with_tiers
from analysis.scenario.scenario import Scenario

BARNSLEY, SHEFFIELD, SCILLY, CITY = "E08000038", "E08000039", "E06000053", "E09000001"
NO_OUTCOME = {CHILDREN, "2-year-olds in funded early education, number"}


def england(outcome, year, vintage="2025", basis="imd"):
    return answer_benchmark(BenchmarkProblem(("E08000035",), find_outcome(outcome), year, vintage, basis))


def by_statsmodels(answer):
    """The same curve by a way of its own: Poisson models of statsmodels, each linear about the last."""
    numbers = answer.table["observed"]
    if not answer.problem.outcome.counted:
        numbers = numbers * answer.people / answer.problem.outcome.per
    bands = [
        "children_0_4_mid2024",
        "children_5_10_mid2024",
        "children_11_15_mid2024",
        "children_16_17_mid2024",
    ]
    areas = read_rows("areas").set_index("area_code")
    ranks = read_rows(f"deprivation_{answer.problem.vintage}").set_index("area_code")
    number = {"2019": 32_844, "2025": 33_755}[answer.problem.vintage]
    areas = areas.assign(
        children=areas[bands].sum(axis=1),
        z=1 - (ranks[f"{answer.problem.basis}_rank"].reindex(areas.index) - 0.5) / number,
    )
    weight = areas["children"] / areas.groupby("authority_code")["children"].transform("sum")
    known = numbers.dropna().index
    at = np.array([-3.0, 0.0])
    for _ in range(60):
        rate = expit(at[0] + at[1] * areas["z"])
        parts = pd.DataFrame({"mean": rate, "a": rate * (1 - rate), "b": rate * (1 - rate) * areas["z"]})
        sums = parts.mul(weight, axis=0).groupby(areas["authority_code"]).sum().loc[known]
        design = sums[["a", "b"]].div(sums["mean"], axis=0)
        offset = np.log(sums["mean"] * answer.people[known]) - design.to_numpy() @ at
        fitted = sm.GLM(numbers[known], design, family=sm.families.Poisson(), offset=offset).fit(scale="X2")
        step, at = np.abs(fitted.params.to_numpy() - at).max(), fitted.params.to_numpy()
        if step < 1e-11:
            break
    return at, fitted.cov_params().to_numpy(), fitted.scale, fitted.fittedvalues


@pytest.mark.parametrize(
    ("outcome", "year", "vintage", "basis"),
    [
        ("children in need", 2025, "2025", "imd"),
        ("looked after", 2021, "2019", "imd"),
        ("plans", 2025, "2025", "idaci"),
        ("good level of development", 2025, "2025", "imd"),
    ],
)
def test_the_national_fit_is_that_of_statsmodels(outcome, year, vintage, basis):
    answer = england(outcome, year, vintage, basis)
    coefficients, covariance, dispersion, expected = by_statsmodels(answer)
    assert answer.fit.coefficients == pytest.approx(coefficients, rel=1e-6)
    assert answer.fit.covariance == pytest.approx(covariance, rel=1e-6)
    assert answer.fit.dispersion == pytest.approx(dispersion, rel=1e-6)
    numbers = answer.known["expected"]
    if not answer.problem.outcome.counted:
        numbers = numbers * answer.people[numbers.index] / answer.problem.outcome.per
    assert numbers.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-6)


def test_a_curve_that_is_known_is_found_again():
    areas = national_areas("2025", "imd")
    people = pd.Series(authorities()["children_mid2024"].astype(float))
    made = people * areas.by_authority(expit(-4 + 1.5 * areas.position))
    fit = fit_national(made, people, areas)
    assert fit.coefficients == pytest.approx([-4, 1.5], abs=1e-9)
    most, least = expit(-4 + 1.5 * np.array([0.95, 0.05]))
    assert fit.gradient[0] == pytest.approx(most / least)
    assert fit.dispersion == pytest.approx(0, abs=1e-12)


def test_published_totals_and_all_authorities():
    need, plans = england("children in need", 2025), england("child protection plans", 2025)
    assert need.table["observed"].sum() == 402_398
    assert plans.table["observed"].sum() == 49_411
    for answer in (need, plans):
        assert list(answer.table.index) == list(authorities().index)
        assert len(answer.table) == 153
        assert answer.table["expected"].notna().all()
    assert need.fit.fitted == 153
    assert need.table.loc[[BARNSLEY, SHEFFIELD], "observed"].notna().all()


def test_suppressed_is_missing_not_nought():
    plans = england("child protection plans", 2025)
    assert plans.missing == ["Isles of Scilly", "City of London"]
    assert plans.table.loc[[SCILLY, CITY], ["observed", "ratio", "low", "high"]].isna().all(axis=None)
    assert plans.fit.fitted == 151
    notes = " ".join(benchmark_notes(plans, read_place("leeds")))
    assert "Isles of Scilly and City of London (2 of 153" in notes
    assert "missing, not nought" in notes
    alone = replace(plans.problem, members=(CITY,))
    assert "Nothing is published" in benchmark_sentence(answer_benchmark(alone), read_place("city-of-london"))


def test_wirral_looked_after_in_2021():
    place = read_place("wirral")
    answer = answer_benchmark(benchmark_problem(place, "looked after", 2021))
    (row,) = answer.members.to_dict("records")
    assert answer.problem.vintage == "2019"
    assert row["observed"] == 826
    assert row["ratio"] == pytest.approx(1.48, abs=0.01)
    assert row["low"] < row["ratio"] < row["high"]
    assert "**1.47 times** (95% interval 1.34 to 1.62)" in benchmark_sentence(answer, place)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.key)
def test_every_outcome_is_compared_in_its_first_and_newest_year(outcome):
    for year in (outcome_years(outcome)[0], outcome_years(outcome)[-1]):
        answer = england(outcome.name, year)
        rows = answer.known
        assert len(rows) == answer.fit.fitted >= 60
        assert (rows["low"] <= rows["ratio"]).all()
        assert (rows["ratio"] <= rows["high"]).all()
        # A Poisson fit with a constant adds up to what was observed, weighted by the slopes of the curve.
        assert rows["observed"].sum() == pytest.approx(rows["expected"].sum(), rel=0.12)
        low, high = answer.funnel.limits(rows["expected"].to_numpy(), 0.95)
        inside = ((rows["ratio"] >= low) & (rows["ratio"] <= high)).mean()
        assert 0.6 < inside <= 1


def test_every_published_outcome_is_in_the_list_or_left_out_by_name():
    held = set(read_rows("outcomes", columns=["outcome"])["outcome"])
    money = {name for name in held if name.startswith("net current expenditure")}
    assert held - money - NO_OUTCOME == {outcome.name for outcome in OUTCOMES}


def test_a_counts_interval_is_exact_where_the_fit_is_certain():
    answer = england("children in need", 2025)
    row = answer.table.loc[SCILLY]
    assert row["observed"] == 16
    low, high = chi2.ppf(0.025, 32) / 2, chi2.ppf(0.975, 34) / 2
    error = 1.959964 * answer.fit.log_error[answer.table.index.get_loc(SCILLY)]
    assert row["low"] == pytest.approx(16 / row["expected"] * np.exp(-np.hypot(np.log(16 / low), error)))
    assert row["high"] == pytest.approx(16 / row["expected"] * np.exp(np.hypot(np.log(high / 16), error)))


def test_years_without_counts_come_from_rates_and_say_so():
    values = outcome_values(find_outcome("looked after"))
    assert list(values) == list(range(2016, 2026))
    children = children_of(2016)[0]
    wirral = "E08000015"
    assert values.loc[wirral, 2016] == round(99 * children[wirral] / 10_000)
    answer = england("looked after", 2016)
    assert "published rate times the children" in " ".join(benchmark_notes(answer, read_place("leeds")))


def test_children_of_a_new_authority_move_as_the_others_did():
    children, moved = children_of(2021)
    west = "E06000062"
    assert west in moved
    raw = read_rows("outcomes", columns=["authority_code", "outcome", "year", "value"])
    raw = raw[(raw["outcome"] == CHILDREN) & raw["authority_code"].isin(authorities().index)]
    table = raw.set_index(["authority_code", "year"])["value"].unstack()  # noqa: PD010 - a cell is one row
    both = table[2020].notna() & table[2021].notna()
    expected = table.loc[west, 2021] * table.loc[both, 2020].sum() / table.loc[both, 2021].sum()
    assert children[west] == pytest.approx(expected)
    assert children_of(2025)[1] == ()


def test_the_funnel_finds_the_spread_that_was_put_in():
    random = np.random.default_rng(5)
    expected = random.uniform(200, 3000, 2000)
    true = (1 + 0.1 * random.standard_normal(2000)) ** 2
    funnel = overdispersed(random.poisson(expected * true) / expected, expected, counted=True)
    # Winsorising takes away some of the spread, more the less the sizes differ.
    assert 0.07 < funnel.between < 0.105
    pure = overdispersed(random.poisson(expected) / expected, expected, counted=True)
    assert pure.between < 0.005
    low, high = pure.limits(np.array([400.0]), 0.95)
    assert (low[0], high[0]) == pytest.approx((1 - 2 / 20.4, 1 + 2 / 20.4), abs=0.01)


def test_ten_neighbours_and_none_of_several_together():
    leeds = answer_benchmark(benchmark_problem(read_place("leeds"), "children in need"))
    assert sorted(leeds.table["neighbour"].dropna()) == list(range(1, 11))
    both = answer_benchmark(benchmark_problem(read_place("leeds,bradford"), "children in need"))
    assert both.table["neighbour"].isna().all()
    assert both.whole["observed"] == both.members["observed"].sum()
    assert both.whole["ratio"] == pytest.approx(
        both.members["observed"].sum() / both.members["expected"].sum()
    )
    assert both.whole["low"] < both.whole["ratio"] < both.whole["high"]


def test_a_district_is_shown_its_county_and_told_so():
    place = read_place("dartford")
    assert not is_whole(place)
    answer = answer_benchmark(benchmark_problem(place, "children in need"))
    assert list(answer.members["authority_name"]) == ["Kent"]
    assert benchmark_sentence(answer, place).startswith("Published for Kent, not for Dartford alone.")
    with pytest.raises(HubreachError, match="Open Kent"):
        observed_pyramid(estimate_need(place))


def test_the_trend_is_each_years_own_answer_on_one_edition():
    answer = answer_benchmark(benchmark_problem(read_place("wirral"), "looked after", 2021))
    years = trend(answer)
    assert set(years["year"]) == set(range(2016, 2026))
    assert years.index.nunique() == 11
    own = years[years.index == "E08000015"].set_index("year")
    assert own.loc[2021, "ratio"] == answer.members["ratio"].iloc[0]
    other = answer_benchmark(replace(answer.problem, year=2024))
    assert own.loc[2024, "ratio"] == other.members["ratio"].iloc[0]


def test_where_an_authority_stands_follows_the_limits():
    answer = england("children in need", 2025)
    for code, row in answer.known.iterrows():
        low, high = answer.funnel.limits(np.array([row["expected"]]), 0.95)
        inside = low[0] <= row["ratio"] <= high[0]
        assert (standing(answer, code) == "inside") == inside


def test_the_pyramid_has_observed_numbers_beside_the_tiers():
    steps = observed_pyramid(estimate_need(read_place("wirral")))
    assert list(steps["kind"]) == ["modelled"] * 2 + ["observed"] * 4
    assert steps.loc["looked-after", "children"] == 681
    assert steps.loc["early_help", "low"] < steps.loc["early_help", "children"]
    assert steps["expected"].notna().sum() == 4


def test_the_edition_is_the_nearest():
    assert [nearest_vintage(year) for year in (2013, 2021, 2022, 2023, 2025)] == [
        *("2019", "2019", "2019"),
        *("2025", "2025"),
    ]


@pytest.mark.parametrize(
    ("outcome", "year", "said"),
    [
        ("wizardry", None, "is not known"),
        ("good", None, "may be several"),
        ("plans", 1999, "Choose from 2013"),
    ],
)
def test_what_is_not_published_is_one_clear_message(outcome, year, said):
    with pytest.raises(HubreachError, match=said):
        benchmark_problem(read_place("leeds"), outcome, year)


def test_the_command_tells_rows_on_one_stream_and_words_on_the_other():
    answer = CliRunner().invoke(
        app, ["benchmark", "wirral", "--outcome", "children in need", "--format", "csv"]
    )
    assert answer.exit_code == 0, answer.output
    lines = answer.stdout.splitlines()
    assert len(lines) == 154
    assert sum(not line.endswith(",") for line in lines[1:]) == 10
    assert "What high can mean" in answer.stderr
    refused = CliRunner().invoke(app, ["benchmark", "wirral", "--list", "--year", "2021"])
    assert refused.exit_code == 2


def test_a_fitted_gradient_stays_marked_through_address_command_and_manifest():
    place = read_place("wirral")
    code = "looked-after:2021:imd:2019:5.5"
    settings = with_tiers(default_settings(place), {}, {"specialist": 5.5}, {"specialist": code})
    scenario = Scenario("wirral").with_need(place, settings)
    assert Scenario.from_manifest(scenario.manifest()).need_settings(place) == settings
    assert Scenario.from_address(place, scenario.address(place)).need_settings(place) == settings
    assert f"specialist={code}" in scenario.options(place)
    assert (
        "children looked after at 31 March 2021"
        in parameter_log(place, settings).loc["specialist_gradient", "source"]
    )
    moved = with_tiers(settings, {}, {"specialist": 6})
    assert moved.gradients_from == ()
    printed = CliRunner().invoke(
        app, ["need", "wirral", "--gradient", f"specialist={code}", "--format", "csv"]
    )
    assert printed.exit_code == 0, printed.output
    assert "fitted between authorities on children looked after" in printed.stderr

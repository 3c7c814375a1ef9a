"""Several places beside each other: by their own tiers, and on one curve for all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.benchmark.beside import england_children, settings_on_national_curve, tiers_on_one_curve
from analysis.benchmark.tables import beside_table, places_beside
from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.places.manifest import Tier
from analysis.scenario.need_settings import default_settings


def test_each_by_its_own_tiers_has_the_prevalence(small_place, real_places):
    places = [small_place, real_places["wirral"]]
    table = places_beside([estimate_need(place) for place in places])
    assert table.loc["sampleton", "children"] == 600
    assert table.loc["sampleton", "early_help_children"] == 150
    assert table.loc["sampleton", "early_help_rate_per_1000"] == 250
    # Three of the made-up place's six areas of 100 children are at position 0.95.
    assert table.loc["sampleton", "most_deprived_share"] == 0.5
    assert table.loc["wirral", "early_help_rate_per_1000"] == pytest.approx(150, abs=0.1)


def test_on_the_national_curve_the_prevalence_holds_for_england(real_places):
    places = list(real_places.values())
    own = settings_on_national_curve(places, default_settings(places[0]))
    estimates = [estimate_need(place, own[place.slug]) for place in places]
    table = places_beside(estimates)
    tiers = estimates[0].settings.tiers
    children, position = england_children(estimates[0].settings.vintage)
    assert len(children) == 33_755
    curves = np.array([[e.curves["early_help"].a, e.curves["early_help"].b] for e in estimates])
    assert np.ptp(curves, axis=0).max() < 1e-6
    national = children @ estimates[0].curves["early_help"].rate(position) / children.sum()
    assert national == pytest.approx(0.15, abs=1e-9)
    assert len({tier.gradient for tier in tiers if tier.key == "early_help"}) == 1
    # More children in deprived neighbourhoods, a higher rate: the order of the four is the same.
    by_rate = table.sort_values("early_help_rate_per_1000").index
    assert by_rate[0] == table["most_deprived_share"].idxmin()
    shown = beside_table(estimates)
    assert list(shown.columns[:3]) == ["Children", "In the most deprived fifth", "Early help"]
    assert shown["Early help"].iloc[0].count(" to ") == 1


def test_what_cannot_hold_together_is_one_message():
    tier = Tier(key="a", name="A", prevalence=0.9, gradient=50)
    with pytest.raises(HubreachError, match="cannot hold together"):
        tiers_on_one_curve({"x": np.array([100.0])}, {"x": np.array([0.02])}, [tier])


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(1, 500), st.floats(0.01, 0.99)),
        min_size=2,
        max_size=12,
        unique_by=lambda row: row[1],
    ),
    st.floats(0.01, 0.2),
)
def test_places_on_one_curve_add_up(areas, prevalence):
    tier = Tier(key="a", name="A", prevalence=prevalence, gradient=3)
    half = len(areas) // 2
    parts = {"x": areas[:half], "y": areas[half:]}
    children = {key: np.array([float(row[0]) for row in rows]) for key, rows in parts.items()}
    position = {key: np.array([row[1] for row in rows]) for key, rows in parts.items()}
    own = tiers_on_one_curve(children, position, [tier])
    total = sum(own[key][0].prevalence * children[key].sum() for key in parts)
    assert total == pytest.approx(prevalence * sum(row[0] for row in areas), rel=1e-9)


def test_the_command_names_what_holds():
    answer = CliRunner().invoke(
        app, ["beside", "thurrock", "wirral", "--one-curve", "--format", "csv", "--draws", "100"]
    )
    assert answer.exit_code == 0, answer.output
    assert [line.split(",")[0] for line in answer.stdout.splitlines()] == ["place", "thurrock", "wirral"]
    assert "one national curve" in answer.stderr
    usual = CliRunner().invoke(app, ["beside", "thurrock", "wirral", "--format", "csv", "--draws", "100"])
    assert usual.stdout == answer.stdout
    apart = CliRunner().invoke(
        app, ["beside", "thurrock", "wirral", "--own-tiers", "--format", "csv", "--draws", "100"]
    )
    assert "by its own tiers" in apart.stderr
    assert apart.stdout != usual.stdout
    assert CliRunner().invoke(app, ["beside", "nowhere"]).exit_code == 2

"""The council's list on the other editions of the deprivation figures."""

from dataclasses import replace

import pytest

from analysis.need.estimate import estimate_need
from analysis.scenario.need_settings import default_settings
from analysis.targeting.named_areas import (
    NamedAreasProblem,
    named_areas,
    on_other_editions,
    priority_comparison,
)
from analysis.targeting.words import editions_sentence


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place)


def test_each_other_edition_is_compared_and_only_where_it_holds_the_basis(small_place, estimate):
    elsewhere = on_other_editions(estimate)
    (other,) = set(small_place.vintages) - {estimate.settings.vintage}
    assert set(elsewhere) == {other}
    direct = priority_comparison(
        estimate_need(small_place, replace(default_settings(small_place), vintage=other))
    )
    columns = ["rank", "need", "verdict"]
    assert elsewhere[other][columns].equals(direct[columns])
    # The made-up edition of 2025 publishes no IDACI.
    children = estimate_need(
        small_place, replace(default_settings(small_place), basis="idaci", vintage="2019")
    )
    assert on_other_editions(children) == {}


def test_a_changed_verdict_is_told_with_both_rates_and_an_unchanged_list_with_what_moved_most(
    small_place, estimate
):
    view = named_areas(estimate, NamedAreasProblem(top=1))
    there = view.wards.copy()
    assert "every verdict is the same." in editions_sentence(view, {"2025": there}, small_place)
    first, second = there.index[:2]
    there.loc[[first, second], "rank"] = [2, 1]
    said = editions_sentence(view, {"2025": there}, small_place)
    assert "every verdict is the same; most moved: " in said
    there.loc[first, ["verdict", "rate_per_1000"]] = ["missed", 99.0]
    said = editions_sentence(view, {"2025": there}, small_place)
    rate = f"{view.wards.loc[first, 'rate_per_1000']:.0f} here"
    assert (
        f"{view.wards.loc[first, 'area_name']} is 2nd, not 1st (named, lower there, named, high here)" in said
    )
    assert f"(its modelled rate is 99 per 1,000 there, {rate})" in said
    assert said.startswith("On the Indices of 2025, with the same children and shares, ")

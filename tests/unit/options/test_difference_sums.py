"""The difference of two options in whole children: sentence and legend add up to everybody, side by side."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from analysis.need.estimate import estimate_need
from analysis.options.difference_view import difference_map, difference_view
from analysis.options.files import read_options
from analysis.options.reached import option_reach
from analysis.options.words import difference_sentence
from analysis.places.read import read_place
from analysis.scenario.terms import Terms

PLACES = ("thurrock", "plymouth", "wirral", "medway")


@pytest.mark.parametrize("slug", PLACES)
def test_the_sentence_and_the_legend_add_up_to_every_child(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On points, where children of an outcome are fractions.
    monkeypatch.delenv("HUBREACH_PLACES")
    place = read_place(slug)
    estimate = estimate_need(place)
    reaches = [option_reach(estimate, option, Terms(20)) for option in read_options(slug)[0].values()]
    assert len(reaches) > 1
    for before, after in combinations(reaches, 2):
        view = difference_view(before, after)
        assert view.children.sum() == place.children
        said = difference_sentence(view)
        if "nothing changes" in said:
            continue
        assert f"of {place.children:,} children lose" in said
        lost, gained, same = (
            int(re.search(pattern, said)[1].replace(",", ""))
            for pattern in (
                r"\*\*([\d,]+)\*\* of [\d,]+ children lose",
                r"\*\*([\d,]+)\*\* gain",
                r"([\d,]+) are unchanged",
            )
        )
        assert lost + gained + same == place.children
        counts = [
            int(row[2].replace(",", "")) for row in difference_map(view, "lsoa", "", "").sheet.legend.rows
        ]
        assert sum(counts) == place.children
        if abs(sum(counts[:2]) - lost) <= 2:
            assert (sum(counts[:2]), counts[2], sum(counts[3:])) == (lost, same, gained)

"""One figure has one rounding: no page shows an estimate to the child where its sentence has it to the nearest ten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.need.estimate import estimate_need
from analysis.places.place import sum_by
from analysis.places.read import read_place
from analysis.report.assembly import build_pack
from analysis.report.content import Paragraph, Table
from analysis.report.manifest import PackRequest
from analysis.scenario.scenario import Scenario
from tests.pages.conftest import OpenPage
from tests.pages.test_reach import expected_view

PLACE = "wirral"
# A smaller number could be one of children, or minutes, by chance.
LEAST = 400
NUMBER = re.compile(r"(?<![\d,.])\d[\d,]*(?![\d,]*[\d.]\d)")
DRAWN = ("text", "hovertext", "hovertemplate", "customdata")
VIEWS = [
    ("home", {}),
    ("figures", {"area": "Seacombe"}),
    *(("need", {"need_part": part}) for part in ("The pyramid", "Families", "All figures")),
    ("need", {"need_part": "On other deprivation figures", "area": "Seacombe"}),
    *(("reach", {"reach_part": part}) for part in ("How many", "Each site", "Capacity", "A ward's view")),
    ("reach", {"covered": "Wards", "ward": "Seacombe"}),
    *(("targeting", {"look": look}) for look in ("Smallest set", "Named areas", "Own index", "Hot spots")),
    ("sites", {}),
    ("siting", {}),
    ("options", {}),
    ("benchmark", {"benchmark_part": "The pyramid, observed and modelled"}),
]


@cache
def exact_estimates() -> frozenset[str]:
    """Estimates of the place and its wards to the child, unless that is the rounding or also a number of children."""
    place = read_place(PLACE)
    need, view = estimate_need(place), expected_view(PLACE)
    tables = [need.tier_table("ward", key) for key in need.tier_keys]
    estimates = [table[name] for table in tables for name in ("need", "low", "high")]
    estimates += [
        view.summary.loc[list(need.tier_keys), name] for name in ("total", "covered", "low", "high")
    ]
    ages = [name for name in place.areas if str(name).startswith("children")]
    wards, reached = sum_by(place, place.areas[ages], "ward"), view.by("ward")
    counted = [*(wards[name] for name in ages), reached["children_covered"], reached["under_fives_covered"]]
    counted += [view.site_table[f"{who}_within"] for who in ("children", "under_fives")]
    counted.append(view.site_table["children_unique"])
    numbers = {round(each) for each in pd.concat(estimates)} - {round(each) for each in pd.concat(counted)}
    return frozenset(f"{each:,}" for each in numbers if each >= LEAST and each % 10)


def drawn_words(drawn: Any, key: str = "") -> Iterator[str]:
    """Words that a chart shows or tells."""
    if isinstance(drawn, dict):
        for name, value in drawn.items():
            yield from drawn_words(value, name)
    elif isinstance(drawn, list):
        for value in drawn:
            yield from drawn_words(value, key)
    elif isinstance(drawn, str) and key in DRAWN:
        yield drawn


def shown_words(app: AppTest) -> Iterator[str]:
    """Every text, metric, cell and word of a chart on a page."""
    for kind in ("markdown", "caption", "info", "warning", "success"):
        yield from (str(each.value) for each in getattr(app, kind))
    yield from (f"{each.value} {each.delta}" for each in app.metric)
    for frame in app.dataframe:
        for cell in frame.value.to_numpy(object).ravel():
            yield f"{cell:,.0f}" if isinstance(cell, int | float) else str(cell)
    yield from (cell for table in app.table for cell in table.value.to_csv().splitlines())
    for chart in app.get("plotly_chart"):
        yield from drawn_words(json.loads(chart.proto.spec))


@pytest.mark.parametrize(("page", "asked"), VIEWS)
def test_no_page_shows_an_estimate_in_two_roundings(
    run_page: OpenPage, page: str, asked: dict[str, str]
) -> None:
    app = run_page(page, place=PLACE, **asked)
    assert not app.exception
    shown = {number for words in shown_words(app) for number in NUMBER.findall(words)}
    assert len(exact_estimates()) > 20
    assert sorted(shown & exact_estimates()) == []


def test_no_pack_shows_an_estimate_in_two_roundings() -> None:
    request = PackRequest(Scenario(PLACE), ("need", "targeting", "reach", "siting"))
    shown: set[str] = set()
    for _, block in build_pack(request).blocks():
        words = [cell for row in block.rows() for cell in row] if isinstance(block, Table) else []
        words += [block.text] if isinstance(block, Paragraph) else []
        shown |= {number for each in words for number in NUMBER.findall(each)}
    assert len(shown) > 50
    assert sorted(shown & exact_estimates()) == []

"""Need and targeting: the same numbers on the page, by command, in a pack and in the hall, without any option."""

from __future__ import annotations

import io
from functools import cache

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.render.estimates import rounded_estimates
from analysis.report.assembly import build_pack
from analysis.report.content import Pack, Paragraph, Table
from analysis.report.manifest import PackRequest
from analysis.scenario.scenario import Scenario
from analysis.workshop.step_maps import need_step
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer

HOT_SPOTS = {"medway": 17, "plymouth": 8, "thurrock": 4, "wirral": 30}


def command(*words: str) -> pd.DataFrame:
    """What a command prints, by area code."""
    result = CliRunner().invoke(app, [*words, "--format", "csv"])
    assert result.exit_code == 0, result.output
    return pd.read_csv(io.StringIO(result.stdout), index_col=0, keep_default_na=False)


@cache
def pack_of(slug: str) -> Pack:
    """A pack on need and targeting as the place has it."""
    return build_pack(PackRequest(Scenario(slug), ("need", "targeting")))


def numbers(slug: str, key: str) -> pd.DataFrame:
    """What is behind a chart, map or table of the pack."""
    block = next(block for _, block in pack_of(slug).blocks() if getattr(block, "key", "") == key)
    return block.data if isinstance(block, Table) else block.numbers


def paragraph(slug: str, key: str) -> str:
    """A paragraph of the pack."""
    blocks = (block for _, block in pack_of(slug).blocks())
    return next(block.text for block in blocks if isinstance(block, Paragraph) and block.key == key)


def shown(page: AppTest, column: str) -> pd.DataFrame:
    """The table of the page that has a column."""
    assert not page.exception
    return next(table.value for table in page.dataframe if column in table.value)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_need(slug: str, run_page: OpenPage) -> None:
    page = run_page("need", place=slug, need_part="All figures")
    printed = command("need", slug)
    # The page shows what the command prints as sentences round it.
    rounded = rounded_estimates(printed, estimate_need(read_place(slug)).tier_keys)
    pd.testing.assert_frame_equal(shown(page, "early_help_children"), rounded, check_dtype=False)
    pd.testing.assert_frame_equal(numbers(slug, "table early_help ward"), printed, check_dtype=False)
    said = answer(page)
    assert said == paragraph(slug, "need.answer") == answer(run_page("home", place=slug))
    assert said == need_step(estimate_need(read_place(slug)), {}).message
    whole = command("need", slug, "--by", "place").iloc[0]
    low, high = (round(int(whole[f"early_help_{end}"]), -1) for end in ("low", "high"))
    assert f"**{round(int(whole['early_help_children']), -1):,} ({low:,} to {high:,})**" in said


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_the_smallest_set(slug: str, run_page: OpenPage) -> None:
    page = run_page("targeting", place=slug)
    printed = command("target", slug)
    tables = (shown(page, "in_set"), rounded_estimates(printed)), (numbers(slug, "set"), printed)
    for table, expected in tables:
        inside = table[table["in_set"] == "✓ in"]
        assert list(inside.index) == list(printed.index)
        assert list(inside["value"]) == list(expected["need"])
        assert list(inside["p_top"]) == pytest.approx(100 * printed["p_top"])
    assert answer(page).startswith(paragraph(slug, "targeting.answer"))


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_hot_spots(slug: str, run_page: OpenPage) -> None:
    page = run_page("targeting", place=slug, look="hot")
    printed = command("target", slug, "--show", "hot-spots")
    hot = set(printed.index[printed["kind"] == "high-high"])
    assert len(hot) == HOT_SPOTS[slug]
    for table in (shown(page, "kind_words"), numbers(slug, "map hot spots")):
        assert set(table.index[table["kind_words"].str.startswith("▲")]) == hot
        assert table["p_value"].to_dict() == pytest.approx(printed["p_value"].to_dict(), abs=1e-4)
    assert answer(page) == paragraph(slug, "targeting.hot")


def test_named_areas(run_page: OpenPage) -> None:
    page = run_page("targeting", place="thurrock", look="named")
    printed = command("target", "thurrock", "--show", "priority")
    assert printed["verdict"].value_counts()["found"] == 7
    kept = numbers("thurrock", "named areas").drop(columns=["fill", "sign"], errors="ignore")
    pd.testing.assert_frame_equal(kept.round(4), printed, check_dtype=False)
    parts = command("target", "thurrock", "--show", "parts")
    table = shown(page, "priority_area")
    assert list(table.index[table["inside"] == "✓ meant"]) == list(parts.index[parts["inside"]])
    assert answer(page) == paragraph("thurrock", "targeting.named")


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_the_own_index(slug: str, run_page: OpenPage) -> None:
    page = run_page("targeting", place=slug, look="index")
    printed = command("target", slug, "--show", "composite")
    table = shown(page, "composite")
    assert table["rank"].to_dict() == printed["rank"].to_dict()
    assert table["p_top"].to_dict() == pytest.approx((100 * printed["p_top"]).to_dict(), abs=0.05)

"""The map's measures of reach and its card: the same on the page, by command and in the room's own answer."""

from __future__ import annotations

import io

import pandas as pd
from typer.testing import CliRunner

from analysis.benchmark.indicator_words import ESTIMATED_NUMBER
from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach
from analysis.reach.area_tables import area_card
from analysis.reach.measures import MEASURES, answer_look
from analysis.render.estimates import rounded_estimates
from analysis.scenario.terms import Terms
from tests.pages.conftest import OpenPage

WARD = "E05012634"


def command(*words: str) -> pd.DataFrame:
    result = CliRunner().invoke(app, [*words, "--format", "csv"])
    assert result.exit_code == 0, result.output
    return pd.read_csv(io.StringIO(result.stdout), index_col=0, keep_default_na=False, na_values=[""])


def test_measures_of_reach_and_the_card(run_page: OpenPage) -> None:
    terms = Terms(minutes=15, mode="cycle", tier="specialist")
    view = answer_reach(estimate_need(read_place("rutland")), terms)
    options = ["--minutes", "15", "--mode", "cycle", "--weight", "specialist"]
    link = {"place": "rutland", "minutes": "15", "mode": "cycle", "tier": "specialist", "area": WARD}
    page = run_page("figures", figure=MEASURES[0], **link)
    for key in MEASURES:
        expected = answer_look(view, key, "ward").table["value"].round(4)
        printed = command("data", "rutland", "--indicator", key, *options)["value"]
        pd.testing.assert_series_equal(printed, expected, check_dtype=False)
        page.selectbox(key="figure").set_value(key).run()
        assert not page.exception
        shown = next(table.value for table in page.dataframe if "value" in table.value)["value"]
        if answer_look(view, key, "ward").indicator.unit == ESTIMATED_NUMBER:
            # The page shows estimates as sentences round them.
            expected = rounded_estimates(expected.to_frame(), ranges=["value"])["value"]
        pd.testing.assert_series_equal(shown, expected, check_dtype=False, check_names=False)
        assert any(
            view.line.replace("(", "\\(").replace(")", "\\)") in str(line.value) for line in page.caption
        )
    card = area_card(view, "ward", WARD)
    assert command("area", "rutland", WARD, *options)["said"].tolist() == card["said"].tolist()
    drawn = next(str(each.value) for each in page.get("html") if "hr-card" in str(each.value))
    assert all(f"<b>{said}</b>" in drawn for said in card["said"])

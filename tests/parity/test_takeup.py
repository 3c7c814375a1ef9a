"""Take-up against need: the same numbers and words on the page, by command and in the library."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.commissioning.takeup import answer_takeup, read_users
from analysis.commissioning.takeup_words import takeup_sentence
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.render.estimates import rounded_estimates
from analysis.report.content import unmarked
from analysis.scenario.terms import Terms
from tests.pages.conftest import OpenPage, answer
from tests.pages.test_commissioning import upload


@pytest.mark.parametrize("slug", ["thurrock", "rutland"])
def test_takeup(slug: str, run_page: OpenPage, tmp_path: Path) -> None:
    place = open_place(slug)
    lines = [f"{code},{3 + number % 17}" for number, code in enumerate(place.areas.index)]
    file = tmp_path / "users.csv"
    file.write_text("\n".join(["lsoa_code,users aged 0-4", *lines, "unknown,6"]))
    found = answer_takeup(read_users(file, place), estimate_need(place), Terms(ages="0-4"))

    page = run_page("commissioning", place=slug, view="takeup")
    upload(page, "users-upload", "users.csv", file.read_text())
    assert not page.error
    assert not page.exception
    assert answer(page) == takeup_sentence(found)
    for by in ("lsoa", "ward", "decile"):
        page.segmented_control(key="users-by").set_value(by).run()
        shown = next(table.value for table in page.dataframe if "could_be_reached" in table.value)
        result = CliRunner().invoke(
            app, ["takeup", slug, "--users", str(file), "--by", by, "--format", "csv"]
        )
        assert result.exit_code == 0, result.output
        printed = pd.read_csv(io.StringIO(result.stdout), index_col=0, dtype={"area_code": str})
        assert unmarked(takeup_sentence(found)) in result.stderr
        rounded = rounded_estimates(found.tables[by], ranges=("not_reached", "could_be_reached"))
        for table, expected in ((shown, rounded), (printed, found.tables[by])):
            pd.testing.assert_frame_equal(table, expected, check_dtype=False, check_index_type=False)

"""A projection: the same on the page, by command and in the library."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.need.estimate import estimate_need
from analysis.need.opening import open_place
from analysis.reach.growth import growth_notes, growth_table, read_growth
from tests.pages.conftest import OpenPage


def test_growth(run_page: OpenPage, tmp_path: Path) -> None:
    place = open_place("rutland")
    wards = place.names("ward")
    lines = [f"{code},{100 + n},{110 + 3 * n}" for n, code in enumerate(wards.index)]
    file = tmp_path / "growth.csv"
    file.write_text("\n".join(["ward_code,2024,2031", *lines]))
    growth = read_growth(file, place)
    found = growth_table(estimate_need(place), growth, 2031)

    result = CliRunner().invoke(app, ["growth", "rutland", "--table", str(file), "--format", "csv"])
    assert result.exit_code == 0, result.output
    printed = pd.read_csv(io.StringIO(result.stdout), index_col=0)
    pd.testing.assert_frame_equal(printed, found, check_dtype=False)
    assert growth_notes(growth, 2031)[0] in result.stderr

    page = run_page("need", place="rutland", need_part="In a future year")
    page.file_uploader(key="growth-rutland").upload("growth.csv", file.read_bytes())
    page.run()
    assert not page.exception
    assert not page.error
    shown = next(table.value for table in page.dataframe if "children_then" in table.value)
    # A table on a page has its estimates to the nearest 10; what is counted is exact.
    counted = ["children_now", "children_then", "change"]
    pd.testing.assert_frame_equal(shown[counted], found[counted], check_dtype=False)
    pd.testing.assert_frame_equal(shown, found, check_dtype=False, atol=5.1)
    wrong = CliRunner().invoke(app, ["growth", "rutland", "--table", str(file), "--year", "2050"])
    assert wrong.exit_code == 2
    assert "Choose from 2031" in wrong.stderr

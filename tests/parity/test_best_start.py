"""The siting test of Best Start: the same on the page, by command and in the library."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.commissioning.returns import read_return
from analysis.need.opening import open_place
from analysis.options.best_start import denominators, siting_test
from analysis.options.best_start_words import best_start_sentence
from analysis.options.files import read_options
from analysis.report.content import unmarked
from tests.pages.conftest import OpenPage, answer


@pytest.mark.parametrize("slug", ["wirral", "rutland"])
def test_best_start(slug: str, run_page: OpenPage) -> None:
    place = open_place(slug)
    found = siting_test(place, read_options(slug)[0])
    page = run_page("options", place=slug, aspect="best-start", options=list(found.table.index))
    assert not page.exception
    assert not page.error
    assert answer(page) == best_start_sentence(found)
    for show, column, table in (
        ("test", "wards_without", found.table),
        ("sites", "ward_name", found.sites),
        ("denominators", "decile_name", denominators(place)),
    ):
        result = CliRunner().invoke(app, ["best-start", slug, "--show", show, "--format", "csv"])
        assert result.exit_code == 0, result.output
        text = {"idaci_decile": str, "postcode": str}
        printed = pd.read_csv(io.StringIO(result.stdout), index_col=0, dtype=text, keep_default_na=False)
        shown = next(each.value for each in page.dataframe if column in each.value)
        for other in (printed, shown):
            pd.testing.assert_frame_equal(other, table, check_dtype=False, check_index_type=False)
        if show != "denominators":
            assert unmarked(best_start_sentence(found)) in result.stderr


def test_faults_of_a_return(run_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "return.csv"
    file.write_text("service,total_users,decile_1,decile_2\nPlay,10,8,8\nTalk,,3,\n")
    found = read_return(file, open_place("rutland"))
    assert list(zip(found["row"], found["column"], strict=True)) == [(2, "decile_*"), (3, "total_users")]
    words = ["best-start", "rutland", "--show", "return", "--file", str(file), "--format", "csv"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    page = run_page("options", place="rutland", aspect="best-start")
    page.file_uploader(key="best-start-return-rutland").upload("return.csv", file.read_bytes())
    page.run()
    assert not page.exception
    shown = next(table.value for table in page.dataframe if "remedy" in table.value)
    for table in (shown, pd.read_csv(io.StringIO(result.stdout))):
        pd.testing.assert_frame_equal(table, found, check_dtype=False)

"""An error that nobody foresaw: a number for whoever sees it, the story for whoever runs the server."""

import re
import sys

import pytest
from streamlit.testing.v1 import AppTest

from analysis.base import unforeseen
from analysis.base.unforeseen import error_log_path, keep_story


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    return tmp_path


def failed(words):
    try:
        return {}[words]
    except KeyError as error:
        return error


def page_that_fails():
    from pages.shared.unforeseen import tell

    try:
        {}["the inside of the house"]
    except KeyError as error:
        tell(error)


def test_a_page_shows_a_number_and_the_log_holds_its_story(data_folder, monkeypatch):
    # The script becomes the main module, and workers that other tests start would run it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    app = AppTest.from_function(page_that_fails).run()
    said = app.error[0].value
    number = re.search(r"error (\d{6})\)", said).group(1)
    assert not app.exception
    assert "inside of the house" not in said
    story = error_log_path().read_text("utf-8")
    assert data_folder in error_log_path().parents
    assert f"Error {number}\nTraceback" in story
    assert "the inside of the house" in story


def test_the_log_begins_anew_when_it_is_full_and_a_folder_that_cannot_be_written_is_no_second_error(
    data_folder, monkeypatch, caplog
):
    monkeypatch.setattr(unforeseen, "MOST_BYTES", 2_000)
    for _ in range(80):
        keep_story(failed("full"))
    kept = sorted(path.name for path in error_log_path().parent.iterdir())
    assert kept == ["errors.log", *(f"errors.log.{older}" for older in range(1, unforeseen.OLDER_FILES + 1))]
    assert all(path.stat().st_size <= 2_000 for path in error_log_path().parent.iterdir())
    (data_folder / "file").touch()
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(data_folder / "file"))
    number = keep_story(failed("nowhere to go"))
    assert f"Error {number}" in caplog.text
    assert "nowhere to go" in caplog.text

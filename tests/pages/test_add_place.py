"""Adding a place without a browser: preview first, one box for faults, headings asked for, then saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analysis.places.read import read_place
from tests.pages.conftest import OpenPage, answer, labelled
from tests.unit.intake.conftest import (
    ALDERTON,
    OLDER,
    Country,
    country,
    own_data,
    wards,
    write_official,
)

__all__ = ["country", "own_data"]


def fill(app, held: Country, *, boundaries: Path | None = None, lookup: Path | None = None):
    app.text_input(key="add_place_name").set_value("Alderton")
    app.text_input(key="add_place_authority").set_value(ALDERTON)
    given = [held.file7_2019, lookup or held.wards_2011]
    app.file_uploader(key="add_place_tables").set_value([(p.name, p.read_bytes(), "text/csv") for p in given])
    shapes = boundaries or held.boundaries_2011
    app.file_uploader(key="add_place_boundaries").set_value(
        (shapes.name, shapes.read_bytes(), "application/x")
    )
    return app


def submit(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


@pytest.mark.usefixtures("own_data")
def test_the_page_asks_and_saves_nothing_by_itself(run_page: OpenPage, own_data: Path) -> None:
    app = run_page("add", place="thurrock")
    assert not app.exception
    assert app.title[0].value == "Add an authority"
    assert "Nothing is saved before you have seen what was found" in answer(app)
    submit(app, "Check files")
    assert "Give an authority" in app.info[0].value
    assert not (own_data / "places" / "alderton").exists()


def test_files_are_previewed_and_then_saved(run_page: OpenPage, country: Country, own_data: Path) -> None:
    app = submit(fill(run_page("add", place="thurrock"), country), "Check files")
    assert not app.error
    assert any("4 small areas" in text.value for text in app.markdown)
    assert not (own_data / "places" / "alderton").exists()
    app.button(key="add_place_save").click().run()
    assert "Alderton is there" in app.success[0].value
    assert read_place("alderton").children == 1000


def test_broken_files_are_one_box(
    run_page: OpenPage, country: Country, own_data: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "bad.geojson"
    broken.write_bytes(b'{"type": "FeatureCollection", "features": ' + b"[" * 5000)
    app = submit(fill(run_page("add", place="thurrock"), country, boundaries=broken), "Check files")
    assert not app.exception
    assert len(app.error) == 1
    assert "nested more than 64 deep" in app.error[0].value


def patch(app: AppTest) -> Any:
    (place,) = (expander for expander in app.expander if "zones.csv" in expander.label)
    return labelled(place.selectbox, "Code of the ward")


def test_headings_that_are_not_known_are_said_on_the_page_and_can_be_taken_back(
    run_page: OpenPage, country: Country, own_data: Path, tmp_path: Path
) -> None:
    zones = write_official(
        wards(OLDER, "11", "19").rename(columns={"WD19CD": "Patch"}), tmp_path / "zones.csv"
    )
    app = submit(fill(run_page("add", place="thurrock"), country, lookup=zones), "Check files")
    assert "no lookup of wards" in app.error[0].value
    patch(app).select("Patch")
    app = app.button(key="add_place_again").click().run()
    assert not app.error
    assert any("4 small areas" in text.value for text in app.markdown)
    labelled(app.button, "Forget these columns").click().run()
    assert patch(app).value == "(as recognised)"
    app = app.button(key="add_place_again").click().run()
    assert "no lookup of wards" in app.error[0].value
    assert not (own_data / "column_mappings.json").exists()

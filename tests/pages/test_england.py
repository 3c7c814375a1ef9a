"""England without a browser: which command makes a file, ranked authorities, questions that only read."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from analysis.national.files import national_folder, open_national
from analysis.national.shapes import england_shapes, shapes_folder
from pages.explore.england.shapes import shape_routes
from tests.pages.conftest import OpenPage, answer
from tests.unit.national.test_england_map import file_with_shapes
from tests.unit.national.test_national_files import NEED


@pytest.fixture
def need_file(tmp_path: Path) -> Path:
    path = tmp_path / "made.parquet"
    NEED.to_parquet(path)
    return path


def test_england_opens_ranked_without_a_command_first(run_page: OpenPage) -> None:
    app = run_page("england", place="thurrock")
    assert not app.exception
    assert not app.error
    assert "**Manchester** comes first" in answer(app)
    assert len(app.dataframe[0].value) == 153
    assert any(f"--out {national_folder() / 'need.parquet'}" in code.value for code in app.code)


def test_authorities_are_ranked_found_and_asked_about(run_page: OpenPage, need_file: Path) -> None:
    national_folder().mkdir(parents=True)
    shutil.copy(need_file, national_folder() / "need.parquet")
    app = run_page("england", place="thurrock")
    assert not app.exception
    assert "**Brook <b>** comes first".replace("<b>", "\\<b\\>") in answer(app)
    assert "**one** other has a range that reaches its own" in answer(app)
    table = app.dataframe[0].value
    assert list(table["value"]) == [200, 150, 100]
    app.selectbox(key="england_need").select("early_help_children").run()
    assert list(app.dataframe[0].value["value"]) == [300, 150, 100]
    app.selectbox(key="england_ready").select("country").run()
    next(button for button in app.button if button.label == "Ask").click().run()
    assert app.dataframe[1].value.to_dict("records") == [
        {"authorities": 3, "children": 3500, "early_help": 550}
    ]
    app.text_area(key="england_sql_need_country").set_value("COPY england TO 'x.csv'")
    next(button for button in app.button if button.label == "Ask").click().run()
    assert not app.exception
    assert "is not one SELECT" in app.error[0].value


def test_a_file_that_is_none_is_one_box(run_page: OpenPage) -> None:
    app = run_page("england", place="thurrock")
    app.file_uploader(key="england_file").set_value(("x.parquet", b"PAR1nonsense", "application/x")).run()
    assert not app.exception
    assert len(app.error) == 1
    assert "no Parquet file" in app.error[0].value


def test_the_map_of_small_areas_colours_lists_and_names_the_one_that_was_clicked(
    run_page: OpenPage, tmp_path: Path
) -> None:
    national_folder().mkdir(parents=True)
    shutil.copy(file_with_shapes(tmp_path), national_folder() / "need.parquet")
    app = run_page("england", place="thurrock", england="map")
    assert not app.exception
    assert "4 small areas" in answer(app)
    assert list(app.dataframe[0].value["area_name"])[:2] == ["Three", "Two"]
    assert app.selectbox(key="small_area").disabled
    app.selectbox(key="authority").select("E2").run()
    app.selectbox(key="small_area").select("L3").run()
    assert any("300.0 (250.0 to 350.0)" in each.value for each in app.markdown)
    app.selectbox(key="authority").select("E1").run()
    assert list(app.dataframe[0].value["area_name"]) == ["Two", "One <img src=x onerror=alert(1)>"]
    # What was chosen stays, though it lies in another authority.
    assert list(app.selectbox(key="small_area").options) == [
        "Three",
        "One <img src=x onerror=alert(1)>",
        "Two",
    ]
    app.selectbox(key="england_need").select("early_help_children").run()
    assert any("**Three**" in each.value and "**30" in each.value for each in app.markdown)


def test_a_file_without_shapes_says_how_to_make_one_with_them(run_page: OpenPage, need_file: Path) -> None:
    national_folder().mkdir(parents=True)
    shutil.copy(need_file, national_folder() / "need.parquet")
    app = run_page("england", place="thurrock", england="map")
    assert not app.exception
    assert "holds no shapes" in app.info[0].value
    assert any("--boundaries LSOA" in code.value for code in app.code)


def test_a_link_opens_an_authority_and_its_small_area(run_page: OpenPage, tmp_path: Path) -> None:
    national_folder().mkdir(parents=True)
    shutil.copy(file_with_shapes(tmp_path), national_folder() / "need.parquet")
    app = run_page("england", place="thurrock", england="map", authority="Brook <b>", small_area="Three")
    assert not app.exception
    assert app.selectbox(key="authority").value == "E2"
    assert app.selectbox(key="small_area").value == "L3"
    assert any("300.0 (250.0 to 350.0)" in each.value for each in app.markdown)
    alone = run_page("england", place="thurrock", england="map", small_area="Two")
    assert alone.selectbox(key="small_area").value == "L2"
    by_code = run_page("england", place="thurrock", england="map", authority="e2", small_area="L3")
    assert (by_code.selectbox(key="authority").value, by_code.selectbox(key="small_area").value) == (
        "E2",
        "L3",
    )
    unknown = run_page("england", place="thurrock", england="map", authority="Nowhere", small_area="L9")
    assert "authority “Nowhere” and small area “L9”: not known here" in unknown.warning[0].value


def test_shapes_are_served_compressed_for_good_and_nothing_else_is(tmp_path: Path) -> None:
    shapes = england_shapes(open_national(file_with_shapes(tmp_path)))
    (tile,) = (each.name for each in shapes_folder().glob(f"{shapes.key}-*-*[0-9].json.gz"))
    picture = f"{shapes.key}-{'0' * 12}.png"
    (shapes_folder() / picture).write_bytes(b"picture")
    with TestClient(Starlette(routes=shape_routes())) as client:
        got = client.get(f"/shapes/england/{tile.removesuffix('.gz')}")
        assert got.headers["content-encoding"] == "gzip"
        assert "immutable" in got.headers["cache-control"]
        codes = [each["properties"]["code"] for each in got.json()["features"]]
        assert codes == ["", "L1", "L2", "L3", "L4"]
        names = [
            each["properties"]["name"] for each in client.get(shapes.authorities_address).json()["features"]
        ]
        assert names == ["Ash", "Brook <b>"]
        assert client.get(f"/shapes/england/{picture}").headers["content-type"] == "image/png"
        sea = client.get(f"/shapes/england/{shapes.key}-0-255.json")
        assert sea.json() == {"type": "FeatureCollection", "features": []}
        for wrong in (
            "../../etc/passwd",
            "..%2f..%2fx",
            "need.json",
            f"{'0' * 20}-127-84.json",
            f"{'0' * 20}-authorities.json",
            f"{shapes.key}.geojson",
            f"{shapes.key}-lines.geojson",
            f"{shapes.key}.npz",
            f"{shapes.key}-{'1' * 12}.png",
        ):
            assert client.get(f"/shapes/england/{wrong}").status_code == 404, wrong


def test_a_map_of_authorities_estimated_each_by_itself_does_not_rank_the_country(
    run_page: OpenPage, tmp_path: Path
) -> None:
    made = gpd.read_parquet(file_with_shapes(tmp_path))
    places = made["level"] == "place"
    made.loc[places, "early_help_children"] = (made.loc[places, "children"] * 0.15).astype(int)
    national_folder().mkdir(parents=True)
    made.to_parquet(national_folder() / "need.parquet")
    assert "not across England" in answer(run_page("england", place="thurrock", england="map"))

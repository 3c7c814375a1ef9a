"""Figures on areas of another shape: shared out by land, checked by hand, what is not known kept as not known.

The made-up place has six squares of 1 km and 100 children: A1 to A3 in a row above A4 to A6.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.intake.assemble.shapes import recognise_shapes
from analysis.intake.indicators.files import Wanted
from analysis.intake.indicators.reading import IndicatorChoices, indicator_headings, prepare_indicator
from analysis.places.place import Place


def choices(**wanted: object) -> IndicatorChoices:
    return IndicatorChoices("Referrals", "per cent", "2023", "The council", wanted=Wanted(**wanted))


def halves(place: Place, folder: Path, *, values=(10, 20), name="areas.gpkg", parts=(0.0, 1.5, 3.0)) -> Path:
    """Shapes from west to east, split where `parts` says (km from the west edge), and far beyond the place."""
    west, south, _, north = place.boundaries.to_crs(27700).total_bounds
    shapes = [
        box(west + 1000 * left, south - 5000, west + 1000 * right, north) for left, right in pairwise(parts)
    ]
    frame = gpd.GeoDataFrame({"name": ["x"] * len(shapes), "rate": values}, geometry=shapes, crs=27700)
    frame.to_file(folder / name)
    return folder / name


def held(place: Place, path: Path, chosen: IndicatorChoices) -> list[float]:
    return [round(value, 3) for value in prepare_indicator(path, place, chosen).held.table["value"]]


def test_rates_are_means_by_shared_land(small_place, tmp_path):
    path = halves(small_place, tmp_path)
    assert indicator_headings(path, small_place) == ["rate"]
    new = prepare_indicator(path, small_place, choices())
    assert list(new.held.table["value"].round(3)) == [10, 15, 20, 10, 15, 20]
    assert any("brought over by the land" in words for words in new.held.about.cautions)
    assert new.held.about.geography == "areas of their own shape"


def test_counts_are_shared_out_and_the_part_outside_stays_there(small_place, tmp_path):
    # Each half is 1.5 km by 7 km, of which 3 sq km in the place: 700 x 3 / 10.5 = 200 children of 300.
    path = halves(small_place, tmp_path, values=(700, 0))
    rates = held(small_place, path, choices(measure="count"))
    assert rates == [round(1000 * each / 100, 3) for each in (700 / 10.5, 350 / 10.5, 0) * 2]


def test_what_no_shape_covers_has_no_value(small_place, tmp_path):
    path = halves(small_place, tmp_path, values=(10,), parts=(0.0, 1.7))
    table = prepare_indicator(path, small_place, choices()).held.table
    assert list(table["value"].fillna(-1).round(3)) == [10, 10, -1, 10, 10, -1]
    assert list(table["status"]) == ["value", "value", "missing"] * 2
    cautions = prepare_indicator(path, small_place, choices()).held.about.cautions
    assert "2 LSOAs are covered in part: their values are those of the part" in cautions
    missing = halves(small_place, tmp_path, values=(10, None), name="gap.geojson")
    assert list(prepare_indicator(missing, small_place, choices()).held.table["status"])[2] == "missing"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"parts": (0.0, 2.0, 1.0)}, "lie over each other"),
        ({"parts": (40.0, 41.0, 42.0)}, "none of its shapes with a value is in this place"),
        ({"values": ("lots", "few")}, "no column of numbers"),
        ({"values": (0.5, 2)}, "is not a whole number"),
    ],
)
def test_what_cannot_be_used_is_one_message(small_place, tmp_path, change, told):
    path = halves(small_place, tmp_path, **change)
    with pytest.raises(HubreachError, match=told):
        prepare_indicator(path, small_place, choices(measure="count" if "whole" in told else "rate"))


def test_without_the_library_the_message_says_what_to_install(small_place, tmp_path, monkeypatch):
    path = halves(small_place, tmp_path)
    monkeypatch.setitem(sys.modules, "tobler.area_weighted", None)
    with pytest.raises(HubreachError, match="pip install 'hubreach\\[areal\\]'"):
        prepare_indicator(path, small_place, choices())


def test_the_command_takes_shapes_of_a_real_place(tmp_path, monkeypatch):
    from analysis.places.read import read_place

    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    place = read_place("thurrock")
    wards = place.outlines("ward")[["geometry"]].assign(rate=range(len(place.names("ward"))))
    wards.to_file(tmp_path / "wards.geojson", driver="GeoJSON")
    words = ["indicator", "add", "thurrock", str(tmp_path / "wards.geojson"), "--name", "Referrals"]
    words += ["--vintage", "2023", "--source", "Council", "--unit", "per cent", "--format", "csv"]
    made = CliRunner().invoke(app, words)
    assert made.exit_code == 0, made.stderr
    (kept,) = (each.table["value"] for each in read_place("thurrock").own_indicators)
    wanted = place.areas["ward_code"].map(wards["rate"])
    assert (kept - wanted).abs().max() < 0.2


def damaged(folder: Path, change: str) -> Path:
    """A zipped GeoJSON with an unknown method or version, broken content, or two names for one member."""
    path = folder / "areas.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", '{"type":"FeatureCollection","features":[]}' * 50)
    raw = bytearray(path.read_bytes())
    if change == "method":
        raw[8:10] = raw[(at := raw.find(b"PK\x01\x02") + 10) : at + 2] = struct.pack("<H", 99)
    elif change == "version":
        raw[(at := raw.find(b"PK\x01\x02") + 6) : at + 2] = struct.pack("<H", 99)
    elif change == "content":
        raw[45:60] = b"\xff" * 15
    else:
        raw[30] = ord("b")
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("method", "packed in an unusual way"),
        ("version", "packed in an unusual way"),
        ("content", "damaged archive"),
        ("name", "damaged archive"),
    ],
)
def test_a_damaged_archive_is_one_message_for_indicators_and_boundaries(small_place, tmp_path, change, told):
    path = damaged(tmp_path, change)
    with pytest.raises(HubreachError, match=told):
        indicator_headings(path, small_place)
    with pytest.raises(HubreachError, match=told):
        recognise_shapes(path)

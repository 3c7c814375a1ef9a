"""Packs of the made-up place, one of them with names that try to be more than names."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.need.opening import open_place
from analysis.report import pictures
from analysis.report.assembly import build_pack
from analysis.report.files import write_pack
from analysis.report.manifest import PackRequest
from analysis.scenario.scenario import Scenario

MADE = dt.date(2026, 11, 21)
SECTIONS = ("targeting", "data")
HOSTILE = {
    "Ash": "=HYPERLINK(1)",
    "Birch": "<script>alert(1)</script>",
    "Cedar": "#set page(fill: red) $x$ \\x07 @now",
}


@pytest.fixture(scope="session")
def need_pack(small_place):
    """The section on need alone."""
    return build_pack(PackRequest(Scenario("sampleton"), ("need",)), made=MADE, place=small_place)


@pytest.fixture(scope="session")
def pack(small_place):
    """A section with maps and charts, and one with tables."""
    return build_pack(PackRequest(Scenario("sampleton"), SECTIONS), made=MADE, place=small_place)


@pytest.fixture(scope="session")
def files(pack):
    """The pack in every format, each written once, on a machine without a browser."""

    class Files(dict):
        def __missing__(self, ending):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(pictures, "image_browser_missing", lambda: "Install chromium.")
                self[ending] = write_pack(pack, ending)
            return self[ending]

    return Files()


@pytest.fixture
def hostile_place(small_folder):
    """The made-up place, whose wards carry hostile names."""
    for name in ("areas.csv", "place.toml"):
        path = small_folder / name
        text = path.read_text("utf-8")
        for before, after in HOSTILE.items():
            text = text.replace(f",{before},", f",{after},").replace(f'["{before}"]', f"['{after}']")
            text = text.replace(f'name = "{before}"', f"name = '{after}'")
        path.write_text(text, "utf-8")
    manifest = small_folder / "place.toml"
    text = manifest.read_text("utf-8").replace('name = "Sampleton"', "name = '=cmd <b>Town</b>'")
    text = text.replace('wards = ["Ash", "Birch"]', f"wards = ['{HOSTILE['Ash']}', '{HOSTILE['Birch']}']")
    manifest.write_text(text, "utf-8")
    return open_place(small_folder)


@pytest.fixture
def hostile_pack(hostile_place):
    return build_pack(PackRequest(Scenario("sampleton"), ("targeting",)), made=MADE, place=hostile_place)


@pytest.fixture
def no_browser(monkeypatch):
    """As on a machine without a browser: charts cannot be drawn, everything else can."""
    monkeypatch.setattr(pictures, "image_browser_missing", lambda: "Install chromium.")

"""Every source line is the place's own: nothing is claimed for files that came from elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.need.estimate import estimate_need
from analysis.need.words import source_sentence
from analysis.options.reached import scenario_reach
from analysis.places.read import read_place
from analysis.places.sources import sites_source
from analysis.reach.words import travel_source
from analysis.report.assembly import build_pack
from analysis.report.manifest import PackRequest
from analysis.scenario.need_settings import default_settings
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms
from analysis.workshop.step_maps import need_step
from tests.conftest import REAL_PLACES, write_small_place
from tests.pages.conftest import OpenPage

# What only official files may be said to come from, and under.
OFFICIAL = (
    "MHCLG",
    "(ONS)",
    "Office for National Statistics",
    "Ministry of Housing",
    "Department for Education",
    "Open Government",
    "Crown copyright",
)
PAGES = {
    "home": [{}],
    "need": [{}, {"level": "lsoa", "area": "A1"}],
    "targeting": [{"look": look} for look in ("set", "named", "index", "hot")],
    "reach": [{}],
    "siting": [{}],
    "sites": [{}],
    "options": [{}],
    "method": [{}],
}


@pytest.mark.parametrize("slug", REAL_PLACES)
@pytest.mark.parametrize("vintage", ["2019", "2025"])
def test_a_bundled_place_names_the_sources_of_its_manifest(slug: str, vintage: str) -> None:
    place = read_place(slug)
    said = source_sentence(estimate_need(place, replace(default_settings(place), vintage=vintage)))
    named = {s.file for s in place.manifest.sources if f"{s.title} ({s.publisher}, {s.vintage})" in said}
    assert named == {"areas.parquet", f"deprivation_{vintage}.parquet", "boundaries.parquet"}
    assert "contains OS data (c) Crown copyright and database right" in said


def test_sites_name_their_own_sources() -> None:
    place = read_place("thurrock")
    hubs = place.sites[place.sites["kind"] == "family hub"]
    assert sites_source(hubs) == (
        "Sites: DfE list of family hub sites (programme list before April 2026); "
        "Get Information About Schools, 21 August 2026."
    )
    reached = scenario_reach(estimate_need(place), Scenario("thurrock", terms=Terms(kinds=("family hub",))))
    assert travel_source(reached).endswith(sites_source(hubs))


def test_a_place_of_other_files_prints_their_source_and_no_other(small_place) -> None:
    estimate = estimate_need(small_place)
    assert source_sentence(estimate) == "Source: Counts (Nobody, 2020). None."
    assert need_step(estimate, {}).source == "Source: Counts (Nobody, 2020). None."
    bare = small_place.manifest.model_copy(update={"sources": ()})
    unnamed = estimate_need(replace(small_place, manifest=bare))
    assert source_sentence(unnamed) == "Source: files of Sampleton; place.toml names no source for them."


@pytest.mark.parametrize(("page", "query"), [(page, query) for page, each in PAGES.items() for query in each])
def test_no_page_claims_an_official_source_for_it(page, query, run_page: OpenPage, tmp_path) -> None:
    write_small_place(tmp_path / "places" / "sampleton")
    shown = run_page(page, place="sampleton", **query)
    assert not shown.exception
    lines = [str(caption.value) for caption in shown.caption]
    # The siting page asks first and shows figures when it is told to.
    assert page == "siting" or any("Counts (Nobody, 2020)" in line for line in lines)
    assert [line for line in lines for word in OFFICIAL if word in line] == []


def test_no_pack_claims_an_official_source_for_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    write_small_place(tmp_path / "places" / "sampleton")
    pack = build_pack(PackRequest(Scenario("sampleton"), ("need", "targeting", "reach")))
    blocks = [block for _, block in pack.blocks()]
    sources = [block.source for block in blocks if hasattr(block, "source")]
    sources += [block.sheet.source for block in blocks if hasattr(block, "sheet")]
    assert len(sources) > 20
    assert all("Counts (Nobody, 2020)" in source for source in sources)
    assert [source for source in sources for word in OFFICIAL if word in source] == []

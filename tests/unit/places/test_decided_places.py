"""The four councils on the tables of England: their statements over today's figures."""

import pandas as pd
import pytest

from analysis.base.faults import FaultList, HubreachError
from analysis.intake.assemble.saving import place_target
from analysis.need.checks import place_checks
from analysis.need.estimate import estimate_need
from analysis.options.applied import apply_option
from analysis.options.files import list_options, read_option
from analysis.places.england.decisions import decided_places, read_decisions
from analysis.places.england.grounds import find_ground
from analysis.places.england.opening import england_place
from analysis.places.finding import own_places
from analysis.places.own.applied import with_own
from analysis.places.own.kept import OwnFile, OwnTable
from analysis.places.read import read_place
from analysis.places.sites.duplicates import former_ids
from analysis.places.sites.edits import SiteHistory, apply_edits, close_site
from analysis.places.sources import sources_table
from analysis.report.assembly import build_pack
from analysis.report.manifest import PackRequest
from analysis.scenario.scenario import Scenario
from analysis.siting.problem import named_sites
from tests.conftest import PLACES_OF_2011, REAL_PLACES

pytestmark = pytest.mark.usefixtures("todays_ground")
# Children aged 0-17 of mid-2024 (ONS), LSOAs of 2021, wards of May 2025, localities: by hand.
EXPECTED = {
    "thurrock": (46_271, 100, 20, 1),
    "plymouth": (52_113, 164, 20, 1),
    "wirral": (66_223, 209, 22, 4),
    "medway": (68_774, 169, 24, 1),
}


@pytest.fixture(scope="module")
def places(todays_ground):
    return {slug: read_place(slug) for slug in REAL_PLACES}


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_each_stands_on_todays_figures(slug, places):
    place, areas = places[slug], places[slug].areas
    found = (place.children, len(areas), areas["ward_code"].nunique(), areas["locality_code"].nunique())
    assert found == EXPECTED[slug]
    assert not place.at_centres
    assert place.vintages[0] == "2025"
    assert (place_checks(place)["result"] != "failed").all()
    assert set(own_places()) >= set(REAL_PLACES)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_each_keeps_every_statement_that_it_had(slug, places, real_places):
    now, before = places[slug].manifest, real_places[slug].manifest
    for said in ("core_offer", "decisions", "family_statement", "priority", "localities", "opens_first"):
        assert getattr(now, said) == getattr(before, said), said
    assert [(t.key, t.name, t.prevalence) for t in now.tiers] == [
        (t.key, t.name, t.prevalence) for t in before.tiers
    ]
    assert {kind.name for kind in before.kinds} <= {kind.name for kind in now.kinds}


def test_who_stated_the_shares_is_said_where_a_council_did(places):
    assert all("Thurrock Cabinet" in tier.prevalence_source for tier in places["thurrock"].tiers)
    assert not any("Thurrock Cabinet" in tier.prevalence_source for tier in places["medway"].tiers)


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_site_of_the_older_list_is_there_under_its_id_or_a_former_one(slug, places, real_places):
    known = {*places[slug].sites.index, *former_ids(places[slug].sites)}
    assert set(real_places[slug].sites.index) <= known


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_options_made_from_the_older_list_fit(slug, places):
    files = sorted((PLACES_OF_2011 / slug / "options").glob("*.toml"))
    assert {path.stem for path in files} == set(list_options(slug))
    for path in files:
        option = read_option(path)
        applied = apply_option(option, places[slug])
        assert applied.problems == ()
        assert (
            len(applied.listed())
            == len(set(applied.listed()) & set(applied.sites.index))
            == len(option.sites)
        )


def test_a_draft_and_a_name_of_the_older_list_are_carried_over(places):
    sites = places["plymouth"].sites
    edited = apply_edits(sites, SiteHistory(done=((close_site("manor-street-childrens-centre"),),)))
    assert sites.loc["manor-street", "is_open"]
    assert not edited.loc["manor-street", "is_open"]
    assert named_sites(sites, ["manor-street-childrens-centre"], "--keep") == ("manor-street",)


def test_thurrock_says_that_its_wards_are_those_before_may_2026(places):
    place = places["thurrock"]
    notes = sources_table(place)["note"]
    assert notes.str.contains("Wards before May 2026").any()
    pack = build_pack(PackRequest(Scenario("thurrock"), ("need",)), place=place)
    assert "wards before May 2026" in pack.subtitle


def test_wards_of_ones_own_end_the_notice_about_wards(places):
    place = places["thurrock"]
    table = pd.DataFrame({"area_code": place.areas.index, "ward_code": "W1", "ward_name": "New ward"})
    about = OwnFile(
        kind="wards",
        title="Wards of 2026",
        vintage="May 2026",
        source="Thurrock",
        file="w.csv",
        added="2026-11-30",
    )
    faults = FaultList("own")
    after = with_own(place, {"wards": OwnTable(about, table)}, faults)
    assert not list(faults)
    assert place.manifest.notices
    assert not after.manifest.notices
    assert not sources_table(after)["note"].str.contains("Wards before May 2026").any()


def test_need_of_the_localities_is_that_of_the_place(places):
    estimate = estimate_need(places["wirral"])
    tables = [
        estimate.tier_table(level, "early_help")["need"] for level in ("lsoa", "ward", "locality", "place")
    ]
    assert len({round(float(table.sum()), 6) for table in tables}) == 1


def test_a_part_of_england_keeps_its_own_districts_and_takes_no_statement(places):
    together = read_place("thurrock,medway")
    assert together.manifest.decisions == ()
    assert together.children == 46_271 + 68_774


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("localities = [{ name = 'A', wards = ['Nowhere'] }]", "the place has no ward 'Nowhere'"),
        ("localities = [{ name = 'A', wards = ['Belhus'] }]", "is in no locality"),
        ("tiers = [{ key = 'third', prevalence = 0.1, prevalence_source = 'x' }]", "'third' is no tier"),
        ("tiers = [{ key = 'specialist', prevalence = 1.1, prevalence_source = 'x' }]", "1.1"),
        ("opens_last = true", "this key is not known"),
        ("decisions = 3", "decisions"),
        ("[[", "decisions.toml"),
    ],
)
def test_a_statement_that_cannot_be_used_is_told(text, said, tmp_path, monkeypatch):
    folder = tmp_path / "thurrock"
    folder.mkdir()
    (folder / "decisions.toml").write_text(text, "utf-8")
    monkeypatch.setenv("HUBREACH_PLACES", str(tmp_path))
    assert decided_places() == {"thurrock": folder}
    with pytest.raises(HubreachError) as caught:
        read_place("thurrock")
    assert said in "\n".join(f"{fault.file} {fault.column} {fault.found}" for fault in caught.value.faults)
    with pytest.raises(HubreachError):
        england_place(find_ground("thurrock"))


def test_without_decisions_a_place_starts_like_any_other(tmp_path):
    faults = FaultList("decisions.toml")
    assert read_decisions(tmp_path, faults).tiers == ()
    assert not list(faults)


def test_a_new_place_cannot_take_the_name_of_a_council_with_decisions():
    with pytest.raises(HubreachError, match="Thurrock"):
        place_target("Thurrock")


def test_a_label_that_two_sites_share_names_neither():
    sites = pd.DataFrame(
        {"labels": ["Old Name [hub]", "Old Name [centre]", "Other [hub];b [hub]"]}, index=["a", "b", "c"]
    )
    assert former_ids(sites) == {"other": "c"}

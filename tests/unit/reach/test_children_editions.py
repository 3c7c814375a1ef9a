"""Children of Census 2021 as the other edition: in force in every answer, with its own total, source and caution."""

from dataclasses import replace

import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.need.parameters import parameter_log
from analysis.need.words import source_sentence
from analysis.places.england.editions import CENSUS_2021, children_editions, with_children
from analysis.places.england.tables import read_rows
from analysis.places.manifest import AGE_BANDS
from analysis.places.own.kept import save_own
from analysis.places.read import read_place
from analysis.places.sources import source_line
from analysis.reach.demand import estimated_demand
from analysis.scenario.need_settings import default_settings
from analysis.scenario.scenario import Scenario
from tests.unit.places.test_own import children_table

BANDS = list(AGE_BANDS)


@pytest.fixture(scope="module")
def leeds():
    return read_place("leeds")


@pytest.fixture(scope="module")
def census(leeds) -> NeedEstimate:
    return estimate_need(leeds, replace(default_settings(leeds), children=CENSUS_2021))


def test_ages_up_to_15_are_the_census_count_of_every_area(leeds, census):
    """The broad age table of the census is another table: it differs by 3 children an area at most."""
    areas = census.place.areas
    official = read_rows("areas", list(leeds.districts)).set_index("area_code").reindex(areas.index)
    assert areas["children_0_4"].tolist() == official["age_0_4_census2021"].tolist()
    apart = (areas[BANDS[:3]].sum(axis=1) - official["children_0_15_census2021"]).abs()
    assert apart.max() <= 3
    assert (apart > 0).mean() < 0.01
    assert areas["children"].eq(areas[BANDS].sum(axis=1)).all()
    assert (areas["children_16_17"] <= official["age_15_19_census2021"]).all()


def test_the_estimate_rests_on_the_edition_and_names_it(leeds, census):
    assert (leeds.children, census.place.children) == (176_239, 169_410)
    assert census.total("early_help").value == 25_412  # 15% of 169,410, rounded half up
    assert census.place.manifest.children_title == "Children aged 0-17, Census 2021"
    told = source_sentence(census)
    assert "Census 2021: residents by age (TS007A)" in told
    assert "five-year bands split at 10/11 and 15/16/18" in told
    assert "English Indices of Deprivation 2025" in told
    assert "mid-2024" not in told
    assert "mid-2024" in source_line(leeds, ["children", *BANDS])


def test_demand_of_reach_and_siting_is_that_of_the_edition(census):
    assert estimated_demand(census)["children"].sum() == pytest.approx(169_410)


def test_every_edition_comes_from_every_other_and_is_one_object(leeds, census):
    assert with_children(leeds, CENSUS_2021) is census.place
    assert with_children(census.place, "") is leeds
    assert with_children(census.place, CENSUS_2021) is census.place
    known = {"": "mid-2024", CENSUS_2021: "Census 2021"}
    assert children_editions(census.place) == children_editions(leeds) == known
    assert census.place.points is leeds.points


def test_an_edition_that_is_not_known_is_told_with_those_that_are(leeds, small_place):
    with pytest.raises(HubreachError, match=r"census2021 \(Census 2021\)"):
        with_children(leeds, "census2011")
    assert children_editions(small_place) == {"": "Children aged 0-17"}
    with pytest.raises(HubreachError, match="'census2021' is not known"):
        estimate_need(small_place, replace(default_settings(small_place), children=CENSUS_2021))


def test_the_scenario_carries_the_edition_by_address_command_and_manifest(leeds, census):
    scenario = Scenario("leeds").with_need(leeds, census.settings)
    address = scenario.address(leeds)
    assert address["children"] == [CENSUS_2021]
    assert scenario.options(leeds) == ["--children", CENSUS_2021]
    for again in (Scenario.from_address(leeds, address), Scenario.from_manifest(scenario.manifest())):
        assert again.need_settings(leeds) == census.settings
    for given, meant in (("Census 2021", CENSUS_2021), ("census2011", "")):
        read = Scenario.from_address(leeds, {"children": [given]})
        assert read.need_settings(leeds).children == meant
    assert "children" not in Scenario("leeds").address(leeds)


def test_the_log_of_parameters_names_edition_and_default(census):
    row = parameter_log(census.place, census.settings).loc["children"]
    assert (row["value"], row["default"], row["changed"]) == ("Census 2021", "mid-2024", True)
    assert "TS007A" in row["source"]


def test_where_own_children_are_in_force_the_census_is_still_the_other_edition(monkeypatch, tmp_path):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    save_own("rutland", children_table(read_place("rutland")))
    own = read_place("rutland")
    assert children_editions(own)[""] == "January 2026 (own figures)"
    census = with_children(own, CENSUS_2021)
    assert census.own("children") is None
    assert "GP register" not in source_line(census, ["children", *BANDS])
    assert with_children(census, "") is own

"""Need of all England as it comes with the product, against what the command makes of the tables today."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.intake.assemble.new_place import starting_tables
from analysis.national.answers import Question, answer
from analysis.national.authorities import bundled_authorities
from analysis.national.files import bundled_answers, open_national, rank_authorities
from analysis.national.one_curve import tiers_by_authority
from analysis.national.run import tasks_of
from analysis.places.manifest import Tier
from analysis.places.sites.register import empty_sites
from analysis.scenario.need_settings import NeedSettings

THREE = ("E06000053", "E08000035", "E10000016")


@pytest.fixture(scope="module")
def kept():
    return pd.read_parquet(bundled_answers())


def test_three_authorities_made_afresh_are_as_they_come_with_the_product(kept):
    authorities = bundled_authorities()
    tiers = tuple(Tier.model_validate(tier) for tier in starting_tables()["tiers"])
    own = tiers_by_authority(authorities, tiers)
    tasks = tasks_of(authorities, empty_sites(), Question(NeedSettings(tiers=tiers)), own)
    for code in THREE:
        fresh = answer(tasks[code])
        shipped = kept[kept["authority_code"] == code].drop(columns="geometry").reset_index(drop=True)
        pd.testing.assert_frame_equal(shipped, fresh, check_dtype=False)


def test_the_country_adds_up_to_the_published_children_and_the_assumed_share(kept):
    for level in ("place", "ward", "lsoa"):
        rows = kept[kept["level"] == level]
        assert rows["children"].sum() == 12_183_016
        assert rows["early_help_children"].sum() == pytest.approx(0.15 * 12_183_016, abs=153)
    assert kept["level"].value_counts().to_dict() == {"lsoa": 33_755, "ward": 6_792, "place": 153}
    assert kept["geometry"].notna().sum() == 33_755


def test_it_is_ranked_like_any_other_file():
    file = open_national(bundled_answers())
    table = rank_authorities(file, file.measures[0])
    assert len(table) == 153
    assert table["authority_name"].iloc[0] == "Manchester"


def test_authorities_are_named_as_places_are():
    assert [each.code for each in bundled_authorities(["leeds", "E08000016", "ME15 6XX"])] == [
        "E08000035",
        "E08000038",
        "E10000016",
    ]
    with pytest.raises(HubreachError, match="'Atlantis' is not known"):
        bundled_authorities(["leeds", "Atlantis"])

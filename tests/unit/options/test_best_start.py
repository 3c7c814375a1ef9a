"""The siting test against a count by hand, denominators against published children, and a return's faults."""

import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.returns import check_return, read_return
from analysis.need.opening import open_place
from analysis.options.best_start import denominators, hub_list, siting_test
from analysis.options.best_start_words import best_start_sentence
from analysis.options.files import read_options
from analysis.places.england.tables import read_rows


@pytest.fixture(scope="module")
def leeds():
    return open_place("leeds")


def test_each_hub_has_the_published_decile_of_its_neighbourhood(leeds):
    hubs = hub_list(leeds, leeds.sites[leeds.sites["is_open"]])
    official = read_rows("deprivation_2025", leeds.districts).set_index("area_code")["idaci_decile"]
    assert (hubs["area_code"] != "").all()
    assert (hubs["idaci_decile"].astype(int) == hubs["area_code"].map(official)).all()
    # Three tenths of ranks are three deciles.
    assert (hubs["inside_england"] == (hubs["idaci_decile"].astype(int) <= 3)).all()
    rank = read_rows("deprivation_2025", leeds.districts).set_index("area_code")["idaci_rank"]
    worst = set(rank.sort_values().index[: int(0.3 * len(rank))])
    assert (hubs["inside_own"] == hubs["area_code"].isin(worst)).all()


def test_a_share_by_hand(small_place):
    # Squares of 1 km: Ash Hub stands in the middle of A1 (IDACI rank 1 of 10), Cedar Hub of A5 (rank 9).
    options, _ = read_options(small_place.slug)
    found = siting_test(small_place, {"today": options["today"]})
    row = found.table.loc["today"]
    assert row[["hubs", "inside_england", "inside_own", "short", "wards_without"]].tolist() == [2, 1, 1, 1, 1]
    assert row["share_england"] == 0.5
    assert found.hubs["today"]["idaci_decile"].to_dict() == {"ash-hub": "1", "cedar-hub": "9"}
    assert "1 of 2 hubs (50%)" in best_start_sentence(found)
    assert "not confirmed" in best_start_sentence(found)


def test_a_site_outside_is_not_counted_as_inside(small_place):
    away = small_place.sites.assign(easting=10_000.0)
    hubs = hub_list(small_place, away)
    assert hubs["area_code"].tolist() == ["", ""]
    assert not hubs[["inside_england", "inside_own", "borderline"]].any().any()


def test_a_hub_at_an_edge_is_borderline(small_place):
    # 50 m from the side of A1 (inside) that it shares with A4 below (rank 8).
    near = small_place.sites.assign(easting=560_500.0, northing=[181_050.0, 181_500.0])
    assert hub_list(small_place, near)["borderline"].tolist() == [True, False]


def test_denominators_add_up_to_the_place(leeds):
    table = denominators(leeds)
    assert table.loc["all", "areas"] == len(leeds.areas)
    assert table.loc["all", ["children_0_4", "children_5_17"]].sum() == leeds.children
    assert (
        table.drop("all")[["areas", "children_0_4"]].sum() == table.loc["all", ["areas", "children_0_4"]]
    ).all()


ROWS = """service,total_users,virtual_users,sites,decile_1,decile_2,age_0_2,age_3_4
Stay and play,40,10,Ash Hub,20,20,25,10
Too many,40,50,Ash Hub; Elm Hub,30,20,,
Hole,,,,5,,,
Nought,0,,,,1,,
Half,2.5,,,,,,
"""


def test_faults_of_a_return(small_place):
    found = read_return(ROWS.encode(), small_place, "return.csv")
    assert list(zip(found["row"], found["column"], strict=True)) == [
        (3, "decile_*"),
        (3, "virtual_users"),
        (3, "sites"),
        (4, "total_users"),
        (5, "decile_*"),
        (6, "total_users"),
    ]
    assert "Elm" not in found.to_csv()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("service,QSU05\nPlay,5\n", "a bare code of the return"),
        ("service,users\nPlay,5\n", "the column is missing"),
        ("service,total_users,name\nPlay,5,Jane Doe\n", "personal data"),
    ],
)
def test_a_return_that_cannot_be_checked(small_place, text, message):
    with pytest.raises(HubreachError, match=message) as error:
        read_return(text.encode(), small_place, "return.csv")
    assert "Jane" not in str(error.value)


def test_a_clean_return_has_no_fault(small_place):
    cells = pd.DataFrame({"service": ["Play"], "total_users": ["5"], "sites": ["Ash Hub"]})
    assert check_return(cells, small_place, "x").empty

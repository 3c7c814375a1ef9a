"""One area's card, and how an area is found: figures that a person can add up, and every way to name an area."""

import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach
from analysis.reach.area_tables import area_card, area_title, range_words, site_area
from analysis.reach.search import find_area
from analysis.reach.wards import ward_minutes

WARD = "E05002244"


@pytest.fixture(scope="module")
def view(todays_ground):
    return answer_reach(estimate_need(read_place("thurrock")))


def part(card, name):
    return card[card["part"] == name].set_index("what")


def test_a_ward_has_children_need_deprivation_and_its_nearest_sites(view):
    place, card = view.place, area_card(view, "ward", WARD)
    children = part(card, "children")
    inside = place.areas[place.areas["ward_code"] == WARD]
    assert children["value"].iloc[0] == inside["children"].sum() == children["value"].iloc[1:].sum()
    assert children["bar"].iloc[1:].sum() == pytest.approx(100)
    need = part(card, "need")
    row = view.estimate.tier_table("ward", "early_help").loc[WARD]
    assert need.loc["Early help", ["value", "low", "high"]].tolist() == row[["need", "low", "high"]].tolist()
    assert need.loc["Early help", "said"].endswith("0)")
    deprivation = part(card, "deprivation")
    deciles = place.deprivation("2025").loc[inside.index, "imd_decile"]
    assert deprivation.loc["LSOAs in England's most deprived tenth", "value"] == pytest.approx(
        100 * (deciles == 1).mean()
    )
    assert deprivation.loc["Crime", "said"].endswith(f" of {len(place.names('ward'))}")
    near = part(card, "nearest")
    minutes = ward_minutes(view.travel.costs[list(view.sites.index)], view.at_points, WARD).sort_values()
    assert near.index[1:].tolist() == view.sites.loc[minutes.index[:2], "name"].tolist()
    assert near["value"].iloc[1:].tolist() == pytest.approx(minutes.iloc[:2].tolist())
    assert near.loc["Within a 20-minute walk", "value"] == view.by("ward").loc[WARD, "children_covered"]


def test_how_wide_a_range_is_is_said_in_words(view):
    row = view.estimate.tier_table("ward", "early_help").loc[WARD]
    kind, words = range_words(view, "ward", WARD)
    width = (row["high"] - row["low"]) / row["need"]
    assert kind == ("wide" if 0.5 <= width < 1 else "narrow" if width < 0.5 else "very wide")
    assert words.startswith(f"{width:.0%} of the estimate; in the top 5 in ")
    assert words.endswith(f" {row['p_top']:.0%} of model runs")


def test_named_neighbourhoods_have_no_need_and_where_no_site_is_open_it_is_said(view):
    place = view.place
    msoa = place.names("msoa").index[0]
    card = area_card(view, "msoa", msoa)
    assert part(card, "need")["said"].tolist() == ["estimated by ward, LSOA and locality only"]
    assert len(part(card, "nearest")) == 3
    closed = answer_reach(view.estimate, sites=place.sites.assign(is_open=False))
    assert part(area_card(closed, "ward", WARD), "nearest")["said"].tolist() == [
        "no family hub that counts is open"
    ]


def test_a_site_for_an_area_goes_where_most_need_of_it_is(view):
    inside = view.areas[view.areas["ward_code"] == WARD]
    assert inside.loc[site_area(view, "ward", WARD), "early_help"] == inside["early_help"].max()
    small = inside.index[1]
    assert site_area(view, "lsoa", small) == small
    assert area_title(view.place, "ward", WARD) == (
        view.place.names("ward")[WARD],
        f"ward of {len(inside)} LSOAs",
    )


@pytest.mark.parametrize(
    ("text", "level", "found"),
    [
        ("tilbury st chads", "lsoa", ("ward", "E05002247")),
        ("E05002246", "ward", ("ward", "E05002246")),
        (" Tilbury (Thurrock 018B) ", "ward", ("lsoa", "E01016004")),
        ("rm18 8ey", "ward", ("ward", "E05002246")),
        ("Chadwell Family Hub", "ward", ("ward", "E05002231")),
    ],
)
def test_an_area_is_found_by_name_code_site_and_postcode(view, text, level, found):
    assert find_area(view.place, text, level) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tilbury St Chadz", "Did you mean Tilbury St Chads"),
        ("LS1 1UR", "lies in no neighbourhood"),
        ("RM1", "is not known here"),
    ],
)
def test_what_is_not_here_is_told(view, text, said):
    with pytest.raises(HubreachError, match=said):
        find_area(view.place, text, "ward")

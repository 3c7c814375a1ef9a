"""Growth by a table of one's own: by hand on the small place, and what is refused."""

import pytest

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.reach.growth import growth_table, read_growth

TABLE = "ward,2024,2030,2040\nAsh,100,150,200\nBirch,50,50,25\nCedar,200,200,0\n"


@pytest.fixture(scope="module")
def estimate(small_place):
    return estimate_need(small_place)


def read(text, place):
    return read_growth(text.encode(), place, "growth.csv")


def test_children_need_and_reach_grow_as_their_area_does(estimate):
    growth = read(TABLE, estimate.place)
    assert (growth.level, growth.base, growth.years) == ("ward", 2024, [2030, 2040])
    # Wards of 200 children today: Ash half as many again, Birch as it is, Cedar as it is.
    table = growth_table(estimate, growth, 2030).set_index("area_name")
    assert table["children_now"].tolist() == [200, 200, 200]
    assert table["children_then"].tolist() == pytest.approx([300, 200, 200])
    assert table["change"].tolist() == pytest.approx([100, 0, 0])
    assert (table["need_then"] / table["need_now"]).tolist() == pytest.approx([1.5, 1, 1])
    assert (table["reached_then"] / table["reached_now"]).dropna().tolist() == pytest.approx([1.5, 1, 1])
    assert (table["low"] <= table["need_then"]).all()
    assert (table["need_then"] <= table["high"]).all()
    later = growth_table(estimate, growth, 2040, level="place")
    assert later["children_then"].tolist() == pytest.approx([400 + 100 + 0])


def test_without_growth_the_range_is_that_of_the_estimate(estimate):
    same = read("area,mid-2024,2030\nSampleton,600,600\n", estimate.place)
    table = growth_table(estimate, same, 2030)
    usual = estimate.tier_table("ward", "early_help")
    assert table["need_then"].round().tolist() == pytest.approx(usual["need"].tolist(), abs=1)
    assert table["low"].tolist() == pytest.approx(usual["low"].tolist(), abs=1.5)
    assert table["high"].tolist() == pytest.approx(usual["high"].tolist(), abs=1.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ward,2024\nAsh,1\nBirch,1\nCedar,1\n", "1 columns of years"),
        ("ward,2024,2030\nAsh,1,2\nBirch,1,2\n", "1 areas are missing, such as Cedar"),
        ("ward,2024,2030\nAsh,1,2\nBirch,1,2\nCedar,1,2\nElm,1,2\n", "row 5: not an area of the place"),
        ("ward,2024,2030\nAsh,1,2\nAsh,1,2\nBirch,1,2\nCedar,1,2\n", "row 3: the same area"),
        ("ward,2024,2030\nAsh,0,2\nBirch,1,many\nCedar,1,2\n", "row 2, column 2024: not a number"),
    ],
)
def test_what_cannot_be_used_is_said(estimate, text, message):
    with pytest.raises(HubreachError, match=message):
        read(text, estimate.place)

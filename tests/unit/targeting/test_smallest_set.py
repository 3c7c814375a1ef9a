"""Numbers of the targeting page, by hand on the made-up place and as stated for the real ones."""

import numpy as np
import pandas as pd
import pytest

from analysis.need.estimate import estimate_need
from analysis.render.figure_frame import FigureStyle
from analysis.scenario.need_settings import default_settings
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.smallest_set import SmallestSetProblem, concentration, smallest_set


@pytest.fixture(scope="module")
def small(small_place):
    return estimate_need(small_place, default_settings(small_place))


@pytest.fixture(scope="module")
def thurrock(real_places):
    return estimate_need(real_places["thurrock"])


def test_the_set_is_the_head_of_the_ranking_and_reaches_the_share(real_place):
    estimate = estimate_need(real_place)
    for level in ("ward", "lsoa"):
        focus = smallest_set(estimate, SmallestSetProblem(level, 0.5, ("early_help",)))
        assert list(focus.table["in_set"]) == [True] * focus.count + [False] * (
            len(focus.table) - focus.count
        )
        assert focus.table["cumulative_share"].iloc[focus.count - 1] >= 0.5 - 1e-9
        assert focus.table["cumulative_share"].iloc[focus.count - 2] < 0.5
        assert focus.table["cumulative_share"].iloc[-1] == pytest.approx(1)
        assert focus.held[1] <= focus.held[0] <= focus.held[2]
        assert focus.codes == tuple(focus.table.index[: focus.count])


def test_areas_outside_the_set_are_white_and_say_so(thurrock):
    focus = smallest_set(thurrock, SmallestSetProblem("ward", 0.5, ("early_help",)))
    outside = focus.table.index[~focus.table["in_set"]]
    drawn = targeting_maps.set_map(thurrock, focus)
    assert set(drawn.paint.fill[outside]) == {targeting_maps.OUTSIDE}
    assert set(drawn.paint.tooltip.loc[outside, "line3"]) == {"Not in the smallest set"}
    legend = drawn.sheet.legend
    assert sum(int(count) for _, _, count in legend.rows) == 20
    assert legend.rows[-1] == (targeting_maps.OUTSIDE, "not in the set", "14")


def test_by_hand_two_wards_of_three_hold_most_need(small):
    # Rates 4:1 and a prevalence of 25%: positions .95 for A1 to A3, .05 for A4 to A6, so 0.4 and 0.1.
    focus = smallest_set(small, SmallestSetProblem("ward", 0.8, ("early_help",)))
    assert list(focus.table["area_name"]) == ["Ash", "Birch", "Cedar"]
    assert list(focus.table["need"]) == [80, 50, 20]
    assert focus.count == 2
    assert focus.held[0] == pytest.approx(130 / 150)
    view = concentration(small, "ward", ["early_help"])
    # Points (0, 0), (1/3, 80/150), (2/3, 130/150), (1, 1): twice the area less 1.
    area = (80 / 150 + (80 + 130) / 150 + (130 + 150) / 150) / 3
    assert view.gini == pytest.approx(area - 1)
    assert view.reaching(0.8) == pytest.approx((2 / 3, 130 / 150))
    assert targeting_tables.concentration_table(view).iloc[0][["children_share", "need_share"]].tolist() == [
        0,
        0,
    ]


def test_the_range_of_the_share_is_that_of_the_draws(thurrock):
    focus = smallest_set(thurrock, SmallestSetProblem("ward", 0.4, ("specialist",)))
    codes = list(thurrock.place.names("ward").index)
    columns = [codes.index(code) for code in focus.codes]
    shares = [row[columns].sum() / row.sum() for row in thurrock.level_draws("ward")["specialist"]]
    assert focus.held[1:] == pytest.approx(tuple(np.quantile(shares, [0.05, 0.95])))


def test_the_selected_area_is_always_a_row(thurrock):
    focus = smallest_set(thurrock, SmallestSetProblem("lsoa", 0.5, ("early_help",)))
    last = focus.table.index[-1]
    rows = targeting_tables.set_rows(thurrock.place, focus, targeting_maps.set_map(thurrock, focus), 20, last)
    assert len(rows) == 20
    assert rows.index[-1] == last
    assert rows["area_name"].iloc[0].count(", ") == 1
    assert not rows["area_name"].iloc[0].startswith("Thurrock")


def test_chances_keep_what_is_in_doubt(thurrock):
    focus = smallest_set(thurrock, SmallestSetProblem("lsoa", 0.5, ("early_help",)))
    rows = targeting_tables.chances(thurrock.place, focus, 20)
    left_out = focus.table.drop(rows.index)
    assert len(rows) == 20
    assert (rows["p_top"] - 0.5).abs().max() <= (left_out["p_top"] - 0.5).abs().min()
    assert rows["p_top"].is_monotonic_decreasing


def test_the_table_speaks_in_per_cent_and_words(thurrock):
    table = targeting_tables.set_table(
        thurrock.place, smallest_set(thurrock, SmallestSetProblem("ward", 0.5, ("early_help",)))
    )
    assert list(table["in_set"].unique()) == ["✓ in", "· out"]
    assert table["cumulative_share"].iloc[-1] == 100
    assert table["need_share"].sum() == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("share", [0.05, 1.0])
def test_the_ends_of_the_slider_have_a_sentence(thurrock, share):
    focus = smallest_set(thurrock, SmallestSetProblem("ward", share, ("early_help",)))
    sentence = targeting_words.set_sentence(thurrock, focus)
    assert focus.count == (1 if share < 1 else 20)
    assert sentence.startswith(
        "**One of 20 wards** holds" if share < 1 else "**20 of 20 wards** hold **100%**"
    )


def test_charts_draw_their_numbers(thurrock):
    style = FigureStyle()
    focus = smallest_set(thurrock, SmallestSetProblem("ward", 0.5, ("early_help",)))
    rows = targeting_tables.set_rows(thurrock.place, focus, targeting_maps.set_map(thurrock, focus), 20)
    bars = targeting_figures.set_bars(rows, style, title="t", subtitle="s", cut="half")
    assert list(bars.data[0].x) == list(rows["value"])
    assert list(bars.data[0].customdata) == list(rows.index)
    assert bars.layout.shapes[0].y0 == focus.count - 0.5
    chances = targeting_tables.chances(thurrock.place, focus, 20)
    drawn = targeting_figures.chance_bars(chances, style, title="t", subtitle="s", colour="#000000")
    assert list(drawn.data[0].x) == list(chances["p_top"])
    answer = concentration(thurrock, "ward", ["early_help"])
    curve = targeting_tables.concentration_table(answer)
    line = targeting_figures.concentration_lines(
        curve, style, title="t", subtitle="s", colour="#000000", mark=answer.reaching(0.5)
    )
    assert list(line.data[1].y) == list(curve["need_share"])


def test_hostile_names_stay_text_in_charts():
    rows = pd.DataFrame(
        {"area_name": ["<b>x</b>"], "p_top": [0.5], "in_set": [True]}, index=pd.Index(["A"], name="area_code")
    )
    drawn = targeting_figures.chance_bars(rows, FigureStyle(), title="t", subtitle="s", colour="#000000")
    assert drawn.layout.yaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"

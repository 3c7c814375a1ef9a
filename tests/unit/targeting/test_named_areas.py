"""The council's named areas against the figures."""

import pytest
from fontTools.ttLib import TTFont

from analysis.need.estimate import estimate_need
from analysis.render.figure_frame import FigureStyle
from analysis.render.outlines import outlines
from analysis.render.typefaces import FOLDER
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.named_areas import VERDICTS, NamedAreasProblem, named_areas, own_priority


@pytest.fixture(scope="module")
def thurrock(real_places):
    return estimate_need(real_places["thurrock"])


def test_thurrocks_seven_areas_are_found_and_aveley_is_extra(thurrock):
    view = named_areas(thurrock)
    assert list(view.areas["verdict"]) == ["found"] * 7
    assert view.names("extra") == ["Aveley and Uplands"]
    assert view.names("partly") == ["Grays Thurrock"]
    assert view.names("missed") == []
    assert targeting_words.priority_sentence(view) == (
        "**All seven areas** that the council named in 2012 are among the **eight wards with most need** (parts of "
        "Grays through Grays Riverside, Grays Thurrock 9th); **Aveley and Uplands** is high and not named."
    )


def test_nine_wards_hold_both_grays_wards(thurrock):
    view = named_areas(thurrock, NamedAreasProblem(top=9))
    assert view.names("partly") == []
    assert "eight" not in targeting_words.priority_sentence(view)
    assert "**nine wards with most need**;" in targeting_words.priority_sentence(view)


def test_a_shorter_cut_misses_areas_by_name(thurrock):
    view = named_areas(thurrock, NamedAreasProblem(top=5))
    sentence = targeting_words.priority_sentence(view)
    assert list(view.areas.index[view.areas["verdict"] == "missed"]) == [
        "Chadwell St Mary",
        "Tilbury St Chads",
    ]
    assert sentence.startswith("**Five of the seven areas**")
    assert "**Chadwell St Mary and Tilbury St Chads** are lower in the model" in sentence


def test_a_place_without_a_list_has_no_view_but_takes_the_users(real_places):
    place = real_places["medway"]
    estimate = estimate_need(place)
    assert named_areas(estimate) is None
    assert own_priority(place, []) is None
    worst = estimate.tier_table("ward", "early_help").sort_values("rank").index
    own = own_priority(place, [worst[0], worst[-1]])
    view = named_areas(estimate, NamedAreasProblem(own=own))
    assert list(view.wards.loc[[worst[0], worst[1], worst[-1]], "verdict"]) == ["found", "extra", "missed"]
    assert view.parts is None
    assert view.is_own
    assert "**One of the two areas** that you named is among" in targeting_words.priority_sentence(view)


def test_signs_and_words_go_with_every_colour(thurrock):
    assert (
        set(VERDICTS)
        == set(targeting_words.VERDICT_SIGNS)
        == set(targeting_words.VERDICT_WORDS)
        == set(targeting_maps.VERDICT_COLOURS)
    )
    assert len(set(targeting_words.VERDICT_SIGNS.values())) == len(VERDICTS)
    view = named_areas(thurrock)
    sheet = targeting_maps.named_map(thurrock, view).sheet
    assert [(words, count) for _, words, count in sheet.legend.rows] == [
        ("✓ named, high", "7"),
        ("½ named in part", "1"),
        ("+ high, not named", "1"),
        ("· neither", "11"),
    ]
    chart = targeting_figures.verdict_bars(view.wards, FigureStyle(), title="t", subtitle="s", top=view.top)
    assert list(chart.data[0].text[6:9]) == ["+ high, not named", "✓ named, high", "½ named in part"]


def test_parts_of_grays_are_the_lsoas_of_the_rule(thurrock):
    view = named_areas(thurrock, NamedAreasProblem(share=0.5))
    inside = view.part_codes
    assert inside == ("E01015954", "E01015952", "E01015953")
    paint = targeting_maps.named_map(thurrock, view).paint
    wards = thurrock.place.areas["ward_name"]
    assert set(paint.fill[list(inside)]) == {targeting_maps.VERDICT_COLOURS["found"]}
    others = view.parts.index[~view.parts["inside"]]
    assert set(paint.fill[others]) == {targeting_maps.OTHER_PART}
    assert set(paint.fill[wards == "Aveley and Uplands"]) == {targeting_maps.VERDICT_COLOURS["extra"]}
    assert paint.tooltip.loc["E01015954", "line4"] == "Part that is meant, by the rule"
    table = targeting_tables.parts_table(view)
    assert list(table["inside"].value_counts()) == [9, 3]
    assert "50%" in targeting_words.part_rule(0.5)


def test_every_sign_is_in_the_products_own_typeface():
    known = TTFont(FOLDER / "SourceSans3-Regular.ttf").getBestCmap()
    signs = "".join([*targeting_words.VERDICT_SIGNS.values(), *targeting_words.KIND_WORDS.values()])
    assert [sign for sign in signs if ord(sign) not in known] == []


def test_labels_on_the_map_carry_the_sign(thurrock):
    view = named_areas(thurrock)
    names = targeting_maps.signed_shapes(outlines(thurrock.place), view).labels["ward"]["area_name"]
    assert "+ Aveley and Uplands" in set(names)
    assert "✓ Ockendon" in set(names)
    assert "½ Grays Thurrock" in set(names)


def test_an_area_named_in_part_is_found_by_its_surest_ward(thurrock):
    view = named_areas(thurrock)
    wards = view.wards.set_index("area_name")["p_top"]
    assert view.areas.loc["Parts of Grays", "p_top"] == wards["Grays Riverside"]
    assert targeting_tables.areas_table(view).loc["Belhus", "verdict"] == "✓ named, high"
    assert view.areas.loc["Parts of Grays", "ranks"] == "2, 9"


def test_an_area_named_in_part_counts_the_neighbourhoods_that_the_rule_takes(real_places):
    view = named_areas(estimate_need(real_places["thurrock"]))
    assert view is not None
    assert view.parts is not None
    meant = int(view.parts.loc[view.parts["inside"], "need"].sum())
    assert 0 < meant < int(view.parts["need"].sum())
    assert view.areas.loc[view.areas["part"], "need"].tolist() == [meant]
    whole = view.areas[~view.areas["part"]]
    by_ward = view.wards.set_index("area_name")["need"]
    assert [by_ward[name] for name in whole["wards"]] == whole["need"].tolist()

"""The page of figures: one, two at once, every level, what has no figure, and places without districts."""

import pytest

from tests.pages.conftest import SCRIPTS, OpenPage, answer

LOW_INCOME = "children_under_16_in_relative_low_income_after_housing_costs"


def captions(app) -> str:
    return " ".join(str(each.value) for each in app.caption)


def test_a_place_opens_on_need_by_ward_and_shows_deprivation(run_page: OpenPage) -> None:
    app = run_page("figures", place="leeds")
    assert not app.exception
    assert answer(app).startswith("Children who may need early help: **est. ")
    app.selectbox(key="figure").set_value("imd_score").run()
    assert not app.exception
    assert "**24.1** in Leeds, against **21.8** in England: rank 64 of 153 authorities" in answer(app)
    assert app.dataframe[0].value.iloc[0].tolist() == ["24.1", "21.8", 64, 153, "authorities"]
    table = app.dataframe[1].value
    assert len(table) == 33
    assert table.iloc[0]["area_name"] == "Gipton & Harehills"
    assert "Open Government Licence v3.0. Official figures." in captions(app)


@pytest.mark.parametrize("level", ["ward", "msoa", "lsoa", "locality"])
def test_a_link_reproduces_figure_level_sites_and_area(run_page: OpenPage, level: str) -> None:
    app = run_page("figures", place="kent", figure="disabled_residents", figure_by=level, sites_over="true")
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="figure").value == "disabled_residents"
    assert app.session_state["figure_by"] == level
    assert app.session_state["sites_over"] is True
    assert len(app.dataframe[1].value) == {"ward": 255, "msoa": 183, "lsoa": 938, "locality": 12}[level]
    assert "17.9%" in answer(app)


def test_two_at_once_say_which_areas_are_high_on_both(run_page: OpenPage) -> None:
    app = run_page("figures", place="leeds", figure="imd_score", **{"and": "income_rate"})
    assert not app.exception
    assert answer(app).startswith("**11 of 33** wards of Leeds are in the top third on both")
    table = app.dataframe[1].value
    assert {"value", "second_value", "first_third", "second_third"} <= set(table)
    assert (table[["first_third", "second_third"]] == "high").all(axis=1).sum() == 11


def test_what_is_published_by_ward_is_shown_by_ward_and_the_choice_stays(run_page: OpenPage) -> None:
    app = run_page("figures", place="leeds", figure=LOW_INCOME, figure_by="lsoa")
    assert "By ward: there are no figures of Children under 16" in captions(app)
    assert len(app.dataframe[1].value) == 33
    app.selectbox(key="figure").set_value("imd_score").run()
    assert len(app.dataframe[1].value) == 488


def test_wards_without_a_figure_are_counted(run_page: OpenPage) -> None:
    app = run_page("figures", place="shropshire", figure=LOW_INCOME)
    assert not app.exception
    assert "72 of 72 wards have no figure" in answer(app)
    assert "**23.4%** in Shropshire" in answer(app)


def card(app) -> str:
    return next((str(each.value) for each in app.get("html") if "hr-card" in str(each.value)), "")


def test_an_area_is_found_by_code_postcode_and_site_and_has_its_card(run_page: OpenPage) -> None:
    app = run_page("figures", place="rutland", area="E05012632", figure="reach_minutes")
    assert not app.exception
    assert "<h2>Barleythorpe <small>ward of 2 LSOAs</small>" in card(app)
    assert "**2 sites, ages 0 to 17, 20-minute walk" in captions(app)
    links = {each.proto.label: each.proto.query_string for each in app.get("page_link")}
    assert "at=E01035102" in links["Place a site here"]
    app.selectbox(key="area").set_value("site visions-community-and-childrens-centre-great-casterton").run()
    assert "<h2>Ryhall &amp; Casterton <small>" in card(app)
    assert app.selectbox(key="area").value == "E05012644"
    app.selectbox(key="area").set_value("E01035102").run()
    assert app.session_state["figure_by"] == "lsoa"
    assert "<small>neighbourhood</small>" in card(app)
    linked = run_page("figures", place="rutland", area="le15 6rp")
    assert not linked.warning
    assert "<h2>Barleythorpe <small>" in card(linked)


def test_an_area_goes_to_targeting_at_its_own_level_wherever_targeting_was_left(run_page: OpenPage) -> None:
    app = run_page("targeting", place="rutland", level="Wards")
    assert app.session_state["level"] == "ward"
    app.switch_page(SCRIPTS["figures"]).run()
    app.selectbox(key="area").set_value("E01035102").run()
    app.button(key="area-in-targeting").click().run()
    assert not app.exception
    assert app.button_group(key="look").value == "set"
    assert (app.session_state["level"], app.session_state["area"]) == ("lsoa", "E01035102")
    assert "neighbourhoods" in answer(app)


def test_a_site_found_on_the_map_has_its_card_and_is_closed_moved_and_back(run_page: OpenPage) -> None:
    site = "visions-community-and-childrens-centre-great-casterton"
    app = run_page("figures", place="rutland", figure="reach_minutes")
    assert not [button for button in app.button if button.key == "toggle-site"]
    app.selectbox(key="area").set_value(f"site {site}").run()
    assert not app.exception
    assert app.selectbox(key="site").value == site
    reached = answer(app)
    assert reached.count("minutes") == reached.count(" minutes**") + reached.count(" minutes)")
    app.button(key="toggle-site").click().run()
    assert app.button(key="toggle-site").label == "Open this site"
    assert answer(app) != reached
    assert "1 change to today's sites" in captions(app)
    app.text_input(key=f"name-{site}").set_value("Elsewhere")
    app.button(key=f"keep-{site}").click().run()
    assert any(str(each.value).startswith("**Elsewhere**") for each in app.markdown)
    for _ in range(2):
        next(button for button in app.button if button.label == "Undo").click().run()
    assert answer(app) == reached
    assert "today's sites" not in captions(app)


def test_an_area_of_a_link_that_is_not_here_is_told(run_page: OpenPage) -> None:
    app = run_page("figures", place="rutland", area="Atlantis")
    assert "area “Atlantis”: not known here" in app.warning[0].value


def test_a_figure_that_is_not_here_is_told(run_page: OpenPage) -> None:
    app = run_page("figures", place="rutland", figure="nosuch")
    assert "figure “nosuch”: not known here" in app.warning[0].value
    assert "Rutland" in answer(app)


def test_the_figure_stays_where_another_place_is_opened(run_page: OpenPage) -> None:
    app = run_page("figures", place="leeds", figure="crime_score")
    app.selectbox(key="place").set_value("rutland").run()
    assert not app.exception
    assert app.selectbox(key="figure").value == "crime_score"
    assert "Crime, score" in answer(app)


def test_on_a_phone_the_card_is_a_sheet_that_closes(run_page: OpenPage) -> None:
    app = run_page("figures", place="rutland", area="E01035106", figure_by="lsoa")
    assert not [button for button in app.button if button.key == "close-sheet"]
    app.session_state["viewport"] = {"viewport": "narrow"}
    app.run()
    app.button(key="close-sheet").click().run()
    assert not app.exception
    assert app.selectbox(key="area").value is None
    assert not [button for button in app.button if button.key == "close-sheet"]

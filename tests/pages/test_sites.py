"""Sites without a browser: change, undo, keep, load, share, and two people at once."""

from __future__ import annotations

import re

import pytest

from analysis.base.history import change_history, copy_path, new_copy_id, read_history
from analysis.options.files import find_option, list_options
from analysis.options.option import option_sites
from analysis.places.read import read_place
from analysis.places.sites.edits import SiteEdit, SiteHistory, close_site, open_site
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer, labelled

HOSTILE = '=HYPERLINK("http://x","y") <img src=x onerror=alert(1)> **b**'
HUB = "tilbury-family-hub"


UNDO, REDO, START = (f"site-thurrock-{key}" for key in ("undo", "redo", "start"))


def kept(copy: str) -> SiteHistory:
    return read_history(copy_path("thurrock", "site", copy), SiteHistory)


def change(copy: str, *edits: SiteEdit) -> None:
    """As somebody else with the same link would."""
    path = copy_path("thurrock", "site", copy)
    change_history(path, SiteHistory, lambda history: history.record(edits), seen=kept(copy).revision)


def click(app, key: str):
    return app.button(key=key).click().run()


def add(app, name: str, **fields: object):
    app.text_input(key="add-name").set_value(name)
    for key, value in fields.items():
        widget = app.text_input if key == "postcode" else app.number_input
        widget(key=f"add-{key}").set_value(value)
    return click(app, "add-button")


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_place_shows_its_sites_as_they_are(run_page: OpenPage, slug: str) -> None:
    app = run_page("sites", place=slug)
    assert not app.exception
    assert not app.error
    sites = read_place(slug).sites
    assert answer(app).startswith(f"**{int(sites['is_open'].sum())} sites are open**")
    assert "as they are today" in answer(app)
    assert app.button(key=f"site-{slug}-undo").disabled
    assert "changes" not in app.query_params


def test_closing_undoing_and_redoing_a_hub_moves_the_answer_there_and_back(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock", site="Tilbury Family Hub")
    start = answer(app)
    click(app, "toggle-site")
    assert "**14 sites are open**" in answer(app)
    assert "**1 change**" in answer(app)
    lost = int(re.search(r"\*\*([\d,]+) fewer\*\* than today", answer(app))[1].replace(",", ""))
    assert lost > 1000
    click(app, UNDO)
    assert answer(app) == start
    click(app, REDO)
    assert f"**{lost:,} fewer**" in answer(app)
    click(app, START)
    assert answer(app) == start
    assert not app.button(key=REDO).disabled


def test_a_change_is_kept_and_in_force_on_reach_and_in_another_session(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock", site="Tilbury Family Hub")
    click(app, "toggle-site")
    copy = app.query_params["changes"]
    assert re.fullmatch(r"[a-z0-9]{10}", copy)
    other = run_page("sites", place="thurrock", changes=copy)
    assert "**14 sites are open**" in answer(other)
    reach = run_page("reach", place="thurrock", changes=copy)
    assert "1 change to today's sites" in " ".join(caption.value for caption in reach.caption)
    assert not kept(copy).undone
    assert "**15 sites are open**" in answer(run_page("sites", place="thurrock"))


def test_a_site_is_added_by_postcode_grid_and_clicked_area(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock")
    add(app, "Library", postcode="rm17 5dx")
    assert not app.error
    add(app, "Village hall", easting=568_000.0, northing=181_000.0)
    area = read_place("thurrock").areas.iloc[0]
    app.query_params["at"] = str(area.name)
    app.run()
    assert not app.warning
    assert str(area["ward_name"]) in " ".join(caption.value for caption in app.caption)
    add(app, "In the middle")
    assert "**18 sites are open**" in answer(app)
    history = kept(app.query_params["changes"])
    points = [(edit.site_id, edit.values["easting"], edit.values["northing"]) for edit in history.edits]
    assert points[0][0] == "library-rm17-5dx" or points[0][0] == "library"
    assert points[1][1:] == (568_000.0, 181_000.0)
    assert points[2][1:] == (area["easting"], area["northing"])
    assert history.edits[0].values["postcode"] == "RM17 5DX"
    click(app, UNDO)
    assert "**17 sites are open**" in answer(app)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"postcode": "ZZ99 9ZZ"}, "postcode"),
        ({"easting": 568_000.0}, "no position"),
        ({}, "no position"),
    ],
)
def test_a_site_without_a_usable_position_is_refused_in_one_box(
    run_page: OpenPage, fields: dict[str, object], words: str
) -> None:
    app = run_page("sites", place="thurrock")
    add(app, "Nowhere", **fields)
    assert len(app.error) == 1
    assert words in app.error[0].value
    assert "changes" not in app.query_params
    assert "as they are today" in answer(app)
    assert app.text_input(key="add-name").value == "Nowhere"
    add(app, "Library", postcode="RM17 5DX", **{"easting": None} if "easting" in fields else {})
    assert not app.error
    assert "changes" in app.query_params
    assert app.text_input(key="add-name").value == ""
    assert app.text_input(key="add-postcode").value == ""


def test_a_csv_adds_sites_and_a_faulty_one_changes_nothing(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock")
    table = b"name,kind,postcode,capacity_families\nLibrary,outreach,RM17 5DX,40\nHall,outreach,RM18 8EY,\n"
    app.file_uploader(key="sites-upload-0").set_value(("sites.csv", table, "text/csv")).run()
    assert not app.error
    assert "**17 sites are open**" in answer(app)
    click(app, UNDO)
    assert "**15 sites are open**" in answer(app)
    faulty = b"name,kind,easting,northing\nFar,outreach,100,200\n,outreach,568000,181000\n"
    app.file_uploader(key="sites-upload-1").set_value(("bad.csv", faulty, "text/csv")).run()
    assert "row 2" in app.error[0].value
    assert "row 3" in app.error[0].value
    assert "**15 sites are open**" in answer(app)


def test_a_list_with_other_headings_is_read_once_they_are_said_and_academies_are_no_hubs(
    run_page: OpenPage,
) -> None:
    app = run_page("sites", place="thurrock")
    table = b"What,kind,postcode\nTilbury Academy,academy,RM18 8EY\nHall,outreach,RM17 5DX\n"
    app.file_uploader(key="sites-upload-0").set_value(("ours.csv", table, "text/csv")).run()
    assert "no list of sites" in app.error[0].value
    labelled(app.selectbox, "Name of the site").select("What").run()
    click(app, "sites-upload-again")
    assert not app.error
    assert "it starts as a possible building" in app.info[0].value
    assert "**16 sites are open**" in answer(app)


def test_sites_are_saved_as_an_option_and_loaded_again(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock", site="Tilbury Family Hub", minutes="25")
    click(app, "toggle-site")
    app.text_input(key="option-name").set_value("Without Tilbury").run()
    click(app, "option-save")
    assert "Saved as without" in app.success[-1].value
    assert "without-tilbury" in list_options("thurrock")
    option = find_option("thurrock", "without-tilbury")
    assert option.catchment.minutes == 25
    today = read_place("thurrock").sites
    assert not option_sites(option, today).loc[HUB, "is_open"]
    assert app.button(key="option-save").disabled, "a second save must not replace the first unasked"
    fresh = run_page("sites", place="thurrock")
    fresh.selectbox(key="option-chosen").set_value("without-tilbury").run()
    click(fresh, "option-load")
    assert "**14 sites are open**" in answer(fresh)
    assert "within a 25-minute walk" in answer(fresh)
    assert "its limit of 25 minutes, walk" in fresh.success[0].value
    click(fresh, UNDO)
    assert "as they are today" in answer(fresh)


def test_an_option_file_that_is_none_is_told(run_page: OpenPage) -> None:
    app = run_page("sites", place="medway")
    app.file_uploader(key="option-upload-0").set_value(("x.toml", b"not = [toml", "application/toml")).run()
    assert "x.toml\\: not valid TOML" in app.error[0].value
    assert "as they are today" in answer(app)


def test_two_people_on_one_link_do_not_overwrite_each_other_unknowingly(run_page: OpenPage) -> None:
    copy = new_copy_id()
    change(copy, close_site("chadwell-family-hub"))
    mine = run_page("sites", place="thurrock", changes=copy, site="Tilbury Family Hub")
    change(copy, open_site("chadwell-family-hub"))
    click(mine, "toggle-site")
    assert "somebody with the same link" in mine.error[0].value
    assert [edit.action for edit in kept(copy).edits] == ["close", "open"]
    click(mine, "toggle-site")
    assert not mine.error
    assert kept(copy).edits[-1] == close_site(HUB)


def test_two_people_without_a_link_have_copies_of_their_own(run_page: OpenPage) -> None:
    apps = [run_page("sites", place="thurrock", site="Tilbury Family Hub") for _ in range(2)]
    copies = [click(app, "toggle-site").query_params["changes"] for app in apps]
    assert copies[0] != copies[1]
    click(apps[0], UNDO)
    assert "**15 sites are open**" in answer(apps[0])
    assert "**14 sites are open**" in answer(apps[1].run())


def test_starting_again_keeps_the_copy_and_it_can_be_opened(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock", site="Tilbury Family Hub")
    copy = click(app, "toggle-site").query_params["changes"]
    click(app, "start-again")
    assert "as they are today" in answer(app)
    app.selectbox(key="kept-copy").set_value(copy).run()
    click(app, "open-copy")
    assert "**14 sites are open**" in answer(app)
    click(app, "fork")
    assert app.query_params["changes"] != copy
    assert "**14 sites are open**" in answer(app)


def test_an_id_that_is_none_is_told_and_todays_sites_stand(run_page: OpenPage) -> None:
    app = run_page("sites", place="wirral", changes="../../etc")
    assert not app.exception
    assert "not an id" in app.error[0].value
    assert "as they are today" in answer(app)


def test_a_hostile_name_stays_text(run_page: OpenPage) -> None:
    app = run_page("sites", place="thurrock")
    add(app, HOSTILE, postcode="RM17 5DX")
    assert not app.error
    site = next(iter(kept(app.query_params["changes"]).edits)).site_id
    app.selectbox(key="site").set_value(site).run()
    card = next(text.value for text in app.markdown if "HYPERLINK" in text.value)
    assert "<img" not in card.replace("\\<img", "")
    assert "\\*\\*b\\*\\*" in card
    assert not app.exception

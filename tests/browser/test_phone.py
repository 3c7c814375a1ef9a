"""The phone page in a real browser at 360 px: join, answer, change, read what is kept."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from analysis.reach.selection import choose_sites, today_kinds
from analysis.workshop.progress import close_question, open_question
from analysis.workshop.results import count_participants
from analysis.workshop.retention import close_workshop
from tests.browser.phones import (
    NASTY,
    QUESTIONS,
    assert_accessible,
    assert_fits,
    enter,
    read_index,
    send,
)


def test_the_code_on_the_screen_opens_the_page_that_says_first_what_is_kept(hall, phone):
    page = phone(hall.address)
    page.get_by_label("Code on the screen").fill("AAAA 2222")
    page.get_by_role("button", name="Join").tap()
    expect(page.locator("#wrong")).to_contain_text("Check the code")
    code = hall.made.join_code
    page.get_by_label("Code on the screen").fill(f"{code[:4]} {code[4:]}".lower())
    page.get_by_role("button", name="Join").tap()
    expect(page.get_by_role("heading", name="What is kept, and why")).to_be_visible()
    text = page.locator("main").inner_text()
    assert "To plan hubs." in text
    assert "Deleted 90 days after the workshop closes" in text
    assert "Not kept: your name" in text
    hall.ask("name")
    assert count_participants(hall.store, hall.made.workshop_id)["phone"] == 0
    enter(page)
    expect(page.get_by_role("heading", name="Which name do you like?")).to_be_visible()
    assert count_participants(hall.store, hall.made.workshop_id)["phone"] == 1
    assert page.url == hall.address + hall.made.invite


def test_every_kind_of_question_is_answered_with_taps(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    expect(page.get_by_role("heading", name="Look at the screen")).to_be_visible()

    def given(key, act, expected):
        asked = hall.ask(key)
        prompt = next(each.prompt for each in QUESTIONS if each.key == key)
        expect(page.get_by_role("heading", name=prompt)).to_be_visible()
        act()
        assert_fits(page)
        assert_accessible(page)
        send(page)
        assert hall.values(asked) == [expected]

    def dots():
        for name, times in (("North hub", 3), ("South hub", 2)):
            for _ in range(times):
                page.get_by_role("button", name=f"One dot more for {name}").tap()
        expect(page.get_by_role("button", name="One dot more for South hub")).to_be_disabled()
        expect(page.get_by_text("0 of 5 dots left")).to_be_visible()

    def rank():
        for name in ("South hub", "North hub"):
            page.get_by_role("button", name=name).tap()

    def many():
        page.get_by_label("South hub").tap()
        page.get_by_label("North hub").tap()
        expect(page.get_by_role("checkbox").nth(2)).to_be_disabled()

    given("dots", dots, {"north": 3, "south": 2})
    given("rank", rank, ["south", "north"])
    given("name", lambda: page.get_by_label("South hub").tap(), "south")
    given("many", many, ["north", "south"])
    given("scale", lambda: page.get_by_label("5 Very easy").tap(), 5)
    given("words", lambda: page.get_by_role("textbox").fill(f"Mine\n{NASTY}"), f"Mine\n{NASTY}")
    assert page.title() == f"Hubs {NASTY}"
    assert page.locator("main img").count() == 0


def test_a_tap_on_the_map_chooses_the_area_there_or_the_nearest_site(hall, phone, place):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("area")
    expect(page.locator("svg path").first).to_be_visible()
    oxton = place.names("ward").eq("Oxton").idxmax()
    box = page.locator("svg path").nth(read_index(hall, "area", oxton)).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Chosen: Oxton")).to_be_visible()
    assert page.locator("svg .chosen").count() == 1
    assert_fits(page)
    assert_accessible(page)
    send(page)
    assert hall.values(asked) == [oxton]
    asked = hall.ask("site")
    circle = page.locator("svg circle").first
    expect(circle).to_be_visible()
    box = circle.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    send(page)
    today = choose_sites(place.sites, kinds=today_kinds(place.kinds, place.sites))
    assert hall.values(asked) == [today.sort_values("name").index[0]]


def test_an_answer_changes_until_the_question_closes_then_the_page_waits(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("North hub").tap()
    send(page)
    expect(page.locator("#send")).to_be_disabled()
    page.get_by_label("South hub").tap()
    expect(page.locator("#status")).to_contain_text("Changed, not sent yet")
    page.get_by_role("button", name="Send the change").tap()
    expect(page.locator("#status")).to_contain_text("Counted")
    assert hall.values(asked) == ["south"]
    close_question(hall.store, hall.made.workshop_id, asked)
    expect(page.get_by_role("heading", name="Look at the screen")).to_be_visible()
    open_question(hall.store, hall.made.workshop_id, asked)
    expect(page.get_by_label("South hub")).to_be_checked()
    close_workshop(hall.store, hall.made.workshop_id)
    expect(page.get_by_role("heading", name="The workshop is closed")).to_be_visible()


def test_words_that_were_typed_survive_a_reload_and_a_person_can_remove_everything(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("words")
    page.get_by_role("textbox").fill("Half a thought")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("Half a thought")
    send(page)
    assert hall.values(asked) == ["Half a thought"]
    page.get_by_text("What is kept, and why").tap()
    page.get_by_role("button", name="Remove all my answers").tap()
    page.get_by_role("button", name="Tap again to remove").tap()
    expect(page.get_by_role("heading", name="What is kept, and why")).to_be_visible()
    assert hall.values(asked) == []
    assert count_participants(hall.store, hall.made.workshop_id)["phone"] == 0


def test_several_phones_count_apart_and_see_nothing_of_each_other(hall, phone):
    pages = [phone(hall.address + hall.made.invite) for _ in range(4)]
    for page in pages:
        enter(page)
    asked = hall.ask("name")
    for page, label in zip(pages, ("North hub", "South hub", "South hub", "South hub"), strict=True):
        page.get_by_label(label).tap()
        send(page)
    assert sorted(hall.values(asked)) == ["north", "south", "south", "south"]
    body = pages[0].evaluate(
        "fetch('api/' + location.pathname.split('/').pop() + '/state').then((r) => r.text())"
    )
    assert set(json.loads(body)) == {
        "version", "title", "purpose", "keep_days", "closed", "standing", "step", "asks_about_you", "questions",
    }  # fmt: skip
    assert not re.search(r"answer|people|participant|result", body)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_in_light_and_dark_with_targets_for_a_thumb(hall, phone, scheme):
    page = phone(hall.address, color_scheme=scheme)
    expect(page.get_by_role("heading", name="Join the workshop")).to_be_visible()
    assert_accessible(page)
    page.goto(hall.address + hall.made.invite)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    enter(page)
    expect(page.get_by_role("heading", name="Look at the screen")).to_be_visible()
    assert_accessible(page)
    for key in ("dots", "rank", "name", "scale"):
        hall.ask(key)
        prompt = next(each.prompt for each in QUESTIONS if each.key == key)
        expect(page.get_by_role("heading", name=prompt)).to_be_visible()
        assert_accessible(page)
        boxes = [
            each.bounding_box()
            for each in page.locator("label.row, .row button, button.row, .scale label, #send").all()
        ]
        assert min(box["height"] for box in boxes) >= 44
        assert min(box["width"] for box in boxes) >= 44
        send_box = page.locator("#send").bounding_box()
        assert send_box["y"] + send_box["height"] <= 640
        assert send_box["y"] >= 320

"""Phones that lose the signal, the server or the store: every answer waits, and is counted once."""

from __future__ import annotations

import signal

from playwright.sync_api import expect

from analysis.workshop.progress import close_question
from tests.browser.phones import enter, send


def test_an_answer_given_without_a_signal_is_kept_over_a_reload_and_counted_once(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("North hub").tap()
    page.context.set_offline(True)
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Not counted yet. Keep this page open")
    expect(page.locator("#connection")).to_contain_text("No connection")
    assert hall.values(asked) == []
    page.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("Counted", timeout=20_000)
    assert hall.values(asked) == ["north"]
    page.reload()
    expect(page.get_by_label("North hub")).to_be_checked()
    expect(page.locator("#status")).to_contain_text("Counted")
    assert hall.values(asked) == ["north"]


def test_a_phone_that_was_switched_off_sends_its_answer_when_the_page_opens_again(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("East").tap()
    page.route("**/answers", lambda route: route.abort())
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Not counted yet")
    context, address = page.context, page.url
    page.close()
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#status")).to_contain_text("Counted")
    assert hall.values(asked) == ["east"]


def test_a_reply_that_is_lost_on_the_way_is_asked_for_again_and_counted_once(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    lost = []

    def lose_the_first(route):
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/answers", lose_the_first)
    page.get_by_label("North hub").tap()
    send(page)
    assert lost == [200]
    assert hall.values(asked) == ["north"]


def test_a_store_that_is_away_keeps_the_answer_waiting_and_counts_it_when_it_is_back(hall, phone, tmp_path):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("North hub").tap()
    file = hall.store.database.file
    away = tmp_path / "away"
    away.mkdir()
    for path in list(file.parent.glob(file.name + "*")):
        path.rename(away / path.name)
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Not counted yet. Keep this page open")
    for path in list(away.iterdir()):
        path.rename(file.parent / path.name)
    expect(page.locator("#status")).to_contain_text("Counted", timeout=20_000)
    assert hall.values(asked) == ["north"]


def test_a_server_that_restarts_finds_its_phones_again(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("South hub").tap()
    hall.server.end(signal.SIGTERM)
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Not counted yet")
    hall.server.start()
    expect(page.locator("#status")).to_contain_text("Counted", timeout=20_000)
    assert hall.values(asked) == ["south"]
    hall.ask("scale")
    expect(page.get_by_role("heading", name="How easy is it?")).to_be_visible(timeout=20_000)


def test_an_answer_that_comes_too_late_says_so(hall, phone):
    page = phone(hall.address + hall.made.invite)
    enter(page)
    asked = hall.ask("name")
    page.get_by_label("North hub").tap()
    page.route("**/answers", lambda route: route.abort())
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Not counted yet")
    close_question(hall.store, hall.made.workshop_id, asked)
    page.unroute("**/answers")
    expect(page.get_by_text("this answer was not counted")).to_be_visible(timeout=20_000)
    assert hall.values(asked) == []

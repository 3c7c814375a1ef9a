"""The phone page in a real browser at 360 px: join, answer, change, lose the signal, come back."""

from __future__ import annotations

import json
import re
import signal
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import URL

from analysis.places import read_place
from analysis.workshop.progress import close_question, open_question, show_step
from analysis.workshop.questions import Item, Question
from analysis.workshop.results import count_participants, read_answers
from analysis.workshop.retention import close_workshop
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import NewWorkshop, create_workshop
from tests.phone_server import PhoneServer

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NASTY = "<img src=x onerror=\"document.title='owned'\">"
HUBS = tuple(
    Item(key=key, label=label)
    for key, label in (("north", "North hub"), ("south", "South hub"), ("east", f"East {NASTY}"))
)
QUESTIONS = (
    Question(
        key="dots", kind="dots", prompt="Share five dots over the hubs", items=HUBS, dots=5, dots_per_item=3
    ),
    Question(key="rank", kind="ranking", prompt="Rank the hubs", items=HUBS),
    Question(key="name", kind="single", prompt="Which name do you like?", items=HUBS),
    Question(key="many", kind="multiple", prompt="Which services do you need?", items=HUBS, most=2),
    Question(
        key="scale", kind="scale", prompt="How easy is it?", low_label="Very hard", high_label="Very easy"
    ),
    Question(key="area", kind="place", prompt="Where would you go?", items_from="wards"),
    Question(key="site", kind="place", prompt="Which hub is nearest?", items_from="sites"),
    Question(key="words", kind="text", prompt=f"Anything else? {NASTY}"),
)


@dataclass
class Hall:
    store: Store
    made: NewWorkshop
    server: PhoneServer

    @property
    def address(self) -> str:
        return self.server.address

    def ask(self, key: str) -> str:
        state = read_state(self.store, self.made.workshop_id)
        step = next(each for each in state.steps if each.step.question and each.step.question.key == key)
        for question in state.open_questions:
            close_question(self.store, self.made.workshop_id, question.id)
        show_step(self.store, self.made.workshop_id, step.id)
        return step.question_id

    def values(self, question_id: str) -> list:
        return read_answers(self.store, question_id)["value"].tolist()


@pytest.fixture(scope="module")
def place():
    return read_place("wirral")


@pytest.fixture
def hall(tmp_path, place):
    run = Run(
        title=f"Hubs {NASTY}",
        purpose="To plan hubs.",
        steps=tuple(Step(kind="question", title=each.key, question=each) for each in QUESTIONS),
    )
    options = [OptionChoice(key="a", name="A"), OptionChoice(key="b", name="B")]
    url = URL.create("sqlite", database=str(tmp_path / "workshops.sqlite3"))
    with Store(url) as store:
        server = PhoneServer(url)
        server.start()
        yield Hall(store, create_workshop(store, place, run, options), server)
        server.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def phone(browser):
    """Opens phones, each with a storage of its own; fails on a script error or a request to elsewhere."""
    contexts, faults = [], []

    def open_phone(address: str, **more):
        context = browser.new_context(**{**PHONE, **more})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                faults.append(request.url)
                if "127.0.0.1" not in request.url and not request.url.startswith("data:")
                else None
            ),
        )
        page.goto(address)
        return page

    yield open_phone
    for context in contexts:
        context.close()
    assert faults == []


def enter(page) -> None:
    page.get_by_role("button", name="Start").tap()


def send(page) -> None:
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Counted")


def assert_fits(page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1] == 360


def assert_accessible(page) -> None:
    found = (
        Axe()
        .run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        .response
    )
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


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
    assert hall.values(asked) == [place.sites[place.sites["is_open"]].sort_values("name").index[0]]


def read_index(hall: Hall, key: str, item: str) -> int:
    state = read_state(hall.store, hall.made.workshop_id)
    question = next(each.question for each in state.questions.values() if each.question.key == key)
    return question.keys.index(item)


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
        "version", "title", "purpose", "keep_days", "closed", "step", "asks_about_you", "questions",
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

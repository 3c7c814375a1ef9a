"""A workshop in real browsers: the facilitator's page, the screen, and several phones at once."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import URL

from analysis.render.theme import contrast
from analysis.workshop.results import read_answers
from analysis.workshop.state import State, read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import list_workshops
from pages.shared.catalogue import CATALOGUE
from pages.shared.projector import LEGEND_SHARE
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import SLOW_MS, dashboard, press, wait_until_ready
from tests.browser.phones import assert_accessible, enter, send

PROJECTOR = {"width": 1920, "height": 1080}
LOAD_MS = 120_000
# Text that a person sees: its size, its colour and the first opaque colour behind it.
SEEN_TEXT = """() => {
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || element.closest('script, style, noscript, title')) continue;
    const style = getComputedStyle(element), range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (style.visibility === 'hidden' || !box.width || box.bottom <= 0 || box.top >= innerHeight) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    let behind = element, colour = 'rgba(0, 0, 0, 0)';
    while (behind && /, 0\\)$/.test(colour)) { colour = getComputedStyle(behind).backgroundColor; behind = behind.parentElement; }
    seen.push({words: node.textContent.trim(), size: parseFloat(style.fontSize), colour: style.color, behind: colour});
  }
  return seen;
}"""


@dataclass
class Room:
    """A facilitator's page, the screen that it opened, and the store behind both."""

    address: str
    store: Store
    driver: Page
    screen: Page

    @property
    def state(self) -> State:
        return read_state(self.store, self.workshop_id)

    @property
    def workshop_id(self) -> str:
        """The workshop of this room's screen."""
        return parse_qs(urlparse(self.screen.url).query)["workshop"][0]

    def show(self, key: str) -> str:
        """Put a question on screen from the facilitator's page; returns its id."""
        step = next(each for each in self.state.steps if each.step.question and each.step.question.key == key)
        assert step.step.question is not None
        shown = headline(self.screen).filter(has_text=step.step.question.prompt)
        for _ in range(6):
            # A click that meets a rerun of the driver's page is lost: a person clicks again.
            self.driver.locator(f".st-key-show-{step.id} button").click()
            with contextlib.suppress(PlaywrightTimeout):
                shown.wait_for(timeout=SLOW_MS / 6)
                break
        expect(headline(self.screen)).to_have_text(step.step.question.prompt, timeout=SLOW_MS)
        return str(step.question_id)

    def delete(self) -> None:
        """Delete everything from the facilitator's page; store and screen know nothing of it afterwards."""
        workshop_id = self.workshop_id
        self.driver.get_by_role("tab", name="Record and end").click()
        self.driver.get_by_role("button", name="Delete everything now").click()
        self.driver.get_by_text("I am sure").click()
        self.driver.get_by_role("button", name="Delete now").click()
        expect(self.driver.get_by_role("button", name="Start the workshop")).to_be_visible(timeout=SLOW_MS)
        assert workshop_id not in list_workshops(self.store).index
        expect(headline(self.screen)).to_have_text("Hubreach", timeout=SLOW_MS)

    def press(self, key: str) -> None:
        self.driver.locator(f".st-key-{key} button").first.click()


def headline(screen: Page):
    return screen.locator(".st-key-projector-head h1")


def hexed(colour: str) -> str:
    red, green, blue = (int(float(part)) for part in re.findall(r"[\d.]+", colour)[:3])
    return f"#{red:02X}{green:02X}{blue:02X}"


def assert_reads_from_the_back_row(screen: Page) -> None:
    """Headline 48 px or more, nothing under 24, 4.5:1, no scroll, nothing of the dashboard around it."""
    seen = screen.evaluate(SEEN_TEXT)
    assert len(seen) > 2
    assert [each for each in seen if each["size"] < 24] == []
    low = [each for each in seen if contrast(hexed(each["colour"]), hexed(each["behind"])) < 4.5]
    assert low == []
    size = headline(screen).evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= 48
    page = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert screen.evaluate(page) == [1920, 1080]
    for name in ("stSidebar", "stHeader", "stToolbar", "stStatusWidget"):
        for each in screen.get_by_test_id(name).all():
            expect(each).to_be_hidden()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("workshop")
    with dashboard(folder) as address:
        yield address, folder


@pytest.fixture
def room(chromium: Browser, server: tuple[str, Path], request: pytest.FixtureRequest) -> Iterator[Room]:
    """Start a workshop by its form and open the screen by its link, in the scheme that a test asks for."""
    address, folder = server
    scheme = getattr(request, "param", "light")
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
    context.set_default_timeout(SLOW_MS)
    driver = context.new_page()
    driver.goto(f"{address}/workshop?place=Wirral", timeout=LOAD_MS)
    wait_until_ready(driver)
    driver.get_by_role("button", name="Start the workshop").click(timeout=SLOW_MS)
    driver.get_by_role("button", name="I have kept it").click(timeout=SLOW_MS)
    expect(driver.locator(".st-key-secret-link")).to_have_count(0, timeout=SLOW_MS)
    wait_until_ready(driver)
    link = driver.locator(".st-key-open-screen-False a").first.get_attribute("href")
    assert link is not None
    hall = chromium.new_context(viewport=PROJECTOR, color_scheme=scheme)
    hall.set_default_timeout(SLOW_MS)
    screen = hall.new_page()
    screen.goto(link, timeout=LOAD_MS)
    expect(headline(screen)).to_be_visible(timeout=SLOW_MS)
    with Store(URL.create("sqlite", database=str(folder / "workshops.sqlite3"))) as store:
        made = Room(address, store, driver, screen)
        yield made
    context.close()
    hall.close()


def test_several_phones_vote_change_lose_the_signal_and_are_counted_right(room: Room, phone) -> None:
    phones = [phone(f"{room.address}/join/{room.state.invite}") for _ in range(4)]
    for each in phones:
        enter(each)
    asked = room.show("readiness")
    for each, value in zip(phones[:3], ("2", "4", "5 Ready now"), strict=True):
        each.get_by_label(value).tap()
        send(each)
    count = room.screen.locator(".st-key-projector-ballot .count")
    expect(count).to_have_text("3 answered, 4 joined", timeout=2_000)
    phones[0].get_by_label("4", exact=True).tap()
    phones[0].get_by_role("button", name="Send the change").tap()
    expect(phones[0].locator("#status")).to_contain_text("Counted")
    lost = phones[3]
    lost.get_by_label("1 Not ready").tap()
    lost.context.set_offline(True)
    lost.locator("#send").tap()
    expect(lost.locator("#status")).to_contain_text("Not counted yet")
    assert len(read_answers(room.store, asked)) == 3
    lost.context.set_offline(False)
    expect(lost.locator("#status")).to_contain_text("Counted", timeout=20_000)
    expect(count).to_have_text("4 answered, 4 joined", timeout=2_000)
    assert "Ready now" in room.screen.locator(".st-key-projector-ballot").inner_text()
    assert room.screen.locator(".hr-bars").count() == 0
    assert sorted(read_answers(room.store, asked)["value"]) == [1, 4, 4, 5]
    room.press("question-open")
    expect(lost.get_by_role("heading", name="Look at the screen")).to_be_visible(timeout=SLOW_MS)
    expect(room.screen.locator(".st-key-projector-ballot .state")).to_have_text("Closed: results follow")
    room.press("question-reveal")
    bars = room.screen.locator(".hr-bars li")
    expect(bars).to_have_count(5, timeout=SLOW_MS)
    assert [words.split("\n")[-1] for words in bars.all_inner_texts()] == [
        "1 person",
        "0 people",
        "0 people",
        "2 people",
        "1 person",
    ]
    assert_reads_from_the_back_row(room.screen)
    room.delete()


@pytest.mark.parametrize("room", ["light", "dark"], indirect=True)
def test_every_kind_of_step_reads_from_the_back_row_and_is_accessible(room: Room) -> None:
    expect(room.screen.locator(".hr-join .code")).to_have_text(re.compile(r"^\w{4} \w{4}$"), timeout=SLOW_MS)
    assert_reads_from_the_back_row(room.screen)
    assert_accessible(room.screen)
    for number, step in enumerate(room.state.steps, start=1):
        press(room.screen, "PageDown")
        footer = room.screen.locator("footer")
        expect(footer).to_contain_text(f"{number} of {len(room.state.steps)}", timeout=SLOW_MS)
        if step.step.kind in {"need", "compare"}:
            expect(room.screen.locator(".hr-legend")).to_be_visible(timeout=SLOW_MS)
        assert_reads_from_the_back_row(room.screen)
        assert_accessible(room.screen)
    press(room.screen, "ArrowLeft")
    expect(room.screen.locator("footer")).to_contain_text(f"{len(room.state.steps) - 1} of ", timeout=SLOW_MS)


def test_the_facilitator_page_is_accessible_and_the_screen_alone_cannot_drive(
    room: Room, chromium: Browser
) -> None:
    room.press("drive-next")
    expect(room.screen.locator("footer")).to_contain_text("1 of ", timeout=SLOW_MS)
    wait_until_ready(room.driver)
    assert_accessible(room.driver)
    address = room.screen.url
    assert "ticket" not in address
    context = chromium.new_context(viewport=PROJECTOR)
    other = context.new_page()
    other.goto(address, timeout=LOAD_MS)
    expect(other.locator("footer")).to_contain_text("1 of ", timeout=SLOW_MS)
    other.keyboard.press("PageDown")
    press(room.screen, "PageDown")
    expect(room.screen.locator("footer")).to_contain_text("2 of ", timeout=SLOW_MS)
    expect(other.locator("footer")).to_contain_text("2 of ", timeout=SLOW_MS)
    assert room.state.position == 1
    context.close()


def test_a_page_fills_the_projector_and_keys_go_from_page_to_page(open_page: OpenPage) -> None:
    page = open_page("need?place=wirral&projector=1", "projector", ready=False)
    expect(page.locator("footer")).to_contain_text("Wirral · Need, 3 of ", timeout=SLOW_MS)
    expect(page.locator(".hr-legend")).to_be_visible(timeout=SLOW_MS)
    assert_reads_from_the_back_row(page)
    box = page.locator(".st-key-projector-body-map [data-testid='stDeckGlJsonChart']").bounding_box()
    assert box is not None
    legend = page.locator(".st-key-legend-need").bounding_box()
    assert legend is not None
    # The legend's share of the width, and the map the rest of it.
    assert round(box["x"]) == round(1920 * LEGEND_SHARE) >= legend["x"] + legend["width"]
    assert (round(box["x"] + box["width"]), round(box["height"])) == (1920, round(1080 * 0.725))
    shown = [entry.title for entry in CATALOGUE if entry.on_projector]
    here = shown.index("Need") + 1
    for number, title in enumerate(shown[here:], start=here + 1):
        press(page, "ArrowRight" if number % 2 else "PageDown")
        expect(page.locator("footer")).to_contain_text(f"{title}, {number} of {len(shown)}", timeout=SLOW_MS)
        wait_until_ready(page)
        expect(page.locator("[class*='st-key-projector-body']")).to_have_count(1)
        assert_reads_from_the_back_row(page)
        assert_accessible(page)
    press(page, "PageUp")
    expect(page.locator("footer")).to_contain_text(f"{shown[-2]}, {len(shown) - 1} of ", timeout=SLOW_MS)
    press(page, "Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible(timeout=SLOW_MS)
    assert "projector" not in page.url

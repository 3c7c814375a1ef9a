"""Fixtures of the browser tests: one Chromium, one dashboard, pages that notice every request outside."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright
from sqlalchemy import URL

from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.store import Store
from analysis.workshop.workshops import create_workshop
from tests.browser.dashboard import FLAGS, OWN, SIZES, dashboard, wait_until_ready
from tests.browser.phones import NASTY, PHONE, QUESTIONS, Hall
from tests.find_browser import installed_browser
from tests.phone_server import PhoneServer

OpenPage = Callable[..., Page]
# What Chromium says of a thing that the server's own policy does not let a page load.
POLICY = "Content Security Policy"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _on_todays_ground(user_data: Path) -> Iterator[None]:
    """The dashboard is served with the places as the product has them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HUBREACH_PLACES")
        yield


@pytest.fixture(scope="session")
def browsers() -> Iterator[tuple[BrowserType, Path]]:
    """How a browser is started, and the one that is."""
    path = installed_browser()
    assert path is not None, "no browser: install Chrome, Chromium or Edge, or run make test"
    with sync_playwright() as playwright:
        yield playwright.chromium, path


@pytest.fixture(scope="session")
def chromium(browsers: tuple[BrowserType, Path]) -> Iterator[Browser]:
    kind, path = browsers
    browser = kind.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def address(_on_todays_ground: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dashboard(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="session")
def profile(
    browsers: tuple[BrowserType, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """One user's browser for all pages, with a profile on disk: only there are compiled scripts kept."""
    kind, path = browsers
    folder = tmp_path_factory.mktemp("profile")
    context = kind.launch_persistent_context(folder, executable_path=path, args=FLAGS, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def open_page(profile: BrowserContext, address: str) -> Iterator[OpenPage]:
    """Open a path in a new tab with nothing stored; fails afterwards on any request that left the machine."""
    outside: list[str] = []
    errors: list[str] = []
    opened_pages: list[Page] = []

    def opened(path: str, size: str = "laptop", *, ready: bool = True, typed: bool = False) -> Page:
        width, height = SIZES[size]
        if not typed:
            # The place as the browser writes it: a typed key costs a second run of the page.
            path = re.sub(r"place=[a-z]", lambda found: found[0][:-1] + found[0][-1].upper(), path)
        page = profile.new_page()
        opened_pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.on(
            "request", lambda request: None if request.url.startswith(OWN) else outside.append(request.url)
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if POLICY in said.text else None)
        page.goto(f"{address}/{path.lstrip('/')}")
        if ready:
            wait_until_ready(page)
        return page

    yield opened
    for page in opened_pages:
        page.evaluate("localStorage.clear()")
        page.close()
    profile.clear_cookies()
    assert outside == [], "a request left the machine"
    assert errors == [], "the page threw an error"


@pytest.fixture
def place() -> Place:
    return read_place("wirral")


@pytest.fixture
def hall(tmp_path: Path, place: Place) -> Iterator[Hall]:
    """A workshop with a question of every kind, on a server of its own that can go and come back."""
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


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open phones, each with a storage of its own; fails on a script error or a request to elsewhere."""
    contexts, faults = [], []

    def open_phone(address: str, **more: object) -> Page:
        context = chromium.new_context(**{**PHONE, **more})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request", lambda request: None if request.url.startswith(OWN) else faults.append(request.url)
        )
        page.goto(address)
        return page

    yield open_phone
    for context in contexts:
        context.close()
    assert faults == []

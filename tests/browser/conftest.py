"""Fixtures of the browser tests: one Chromium, one dashboard, pages that notice every request outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.dashboard import FLAGS, OWN, SIZES, dashboard, wait_until_ready
from tests.find_browser import installed_browser

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = installed_browser()
    assert path is not None, "no browser: install Chrome, Chromium or Edge, or run make test"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dashboard(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[OpenPage]:
    """Open a path in a new browser context; fails afterwards on any request that left the machine."""
    outside: list[str] = []
    errors: list[str] = []
    contexts = []

    def opened(path: str, size: str = "laptop", *, ready: bool = True) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request", lambda request: None if request.url.startswith(OWN) else outside.append(request.url)
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/{path.lstrip('/')}")
        if ready:
            wait_until_ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == [], "a request left the machine"
    assert errors == [], "the page threw an error"

"""Run the dashboard's script without a browser, on a page and an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.source_util import PageInfo
from streamlit.testing.v1 import AppTest, app_test

from pages.shared.catalogue import CATALOGUE, SCREEN

ROOT = Path(__file__).resolve().parents[2]
NAVIGATION = str(ROOT / "pages" / "navigation.py")
SCRIPTS = {entry.url_path: entry.path for entry in (*CATALOGUE, SCREEN)}
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _scan_packages_once() -> Iterator[None]:
    """Every app of a test would look through all installed packages for components: a fifth of these tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield
    # The library's folder of scripts, which it leaves to the interpreter's end, with a warning.
    app_test.TMP_DIR.cleanup()


@cache
def registered_pages() -> dict[str, PageInfo]:
    """The pages that the navigation registers: with them a test opens a page as a link does, not by way of Home."""
    app = AppTest.from_file(NAVIGATION, default_timeout=60).run()
    return dict(app._registered_pages)


@pytest.fixture
def run_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> OpenPage:
    """Run one page with query parameters; the user's data folder is empty."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))

    def run(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(NAVIGATION, default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        if page != "home":
            app._registered_pages = registered_pages()
            app.switch_page(SCRIPTS[page])
        return app.run()

    return run


def answer(app: AppTest) -> str:
    """The sentence under the question."""
    return str(app.main.markdown[0].value)


def labelled(widgets: Sequence[Any], words: str) -> Any:
    """The one widget with a label that begins with some words."""
    (found,) = (each for each in widgets if each.label.startswith(words))
    return found

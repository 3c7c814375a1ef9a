"""What is imported when, and that the dashboard's page alone names its large scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import pages.preload
from pages.preload import (
    LARGE,
    LIGHT,
    NAVIGATION,
    PAGES,
    SCRIPTS,
    Imports,
    LightRoute,
    PreloadScripts,
    WaitForImports,
    preload_links,
)


def _client() -> TestClient:
    routes = [
        Route("/need", lambda _: HTMLResponse("<p>need</p>")),
        Route("/join/", lambda _: HTMLResponse("<p>join</p>")),
        Route("/data", lambda _: JSONResponse({})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PreloadScripts)]))


@pytest.mark.parametrize("pattern", LARGE)
def test_this_streamlit_has_each_script_once(pattern: str) -> None:
    assert len(list(SCRIPTS.glob(pattern))) == 1


def test_the_page_names_the_scripts_and_nothing_else_does() -> None:
    client = _client()
    assert client.get("/need").headers["link"].count("rel=modulepreload") == len(LARGE)
    assert "link" not in client.get("/join/").headers
    assert "link" not in client.get("/data").headers


def test_a_streamlit_with_other_names_gets_no_header(tmp_path: Path) -> None:
    (tmp_path / "Other.js").touch()
    assert preload_links(tmp_path) == ""


class Importing:
    """Imports that only note whose they are, once they may begin."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.may_begin = Event()
        self.scripts: list[Path] = []
        self.imports = Imports()
        patch.setattr(pages.preload, "import_names", self._note)
        patch.setattr(pages.preload, "imports", self.imports)

    def _note(self, script: Path) -> None:
        assert self.may_begin.wait(20)
        self.scripts.append(script)


@pytest.fixture
def importing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Importing]:
    made = Importing(monkeypatch)
    yield made
    made.may_begin.set()


def _wait_for_all(imports: Imports) -> None:
    for each in imports.of_all():
        each.result(20)


def test_a_server_that_nobody_visits_imports_for_every_page(importing: Importing) -> None:
    begun = importing.imports.begin()
    importing.may_begin.set()
    begun.result(20)
    _wait_for_all(importing.imports)
    assert importing.scripts == [NAVIGATION, *PAGES.values(), LIGHT]


def test_the_first_visitors_page_comes_first_and_the_others_after_it_was_shown(importing: Importing) -> None:
    app = Starlette(
        routes=[Route("/reach", lambda _: HTMLResponse("<p>reach</p>"))],
        middleware=[Middleware(WaitForImports)],
    )
    with TestClient(app) as client:
        assert client.get("/reach").text == "<p>reach</p>"
    importing.may_begin.set()
    importing.imports.of(PAGES["reach"]).result(20)
    assert importing.scripts == [NAVIGATION, PAGES["reach"]]
    _wait_for_all(importing.imports)
    assert sorted(importing.scripts) == sorted([NAVIGATION, *PAGES.values(), LIGHT])


def test_the_health_check_is_answered_after_the_navigations_imports(importing: Importing) -> None:
    app = Starlette(
        routes=[Route("/_stcore/health", lambda _: JSONResponse(importing.scripts[0].name))],
        middleware=[Middleware(WaitForImports)],
    )
    with TestClient(app) as client:
        importing.imports.begin().add_done_callback(lambda _: None)
        importing.may_begin.set()
        assert client.get("/_stcore/health").json() == "navigation.py"


def test_imports_that_fail_are_a_fault_of_whoever_needs_them(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(script: Path) -> None:
        raise ImportError(script.name)

    monkeypatch.setattr(pages.preload, "import_names", fails)
    with pytest.raises(ImportError, match=r"light\.py"):
        TestClient(Starlette(routes=[Route("/join", LightRoute())])).get("/join")


def test_phones_and_shapes_are_answered_by_their_own_routes() -> None:
    client = TestClient(Starlette(routes=[Route(path, LightRoute()) for path in pages.preload.LIGHT_PATHS]))
    assert client.get("/join/").text.startswith("<!doctype html>")
    assert client.get("/shapes/england/none").text == "There are no such shapes."
    assert client.get("/join", follow_redirects=False).status_code == 307

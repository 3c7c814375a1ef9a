"""The dashboard's page names its large scripts; nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.preload import LARGE, SCRIPTS, PreloadScripts, preload_links


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

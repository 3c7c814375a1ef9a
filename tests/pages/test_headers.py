"""Headers of every answer: the dashboard's say no less than the phones' do, and metrics stay at home."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import app as server
from pages.consult.phone.endpoints import SAFE_HEADERS
from pages.headers import HEADERS, METRICS, SafeHeaders


@pytest.fixture
def client() -> TestClient:
    told = {"Content-Security-Policy": "default-src 'none'"}
    routes = [
        Route("/need", lambda _: PlainTextResponse("need")),
        Route("/join/", lambda _: PlainTextResponse("join", headers=told)),
        Route("/media/made.csv", lambda _: PlainTextResponse("made", headers={"Cache-Control": "public"})),
        Route(METRICS, lambda _: PlainTextResponse("numbers")),
    ]
    served = Starlette(routes=routes, middleware=[Middleware(SafeHeaders)])
    return TestClient(served, client=("127.0.0.1", 50000))


def test_the_dashboard_has_every_header_that_the_phones_have(client: TestClient) -> None:
    answer = client.get("/need")
    assert set(HEADERS) == set(SAFE_HEADERS)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    # The same where nothing is needed in line: no plug-ins, no frames around it, no other base, no eval.
    for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in answer.headers["Content-Security-Policy"]
        assert part in SAFE_HEADERS["Content-Security-Policy"]
    # Compiled modules may run, text may not be.
    assert " 'unsafe-eval'" not in answer.headers["Content-Security-Policy"]


def test_what_an_answer_says_itself_stays_and_downloads_are_not_kept(client: TestClient) -> None:
    assert client.get("/join/").headers["Content-Security-Policy"] == "default-src 'none'"
    assert client.get("/media/made.csv").headers["Cache-Control"] == "no-store"
    assert client.get("/nothing").headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_metrics_are_told_to_the_own_computer_alone(client: TestClient, header: str) -> None:
    assert client.get(METRICS).text == "numbers"
    assert client.get(METRICS, headers={header: "for=203.0.113.9"}).status_code == 404
    assert TestClient(client.app, client=("203.0.113.9", 5)).get(METRICS).status_code == 404


def test_the_served_app_wears_them_outermost() -> None:
    assert server.app._user_middleware[0].cls is SafeHeaders

"""The phone's HTTP: what it answers, what it refuses, and what it never says."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from analysis.base.unforeseen import error_log_path
from analysis.workshop import roles
from analysis.workshop.database import StoreUnavailable
from analysis.workshop.progress import close_question
from analysis.workshop.results import count_participants, read_answers
from analysis.workshop.retention import delete_workshop
from pages.consult.phone import endpoints
from pages.consult.phone.endpoints import phone_routes

KEY = "phone-000000000000000000000001"


@pytest.fixture
def client(hall, monkeypatch):
    monkeypatch.setattr(endpoints, "guesses", roles.Guesses())
    with TestClient(Starlette(routes=phone_routes(hall.store))) as opened:
        yield opened


def test_a_monitor_learns_whether_the_store_reads_and_writes(hall, client, monkeypatch):
    assert client.get("/healthz").json() == {"status": "ok", "store": "sqlite"}

    def broken(_operation):
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(hall.store, "write", broken)
    down = client.get("/healthz")
    assert down.status_code == 503
    assert "cannot be reached" in down.json()["message"]


def answer(question: str, value: object, revision: int = 1, **more: object) -> dict:
    body = {
        "participant": KEY,
        "question": question,
        "answer_id": "answer-1",
        "revision": revision,
        "value": value,
    }
    return {**body, **more}


def test_a_phone_joins_answers_and_withdraws(hall, client):
    api = f"/join/api/{hall.made.invite}"
    assert client.post(f"{api}/participants", json={"participant": KEY}).json() == {"status": "joined"}
    asked = hall.ask("name")
    reply = client.post(f"{api}/answers", json=answer(asked, "north"))
    assert (reply.status_code, reply.json()["status"], reply.json()["value"]) == (200, "counted", "north")
    assert read_answers(hall.store, asked)["value"].tolist() == ["north"]
    assert client.post(f"{api}/withdrawals", json={"participant": KEY}).json() == {"status": "withdrawn"}
    assert count_participants(hall.store, hall.id)["phone"] == 0


def test_the_typed_code_leads_to_the_invite_and_wrong_ones_run_out(hall, client, monkeypatch):
    monkeypatch.setattr(roles, "CODE_GUESSES_EACH", "30/minute")
    typed = f"{hall.made.join_code[:4]}-{hall.made.join_code[4:]}".lower()
    assert client.post("/join/api/code", json={"code": typed}).json()["invite"] == hall.made.invite
    for _ in range(30):
        assert client.post("/join/api/code", json={"code": "AAAA2222"}).status_code == 404
    refused = client.post("/join/api/code", json={"code": typed})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "scan the QR code" in refused.json()["message"]
    assert client.get(f"/join/api/{hall.made.invite}/state").status_code == 200


def test_a_closed_question_a_broken_rule_and_a_deleted_workshop_say_so(hall, client):
    api = f"/join/api/{hall.made.invite}/answers"
    asked = hall.ask("scale")
    assert client.post(api, json=answer(asked, 9)).status_code == 422
    close_question(hall.store, hall.id, asked)
    late = client.post(api, json=answer(asked, 4))
    assert (late.status_code, late.json()["status"]) == (409, "closed")
    assert client.post("/join/api/NOBODYHASTHISINVITE2/answers", json=answer(asked, 4)).status_code == 404
    delete_workshop(hall.store, hall.id)
    assert client.post(api, json=answer(asked, 4)).status_code in {404, 409}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[1]", 400),
        (b"[" * 10_000, 400),
        (b'{"x": "' + b"y" * 20_000 + b'"}', 400),
        (b"{}", 422),
        (json.dumps(answer("../../etc", "north")).encode(), 422),
        (json.dumps(answer("a" * 32, "north", revision=True)).encode(), 422),
        (json.dumps(answer("a" * 32, "north", revision=2**60)).encode(), 422),
        (json.dumps(answer("a" * 32, "north", participant="me")).encode(), 422),
        (json.dumps(answer("a" * 32, "north", answer_id="x" * 65)).encode(), 422),
        (json.dumps(answer("a" * 32, "north")).encode(), 409),
    ],
)
def test_what_is_no_answer_is_refused_in_words(hall, client, body, status):
    reply = client.post(
        f"/join/api/{hall.made.invite}/answers", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == status
    assert set(reply.json()) == {"status", "message"}
    assert count_participants(hall.store, hall.id)["phone"] == 0


def test_an_answer_that_a_form_of_another_site_sends_is_refused(hall, client):
    asked = hall.ask("name")
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        body = json.dumps(answer(asked, "north"))
        reply = client.post(
            f"/join/api/{hall.made.invite}/answers", content=body, headers={"Content-Type": kind}
        )
        assert (reply.status_code, reply.json()["message"]) == (400, "The answer is not sent as JSON.")
    assert read_answers(hall.store, asked).empty


def test_a_store_that_is_away_says_not_counted(hall, client, monkeypatch):
    asked = hall.ask("name")
    client.get(f"/join/api/{hall.made.invite}/state")
    monkeypatch.setattr(hall.store, "submit", lambda _operation: failed_future())
    reply = client.post(f"/join/api/{hall.made.invite}/answers", json=answer(asked, "north"))
    assert (reply.status_code, reply.json()["status"]) == (503, "not_counted")
    assert "Keep this page open" in reply.json()["message"]


def failed_future():
    from concurrent.futures import Future

    future = Future()
    future.set_exception(StoreUnavailable("disk full"))
    return future


def test_the_page_runs_no_script_but_its_own_and_asks_nobody_else(client):
    page = client.get("/join/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in page.text.replace("http-equiv", "")
    for name in ("phone.css", "phone.js", "ballot.js"):
        asset = client.get(f"/join/static/{name}")
        assert asset.status_code == 200
        assert "immutable" in asset.headers["Cache-Control"]
        assert f"static/{name}?v=" in page.text
        assert "http://" not in asset.text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in asset.text
        assert "innerHTML" not in asset.text
    assert client.get("/join/static/endpoints.py").status_code == 404
    assert client.get("/join", follow_redirects=False).headers["Location"] == "/join/"


def test_a_map_is_given_only_once_its_question_was_asked(hall, client):
    waiting = hall.question("where").id
    path = f"/join/api/{hall.made.invite}/map/{waiting}"
    assert client.get(path).status_code == 404
    hall.ask("where")
    outline = client.get(path).json()
    assert outline["choose"] == "area"
    assert len(outline["areas"]) == 22
    assert client.get(f"/join/api/{hall.made.invite}/map/{hall.ask('name')}").status_code == 404


def test_what_breaks_inside_is_a_number_on_the_phone(hall, client, monkeypatch, tmp_path):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))

    def broken(*_: object) -> None:
        raise KeyError("the inside of the house")

    monkeypatch.setattr(endpoints, "join", broken)
    refused = client.post(f"/join/api/{hall.made.invite}/participants", json={"participant": KEY})
    assert (refused.status_code, refused.json()["status"]) == (500, "failed")
    assert "inside of the house" not in refused.text
    number = refused.json()["message"].split("error ")[1][:6]
    assert f"Error {number}\n" in error_log_path().read_text("utf-8")

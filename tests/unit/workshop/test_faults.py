"""When things break: the server killed in mid-vote, the disk full, the database gone."""

from __future__ import annotations

import os
import signal
import threading
import time

import httpx
import pytest
from sqlalchemy import text

from analysis.workshop.database import StoreUnavailable
from analysis.workshop.results import read_answers
from analysis.workshop.store import Store
from tests.phone_server import PhoneServer
from tests.unit.workshop.conftest import new_database, url_of

PHONES = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return url_of(request.param, request, tmp_path)


class Phone(threading.Thread):
    """Answers over and over, like the page: the same answer again until it is told that it counts."""

    def __init__(self, address: str, question: str, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.address, self.question, self.number, self.stop = address, question, number, stop
        self.told: dict[int, str] = {}

    def run(self) -> None:
        revision = 0
        with httpx.Client(timeout=5) as client:
            while not self.stop.is_set():
                revision += 1
                value = ("north", "south", "east")[revision % 3]
                body = {
                    "participant": f"phone-{self.number:024d}",
                    "question": self.question,
                    "answer_id": f"answer-{self.number}-{revision}",
                    "revision": revision,
                    "value": value,
                }
                while not self.stop.is_set() and not self.send(client, body):
                    time.sleep(0.05)

    def send(self, client: httpx.Client, body: dict) -> bool:
        try:
            reply = client.post(self.address, json=body)
        except httpx.TransportError:
            return False
        if reply.status_code == 200:
            assert reply.json()["status"] == "counted"
            self.told[body["revision"]] = body["value"]
        return reply.status_code == 200


def test_killed_in_the_middle_of_voting_nothing_that_was_counted_is_lost_and_nobody_counts_twice(hall, url):
    asked = hall.ask("name")
    server = PhoneServer(url)
    address = f"{server.address}api/{hall.made.invite}/answers"
    stop = threading.Event()
    phones = [Phone(address, asked, number, stop) for number in range(PHONES)]
    server.start()
    try:
        for phone in phones:
            phone.start()
        for _ in range(2):
            before = sum(len(phone.told) for phone in phones)
            deadline = time.monotonic() + 20
            while sum(len(phone.told) for phone in phones) < before + 60 and time.monotonic() < deadline:
                time.sleep(0.02)
            server.end(signal.SIGKILL)
            last_told = {phone.number: max(phone.told, default=0) for phone in phones}
            with hall.store.database.reader.connect() as connection:
                rows = connection.execute(text("SELECT participant_id, revision FROM answer")).all()
            on_disk = {row.participant_id: row.revision for row in rows}
            assert len(rows) == len(on_disk)
            lost = {n for n, revision in last_told.items() if revision > on_disk.get(hall.person(n), 0)}
            assert lost == set()
            server.start()
        stop.set()
        for phone in phones:
            phone.join()
    finally:
        stop.set()
        server.end(signal.SIGTERM)
    answers = read_answers(hall.store, asked)
    assert sorted(answers.index) == sorted(hall.person(number) for number in range(PHONES))
    assert all(len(phone.told) > 3 for phone in phones)


def test_disk_full_is_told_and_the_answer_counts_once_when_there_is_room(tmp_path, place, run):
    from sqlalchemy import URL

    from analysis.workshop.workshops import create_workshop
    from tests.unit.workshop.conftest import OPTIONS, Hall

    with Store(URL.create("sqlite", database=str(tmp_path / "small.sqlite3"))) as store:
        hall = Hall(store, create_workshop(store, place, run, OPTIONS))
        asked = hall.ask("words")
        limit = "PRAGMA max_page_count = {}"
        with store.database.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(limit.format(pages + 1))
        failed = vote_until_refused(hall, asked, "x" * 900)
        assert failed > 0
        with pytest.raises(StoreUnavailable, match="full"):
            hall.vote(asked, 100 + failed, "x" * 900)
        assert len(read_answers(store, asked)) == failed
        with store.database.writer.connect() as connection:
            connection.exec_driver_sql(limit.format(1_000_000))
        hall.vote(asked, 100 + failed, "x" * 900)
        hall.vote(asked, 100 + failed, "x" * 900)
        assert len(read_answers(store, asked)) == failed + 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_file_that_vanishes_is_never_written_to_and_counts_again_when_it_is_back(hall, tmp_path):
    file = hall.store.database.file
    asked = hall.ask("name")
    hall.vote(asked, 1, "north")
    away = tmp_path / "away"
    away.mkdir()
    for path in file.parent.glob(file.name + "*"):
        path.rename(away / path.name)
    with pytest.raises(StoreUnavailable, match="reached"):
        hall.vote(asked, 2, "south")
    assert not file.exists()
    for path in away.iterdir():
        path.rename(file.parent / path.name)
    hall.vote(asked, 2, "south")
    hall.vote(asked, 2, "south")
    assert sorted(read_answers(hall.store, asked)["value"]) == ["north", "south"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_connections_cut_by_the_server_are_told_and_made_again(hall):
    asked = hall.ask("name")
    hall.vote(asked, 1, "north")
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"

    def cut_all(connection):
        connection.execute(text(cut), {"name": hall.store.database.url.database})
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnavailable):
        hall.store.write(cut_all)
    hall.vote(asked, 2, "south")
    assert sorted(read_answers(hall.store, asked)["value"]) == ["north", "south"]


def test_a_postgresql_that_stops_and_starts_again_loses_nothing_that_was_counted(place, run):
    from analysis.workshop.database import read_url
    from analysis.workshop.workshops import create_workshop
    from tests.unit.workshop.conftest import OPTIONS, Hall, start_postgresql

    server = start_postgresql()
    with Store(new_database(read_url(server.get_uri()))) as store:
        hall = Hall(store, create_workshop(store, place, run, OPTIONS))
        asked = hall.ask("name")
        hall.vote(asked, 1, "north")
        os.kill(server.get_pid(), signal.SIGQUIT)  # immediate shutdown: connections drop, recovery at start
        counted = vote_until_refused(hall, asked, "south")
        with pytest.raises(StoreUnavailable):
            read_answers(store, asked)
        restarted = restart(server)
        try:
            told = {hall.person(1)} | {hall.person(100 + person) for person in range(counted)}
            # The server may have kept the next vote and died before it said so.
            unanswered = hall.person(100 + counted)
            on_disk = set(read_answers(store, asked).index)
            assert told <= on_disk <= told | {unanswered}
            assert hall.vote(asked, 100 + counted, "south").value == "south"
            assert sorted(read_answers(store, asked).index) == sorted(told | {unanswered})
        finally:
            restarted.cleanup()


def vote_until_refused(hall, question_id: str, value: str) -> int:
    """New people vote until the store is away; how many were counted before."""
    for person in range(200):
        try:
            hall.vote(question_id, 100 + person, value)
        except StoreUnavailable:
            return person
    raise AssertionError("the store was never away")


def restart(server):
    """Start the stopped server again in its folder."""
    deadline = time.monotonic() + 20
    while (server.pgdata / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    server.ensure_postgres_running()
    return server

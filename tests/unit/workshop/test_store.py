"""The store on both databases: what is written is there, once, and goes when it must."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, select, text

from analysis.base.faults import HubreachError
from analysis.workshop import schema, writer
from analysis.workshop.ballots import QuestionClosedError, cast, join, question_row, withdraw
from analysis.workshop.database import open_database, read_url
from analysis.workshop.entry import record_paper
from analysis.workshop.progress import close_question, open_question
from analysis.workshop.results import count_participants, pulse, read_answers
from analysis.workshop.retention import close_workshop, delete_workshop, purge
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.state import read_state, read_version
from analysis.workshop.store import Store
from analysis.workshop.workshops import create_workshop, list_workshops
from tests.unit.workshop.conftest import url_of

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return url_of(request.param, request, tmp_path)


def rows_left(store: Store) -> dict[str, int]:
    with store.database.reader.connect() as connection:
        return {
            name: len(connection.execute(select(table)).all())
            for name, table in schema.metadata.tables.items()
        }


def test_migrations_make_exactly_the_tables_that_the_code_uses(store):
    with store.database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == "0001"


def test_a_server_waits_while_another_makes_the_tables(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.workshop.database.SQLITE_WAIT_MS", 50)
    url = URL.create("sqlite", database=str(tmp_path / "workshops.sqlite3"))
    first = open_database(url)
    with first.writer.begin():
        opened = []
        second = threading.Thread(target=lambda: opened.append(open_database(url)))
        second.start()
        second.join(0.6)
        assert second.is_alive(), "it should wait for the transaction, more than ten times an answer's wait"
    second.join(20)
    assert len(opened) == 1


def test_two_servers_that_start_together_make_the_tables_once(url):
    opened, faults = [], []

    def start():
        try:
            opened.append(open_database(url))
        except Exception as error:  # noqa: BLE001 - a thread's fault is looked at below
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with opened[0].reader.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [("0001",)]
    for database in opened:
        database.dispose()


def test_an_answer_sent_again_counts_once_and_a_late_old_one_changes_nothing(hall):
    asked = hall.ask("name")
    first = hall.vote(asked, 1, "north", revision=1)
    again = hall.vote(asked, 1, "north", revision=1)
    assert first == again
    assert (first.answer_id, first.value) == ("answer-1-1", "north")
    assert hall.vote(asked, 1, "south", revision=3).value == "south"
    late = hall.vote(asked, 1, "east", revision=2)
    assert (late.answer_id, late.revision, late.value) == ("answer-1-3", 3, "south")
    assert read_answers(hall.store, asked)["value"].tolist() == ["south"]
    assert pulse(hall.store, asked) == (1, 3)


def test_answers_change_until_the_question_closes_and_again_when_it_opens(hall):
    asked = hall.ask("scale")
    hall.vote(asked, 1, 4)
    close_question(hall.store, hall.id, asked)
    with pytest.raises(QuestionClosedError):
        hall.vote(asked, 1, 5, revision=2)
    with pytest.raises(QuestionClosedError):
        hall.vote(asked, 2, 1)
    open_question(hall.store, hall.id, asked)
    assert hall.vote(asked, 1, 5, revision=2).value == 5
    assert read_answers(hall.store, asked)["value"].tolist() == [5]


def test_a_question_takes_no_answer_before_it_is_asked_nor_through_another_workshop(hall, place, run):
    waiting = hall.question("name").id
    with pytest.raises(QuestionClosedError):
        hall.vote(waiting, 1, "north")
    asked = hall.ask("name")
    other = create_workshop(hall.store, place, run, hall_options())
    foreign = hall.ballot(asked, 1, "north")
    with pytest.raises(QuestionClosedError):
        hall.store.write(
            lambda connection: cast(connection, type(foreign)(other.workshop_id, asked, "p", "a", 1, "north"))
        )
    assert len(read_answers(hall.store, asked)) == 0


def hall_options():
    from analysis.workshop.run import OptionChoice

    return [OptionChoice(key="x", name="X"), OptionChoice(key="y", name="Y")]


def test_a_bad_answer_in_a_group_leaves_the_others_counted(hall):
    asked = hall.ask("dots")
    good = [hall.ballot(asked, number, {"north": 3, "south": 2}) for number in range(20)]
    bad = hall.ballot(asked, 99, {"north": 5})
    futures = [
        hall.store.submit(lambda connection, each=each: cast(connection, each))
        for each in [*good[:10], bad, *good[10:]]
    ]
    with pytest.raises(HubreachError, match="0 to 3 dots"):
        futures[10].result()
    assert [future.result().value for future in futures if future is not futures[10]] == [
        {"north": 3, "south": 2}
    ] * 20
    assert len(read_answers(hall.store, asked)) == 20
    assert hall.person(99) not in read_answers(hall.store, asked).index
    assert count_participants(hall.store, hall.id) == {"phone": 20, "paper": 0}


def test_many_threads_at_once_lose_nothing_and_commit_in_groups(hall):
    asked = hall.ask("name")
    before = hall.store.writer.groups
    threads = [
        threading.Thread(target=lambda start=start: [hall.vote(asked, start + n, "north") for n in range(10)])
        for start in range(0, 200, 10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_answers(hall.store, asked)) == 200
    assert hall.store.writer.groups - before < 200


def test_two_servers_on_one_database_show_the_same_workshop(hall, url):
    with Store(url) as second:
        asked = hall.ask("name")
        assert read_state(second, hall.id) == hall.state
        ballot = hall.ballot(asked, 7, "east")
        second.write(lambda connection: cast(connection, ballot))
        hall.vote(asked, 8, "north")
        assert sorted(read_answers(second, asked)["value"]) == ["east", "north"]
        version = close_question(second, hall.id, asked)
        assert read_version(hall.store, hall.id) == version
        with pytest.raises(QuestionClosedError):
            hall.vote(asked, 9, "north")


def test_two_servers_answering_while_one_closes_never_count_after_the_close(hall, url):
    asked = hall.ask("name")
    told, refused = [], []

    def people(store, start):
        for number in range(start, start + 40):
            try:
                ballot = hall.ballot(asked, number, "north")
                store.write(lambda connection, each=ballot: cast(connection, each))
                told.append(number)
            except QuestionClosedError:
                refused.append(number)

    with Store(url) as second:
        threads = [
            threading.Thread(target=people, args=(store, n)) for store, n in ((hall.store, 0), (second, 100))
        ]
        for thread in threads:
            thread.start()
        close_question(second, hall.id, asked)
        counted = len(read_answers(second, asked))
        for thread in threads:
            thread.join()
        assert len(read_answers(second, asked)) == counted == len(told)
        assert len(told) + len(refused) == 80


def test_paper_counts_with_the_rest_is_told_apart_and_can_be_corrected(hall):
    asked, scale = hall.ask("name"), hall.question("scale").id
    hall.vote(asked, 1, "north")
    record_paper(hall.store, hall.id, 1, {asked: "south", scale: 2})
    record_paper(hall.store, hall.id, 2, {asked: "south"})
    record_paper(hall.store, hall.id, 1, {asked: "east"})
    answers = read_answers(hall.store, asked)
    assert sorted(zip(answers["value"], answers["source"], strict=True)) == [
        ("east", "paper"),
        ("north", "phone"),
        ("south", "paper"),
    ]
    assert len(read_answers(hall.store, scale)) == 0
    assert count_participants(hall.store, hall.id) == {"phone": 1, "paper": 2}


def test_a_paper_with_a_fault_counts_nothing_and_names_every_fault(hall):
    name, scale = hall.ask("name"), hall.question("scale").id
    with pytest.raises(HubreachError) as raised:
        record_paper(hall.store, hall.id, 3, {name: "west", scale: 6})
    assert [fault.column for fault in raised.value.faults] == ["name", "scale"]
    assert count_participants(hall.store, hall.id)["paper"] == 0


def test_a_person_can_withdraw_until_the_workshop_closes(hall):
    asked = hall.ask("words")
    hall.vote(asked, 1, "Mine")
    hall.vote(asked, 2, "Theirs")
    hall.store.write(lambda connection: withdraw(connection, hall.person(1)))
    assert read_answers(hall.store, asked)["value"].tolist() == ["Theirs"]
    assert rows_left(hall.store)["comment"] == 1
    close_workshop(hall.store, hall.id)
    with pytest.raises(QuestionClosedError):
        hall.store.write(lambda connection: withdraw(connection, hall.person(2)))


def test_closing_stops_answers_and_starts_the_days(hall):
    asked = hall.ask("name")
    hall.vote(asked, 1, "north")
    due = close_workshop(hall.store, hall.id, moment=NOON)
    assert due == NOON + dt.timedelta(days=90)
    assert close_workshop(hall.store, hall.id, moment=NOON + dt.timedelta(days=5)) == due
    assert hall.state.is_closed
    with pytest.raises(QuestionClosedError):
        hall.vote(asked, 1, "south", revision=2)
    with pytest.raises(HubreachError, match="closed workshop"):
        open_question(hall.store, hall.id, asked)
    with pytest.raises(QuestionClosedError):
        record_paper(hall.store, hall.id, 1, {asked: "north"})


def test_purge_deletes_everything_on_the_day_and_nothing_before(hall):
    asked = hall.ask("words")
    hall.vote(asked, 1, "A comment")
    due = close_workshop(hall.store, hall.id, moment=NOON)
    assert purge(hall.store, moment=due - dt.timedelta(seconds=1)) == []
    assert rows_left(hall.store)["answer"] == 1
    assert purge(hall.store, moment=due) == [hall.id]
    assert set(rows_left(hall.store).values()) == {0}


def test_a_workshop_that_nobody_closed_is_purged_after_its_last_use_unless_nobody_joined(hall, place, run):
    empty = create_workshop(hall.store, place, run, hall_options())
    hall.vote(hall.ask("name"), 1, "north")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=89)
    assert purge(hall.store, moment=later) == []
    assert purge(hall.store, moment=later + dt.timedelta(days=3)) == [hall.id]
    assert list_workshops(hall.store).index.tolist() == [empty.workshop_id]


def test_delete_at_once_leaves_no_row_and_no_trace_in_the_file(hall):
    secret_words = "zebra-crossing-comment"
    hall.vote(hall.ask("words"), 1, secret_words)
    delete_workshop(hall.store, hall.id)
    assert set(rows_left(hall.store).values()) == {0}
    file = hall.store.database.file
    if file is not None:
        on_disk = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert secret_words.encode() not in on_disk
    with pytest.raises(NoSuchWorkshopError):
        delete_workshop(hall.store, hall.id)
    with pytest.raises(NoSuchWorkshopError):
        read_version(hall.store, hall.id)


def test_the_list_says_who_came_and_what_is_kept(hall):
    hall.vote(hall.ask("name"), 1, "north")
    record_paper(hall.store, hall.id, 1, {hall.question("name").id: "south"})
    row = list_workshops(hall.store).loc[hall.id]
    assert (row["place"], row["title"], row["participants"], row["answers"]) == (
        "wirral",
        "Hubs for Wirral",
        2,
        2,
    )
    assert row.isna()[["closed_at", "purge_on"]].all()


def test_the_file_is_for_its_owner_only(tmp_path):
    with Store(read_url(f"sqlite:///{tmp_path}/folder/workshops.sqlite3")) as store:
        assert store.database.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("given", ["mysql://here/there", "sqlite://", "sqlite:///:memory:", "not a url"])
def test_another_database_is_refused_in_words(given):
    with pytest.raises(HubreachError, match="cannot be opened"):
        read_url(given)


# SQLite has one writer at a time.
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_answer_in_flight_and_a_change_of_its_workshop_never_wait_for_each_other(hall, url, monkeypatch):
    # A second attempt would hide it.
    monkeypatch.setattr(writer, "TRIES", 1)
    asked = hall.ask("name")
    ballot = hall.ballot(asked, 1, "north")
    with Store(url) as second, second.database.writer.connect() as answering:
        assert question_row(answering, ballot.workshop_id, asked).status == "open"
        closing = threading.Thread(target=close_question, args=(hall.store, hall.id, asked))
        closing.start()
        # The close holds the workshop now and waits for the question that the answer holds.
        closing.join(0.5)
        assert closing.is_alive()
        join(answering, ballot.workshop_id, ballot.participant)
        answering.commit()
        closing.join(10)
    assert not closing.is_alive()

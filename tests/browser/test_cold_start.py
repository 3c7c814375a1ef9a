"""The first visitors of a server that only begins to listen: whoever comes, and however many at once, all are served."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect
from sqlalchemy import URL

from analysis.places.read import read_place
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.screens import screen_key
from analysis.workshop.store import Store
from analysis.workshop.workshops import create_workshop
from tests.browser.dashboard import SLOW_MS, dashboard, wait_until_ready
from tests.browser.phones import QUESTIONS


def test_a_page_the_hall_the_facilitator_and_a_phone_open_at_the_moment_of_start(
    chromium: Browser, tmp_path: Path
) -> None:
    place = read_place("thurrock")
    with Store(URL.create("sqlite", database=str(tmp_path / "workshops.sqlite3"))) as store:
        step = Step(kind="question", title=QUESTIONS[0].key, question=QUESTIONS[0])
        run = Run(title="Hubs", purpose="To plan hubs.", steps=(step,))
        options = [OptionChoice(key="a", name="A"), OptionChoice(key="b", name="B")]
        made = create_workshop(store, place, run, options)
        key = screen_key(store, made.workshop_id)
    with dashboard(tmp_path, until="/") as address:
        paths = (
            "need?place=Thurrock",
            f"screen?workshop={made.workshop_id}&key={key}",
            f"workshop?place=Thurrock&workshop={made.workshop_id}&open={made.secret}",
            f"join/{made.invite}",
        )
        pages = [chromium.new_page() for _ in paths]
        for page, path in zip(pages, paths, strict=True):
            page.goto(f"{address}/{path}", wait_until="commit", timeout=SLOW_MS)
        need, hall, facilitator, phone = pages
        wait_until_ready(need)
        expect(need.get_by_role("heading", name="Who needs early help in Thurrock")).to_be_visible()
        expect(hall.locator(".st-key-projector-head h1")).to_be_visible(timeout=SLOW_MS)
        wait_until_ready(facilitator)
        expect(facilitator.get_by_role("tab", name="Record and end")).to_be_visible()
        expect(phone.get_by_role("button", name="Start")).to_be_visible(timeout=SLOW_MS)
        for page in pages:
            page.close()

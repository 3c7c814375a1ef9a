"""A thousand phones on one server: from tap to "counted", with every answer on disk before it is said.

    python -m tests.benchmarks.workshop_load [--phones 1000 --questions 10 --seconds 30] [--rush-phones 200]

Starts the dashboard (one process, `streamlit run`) on 127.0.0.1 with a store of its own, a screen that
refreshes in a real browser, and phones that keep their event stream open and answer what it says. Prints a
table for the long run and for the rush, what the same rush costs with a transaction an answer (the peer),
and exits with 1 when a target is missed. Run it on a machine with nothing else to do: seconds, not ratios,
are what the hall feels. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from playwright.async_api import async_playwright
from sqlalchemy import URL

from analysis.places.read import read_place
from analysis.workshop.ballots import Ballot, cast
from analysis.workshop.progress import close_question, move_on
from analysis.workshop.questions import Item, Question
from analysis.workshop.results import read_answers
from analysis.workshop.roles import participant_id
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.screens import screen_key
from analysis.workshop.state import read_state
from analysis.workshop.store import Store
from analysis.workshop.workshops import NewWorkshop, create_workshop
from tests.benchmarks.workshop_phones import Phone, key_of
from tests.find_browser import installed_browser
from tests.phone_server import free_port

ROOT = Path(__file__).parents[2]
SHOWN = """() => [
  document.querySelector('.st-key-projector-head h1')?.textContent.trim() ?? '',
  document.querySelector('.st-key-projector-ballot .count b')?.textContent ?? '',
]"""
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
]


class Dashboard:
    """`streamlit run` with the phone routes, and the workshop that it serves."""

    def __init__(self, folder: Path, questions: int) -> None:
        self.url = URL.create("sqlite", database=str(folder / "workshops.sqlite3"))
        self.store = Store(self.url)
        self.made = new_workshop(self.store, questions)
        self.port = free_port()
        environment = {
            **os.environ,
            "HUBREACH_DATA_DIR": str(folder),
            "HUBREACH_DATABASE_URL": f"sqlite:///{self.url.database}",
        }
        options = {"port": self.port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        command += [f"--server.{key}={value}" for key, value in options.items()]
        command += ["--browser.gatherUsageStats=false", "--browser.serverAddress=127.0.0.1"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise SystemExit("the dashboard did not start")

    @property
    def screen(self) -> str:
        """Address of the screen that the hall sees."""
        key = screen_key(self.store, self.made.workshop_id)
        return f"http://127.0.0.1:{self.port}/screen?workshop={self.made.workshop_id}&key={key}"

    def next_question(self) -> str:
        state = read_state(self.store, self.made.workshop_id)
        for question in state.open_questions:
            close_question(self.store, self.made.workshop_id, question.id)
        move_on(self.store, self.made.workshop_id)
        return read_state(self.store, self.made.workshop_id).current_question.id

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.store.close()


def new_workshop(store: Store, questions: int) -> NewWorkshop:
    items = (Item(key="north", label="North"), Item(key="south", label="South"))
    steps = tuple(
        Step(
            kind="question",
            title=f"Question {number}",
            question=Question(
                key=f"q{number}",
                kind="dots",
                prompt=f"Question {number}",
                items=items,
                dots=5,
                dots_per_item=3,
            ),
        )
        for number in range(questions)
    )
    options = [OptionChoice(key="a", name="A"), OptionChoice(key="b", name="B")]
    run = Run(title="Load", purpose="To measure.", steps=steps)
    return create_workshop(store, read_place("wirral"), run, options)


@dataclass
class Watch:
    """The screen in a real browser: how far behind the answers it is."""

    lags: list[float] = field(default_factory=list)
    shown: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(
        self, screen: str, acknowledged: list[float], current: dict[str, str], stop: asyncio.Event
    ) -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=installed_browser(), args=CHROMIUM)
            page = await browser.new_page()
            await page.goto(screen)
            await page.locator(".st-key-projector-head h1").first.wait_for(timeout=60_000)
            self.shown.set()
            while not stop.is_set():
                prompt, count = await page.evaluate(SHOWN)
                at = time.time()
                if prompt == current.get("prompt") and count.isdigit():
                    missing = acknowledged[int(count) :]
                    if missing:
                        self.lags.append(at - missing[0])
                await asyncio.sleep(0.2)
            await browser.close()


async def vote(
    dashboard: Dashboard, phones: int, questions: int, spread: float, pause: float
) -> dict[str, float]:
    """All phones answer every question; returns what was measured."""
    acknowledged: list[float] = []
    current: dict[str, str] = {}
    ready = asyncio.Semaphore(50)
    crowd = [Phone(number, dashboard.port, dashboard.made.invite, spread) for number in range(phones)]
    listening = [asyncio.create_task(phone.listen(ready, acknowledged)) for phone in crowd]
    watch, stop = Watch(), asyncio.Event()
    watching = asyncio.create_task(watch.follow(dashboard.screen, acknowledged, current, stop))
    # The hall waits until the screen is there: a cold server that draws its first page is no rush of phones.
    await asyncio.wait_for(watch.shown.wait(), 90)
    await asyncio.sleep(3 + phones / 200)
    server = psutil.Process(dashboard.process.pid)
    before, started = server.cpu_times(), time.perf_counter()
    asked = []
    for _ in range(questions):
        acknowledged.clear()
        asked.append(await asyncio.to_thread(dashboard.next_question))
        current["prompt"] = f"Question {len(asked) - 1}"
        deadline = time.perf_counter() + max(60.0, 4 * pause)
        begun = time.perf_counter()
        while len(acknowledged) < phones and time.perf_counter() < deadline:  # noqa: ASYNC110 - counts, in passing
            await asyncio.sleep(0.05)
        await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))
    seconds = time.perf_counter() - started
    after = server.cpu_times()
    stop.set()
    await watching
    for task in listening:
        task.cancel()
    waits = sorted(wait for phone in crowd for wait in phone.waits)
    told = {question: sum(phone.told.get(question, 0) for phone in crowd) for question in asked}
    kept = {question: len(read_answers(dashboard.store, question)) for question in asked}
    return {
        "phones": phones,
        "answers": sum(told.values()),
        "lost": sum(max(0, told[each] - kept[each]) for each in asked),
        "doubled": sum(max(0, kept[each] - phones) for each in asked),
        "retries": sum(phone.retries for phone in crowd),
        "seconds": round(seconds, 1),
        "median s": round(statistics.median(waits), 3),
        "p95 s": round(waits[int(0.95 * len(waits))], 3),
        "slowest s": round(waits[-1], 3),
        "screen behind s": round(max(watch.lags, default=0.0), 2),
        "server CPU": f"{(after.user + after.system - before.user - before.system) / seconds:.0%}",
        "server MB": round(server.memory_info().rss / 2**20),
    }


def peer(answers: int) -> dict[str, float]:
    """The same number of answers at once, in groups and with a transaction each, on this disk."""
    seconds = {}
    for name in ("in groups", "one by one"):
        with (
            tempfile.TemporaryDirectory() as folder,
            Store(URL.create("sqlite", database=f"{folder}/workshops.sqlite3")) as store,
        ):
            made = new_workshop(store, 1)
            move_on(store, made.workshop_id)
            question = read_state(store, made.workshop_id).current_question.id
            ballots = [
                Ballot(
                    made.workshop_id,
                    question,
                    participant_id(made.workshop_id, key_of(n)),
                    f"answer-{n}",
                    1,
                    {"north": 1},
                )
                for n in range(answers)
            ]
            lock = threading.Lock()

            def alone(ballot: Ballot, store: Store = store, lock: threading.Lock = lock) -> None:
                with lock, store.database.writer.begin() as connection:
                    cast(connection, ballot)

            def grouped(ballot: Ballot, store: Store = store) -> None:
                store.write(lambda connection: cast(connection, ballot))

            with ThreadPoolExecutor(64) as pool:
                started = time.perf_counter()
                list(pool.map(grouped if name == "in groups" else alone, ballots))
                seconds[name] = time.perf_counter() - started
    return seconds


def show(title: str, rows: dict[str, float]) -> None:
    print(f"\n{title}")
    for name, value in rows.items():
        print(f"  {name:<18}{value}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--phones", type=int, default=1000)
    options.add_argument("--questions", type=int, default=10)
    options.add_argument("--seconds", type=float, default=30.0, help="per question")
    options.add_argument("--rush-phones", type=int, default=200)
    options.add_argument("--rush-seconds", type=float, default=2.0)
    options.add_argument("--rush-questions", type=int, default=5)
    options.add_argument("--only", choices=["long", "rush", "peer"])
    chosen = options.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    if chosen.only in (None, "peer"):
        seconds = peer(2000)
        print(
            f"2,000 answers at once: groups {seconds['one by one'] / seconds['in groups']:.1f} times as fast "
            f"({seconds['in groups']:.2f} s against {seconds['one by one']:.2f} s)"
        )
    missed = False
    runs = {
        "rush": (
            chosen.rush_phones,
            chosen.rush_questions,
            chosen.rush_seconds,
            chosen.rush_seconds + 3,
            1.0,
        ),
        "long": (chosen.phones, chosen.questions, chosen.seconds * 0.8, chosen.seconds, 0.5),
    }
    for name, (phones, questions, spread, pause, limit) in runs.items():
        if chosen.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            dashboard = Dashboard(Path(folder), questions)
            try:
                measured = asyncio.run(vote(dashboard, phones, questions, spread, pause))
            finally:
                dashboard.stop()
        show(f"{name}: {phones} phones, {questions} questions, answers spread over {spread:g} s", measured)
        complete = (
            measured["answers"] == phones * questions and not measured["lost"] and not measured["doubled"]
        )
        kept = complete and measured["p95 s"] < limit and measured["screen behind s"] < 2.0
        missed |= not kept
        print(
            f"  {'kept' if kept else 'NOT KEPT'}: p95 under {limit} s, screen behind by under 2 s, none lost or doubled"
        )
    sys.exit(int(missed))


if __name__ == "__main__":
    main()

"""How long until a person sees a map, by the frames that a browser's compositor puts out.

    python -m tests.benchmarks.first_map
    python -m tests.benchmarks.first_map --england need.parquet     # a file of `hubreach national need`, with shapes

Beside it, in the same run, the map as the drawing library alone would show it, without the sketch behind it:
ratios first. Most of that is the graphics card's work; without one, as here or on a server, a processor does it.
"""

from __future__ import annotations

import argparse
import base64
import io
import itertools
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from analysis.render.theme import SEQUENTIAL, rgb
from tests.browser.dashboard import FLAGS, WITHOUT_SKETCH, dashboard
from tests.find_browser import installed_browser

LAPTOP = {"width": 1366, "height": 768}
# Of the laptop's window, in the frames below: where a page has its map.
MAP_BOX = (0.19, 0.3, 0.66, 0.98)
LEAST_SHARE, MOST_SECONDS = 0.04, 40.0
WITHOUT = (
    "addEventListener('DOMContentLoaded', () => {const style = document.createElement('style');"
    f"style.textContent = `{WITHOUT_SKETCH}`; document.head.append(style)}})"
)
# Limits in seconds: of the first paint after a start, of England's after the server answers, of another measure.
START_LIMIT, ENGLAND_LIMIT, RECOLOUR_LIMIT = 5.0, 4.0, 0.5
RECOLOURED = "England in another measure (median)"
# Which measures of the list are chosen one after the other; the first round makes their pictures.
CHOICES = (2, 1, 0, 2, 1, 0, 2, 1, 0)


def seconds_until_seen(page: Page, address: str, hue: str) -> float:
    """Open an address; seconds until a frame shows enough of a scale's colours."""
    page.goto("about:blank")
    page.wait_for_timeout(500)
    session, frames = _recorded(page)
    start = time.time()
    page.goto(address)
    seen = looked = 0
    while time.time() - start < MOST_SECONDS and not seen:
        page.wait_for_timeout(100)
        while looked < len(frames) and not seen:
            seen = looked + 1 if _shows(frames[looked][1], hue) else 0
            looked += 1
    session.send("Page.stopScreencast")
    return frames[seen - 1][0] - start if seen else float("nan")


def seconds_until_recoloured(page: Page) -> float:
    """On England's map: median seconds from the choice of a measure to the last frame that changes the map."""
    taken = []
    for choice in CHOICES:
        page.get_by_role("combobox", name="By").click()
        page.wait_for_timeout(700)
        offered = page.get_by_role("option").nth(choice).bounding_box()
        assert offered is not None
        session, frames = _recorded(page)
        page.wait_for_timeout(300)
        frames.clear()
        page.mouse.move(offered["x"] + 50, offered["y"] + 20)
        page.wait_for_timeout(300)
        start = time.time()
        page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(2500)
        session.send("Page.stopScreencast")
        shown = [(at - start, _map_pixels(frame)) for at, frame in frames]
        steps = itertools.pairwise(shown)
        # The list of measures lies over a corner of the map, and closes at once.
        changes = [
            at for (_, before), (at, after) in steps if at > 0 and (before != after).any(axis=2).mean() > 0.1
        ]
        taken.append(changes[-1] if changes else float("nan"))
    return float(np.median(taken[len(set(CHOICES)) :]))


def _recorded(page: Page) -> tuple[CDPSession, list[tuple[float, str]]]:
    """Frames of the compositor from now on: when, and what."""
    session = page.context.new_cdp_session(page)
    frames: list[tuple[float, str]] = []

    def keep(event: dict[str, Any]) -> None:
        frames.append((event["metadata"]["timestamp"], event["data"]))
        session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    session.on("Page.screencastFrame", keep)
    size = {"maxWidth": 342, "maxHeight": 192, "everyNthFrame": 1}
    session.send("Page.startScreencast", {"format": "png", **size})
    return session, frames


def _map_pixels(frame: str) -> npt.NDArray[np.int16]:
    image = Image.open(io.BytesIO(base64.b64decode(frame))).convert("RGB")
    west, north, east, south = MAP_BOX
    part = image.crop(
        (
            int(west * image.width),
            int(north * image.height),
            int(east * image.width),
            int(south * image.height),
        )
    )
    return np.asarray(part, dtype=np.int16)


def _shows(frame: str, hue: str) -> bool:
    pixels = _map_pixels(frame)
    close = np.zeros(pixels.shape[:2], dtype=bool)
    for colour in SEQUENTIAL[hue]:
        close |= (np.abs(pixels - np.array(rgb(colour), dtype=np.int16)) <= 14).all(axis=2)
    return bool(close.mean() >= LEAST_SHARE)


def _page(browser: Browser, *, sketched: bool) -> Page:
    page = browser.new_context(viewport=LAPTOP).new_page()
    if not sketched:
        page.add_init_script(WITHOUT)
    return page


def measured(browser: Browser, england: Path | None, *, sketched: bool) -> dict[str, float]:
    """Seconds by what was done, on a server of its own."""
    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        if england is not None:
            kept = Path(folder) / "national"
            kept.mkdir()
            shutil.copy(england, kept / england.name)
        begun = time.time()
        with dashboard(Path(folder), until="/") as address:
            page = _page(browser, sketched=sketched)
            listening = time.time() - begun
            times["server started, first map"] = listening + seconds_until_seen(
                page, f"{address}/need", "blue"
            )
            times["next page"] = seconds_until_seen(page, f"{address}/need?place=wirral", "blue")
            if england is not None:
                link = f"{address}/england?england=map"
                seconds_until_seen(_page(browser, sketched=sketched), link, "blue")  # makes the shapes, once
                page = _page(browser, sketched=sketched)
                times["England's small areas"] = seconds_until_seen(page, link, "blue")
                page.wait_for_timeout(8000)
                times[RECOLOURED] = seconds_until_recoloured(page)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--england", type=Path)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=FLAGS)
        ours = measured(browser, given.england, sketched=True)
        theirs = measured(browser, given.england, sketched=False)
        browser.close()
    limits = {
        "server started, first map": START_LIMIT,
        "England's small areas": ENGLAND_LIMIT,
        RECOLOURED: RECOLOUR_LIMIT,
    }
    table = pd.DataFrame(
        {
            "ratio": pd.Series(theirs) / pd.Series(ours),
            "seen_s": ours,
            "drawn_s": theirs,
            "limit_s": pd.Series(limits),
        }
    ).loc[list(ours)]
    with pd.option_context("display.float_format", "{:.2f}".format):
        print(table.to_string())
    return 1 if (table["seen_s"] > table["limit_s"]).any() else 0


if __name__ == "__main__":
    sys.exit(main())

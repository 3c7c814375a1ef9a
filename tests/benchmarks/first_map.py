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
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.output.theme import SEQUENTIAL, rgb
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
# Limits of the first paint, in seconds: of a start, and of England after the server answers.
START_LIMIT, ENGLAND_LIMIT = 5.0, 4.0


def seconds_until_seen(page: Page, address: str, hue: str) -> float:
    """Open an address; seconds until a frame shows enough of a scale's colours."""
    page.goto("about:blank")
    page.wait_for_timeout(500)
    session = page.context.new_cdp_session(page)
    frames: list[tuple[float, str]] = []

    def keep(event: dict[str, Any]) -> None:
        frames.append((event["metadata"]["timestamp"], event["data"]))
        session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    session.on("Page.screencastFrame", keep)
    size = {"maxWidth": 342, "maxHeight": 192, "everyNthFrame": 1}
    session.send("Page.startScreencast", {"format": "png", **size})
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


def _shows(frame: str, hue: str) -> bool:
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
    pixels = np.asarray(part, dtype=np.int16)
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
        with dashboard(Path(folder)) as address:
            page = _page(browser, sketched=sketched)
            listening = time.time() - begun
            times["server started, first map"] = listening + seconds_until_seen(
                page, f"{address}/need", "turquoise"
            )
            times["next page"] = seconds_until_seen(page, f"{address}/need?place=wirral", "turquoise")
            if england is not None:
                link = f"{address}/england?england=map"
                seconds_until_seen(_page(browser, sketched=sketched), link, "blue")  # makes the shapes, once
                times["England's small areas"] = seconds_until_seen(
                    _page(browser, sketched=sketched), link, "blue"
                )
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
    limits = {"server started, first map": START_LIMIT, "England's small areas": ENGLAND_LIMIT}
    table = pd.DataFrame(
        {
            "ratio": pd.Series(theirs) / pd.Series(ours),
            "seen_s": ours,
            "drawn_s": theirs,
            "limit_s": pd.Series(limits),
        }
    ).loc[list(ours)]
    with pd.option_context("display.float_format", "{:.1f}".format):
        print(table.to_string())
    return 1 if (table["seen_s"] > table["limit_s"]).any() else 0


if __name__ == "__main__":
    sys.exit(main())

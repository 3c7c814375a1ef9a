"""A dashboard on a free port for browser tests, and what a person would look for on its pages."""

from __future__ import annotations

import contextlib
import io
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"projector": (1920, 1080), "laptop": (1366, 768), "phone": (390, 844)}
# The widest and the narrowest window; the tests of need cross all places and sizes.
TWO_PLACES = [("thurrock", "projector"), ("wirral", "phone")]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Else every stack trace that a library takes has the script read a second time.
    "--js-flags=--no-enable-lazy-source-positions",
]
SLOW_MS = 60_000
expect.set_options(timeout=20_000)
OWN = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def dashboard(data_folder: Path, until: str = "/_stcore/health") -> Iterator[str]:
    """Serve the dashboard with an empty data folder; yields its address once a path answers, and ends the server."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    environment = {**os.environ, "HUBREACH_DATA_DIR": str(data_folder)}
    log = (data_folder / "server.log").open("wb")
    server = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for_answer(address + until, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait_for_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the dashboard ended with {server.returncode} while starting")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=60).read()
            return
        time.sleep(0.05)
    raise RuntimeError("the dashboard did not start in a minute")


def wait_until_ready(page: Page) -> None:
    """Wait until the script has run to its end, and check that no error that nothing caught is on the page."""
    app = page.locator("[data-testid='stApp'][data-test-script-state='notRunning']")
    app.wait_for(timeout=SLOW_MS)
    expect(page.get_by_test_id("stMainBlockContainer").get_by_role("heading").first).to_be_visible(
        timeout=SLOW_MS
    )
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("This could not be shown")).to_have_count(0)


def go_to(page: Page, door: str, title: str) -> None:
    """Open a page by the menu, from the keyboard as well as a person can."""
    page.get_by_test_id("stTopNav").get_by_role("button", name=door).focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name=title, exact=True).focus()
    page.keyboard.press("Enter")


def downloaded(page: Page, button: str | Locator) -> Path:
    """What a download button gives; it is pressed once the page is done, because a run that begins anew drops its files.

    Parameters
    ----------
    button : str or Locator
        The button, or the key of its element on the page, such as "csv-need".
    """
    wait_until_ready(page)
    if isinstance(button, str):
        button = page.locator(f".st-key-{button} button").first
    with page.expect_download(timeout=SLOW_MS) as download:
        button.click()
    return download.value.path()


def painted_share(element: Locator, colours: list[list[int]], tolerance: int = 6) -> float:
    """Share of an element's pixels that show one of some colours."""
    pixels = np.asarray(Image.open(io.BytesIO(element.screenshot())).convert("RGB"), dtype=np.int16)
    close = np.zeros(pixels.shape[:2], dtype=bool)
    for colour in colours:
        close |= (np.abs(pixels - np.array(colour[:3], dtype=np.int16)) <= tolerance).all(axis=2)
    return float(close.mean())


PRESS = """([x, y]) => {
  const at = document.elementFromPoint(x, y);
  for (const [type, buttons] of [["pointerdown", 1], ["pointerup", 0]])
    at.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, composed: true, pointerId: 1,
      pointerType: "mouse", isPrimary: true, button: 0, buttons, clientX: x, clientY: y}));
}"""
WITHOUT_SKETCH = "[class*='st-key-map-box-'] {background: none !important}"


def wait_until_painted(element: Locator, colours: list[list[int]], least: float = 0.05) -> float:
    """Poll until a map itself, not the sketch behind it, shows enough of its colours; the share that it shows."""
    element.page.add_style_tag(content=WITHOUT_SKETCH)
    end = time.monotonic() + SLOW_MS / 1000
    share = 0.0
    while time.monotonic() < end:
        share = painted_share(element, colours)
        if share >= least:
            return share
        element.page.wait_for_timeout(300)
    raise AssertionError(f"the map shows {share:.1%} of its colours, less than {least:.0%}")


def map_pixel(drawn: Locator, view: dict[str, float], lon: float, lat: float) -> tuple[float, float]:
    """Where a point lies on the page, in a map that shows its first view."""

    def world(longitude: float, latitude: float) -> tuple[float, float]:
        size = 512 * 2 ** view["zoom"]
        y = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)
        return size * (longitude + 180) / 360, size * y

    box = drawn.bounding_box()
    assert box is not None
    x, y = world(lon, lat)
    middle_x, middle_y = world(view["longitude"], view["latitude"])
    return box["x"] + box["width"] / 2 + x - middle_x, box["y"] + box["height"] / 2 + y - middle_y


def click_map(page: Page, x: float, y: float) -> None:
    """Click a map where the pointer stands.

    The map takes a press for a click only if it ends within 250 ms by the clock of a thread that may be busy, so both its
    ends are given in one turn.
    """
    page.evaluate(PRESS, [x, y])


def point_at(page: Page, spot: Callable[[], tuple[float, float]], words: str) -> tuple[float, float]:
    """Move the pointer to a spot on a map until its tooltip says what is there, as a person does before a click.

    The spot is asked for each time: what comes in above a map moves it.
    """
    end = time.monotonic() + SLOW_MS / 1000
    while time.monotonic() < end:
        x, y = spot()
        page.mouse.move(x - 6, y - 6)
        page.mouse.move(x, y)
        if words in tooltip(page):
            return x, y
    raise AssertionError(f"the tooltip says {tooltip(page)!r}, not {words!r}")


def tooltip(page: Page) -> str:
    """What a map says of the spot under the pointer, once it has drawn after the pointer's last move."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    shown = page.locator(".deck-tooltip")
    return (shown.first.text_content() or "") if shown.count() else ""


def press(page: Page, key: str) -> None:
    """Press a key of the projector, once the page hears keys."""
    page.locator(".st-key-projector-keys [data-hears]").wait_for(state="attached", timeout=SLOW_MS)
    page.keyboard.press(key)


def choose_in_popover(page: Page, popover: str, widget: str, option: str) -> None:
    """Add an option to a multiselect that lies in a popover.

    On a busy machine the browser's library now and then takes the click on an option for one outside, and closes
    the popover with nothing chosen: then it is opened again, as a person would.
    """
    chosen = page.locator(widget).get_by_role("button", name=f"Remove {option}")
    short = SLOW_MS / 10
    for _ in range(6):
        with contextlib.suppress(PlaywrightTimeout):
            if not page.locator(widget).is_visible():
                holder = page.get_by_test_id("stPopover").filter(has_text=popover)
                holder.get_by_role("button").click(timeout=short)
            page.locator(f"{widget} input").click(timeout=short)
            page.get_by_role("option", name=option, exact=True).click(timeout=short)
            chosen.wait_for(timeout=short)
            return
    expect(chosen).to_be_visible()

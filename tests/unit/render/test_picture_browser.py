"""The browser of the pictures: one that hangs, ends or fails is replaced once, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import plotly.graph_objects as go
import pytest

from analysis.render.images import BROWSER, chart_svg
from analysis.render.picture_browser import PictureBrowser

WARM_UP = {"layout": {}}


class Process:
    def __init__(self) -> None:
        self.killed = False

    def kill(self) -> None:
        self.killed = True


class Drawer:
    """Behaves as it is told: "opens" or not, "draws" or not, "closes" or not."""

    def __init__(self, *faults: str) -> None:
        self.faults, self.drawn, self.closed = faults, 0, False
        self.subprocess = Process()

    async def open(self) -> None:
        await self._do("open")

    async def calc_fig(self, figure: dict[str, Any], opts: dict[str, Any]) -> bytes:
        if figure is not WARM_UP:
            await self._do("draw")
            self.drawn += 1
        return b"<svg/>"

    async def close(self) -> None:
        await self._do("close")
        self.closed = True

    async def _do(self, step: str) -> None:
        if f"{step} hangs" in self.faults:
            await asyncio.sleep(3600)
        if f"{step} fails" in self.faults:
            raise RuntimeError(f"{step} failed")


def browser_of(*drawers: Drawer) -> PictureBrowser:
    waiting = iter(drawers)
    return PictureBrowser(lambda: next(waiting), WARM_UP, start_s=0.3, draw_s=0.3)


@pytest.mark.parametrize("fault", ["open hangs", "open fails", "draw hangs", "draw fails"])
def test_a_second_browser_draws_what_the_first_did_not(fault: str) -> None:
    first, second = Drawer(fault), Drawer()
    browser = browser_of(first, second)
    assert browser.draw({}, {}) == b"<svg/>"
    assert first.closed
    assert browser.draw({}, {}) == b"<svg/>"
    assert (first.drawn, second.drawn) == (0, 2)
    browser.close()
    assert second.closed


def test_a_browser_that_does_not_close_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.render.picture_browser.CLOSE_SECONDS", 0.2)
    first, second = Drawer("draw hangs", "close hangs"), Drawer()
    browser = browser_of(first, second)
    assert browser.draw({}, {}) == b"<svg/>"
    assert first.subprocess.killed
    browser.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("draw fails", "draw failed"), ("draw hangs", "no answer within"), ("open fails", "open failed")],
)
def test_two_browsers_that_fail_are_told(fault: str, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        browser_of(Drawer(fault), Drawer(fault)).draw({}, {})


def test_a_real_browser_that_was_ended_is_started_again() -> None:
    def figure(title: str) -> go.Figure:
        return go.Figure(go.Bar(y=[1, 2]), layout={"title": {"text": title}})

    assert b">before</text>" in chart_svg(figure("before"), 300, 200)
    drawer = BROWSER._drawer
    assert drawer is not None
    drawer.subprocess.kill()
    assert b">after</text>" in chart_svg(figure("after"), 300, 200)
    assert BROWSER._drawer is not drawer

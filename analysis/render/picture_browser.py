"""One headless browser that draws charts for everybody, and is started again where it hangs or ends."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

import kaleido

Answer = TypeVar("Answer")
# A browser starts in one or two seconds and draws a chart in less than one; a busy machine takes ten times as long.
START_SECONDS, DRAW_SECONDS, CLOSE_SECONDS = 40.0, 40.0, 8.0


class PictureBrowser:
    """Draws figures, one at a time, in a browser that is started at the first.

    Kaleido's own server waits for ever for a browser that did not start. Here every step has a time limit, and
    a browser that fails is replaced once before the caller is told.

    Parameters
    ----------
    make : callable
        Makes a Kaleido that is not open yet.
    warm_up : dict
        Figure that is drawn first and thrown away: it wakes the page and its fonts.
    start_s, draw_s : float
        Most seconds for the start and for one figure.
    """

    def __init__(
        self,
        make: Callable[[], kaleido.Kaleido],
        warm_up: dict[str, Any],
        *,
        start_s: float = START_SECONDS,
        draw_s: float = DRAW_SECONDS,
    ) -> None:
        self._make, self._warm_up = make, warm_up
        self._start_s, self._draw_s = start_s, draw_s
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.current_thread()
        self._drawer: kaleido.Kaleido | None = None

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        """Draw a figure.

        Parameters
        ----------
        figure : dict
            As Plotly's JSON.
        options : dict
            `format`, `width` and `height` (CSS pixels).

        Raises
        ------
        RuntimeError
            If two browsers, one after the other, did not draw it.
        """
        with self._lock:
            try:
                return self._drawn(figure, options)
            except Exception:  # noqa: BLE001 - whatever ended the browser, a new one may draw the figure
                self._end()
            try:
                return self._drawn(figure, options)
            except Exception as error:
                self._end()
                why = str(error) or f"no answer within {self._draw_s:.0f} seconds"
                raise RuntimeError(f"The browser did not draw the chart: {why}") from error

    def close(self) -> None:
        """End the browser; the next figure starts another."""
        with self._lock:
            self._end()

    def _drawn(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        if self._drawer is None:
            self._start()
        return self._wait(self._draw(figure, options), self._draw_s)

    def _start(self) -> None:
        atexit.unregister(self.close)
        atexit.register(self.close)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=_serve, args=(self._loop,), name="hubreach-pictures", daemon=True
        )
        self._thread.start()
        self._wait(self._open(), self._start_s)

    async def _open(self) -> None:
        self._drawer = self._make()
        await self._drawer.open()
        await self._draw(self._warm_up, {"format": "svg"})

    async def _draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        assert self._drawer is not None
        drawn: bytes = await self._drawer.calc_fig(figure, opts=options)
        return drawn

    def _wait(self, work: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
        assert self._loop is not None
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except FutureTimeoutError:
            future.cancel()
            raise

    def _end(self) -> None:
        drawer, loop = self._drawer, self._loop
        if loop is None:
            return
        process = getattr(drawer, "subprocess", None)
        try:
            if drawer is not None:
                self._wait(drawer.close(), CLOSE_SECONDS)
        except Exception:  # noqa: BLE001 - it is given up either way
            if process is not None:
                process.kill()
        self._drawer = self._loop = None
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(CLOSE_SECONDS)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, then end what waits in it."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()

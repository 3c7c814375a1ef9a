"""A pack in the making, beside whoever asked for it: how far it is, a way to stop it, and what came of it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field

from analysis.base.faults import HubreachError
from analysis.report.assembly import PackCancelledError, build_pack
from analysis.report.content import Pack
from analysis.report.files import write_pack
from analysis.report.manifest import PackRequest

# Sections take about this share of the time that a file with pictures takes.
BUILDING = 0.25


@dataclass(eq=False)
class PackJob:
    """One pack, made in a thread of its own.

    Parameters
    ----------
    request : PackRequest
    ending : str
        Format: a key of `analysis.report.files.FORMATS`.
    template : bytes, optional
    made : date, optional
        Date of a manifest that is made again.
    share : float
        How much is done, 0 to 1.
    words : str
        What is being done.
    """

    request: PackRequest
    ending: str
    template: bytes | None = None
    made: dt.date | None = None
    share: float = 0.0
    words: str = ""
    pack: Pack | None = None
    body: bytes | None = None
    error: HubreachError | None = None
    cancelled: bool = False
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def start(self) -> PackJob:
        """Begin; returns at once."""
        self._thread = threading.Thread(target=self._run, name="hubreach-pack", daemon=True)
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Stop before the next block."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end."""
        if self._thread is not None:
            self._thread.join(seconds)

    @property
    def is_running(self) -> bool:
        """Whether it is still being made."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        try:
            pack = build_pack(
                self.request,
                made=self.made,
                progress=lambda share, words: self._say(BUILDING * share, words),
                cancelled=self._stop.is_set,
            )
            self.body = write_pack(
                pack,
                self.ending,
                template=self.template,
                progress=lambda share, words: self._say(BUILDING + (1 - BUILDING) * share, words),
                cancelled=self._stop.is_set,
            )
            self.pack = pack
        except PackCancelledError:
            self.cancelled = True
        except HubreachError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell
            self.error = HubreachError(f"The pack could not be made: {type(error).__name__}: {error}")

    def _say(self, share: float, words: str) -> None:
        self.share, self.words = share, words or self.words

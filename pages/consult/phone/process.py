"""What a hall of phones asks of the server's process: many connections, quick turns, and an end."""

from __future__ import annotations

import asyncio
import importlib
import signal
import sys
import threading
from types import FrameType
from typing import Any

from analysis.workshop.broadcast import Broadcast

CONNECTIONS = 16_384
SWITCH_SECONDS = 0.001


def allow_many_connections() -> None:
    """Raise this process's limit on open files, 256 or 1,024 by default on macOS and Linux.

    Each phone in the hall holds one connection open. Windows has no such limit on sockets.
    """
    if sys.platform == "win32":
        return
    resource = importlib.import_module("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def take_turns_often() -> None:
    """Let answers in between the dashboard's reruns: Python's threads take turns every 1 ms, not every 5.

    An answer crosses threads several times before it is on disk, and waits for a turn at each crossing.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


def end_with_server(broadcast: Broadcast) -> None:
    """End the streams of events when the server is told to stop.

    uvicorn stops only when every response is complete, and a stream of events never is: without this,
    Ctrl-C waits for the last phone to leave the hall.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def stop(received: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(broadcast.close)
            if callable(before):
                before(received, frame)

        signal.signal(number, stop)

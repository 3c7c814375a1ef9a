"""The phone routes alone on a server of their own: started, stopped and killed by tests.

`python tests/phone_server.py PORT` serves the store that HUBREACH_DATABASE_URL names.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import URL
from starlette.applications import Starlette


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PhoneServer:
    """A server process on 127.0.0.1 that can go and come back on its port."""

    def __init__(self, url: URL) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/join/"
        rendered = url.render_as_string(hide_password=False)
        self._environment = {**os.environ, "HUBREACH_DATABASE_URL": rendered}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers, its store open."""
        command = [sys.executable, str(Path(__file__)), str(self.port)]
        self.process = subprocess.Popen(command, env=self._environment)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.address}api/nobody/state", timeout=60)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        self.end(signal.SIGKILL)
        raise AssertionError("the server did not start")

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(20)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from pages.consult.phone.endpoints import phone_routes

    uvicorn.run(
        Starlette(routes=phone_routes()), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning"
    )

"""What nobody foresaw: its whole story in a log, under a number that a person can pass on."""

from __future__ import annotations

import logging
import secrets
import threading
from contextlib import closing
from logging.handlers import RotatingFileHandler
from pathlib import Path

from analysis.base.folders import user_data_folder

MOST_BYTES = 2_000_000
OLDER_FILES = 5
_log = logging.getLogger("hubreach.errors")
_one_at_a_time = threading.Lock()


def error_log_path() -> Path:
    """File in which a server keeps what went wrong inside it; it need not exist yet."""
    return user_data_folder() / "log" / "errors.log"


def keep_story(error: Exception) -> str:
    """Write an error with its traceback into the log, and give the number under which it stands there.

    The log is a file in a folder for the server's account alone, and begins anew when it is full. Where it cannot be
    written, the story goes to the server's own output.
    """
    number = f"{secrets.randbelow(1_000_000):06d}"
    path = error_log_path()
    with _one_at_a_time:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
            )
        except OSError:
            _log.exception("Error %s (%s cannot be written)", number, path, exc_info=error)
            return number
        with closing(handler):
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            story = (type(error), error, error.__traceback__)
            handler.handle(
                _log.makeRecord(_log.name, logging.ERROR, __file__, 0, "Error %s", (number,), story)
            )
    return number

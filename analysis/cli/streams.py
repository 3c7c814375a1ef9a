"""Keep standard output for what was asked for alone, whatever a library prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TextIO

import typer

_STANDARD_OUTPUT: ContextVar[TextIO] = ContextVar("standard output of a command")


def keep_c_code_off_standard_output() -> None:
    """What C code writes to file 1 goes to standard error for the rest of this process; Python's own stream stays.

    A solver's banner among the rows would break `--format json` in the user's pipe, and only the file itself, not
    Python's stream, can keep it away.
    """
    sys.stdout.flush()
    kept = os.fdopen(os.dup(1), "w", buffering=1, encoding=sys.stdout.encoding, errors=sys.stdout.errors)
    os.dup2(2, 1)
    sys.stdout = kept


@contextlib.contextmanager
def only_the_answer() -> Iterator[None]:
    """While a command works, what Python code prints goes to standard error; `print_answer` goes past that."""
    token = _STANDARD_OUTPUT.set(sys.stdout)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _STANDARD_OUTPUT.reset(token)


def print_answer(text: str) -> None:
    """Print what was asked for: the one way to standard output."""
    typer.echo(text, nl=False, file=standard_output())


def standard_output() -> TextIO:
    """The stream of what was asked for."""
    return _STANDARD_OUTPUT.get(sys.stdout)

"""Templates that a pack takes its styles from."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeVar

from analysis.base.faults import Fault, HubreachError

T = TypeVar("T")


def opened_template(opener: Callable[[io.BytesIO | None], T], template: bytes | None, ending: str) -> T:
    """A document of a template, or of none.

    Raises
    ------
    HubreachError
        If the template is no such file.
    """
    if template is None:
        return opener(None)
    try:
        return opener(io.BytesIO(template))
    except Exception as error:  # a library raises whatever it met in a broken file
        found = f"it is no {ending} file that can be opened"
        remedy = f"Open it in an office program, save it as {ending}, and give that"
        raise HubreachError(
            "The template cannot be used.", [Fault("template", None, None, found, remedy)]
        ) from error

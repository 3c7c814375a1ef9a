"""TOML files read into checked, immutable records: every wrong key told at once."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from analysis.base.faults import FaultList

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

RecordType = TypeVar("RecordType", bound=BaseModel)


def read_record(path: Path, model: type[RecordType], headline: str) -> RecordType:
    """Read a TOML file into a record.

    Parameters
    ----------
    path : Path
        UTF-8 TOML. Numbers with a point are read as decimals, so money stays exact.
    model : type of pydantic model
        What the file must hold.
    headline : str
        First sentence of the error.

    Raises
    ------
    HubreachError
        With one fault for each wrong, missing or unknown key.
    """
    return parse_record(_text(path, headline), model, file=path.name, headline=headline)


def parse_record(text: str, model: type[RecordType], *, file: str, headline: str) -> RecordType:
    """As `read_record`, from text (an upload, a box on a page)."""
    faults, values = FaultList(file), {}
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        faults.add(f"not valid TOML: {error}", "Correct the line that is named")
    faults.raise_if_any(headline)
    return checked_record(values, model, file=file, headline=headline)


def checked_record(
    values: Mapping[str, Any], model: type[RecordType], *, file: str, headline: str, typed: bool = False
) -> RecordType:
    """As `parse_record`, from values: `typed` into a page, whose user does not know the keys of a file."""
    faults = FaultList(file)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for item in error.errors():
            given = "" if item["type"] == "missing" or not item["loc"] else f" (found {item['input']!r:.80})"
            column = ", ".join(_key_words(item["loc"])) if typed else ".".join(_key_parts(item["loc"]))
            remedy = "Correct this entry" if typed else f"Correct this key in {file}"
            faults.add(f"{error_words(item)}{given}", remedy, column=column or None)
    faults.raise_if_any(headline)
    raise AssertionError("unreachable: the branch above records a fault")  # pragma: no cover


def error_words(item: ErrorDetails) -> str:
    """What one of pydantic's errors says, without its prefix."""
    return item["msg"].removeprefix("Value error, ")


def _key_parts(location: Iterable[str | int]) -> list[str]:
    return [str(part + 1) if isinstance(part, int) else part for part in location]


def _key_words(location: Iterable[str | int]) -> list[str]:
    """Keys as words: `("partners", 0, "amounts_gbp", 1)` as "partners 1", "amounts (£) 2"."""
    words: list[str] = []
    for part in _key_parts(location):
        if part.isdigit() and words:
            words[-1] += f" {part}"
        else:
            words.append(re.sub(" gbp$", " (£)", part.replace("_", " ")))
    return words


def _text(path: Path, headline: str) -> str:
    faults = FaultList(path.name)
    text = ""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        faults.add("the file is missing", f"Put a {path.name} into the folder {path.parent.name}")
    except UnicodeDecodeError as error:
        faults.add(f"not UTF-8 text (byte {error.start})", "Save the file as UTF-8")
    faults.raise_if_any(headline)
    return text

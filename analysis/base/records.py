"""Records: TOML and JSON read into checked, immutable models, with every wrong key told at once.

One reader for all that people keep as text: places, options, contracts and their kin, runs, themes,
histories, manifests of packs. Whatever stands in such a text, the answer is a record or one error.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import ErrorDetails

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.text import plain

T = TypeVar("T")
MOST_CHARACTERS = 20_000_000
MOST_NESTED = 32
LONGEST_WORDS = 400
LARGEST_WHOLE = 2**53
"""Above it a whole number and its nearest float differ, and no figure of a council comes near."""
WORDS = {"missing": "it is missing", "extra_forbidden": "this key is not known"}


def one_line(value: object) -> object:
    """Text without control characters; anything else is left for the type check to refuse."""
    return plain(value) if isinstance(value, str) else value


OneLine = Annotated[str, BeforeValidator(one_line)]


def _above_zero(value: Any) -> int | float:
    number = float(value) if isinstance(value, Decimal) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < math.inf:
        raise ValueError("it is no number above 0")
    return number


AboveZero = Annotated[int | float, PlainValidator(_above_zero)]
"""A number as it was written, whole or not, so that it is written that way again."""


class Record(BaseModel):
    """Base of every record: unknown keys are faults, values never change, a number is finite.

    Text is never taken for a flag, a flag never for a number, a number never for a date.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False, populate_by_name=True
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _as_it_is_written(cls, value: Any, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        kinds = _kinds(cls.model_fields[str(info.field_name)].annotation)
        if bool in kinds and len(kinds) == 1 and not isinstance(value, bool):
            raise ValueError("it is neither true nor false")
        if isinstance(value, bool) and bool not in kinds and kinds & {int, float, Decimal}:
            raise ValueError("it is true or false, and not a number")
        if isinstance(value, int | float | Decimal) and dt.date in kinds:
            raise ValueError("it is a number, and not a date")
        return check(value)


def _kinds(annotation: object) -> set[object]:
    """Every type that an annotation names, at any depth: {int, NoneType} of `int | None`."""
    inner = get_args(annotation)
    return set().union(*map(_kinds, inner)) if inner else {annotation}


def read_record(path: Path, model: type[T], headline: str) -> T:
    """Read a TOML file into a record.

    Parameters
    ----------
    path : Path
        UTF-8 TOML. Numbers with a point are read as decimals, so money stays exact.
    model : type
        What the file must hold: a pydantic model, or anything that pydantic can check.
    headline : str
        First sentence of the error.

    Raises
    ------
    HubreachError
        With one fault for each wrong, missing or unknown key.
    """
    return checked_record(read_values(path, headline), model, file=path.name, headline=headline)


def read_values(path: Path, headline: str) -> dict[str, Any]:
    """Values of a TOML file, by key, as they stand there.

    Raises
    ------
    HubreachError
        If it is not there, or is no TOML that can be used.
    """
    return toml_values(read_text(path, headline), file=path.name, headline=headline)


def parse_record(text: str, model: type[T], *, file: str, headline: str) -> T:
    """As `read_record`, from text (an upload, a box on a page)."""
    values = toml_values(text, file=file, headline=headline)
    return checked_record(values, model, file=file, headline=headline)


def parse_json_record(text: str, model: type[T], *, file: str, headline: str) -> T:
    """As `parse_record`, from JSON that the product wrote."""
    return checked_record(
        json_values(text, file=file, headline=headline), model, file=file, headline=headline
    )


def toml_values(text: str, *, file: str, headline: str) -> dict[str, Any]:
    """Values of a TOML text, by key.

    Raises
    ------
    HubreachError
        If it is not TOML, or holds what no record can: numbers without end, tables nested without end.
    """

    def loads(given: str) -> Any:
        try:
            return tomllib.loads(given, parse_float=Decimal)
        except InvalidOperation as error:
            raise ValueError("a number has an exponent beyond all use") from error

    return _values(text, loads, "TOML", file, headline)


def json_values(text: str, *, file: str, headline: str) -> dict[str, Any]:
    """Values of a JSON text, by key; a key that stands twice is a fault, as it is in TOML.

    Raises
    ------
    HubreachError
    """

    def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) < len(pairs):
            twice = next(key for key, _ in pairs if sum(other == key for other, _ in pairs) > 1)
            raise ValueError(f"the key {twice!r:.40} stands twice")
        return held

    return _values(text, lambda given: json.loads(given, object_pairs_hook=each_once), "JSON", file, headline)


def kept_values(path: Path) -> dict[str, Any]:
    """Values of a JSON file that the product keeps for its own convenience; none where it cannot be used.

    For what can be found out again: names, checksums, columns of a file that was read before.
    """
    try:
        return json_values(read_text(path, ""), file=path.name, headline="")
    except HubreachError:
        return {}


def _values(
    text: str, loads: Callable[[str], Any], language: str, file: str, headline: str
) -> dict[str, Any]:
    faults, values = FaultList(file), None
    if len(text) > MOST_CHARACTERS:
        faults.add("the file is far too large", "Give the file that is meant")
        faults.raise_if_any(headline)
    try:
        values = loads(text)
    except RecursionError:
        faults.add("it is nested too deep", "Write it flatter")
    except ValueError as error:
        faults.add(f"not valid {language}: {error!s:.120}", "Correct the line that is named")
    if isinstance(values, dict):
        faults.extend(_unusable(values, file))
    elif not faults:
        faults.add(f"not valid {language}: there are no keys", "Give a file with names and values")
    faults.raise_if_any(headline)
    return dict(values or {})


def _unusable(values: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Find what would break arithmetic, or a message, far from here."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), values)]
    while waiting:
        where, value = waiting.pop()
        found = ""
        if isinstance(value, Mapping | list):
            items = value.items() if isinstance(value, Mapping) else enumerate(value)
            if len(where) >= MOST_NESTED:
                found = "it is nested too deep"
            else:
                waiting += [((*where, key), item) for key, item in items]
        elif isinstance(value, float | Decimal) and not math.isfinite(value):
            found = "it is not a number that can be worked with"
        elif isinstance(value, int | float | Decimal) and not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
            found = "the number is too large"
        if found:
            key = ".".join(_key_parts(where[:MOST_NESTED]))
            yield Fault(file, None, key, found, f"Correct this key in {file}")


def checked_record(
    values: Mapping[str, Any], model: type[T], *, file: str, headline: str, typed: bool = False
) -> T:
    """As `parse_record`, from values: `typed` into a page, whose user does not know the keys of a file."""
    faults = FaultList(file)
    try:
        return TypeAdapter(model).validate_python(values)
    except ValidationError as error:
        faults.extend(record_faults(error, file, model=model, typed=typed))
    faults.raise_if_any(headline)
    raise AssertionError("unreachable: the branch above records a fault")  # pragma: no cover


def record_faults(
    error: ValidationError, file: str, *, model: object = None, typed: bool = False
) -> Iterator[Fault]:
    """Each thing that a check found, with the key where it stands (lists are counted from 1)."""
    for item in error.errors(include_url=False):
        where = item["loc"]
        silent = item["type"] in WORDS or not where
        given = "" if silent else f" (found {item['input']!r:.80})"
        column = ", ".join(_key_words(where)) if typed else ".".join(_key_parts(where))
        remedy = "Correct this entry" if typed else f"Correct this key in {file}"
        if item["type"] == "missing":
            remedy = "Give this entry" if typed else f"Add this key to {file}"
        if item["type"] == "extra_forbidden" and not typed:
            known = _known_keys(model, where[:-1])
            remedy = f"Use one of: {', '.join(known)}" if known else remedy
        yield Fault(file, None, column or None, f"{error_words(item)}{given}", remedy)


def error_words(item: ErrorDetails) -> str:
    """What one of pydantic's errors says, in the product's words where it has some, and no longer than is read."""
    return WORDS.get(item["type"], item["msg"].removeprefix("Value error, ")[:LONGEST_WORDS])


def _known_keys(model: object, where: Sequence[str | int]) -> list[str]:
    """Keys of the record that stands at a place in a model, as its file has them."""
    kinds = [kind for kind in _kinds(model) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    fields = kinds[0].model_fields if kinds else {}
    if where and where[0] in fields:
        return _known_keys(fields[str(where[0])].annotation, where[1:])
    if where:
        return _known_keys(model, where[1:])
    return [field.alias or name for name, field in fields.items()]


def _key_parts(location: Iterable[str | int]) -> list[str]:
    return [str(part + 1) if isinstance(part, int) else f"{part:.60}" for part in location]


def _key_words(location: Iterable[str | int]) -> list[str]:
    """Keys as words: `("partners", 0, "amounts_gbp", 1)` as "partners 1", "amounts (£) 2"."""
    words: list[str] = []
    for part in _key_parts(location):
        if part.isdigit() and words:
            words[-1] += f" {part}"
        else:
            words.append(re.sub(" gbp$", " (£)", part.replace("_", " ")))
    return words


def read_text(path: Path, headline: str) -> str:
    """Text of a file (UTF-8, with or without a byte-order mark).

    Raises
    ------
    HubreachError
        If there is no such file, or it is no text.
    """
    faults, text = FaultList(path.name), ""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        faults.add("the file is missing", f"Put a {path.name} into the folder {path.parent.name}")
    except OSError as error:
        faults.add(f"the file cannot be read ({error.strerror or error})", "Check what stands there")
    except UnicodeDecodeError as error:
        faults.add(f"not UTF-8 text (byte {error.start})", "Save the file as UTF-8")
    faults.raise_if_any(headline)
    return text


def decoded_text(content: bytes, *, file: str, headline: str) -> str:
    """As `read_text`, from the bytes of an upload."""
    faults, text = FaultList(file), ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(f"not UTF-8 text (byte {error.start})", "Save the file as UTF-8")
    faults.raise_if_any(headline)
    return text

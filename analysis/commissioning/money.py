"""Pounds and pence without drift: decimals in, decimals out, and parts that add up."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import error_words
from analysis.base.rounding import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PENNY = Decimal("0.01")
TYPED_NUMBER = re.compile(r"[-+]?(?=\.?\d)(\d{1,3}(,\d{3})+|\d*)(\.\d*)?")
MOST_GBP = Decimal("1e12")


def to_pence(amount: Decimal) -> Decimal:
    """Amount rounded to the penny, a half penny up."""
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def parse_number(given: Any) -> Any:
    """Number as people paste it ("£705,000", "3.5%", ""), as a decimal; None where it is blank.

    Text that is no number ("12,5", "705k") comes back as it is: a comma that does not part thousands may be a
    decimal comma or a slip, and is not guessed at.

    >>> parse_number("£705,000"), parse_number(" "), parse_number("3.5%"), parse_number("12,5")
    (Decimal('705000'), None, Decimal('3.5'), '12,5')
    """
    if isinstance(given, bool) or given is None or isinstance(given, Decimal | int):
        return given
    text = re.sub(r"[£%\s]", "", str(given))
    if not text or text.lower() == "nan":
        return None
    if isinstance(given, float) or TYPED_NUMBER.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return given


def read_pounds(text: str, control: str) -> Decimal | None:
    """Pounds typed into a control, None where it is blank.

    Raises
    ------
    HubreachError
        If it is no number, negative, over a million million, or has a fraction of a penny.
    """
    try:
        amount: Decimal | None = TypeAdapter(Pounds).validate_python(text)
    except ValidationError as error:
        fault = Fault(
            control, None, None, f"{text!r:.80}: {error_words(error.errors()[0])}", "Correct it there"
        )
        raise HubreachError("This is not an amount of money.", [fault]) from error
    return amount


def as_number(given: Any) -> Any:
    """As `parse_number`, for a field of a record: text that is no number is refused."""
    number = parse_number(given)
    if isinstance(number, str):
        raise ValueError("not a number; write it like 705000 or 1,250.50")  # noqa: TRY004 - pydantic's signal
    return number


def _whole_pence(amount: Decimal) -> Decimal:
    if amount != to_pence(amount):
        raise ValueError("has a fraction of a penny: round it to pence")
    return amount


Number = Annotated[Annotated[Decimal, Field(allow_inf_nan=False)] | None, BeforeValidator(as_number)]
"""A decimal that may be blank."""

Percent = Annotated[
    Annotated[Decimal, Field(ge=-50, le=100, allow_inf_nan=False)] | None, BeforeValidator(as_number)
]
"""Per cent a year, as 3.5 for 3.5%; may be blank."""

Pounds = Annotated[
    Annotated[Decimal, Field(ge=0, le=MOST_GBP, allow_inf_nan=False), AfterValidator(_whole_pence)] | None,
    BeforeValidator(as_number),
]
"""Pounds, to the penny at most, not negative; may be blank."""


def split_pounds(amount: Decimal, weights: Sequence[float]) -> list[Decimal]:
    """Share an amount in proportion to weights, in pence that add up to it exactly."""
    pence = largest_remainder(weights, int(to_pence(amount) * 100))
    return [to_pence(Decimal(int(part)) / 100) for part in pence]


def total_pounds(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of amounts; None where one of them is blank, since the sum is then not known."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total

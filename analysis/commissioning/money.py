"""Pounds and pence without drift: decimals in, decimals out, and parts that add up."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from analysis.need.rounding import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PENNY = Decimal("0.01")
MOST_GBP = Decimal("1e12")


def to_pence(amount: Decimal) -> Decimal:
    """Amount rounded to the penny, a half penny up."""
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def parse_number(given: Any) -> Any:
    """Number as people paste it ("£705,000", "3.5%", ""), as a decimal; None where it is blank.

    >>> parse_number("£705,000"), parse_number(" "), parse_number("3.5%")
    (Decimal('705000'), None, Decimal('3.5'))
    """
    if isinstance(given, bool) or given is None or isinstance(given, Decimal | int):
        return given
    text = re.sub(r"[£,%\s]", "", str(given))
    if not text or text.lower() == "nan":
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return given


def _whole_pence(amount: Decimal) -> Decimal:
    if amount != to_pence(amount):
        raise ValueError("has a fraction of a penny: round it to pence")
    return amount


Number = Annotated[Annotated[Decimal, Field(allow_inf_nan=False)] | None, BeforeValidator(parse_number)]
"""A decimal that may be blank."""

Percent = Annotated[
    Annotated[Decimal, Field(ge=-50, le=100, allow_inf_nan=False)] | None, BeforeValidator(parse_number)
]
"""Per cent a year, as 3.5 for 3.5%; may be blank."""

Pounds = Annotated[
    Annotated[Decimal, Field(ge=0, le=MOST_GBP, allow_inf_nan=False), AfterValidator(_whole_pence)] | None,
    BeforeValidator(parse_number),
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

"""Amounts as people type them: what is taken, what is refused, and that nothing is guessed."""

from decimal import Decimal

import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.money import parse_number, read_pounds


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("705000", "705000"),
        ("£705,000", "705000"),
        (" £ 1,250.50 ", "1250.50"),
        ("3.5%", "3.5"),
        ("-2", "-2"),
        (".5", "0.5"),
        ("12,345,678", "12345678"),
        (0.1, "0.1"),
        (1e16, "1E+16"),
    ],
)
def test_numbers_as_people_paste_them(typed: object, amount: str) -> None:
    assert parse_number(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["12,5", "1,2345", "705k", "1e6", "Infinity", "sNaN", "1.2.3", "--1", "£", ",", "."]
)
def test_what_may_mean_something_else_is_no_number(typed: str) -> None:
    assert not isinstance(parse_number(typed), Decimal)


@pytest.mark.parametrize("typed", ["12,5 thousand", "-5", "1000000000001", "0.005", "Infinity", "="])
def test_no_amount_of_money_is_told_with_the_control_and_the_text(typed: str) -> None:
    with pytest.raises(HubreachError) as error:
        read_pounds(typed, "Yearly cost")
    (fault,) = error.value.faults
    assert fault.file == "Yearly cost"
    assert repr(typed) in fault.found


def test_blank_is_not_yet_known() -> None:
    assert read_pounds("", "Yearly cost") is None
    assert read_pounds("£705,000", "Yearly cost") == 705000

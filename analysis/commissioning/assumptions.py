"""The parameter log: what a plan assumes, why, and who has to confirm it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.places.faults import Fault, HubreachError
from analysis.places.manifest import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

LOG_COLUMNS = ["subject", "parameter", "value", "source", "confirm_with"]
"""Columns of every parameter log."""


class Assumption(Record):
    """One figure that no published source gives, and who has to confirm it."""

    parameter: str
    value: str
    reason: str
    confirm_with: str


def blank(parameter: str, confirm_with: str) -> Assumption:
    """Entry for a figure that nobody has given yet."""
    return Assumption(parameter=parameter, value="", reason="blank: not given yet", confirm_with=confirm_with)


def refuse_blanks(file: str, headline: str, blanks: Iterable[Assumption]) -> None:
    """Raise one error that lists everything that is still blank and whom to ask, or do nothing.

    Raises
    ------
    HubreachError
    """
    faults = [Fault(file, None, b.parameter, "is blank", f"Ask {b.confirm_with}") for b in blanks]
    if faults:
        raise HubreachError(headline, faults)


def parameter_log(
    subject: str, source: str, facts: dict[str, str], open_points: Iterable[Assumption]
) -> pd.DataFrame:
    """Table of what is given, what is assumed and what is blank.

    Parameters
    ----------
    subject : str
        Name of the contract, cohort or appraisal.
    source : str
        Where the facts are published.
    facts : dict of str to str
        Parameter to value, for what the source gives.
    open_points : iterable of Assumption
        What has to be confirmed or filled in.

    Returns
    -------
    DataFrame
        Columns `LOG_COLUMNS`; `confirm_with` is empty for published facts.
    """
    rows = [[subject, parameter, value, source, ""] for parameter, value in facts.items()]
    rows += [[subject, a.parameter, a.value, a.reason, a.confirm_with] for a in open_points]
    return pd.DataFrame(rows, columns=LOG_COLUMNS, dtype=str)

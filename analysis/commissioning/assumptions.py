"""The parameter log: what a plan assumes, why, and who has to confirm it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import Record

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


ENTERED = "Entered by the user"


def mark_entered(log: pd.DataFrame, published: pd.DataFrame | None) -> pd.DataFrame:
    """The log with every value that the published record does not have marked as the user's own.

    Parameters
    ----------
    log : DataFrame
        Parameter log of the record as it stands.
    published : DataFrame or None
        Log of the record as it came with the place; None where there is none.

    Returns
    -------
    DataFrame
        The same rows: `source` is `ENTERED` for values that differ, and `confirm_with` says whom to ask.
    """
    given = published if published is not None else log.iloc[:0]
    pairs = set(zip(given["parameter"], given["value"], strict=True))
    people = dict(zip(given["parameter"], given["confirm_with"], strict=True))
    # The parameter of a blank says in words what it means, after a colon.
    asked = {str(parameter).split(":")[0]: str(who) for parameter, who in people.items() if who}
    marked = log.copy()
    own = [
        bool(value) and not who and (parameter, value) not in pairs
        for parameter, value, who in log[["parameter", "value", "confirm_with"]].itertuples(index=False)
    ]
    entered = np.array(own, dtype=bool)
    marked["source"] = marked["source"].mask(entered, ENTERED)
    whom = log["parameter"].map(lambda parameter: asked.get(str(parameter), "whoever entered it"))
    marked["confirm_with"] = marked["confirm_with"].mask(entered, whom)
    return marked


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

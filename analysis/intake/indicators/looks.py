"""What numbers say of themselves: ranks of another country, marks that were taken for figures, deciles the other way round."""

from __future__ import annotations

import re

import pandas as pd

from analysis.places.england.tables import AREAS_2019, AREAS_2025

FIRST = "Look at this first"
# Numbers that programs write where there is none.
MARKS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0, 999999.0)
APART = 3.0
STEPS = {"decile": 10, "quintile": 5, "vigintile": 20, "centile": 100, "percentile": 100}
OF_DEPRIVATION = re.compile(
    r"\b(?:imd|idaci|deprivation|deprived|deciles?|ranks?|quintiles?)\b", re.IGNORECASE
)
LEAST, MOST_AGAINST = 10, 0.5
OF_ANOTHER_NATION = re.compile(r"\b(?:wimd|simd|nimdm)\b")
OF_2019 = re.compile(r"20(?:15|19)")


def ranks_problem(ranks: pd.Series, of: int) -> str:
    """What tells that some ranks are not of all of England's `of` areas; "" where nothing does.

    >>> ranks_problem(pd.Series(range(1, 140)), 33755)
    'its ranks run from 1 to 139, as if the 139 areas of the file were all there are'
    """
    most, number = int(ranks.max()), len(ranks)
    if most == number < 0.9 * of and ranks.min() == 1:
        return f"its ranks run from 1 to {most:,}, as if the {number:,} areas of the file were all there are"
    if number > 0.9 * of and most < 0.9 * of:
        return f"its ranks end at {most:,}, and there are {of:,} areas"
    return f"its ranks go up to {most:,}, and England has {of:,} areas" if most > of else ""


def look_at(numbers: pd.Series, heading: str) -> list[str]:
    """Sentences about figures that are not what their heading says, or that stand for none.

    Parameters
    ----------
    numbers : Series
        All of the file, NaN where there is none.
    heading : str

    Examples
    --------
    >>> look_at(pd.Series([3.0, 4.0, -999.0]), "Rate")[0][:60]
    'Look at this first: -999 stands in 1 row and seems to mean t'
    """
    known, words = numbers.dropna(), heading.replace("_", " ").casefold()
    if len(known) < 2:
        return []
    said = []
    if OF_ANOTHER_NATION.search(words):
        said.append(
            f"{FIRST}: {heading} is headed as an index of another nation, which cannot stand beside England's"
        )
    if re.search(r"\branks?\b", words):
        problem = ranks_problem(known, AREAS_2019 if OF_2019.search(words) else AREAS_2025)
        said += [f"{FIRST}: {problem}. They cannot stand beside England's ranks"] if problem else []
    for step, most in STEPS.items():
        if re.search(rf"\b{step}s?\b", words) and not known.between(1, most).all():
            said.append(
                f"{FIRST}: {step}s run from 1 to {most}, and these from {known.min():g} to {known.max():g}"
            )
    for mark in MARKS:
        rest, many = known[known != mark], int((known == mark).sum())
        alone = rest.min() >= 0 if mark < 0 else rest.max() * APART < mark
        if many and len(rest) and alone:
            rows = "1 row" if many == 1 else f"{many:,} rows"
            said.append(
                f"{FIRST}: {mark:g} stands in {rows} and seems to mean that there is no figure. It is counted as one until you "
                f"say that it is a mark (--suppressed {mark:g})"
            )
    return said


def against_deprivation(values: pd.Series, ranks: pd.Series, direction: int, heading: str) -> list[str]:
    """A sentence where figures that are headed as deprivation put need where England's index has least of it.

    Parameters
    ----------
    values, ranks : Series
        Of the same areas: the figures, and ranks of the Index of Multiple Deprivation (1 the most deprived).
    direction : {1, -1}
        1 where a higher figure is taken as more need.
    heading : str
    """
    both = pd.concat([values, ranks], axis=1).dropna()
    if len(both) < LEAST or not OF_DEPRIVATION.search(heading.replace("_", " ")) or both.nunique().min() < 2:
        return []
    against = direction * float(both.iloc[:, 0].corr(both.iloc[:, 1], method="spearman"))
    if not against > MOST_AGAINST:
        return []
    most = "the Index of Multiple Deprivation has as least deprived"
    return [
        f"{FIRST}: as {heading} is taken, its areas of most need are those that {most}. Say which figure is more need"
    ]

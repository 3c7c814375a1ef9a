"""Take-up against need: users of a service over the children who live there, who is not reached, and who could be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from analysis.base.faults import Fault, HubreachError
from analysis.base.schema import Schema
from analysis.benchmark.funnel import Funnel, overdispersed
from analysis.commissioning.counts import counts_from_cells
from analysis.intake.files.uploads import read_cells
from analysis.need.estimate import NeedEstimate
from analysis.places.deciles import DECILES, idaci_deciles
from analysis.places.place import Level, Place, sum_by
from analysis.places.rounding import PROTECTION, protect
from analysis.reach.answer import answer_reach
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.terms import Terms

TakeupBy = Literal["lsoa", "ward", "site", "decile"]
UNITS: tuple[TakeupBy, ...] = ("lsoa", "ward", "site", "decile")
TAKEUP_WORDS: dict[TakeupBy, tuple[str, str]] = {
    "lsoa": LEVEL_WORDS["lsoa"][:2],
    "ward": LEVEL_WORDS["ward"][:2],
    "site": LEVEL_WORDS["site"][:2],
    "decile": ("IDACI decile", "IDACI deciles"),
}
UNKNOWN = "unknown"
FEWEST_IN_FUNNEL = 5
NAMED_AGES = re.compile(r"\b(\d{1,2})\s*(?:-|–|to|and)\s*(\d{1,2})\b")
UNDER_FIVES = re.compile(r"\bunder[\s-]*(?:5s?|fives?)\b", re.IGNORECASE)
TAKEUP = Schema(
    "area_code",
    {
        "area_name": ("text", "Area, site or decile"),
        "users": ("number", "Users, a multiple of 5 within 4 of the true number; NaN where none was given"),
        "children": ("number", "Resident children of the same ages; of a site, those who live nearest to it"),
        "rate": ("number", "Users over children"),
        "low": ("number", "Lower end of the rate: 95% interval of chance, of 4 users fewer"),
        "high": ("number", "Upper end: 95% interval of chance, of 4 users more"),
        "expected": ("number", "Users if the place's mean rate held"),
        "gap_children": (
            "number",
            "Expected less users, in children: positive where fewer are reached than at the mean",
        ),
        "not_reached": ("number", "Children less users, at least nought"),
        "within_reach": ("number", "Share of the children who live within reach of a site, 0 to 1"),
        "could_be_reached": ("number", "Not reached and within reach, if users live as all children do"),
    },
)


@dataclass(frozen=True, eq=False)
class Users:
    """Numbers of users as given: not to be shown before they are protected.

    Parameters
    ----------
    by : {"lsoa", "ward", "site", "decile"}
    counts : Series of int64
        Index code, of those that were given; "unknown" for users whose area is not known.
    measure : str
        Heading of the numbers.
    period : str
        "" if the file has none.
    """

    by: TakeupBy
    counts: pd.Series
    measure: str
    period: str

    @property
    def named_ages(self) -> tuple[int, int] | None:
        """Youngest and oldest age that the heading names, such as 0 and 4 of "Users aged 0-4"."""
        if UNDER_FIVES.search(self.measure):
            return 0, 4
        found = NAMED_AGES.search(self.measure)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def ages(self) -> str:
        """Key of the age group that the heading names; of all children where it names none that is counted."""
        named = (key for key, group in AGE_GROUPS.items() if group.ages == self.named_ages)
        return next(named, ALL_AGES)


def unit_names(place: Place) -> dict[TakeupBy, pd.Series]:
    """What users can be counted by, each with its names on the index of codes; the last is not known."""
    rest = pd.Series({UNKNOWN: "Unknown"})
    names: dict[TakeupBy, pd.Series] = {
        "lsoa": place.names("lsoa"),
        "ward": place.names("ward"),
        "site": place.sites["name"],
        "decile": DECILES,
    }
    return {unit: pd.concat([each.astype(str), rest]) for unit, each in names.items()}


def read_users(source: Path | bytes, place: Place, file: str = "") -> Users:
    """Read numbers of users from a CSV or Excel file (see `users_from_cells`).

    Raises
    ------
    HubreachError
        If the file looks as if it holds personal data, or cannot be used. No cell is repeated in it.
    """
    name = file or getattr(source, "name", "users file")
    return users_from_cells(read_cells(source, name), place, name)


def users_from_cells(cells: pd.DataFrame, place: Place, file: str = "users") -> Users:
    """Numbers of users by LSOA, ward, site or IDACI decile out of a table of text.

    Parameters
    ----------
    cells : DataFrame
        A column of codes or names ("unknown" for users whose area is not known), and one column of numbers;
        what the rows are is found from them.
    file : str
        Name of the file, for messages.

    Raises
    ------
    HubreachError
        If it looks as if it holds personal data, or cannot be used.
    """
    unit, table = counts_from_cells(cells, unit_names(place), place.name, file)
    for column, many in (("measure", "columns of numbers"), ("period", "periods")):
        found = list(dict.fromkeys(table[column]))
        if len(found) > 1:
            fault = Fault(file, 1, None, f"{len(found)} {many}", f"Give one: take-up is of one {column}")
            raise HubreachError("Take-up cannot be worked out from this file.", [fault])
    counts = table.set_index("area_code")["count"]
    return Users(unit, counts, str(table["measure"].iloc[0]), str(table["period"].iloc[0]))


@dataclass(frozen=True, eq=False)
class TakeupAnswer:
    """Users against the children who live there, protected.

    Parameters
    ----------
    place : Place
    by : {"lsoa", "ward", "site", "decile"}
    ages : str
        Key of the age group that is counted.
    tables : dict of str to DataFrame
        As `TAKEUP` says: by what was given, and by what that adds up to ("ward" and "decile" of LSOAs).
    users : int
        All users whose area is known, as protected.
    unknown : int
        Users whose area is not known, as protected.
    mean : float
        Users over children where users were given.
    terms : Terms
        What "within reach" means.
    given : Users
        As they were read: not to be shown.
    """

    place: Place
    by: TakeupBy
    ages: str
    tables: dict[TakeupBy, pd.DataFrame]
    users: int
    unknown: int
    mean: float
    terms: Terms
    given: Users

    @property
    def table(self) -> pd.DataFrame:
        """By what was given."""
        return self.tables[self.by]

    def breakdown(self, by: TakeupBy | None = None) -> pd.DataFrame:
        """The table by one breakdown, by what was given if left out.

        Raises
        ------
        HubreachError
            If what was given does not add up to it.
        """
        if by is not None and by not in self.tables:
            fault = Fault(
                "users",
                None,
                None,
                f"numbers by {self.by}",
                f"Choose from {', '.join(self.tables)}, or give LSOAs",
            )
            raise HubreachError(f"These users cannot be broken down by {by}.", [fault])
        return self.tables[by or self.by]

    @property
    def known(self) -> pd.DataFrame:
        """Rows with a number and with children."""
        return self.table[self.table["rate"].notna()]

    @property
    def without(self) -> list[str]:
        """Names of those without a number."""
        return list(self.table.loc[self.table["users"].isna(), "area_name"])

    @property
    def over_full(self) -> list[str]:
        """Names of those with more users than children, beyond what rounding can do."""
        rows = self.known
        return list(rows.loc[rows["users"] - PROTECTION > rows["children"], "area_name"])

    @property
    def expecting(self) -> pd.DataFrame:
        """Rows of which users are expected."""
        return self.known[self.known["expected"] > 0]

    @cached_property
    def funnel(self) -> Funnel | None:
        """How rates scatter beyond chance; None for too few to tell."""
        rows = self.expecting
        if len(rows) < FEWEST_IN_FUNNEL:
            return None
        expected = rows["expected"].to_numpy(float)
        return overdispersed(rows["users"].to_numpy(float) / expected, expected, counted=True)

    @property
    def outside(self) -> list[str]:
        """Names of those outside the 99.8% limits of the funnel, lowest rate first."""
        if self.funnel is None:
            return []
        rows = self.expecting
        low, high = self.funnel.limits(rows["expected"].to_numpy(float), 0.998)
        ratio = rows["users"] / rows["expected"]
        return list(rows.loc[(ratio < low) | (ratio > high), "area_name"])


def answer_takeup(users: Users, estimate: NeedEstimate, terms: Terms | None = None) -> TakeupAnswer:
    """Set users against the children who live there.

    Assumption: everybody who lives in an area counts for it, whichever site they use; of a site, its
    children are those for whom it is the nearest of the sites in the file.

    Parameters
    ----------
    users : Users
    estimate : NeedEstimate
        For the place and its children.
    terms : Terms, optional
        Ages counted, and what within reach means; a 20-minute walk to the sites that count today, for
        children of the ages that the heading names, if left out.

    Raises
    ------
    HubreachError
        If the place's files hold no such ages, or the edition no deciles.
    """
    terms = terms or Terms(ages=users.ages)
    reach = answer_reach(estimate, terms)
    place = estimate.place
    children = (
        place.areas[list(AGE_GROUPS[terms.ages].bands)].sum(axis=1)
        if terms.ages != ALL_AGES
        else place.areas["children"]
    )
    leaves = users.counts.rename("count").rename_axis("unit").reset_index()
    groups: dict[TakeupBy, pd.Series] = {}
    if users.by == "lsoa":
        groups = {"ward": place.keys("ward"), "decile": idaci_deciles(place)}
    for name, member in groups.items():
        leaves[name] = member.reindex(leaves["unit"]).fillna(UNKNOWN).to_numpy()
    known = leaves["unit"] != UNKNOWN
    leaves["known"] = known
    shown = protect(leaves, {users.by: ["unit"], **{name: [name] for name in groups}, "known": ["known"]})
    total = shown["known"].reindex([True, False], fill_value=0).astype(int)
    parts = pd.DataFrame({"children": children.astype(float), "within": children * reach.area_share})
    given = children_of_units(users, estimate, terms, parts)
    in_units = given.loc[given.index.isin(users.counts.index), "children"].sum()
    mean = float(total[True] / in_units) if in_units else float("nan")
    names = {name: series.drop(UNKNOWN) for name, series in unit_names(place).items()}
    tables: dict[TakeupBy, pd.DataFrame] = {users.by: _table(names[users.by], shown[users.by], given, mean)}
    # An area counts for its ward or decile where its users were given, and so do its children.
    counted = parts[parts.index.isin(users.counts.index)]
    for name, member in groups.items():
        whole = counted.groupby(member.reindex(counted.index).to_numpy()).sum()
        tables[name] = _table(names[name], shown[name], whole, mean)
    return TakeupAnswer(
        place, users.by, terms.ages, tables, int(total[True]), int(total[False]), mean, terms, users
    )


def children_of_units(
    users: Users, estimate: NeedEstimate, terms: Terms, parts: pd.DataFrame
) -> pd.DataFrame:
    """Children that each unit's users are set against: `children`, and `within` reach; index code."""
    place = estimate.place
    if users.by in ("lsoa", "ward"):
        level: Level = "lsoa" if users.by == "lsoa" else "ward"
        return sum_by(place, parts, level)
    if users.by == "decile":
        return parts.groupby(idaci_deciles(place)).sum()
    named = place.sites.loc[[code for code in users.counts.index if code != UNKNOWN]]
    near = answer_reach(estimate, Terms(terms.minutes, terms.mode, kinds=(), ages=terms.ages), sites=named)
    weight = near.demand["children"]
    rows = pd.DataFrame({"children": weight, "within": weight * near.covered})
    return rows.groupby(near.nearest["nearest_site"].to_numpy()).sum().drop("", errors="ignore")


def _table(names: pd.Series, shown: pd.Series, parts: pd.DataFrame, mean: float) -> pd.DataFrame:
    """The columns of `TAKEUP`, lowest rate first, those without a number last."""
    users = shown.reindex(names.index).astype("Float64").astype(float)
    children = parts["children"].reindex(names.index).fillna(0.0)
    some = children.where(children > 0)
    low, high = poisson_limits((users - PROTECTION).clip(lower=0), users + PROTECTION)
    share = (parts["within"] / parts["children"].where(parts["children"] > 0)).reindex(names.index)
    missed = (children - users).clip(lower=0)
    table = pd.DataFrame(
        {
            "area_name": names.astype(str),
            "users": users,
            "children": children,
            "rate": users / some,
            "low": low / some,
            "high": high / some,
            "expected": mean * children.where(users.notna()),
            "gap_children": mean * children - users,
            "not_reached": missed,
            "within_reach": share,
            "could_be_reached": missed * share,
        }
    ).rename_axis("area_code")
    return TAKEUP.checked(table.sort_values("rate", kind="stable", na_position="last"))


def poisson_limits(least: pd.Series, most: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Exact 95% limits of a Poisson mean (Garwood 1936): the lower one of `least`, the upper one of `most`.

    >>> low, high = poisson_limits(pd.Series([0.0, 6.0]), pd.Series([4.0, 14.0]))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 2.2], [10.24, 23.49])
    """
    low = np.where(least > 0, gammaincinv(least.where(least > 0, 1.0), 0.025), 0.0)
    return pd.Series(low, least.index).where(least.notna()), pd.Series(
        gammaincinv(most + 1, 0.975), most.index
    )

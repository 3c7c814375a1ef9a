"""One option against another: who gains, who loses, by how much, and who moves from which site to which.

All children of a demand point move together, since minutes are from it; where sites serve certain ages only, those of
an age band do, and ages that no site serves neither gain nor lose. A point

- comes within reach ("into reach") or falls out of it ("out of reach") where its cover changes, whatever its
  minutes do;
- else is "nearer" or "farther" where the minutes to its nearest site change by `least_minutes` or more;
- else is "unchanged".

Children gain who come within reach or are nearer, and lose who fall out of reach or are farther: gainers, losers
and unchanged are all children, and A against B mirrors B against A.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.options.reached import OptionReach
from analysis.reach.demand import area_codes, tier_columns
from analysis.reach.groups import By, area_groups

LEAST_MINUTES = 1.0
OUTCOMES = ("out of reach", "farther", "unchanged", "nearer", "into reach")
GAINS = ("nearer", "into reach")
LOSES = ("out of reach", "farther")
NO_SITE_WORDS = "no site"
ROUNDING_MINUTES = 1e-9
MOST = 0.5
ROW_COLUMNS = ("area_code", "age_band", "area_name", "children", "under_fives")
Rows = tuple[pd.DataFrame, pd.Series, pd.DataFrame]


def area_difference(
    before: OptionReach, after: OptionReach, least_minutes: float = LEAST_MINUTES
) -> pd.DataFrame:
    """Every small area under one option and under another.

    Minutes are the mean of the children who have a site under both options, and an area counts as covered where at least half of its children are.

    Parameters
    ----------
    before, after : OptionReach
        On the same terms and estimate.
    least_minutes : float
        Smallest change of minutes that counts as a gain or a loss where cover stays as it is.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `children` (of the terms' age), `under_fives`, `minutes_before`,
        `minutes_after` (to the nearest site, inf without a way), `minutes_change` (after less before, 0
        where there is no way in either), `covered_before`, `covered_after`, `children_gaining`,
        `children_losing`.
    """
    rows = row_difference(before, after, least_minutes)
    rows = rows.drop(columns="outcome")
    if "area_code" not in rows:
        return rows.rename_axis("area_code")
    codes = rows["area_code"].to_numpy(object)
    counts = [
        name for name in ("children", "under_fives", "children_gaining", "children_losing") if name in rows
    ]
    table = before.areas[["area_name"]].join(rows.groupby(codes)[counts].sum())
    minutes = _minutes_of_the_served(rows, before, after)
    change = _change(minutes["minutes_before"].to_numpy(), minutes["minutes_after"].to_numpy())
    added: dict[str, Any] = {
        **minutes,
        "minutes_change": change,
        "covered_before": before.area_share.to_numpy() >= MOST,
        "covered_after": after.area_share.to_numpy() >= MOST,
    }
    for name, values in added.items():
        table.insert(len(table.columns) - 2, str(name), values)
    return table.rename_axis("area_code")


def _minutes_of_the_served(
    rows: pd.DataFrame, before: OptionReach, after: OptionReach
) -> dict[str, pd.Series]:
    """Mean minutes before and after of an area's children whose age has a site in both; else of most of them."""
    both = np.isfinite(rows[["minutes_before", "minutes_after"]].to_numpy(float)).all(axis=1)
    served = rows[both & (rows["children"] > 0)]
    weight = served["children"].groupby(served["area_code"]).sum()
    means = {}
    for side, reach in (("before", before), ("after", after)):
        total = (served[f"minutes_{side}"] * served["children"]).groupby(served["area_code"]).sum()
        nearest = reach.area_nearest["nearest_minutes"]
        means[f"minutes_{side}"] = (total / weight).reindex(nearest.index).fillna(nearest)
    return means


def row_difference(
    before: OptionReach, after: OptionReach, least_minutes: float = LEAST_MINUTES
) -> pd.DataFrame:
    """`area_difference` before it is added up: where sites serve certain ages only, a row an area and age band.

    Returns
    -------
    DataFrame
        Index that of the rows; `area_code` and `age_band` (where a row is of an age), then the columns of `area_difference` and
        `outcome`, one of `OUTCOMES`.
    """
    one, other = alike_rows(before, after)
    demand, covered_before, nearest_before = one
    _, covered_after, nearest_after = other
    minutes_before = nearest_before["nearest_minutes"].to_numpy(float)
    minutes_after = nearest_after["nearest_minutes"].to_numpy(float)
    table = demand[[n for n in ROW_COLUMNS if n in demand]].copy()
    table["minutes_before"], table["minutes_after"] = minutes_before, minutes_after
    table["minutes_change"] = _change(minutes_before, minutes_after)
    table["covered_before"] = covered_before.to_numpy(bool)
    table["covered_after"] = covered_after.to_numpy(bool)
    outcome = area_outcomes(table, least_minutes)
    table["children_gaining"] = demand["children"].where(outcome.isin(GAINS), 0)
    table["children_losing"] = demand["children"].where(outcome.isin(LOSES), 0)
    return table.assign(outcome=outcome)


def alike_rows(before: OptionReach, after: OptionReach) -> tuple[Rows, Rows]:
    """Demand, cover and nearest sites of two options on the same rows: by age where either needs it."""
    if before.serves is None and after.serves is None:
        return (before.demand, before.covered, before.nearest), (after.demand, after.covered, after.nearest)
    return before.rows_by_age(), after.rows_by_age()


def main_outcomes(rows: pd.DataFrame) -> pd.Series:
    """What becomes of most of each area's children, the worse of equals.

    Parameters
    ----------
    rows : DataFrame
        `row_difference`.

    Returns
    -------
    Series of str
        Index `area_code`.
    """
    if "area_code" not in rows:
        return rows["outcome"]
    order = {name: position for position, name in enumerate(OUTCOMES)}
    held = rows.groupby(["area_code", "outcome"], sort=False)["children"].sum().reset_index()
    held["order"] = held["outcome"].map(order)
    held = held.sort_values(["children", "order"], ascending=[False, True], kind="stable")
    first = held.drop_duplicates("area_code").set_index("area_code")["outcome"]
    return first.reindex(pd.Index(rows["area_code"].unique()))


def area_outcomes(difference: pd.DataFrame, least_minutes: float = LEAST_MINUTES) -> pd.Series:
    """What becomes of each area, one of `OUTCOMES`, on the index of `area_difference`."""
    before, after = difference["covered_before"].to_numpy(bool), difference["covered_after"].to_numpy(bool)
    change = difference["minutes_change"].to_numpy(float)
    # a change of exactly the least must not be lost to rounding; no change at all is never one
    least = max(least_minutes - ROUNDING_MINUTES, ROUNDING_MINUTES)
    outcome = np.select(
        [before & ~after, ~before & after, change >= least, change <= -least],
        ["out of reach", "into reach", "farther", "nearer"],
        "unchanged",
    )
    return pd.Series(outcome, index=difference.index, name="outcome", dtype="str")


def difference_by(
    before: OptionReach, after: OptionReach, by: By, least_minutes: float = LEAST_MINUTES
) -> pd.DataFrame:
    """Who gains and who loses in every ward, locality or fifth, counted in children, families and need.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `children`, one column for each of `OUTCOMES` (children),
        `children_gaining`, `children_losing`, `children_unchanged`, `families_gaining`,
        `families_losing` (children over children per family), `under_fives`, `under_fives_gaining`,
        `under_fives_losing`, `under_fives_out_of_reach`, `<tier>_gaining` and `<tier>_losing` a tier,
        `minutes_before`, `minutes_after`, `minutes_change` (child-weighted means).
    """
    demand = alike_rows(before, after)[0][0]
    groups = area_groups(demand, by)
    difference = row_difference(before, after, least_minutes)
    outcome = difference["outcome"]
    gains, loses = outcome.isin(GAINS).to_numpy(), outcome.isin(LOSES).to_numpy()

    def counted(column: str, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return groups.totals(np.where(chosen, demand[column].to_numpy(), 0))

    everyone = np.ones(len(demand), dtype=bool)
    table = pd.DataFrame(
        {"area_name": groups.names.astype("str"), "children": counted("children", everyone)},
        index=groups.codes,
    )
    for name in OUTCOMES:
        table[column_of(name)] = counted("children", (outcome == name).to_numpy())
    per_family = before.estimate.settings.children_per_family
    for word, chosen in (("gaining", gains), ("losing", loses), ("unchanged", ~gains & ~loses)):
        table[f"children_{word}"] = counted("children", chosen)
        table[f"families_{word}"] = table[f"children_{word}"] / per_family
    if "under_fives" in demand:
        table["under_fives"] = counted("under_fives", everyone)
        for word, chosen in (("gaining", gains), ("losing", loses)):
            table[f"under_fives_{word}"] = counted("under_fives", chosen)
        table["under_fives_out_of_reach"] = counted("under_fives", (outcome == "out of reach").to_numpy())
    for tier in tier_columns(demand):
        table[f"{tier}_gaining"], table[f"{tier}_losing"] = counted(tier, gains), counted(tier, loses)
    children = demand["children"].to_numpy(float)
    weight = np.where(table["children"].to_numpy()[groups.member] > 0, children, 1.0)
    for side in ("before", "after"):
        table[f"minutes_{side}"] = groups.means(difference[f"minutes_{side}"].to_numpy(), weight)
    table["minutes_change"] = _change(table["minutes_before"].to_numpy(), table["minutes_after"].to_numpy())
    return table.rename_axis("area_code")


def column_of(outcome: str) -> str:
    """Column of `difference_by` that counts the children of an outcome.

    >>> column_of("into reach")
    'children_into_reach'
    """
    return f"children_{outcome.replace(' ', '_')}"


def site_moves(before: OptionReach, after: OptionReach) -> pd.DataFrame:
    """Who goes from which nearest site to which.

    Returns
    -------
    DataFrame
        One row a pair of sites, most children first; `from_site`, `to_site` (ids, "" for none),
        `from_name`, `to_name`, `moves` (whether they differ), `areas`, `children`, `under_fives`, `need`,
        `minutes_before`, `minutes_after` (child-weighted means). All rows together are all children.
    """
    (demand, _, nearest_before), (_, _, nearest_after) = alike_rows(before, after)
    children = demand["children"].where(demand["children"] > 0)
    pairs = pd.DataFrame(
        {
            "from_site": nearest_before["nearest_site"],
            "to_site": nearest_after["nearest_site"],
            "areas": area_codes(demand).to_numpy(object),
            "children": demand["children"],
            **({"under_fives": demand["under_fives"]} if "under_fives" in demand else {}),
            "need": demand[before.tier],
            "minutes_before": nearest_before["nearest_minutes"] * children,
            "minutes_after": nearest_after["nearest_minutes"] * children,
        }
    )
    sums = {name: "nunique" if name == "areas" else "sum" for name in pairs.columns[2:]}
    table = pairs.groupby(["from_site", "to_site"], as_index=False).agg(sums)
    children = table["children"].where(table["children"] > 0)
    for side in ("before", "after"):
        table[f"minutes_{side}"] = table[f"minutes_{side}"] / children
    names = {**before.sites["name"].to_dict(), **after.sites["name"].to_dict()}
    for position, side in ((2, "from"), (3, "to")):
        named = table[f"{side}_site"].map(lambda site_id: names.get(site_id, NO_SITE_WORDS))
        table.insert(position, f"{side}_name", named.astype("str"))
    table.insert(4, "moves", table["from_site"] != table["to_site"])
    order = ["children", "from_site", "to_site"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _change(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """After less before; 0 where neither has a way, so that nothing changes where nothing is."""
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    change = np.zeros(len(before))
    np.subtract(after, before, out=change, where=~same)
    return change

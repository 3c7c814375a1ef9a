"""Sites that are listed twice: one building, two labels.

The register of children's centres and the list of family hubs overlap: a centre that became a hub is
in both, at one postcode. Such rows become one site that keeps both labels. Two rows are taken for one
site only if all of this holds:

- they have the same postcode, and lie within 150 m of each other;
- their figures (ages, hours, capacity, cost, condition, ownership) do not contradict each other, nor do their
  stage and opening;
- either they have the same name, or their kinds differ, are both kinds that the place knows as its own, and neither
  is a school. So an academy, a library or anything else of a list is not taken for the centre at its postcode.

So a school is not taken for the hub next door, and two hubs with different names at one postcode stay
two. The label in front is that of the kind that the place lists first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.base.text import slugify

SAME_SITE_M = 150.0
FIGURES = ("age_from", "age_to", "hours_per_week", "capacity_families", "annual_cost_gbp")
SCHOOL = re.compile(r"\bschools?\b", re.IGNORECASE)
LABEL = re.compile(r"^(?P<name>.*) \[(?P<kind>[^\[\]]*)\]$")


def site_label(name: str, kind: str) -> str:
    """One label as the `labels` column holds it: "name [kind]"; its own marks in the text are replaced.

    >>> site_label("Aveley Centre; P1", "children's centre")
    "Aveley Centre, P1 [children's centre]"
    """
    return "{} [{}]".format(
        *(re.sub(r"\s*;\s*", ", ", t).replace("[", "(").replace("]", ")") for t in (name, kind))
    )


def label_kinds(labels: str) -> tuple[str, ...]:
    """Kinds named in a `labels` cell, in order.

    >>> label_kinds("Aveley Centre [children's centre];Old Nursery [school (nursery)]")
    ("children's centre", 'school (nursery)')
    """
    matches = (LABEL.match(label.strip()) for label in labels.split(";"))
    return tuple(match["kind"] for match in matches if match)


def former_ids(sites: pd.DataFrame) -> dict[str, str]:
    """Ids that sites had under their other labels, each with the id of today.

    An option, a draft or a link that was made from another list of the same place names a merged site by the label
    that stood in front there. A label that two sites share names neither.

    Parameters
    ----------
    sites : DataFrame
        Sites frame; the columns of a matrix, which have no labels, had no other ids.
    """
    found: dict[str, set[str]] = {}
    for site_id, cell in sites["labels"].items() if "labels" in sites else ():
        for match in (LABEL.match(label.strip()) for label in cell.split(";")):
            if match:
                found.setdefault(slugify(match["name"]), set()).add(str(site_id))
    return {
        former: next(iter(now))
        for former, now in found.items()
        if len(now) == 1 and former not in sites.index
    }


def merge_duplicates(sites: pd.DataFrame, kind_order: Sequence[str] = ()) -> pd.DataFrame:
    """Merge the rows that stand for one site, by the rules at the top of this module.

    Parameters
    ----------
    sites : DataFrame
        Sites frame (index `site_id`).
    kind_order : sequence of str
        Kinds, the leading one first; kinds not in it come last, in the order of the rows.

    Returns
    -------
    DataFrame
        One row a site, in the order of first appearance. The leading row's values stand, its gaps are
        filled from the others, services are pooled, and every other name and kind is in `labels`.
    """
    rank = {kind: position for position, kind in enumerate(kind_order)}
    position = sites["kind"].map(lambda kind: rank.get(kind, len(rank))).tolist()
    known = frozenset(kind for kind in kind_order if not SCHOOL.search(kind))
    kept: list[int] = []
    changed: list[tuple[int, dict[str, object]]] = []
    for members in _groups(sites, known):
        order = sorted(members, key=lambda row: (position[row], row))
        if len(order) > 1:
            changed.append((len(kept), _merged(sites.iloc[order])))
        kept.append(order[0])
    columns = {name: column.tolist() for name, column in sites.iloc[kept].items()}
    for row, values in changed:
        for name, value in values.items():
            columns[str(name)][row] = value
    return pd.DataFrame(columns, index=sites.index[kept]).astype(sites.dtypes.to_dict())


def _groups(sites: pd.DataFrame, known: Collection[str]) -> list[list[int]]:
    """Row positions by site, in the order of each site's first row."""
    groups: list[list[int]] = []
    by_postcode: dict[str, list[int]] = {}
    at = sites["easting"].map("{:.0f},".format) + sites["northing"].map("{:.0f}".format)
    for row, postcode in enumerate(sites["postcode"].where(sites["postcode"] != "", at)):
        home = next(
            (
                number
                for number in by_postcode.get(postcode, [])
                if postcode
                and all(_one_site(sites.iloc[row], sites.iloc[other], known) for other in groups[number])
            ),
            None,
        )
        if home is None:
            by_postcode.setdefault(postcode, []).append(len(groups))
            groups.append([row])
        else:
            groups[home].append(row)
    return groups


def _one_site(first: pd.Series, second: pd.Series, known: Collection[str]) -> bool:
    apart = np.hypot(first["easting"] - second["easting"], first["northing"] - second["northing"])
    if not apart <= SAME_SITE_M:
        return False
    if first["stage"] != second["stage"] or first["is_open"] != second["is_open"]:
        return False
    for column in (*FIGURES, "condition", "ownership"):
        one, other = first[column], second[column]
        if not (pd.isna(one) or pd.isna(other) or "" in (one, other) or one == other):
            return False
    if slugify(first["name"]) == slugify(second["name"]):
        return True
    return bool(first["kind"] != second["kind"] and {first["kind"], second["kind"]} <= set(known))


def _merged(members: pd.DataFrame) -> dict[str, object]:
    """Values that the leading row (the first) takes over from the others."""
    leading = members.iloc[0]
    changed: dict[str, object] = {}
    for column in (*FIGURES, "condition", "ownership", "urn"):
        given = [value for value in members[column] if not (pd.isna(value) or value == "")]
        if given:
            changed[column] = given[0]
    for column in ("services", "source"):
        items = [item.strip() for cell in members[column] for item in cell.split(";") if item.strip()]
        changed[column] = ";".join(dict.fromkeys(items))
    own = site_label(leading["name"], leading["kind"])
    labels = [label for cell in members["labels"] for label in cell.split(";") if label.strip()]
    labels += [site_label(row["name"], row["kind"]) for _, row in members.iloc[1:].iterrows()]
    changed["labels"] = ";".join(label for label in dict.fromkeys(labels) if label != own)
    return changed

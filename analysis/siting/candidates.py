"""From a place to a siting question: who may host, what counts, who must not be left behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import slugify
from analysis.places.place import Place
from analysis.places.sites.duplicates import label_kinds
from analysis.reach.demand import measure_columns
from analysis.reach.selection import site_kinds
from analysis.siting.models.budget import Floor
from analysis.targeting.hotspots import contiguity

FLOOR_GROUPS = {"ward": "ward_name", "locality": "locality_name"}
MOST_DEPRIVED = 1


def candidate_sites(
    sites: pd.DataFrame,
    *,
    kinds: Sequence[str] = (),
    conditions: Sequence[str] = (),
    owners: Sequence[str] = (),
    only: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> pd.DataFrame:
    """Sites that may be chosen, open or not: schools and closed centres can host.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    kinds : sequence of str
        Kinds wanted; none means all. "school" stands for every "school (...)". A merged site counts under
        each of its labels.
    conditions : sequence of str
        Grades of the building survey that will do, such as "A"; sites without a grade are kept too.
    owners : sequence of str
        Owners of buildings that will do, in any case; sites of unknown ownership are kept too.
    only : sequence of str
        Site ids of a hand-picked list; where there is one, kinds, grades and owners do not count.
    keep : sequence of str
        Site ids that are candidates in any case.

    Returns
    -------
    DataFrame
        The rows, in order of `site_id`.

    Raises
    ------
    HubreachError
        Naming the kinds there are, or the owners, if one is unknown.
    """
    known = site_kinds(sites)
    wanted: set[str] = set()
    faults = FaultList("candidates")
    for kind in kinds:
        matching = {k for k in known if kind in {k, k.split(" (")[0]} or slugify(kind) == slugify(k)}
        if not matching:
            faults.add(f"{kind!r:.60} is not a kind of site here", f"Choose from: {', '.join(known)}")
        wanted |= matching
    known_owners = {slugify(owner): owner for owner in sorted(sites["ownership"]) if owner}
    for owner in owners:
        if slugify(owner) not in known_owners:
            choices = (
                f"Choose from: {', '.join(known_owners.values())}"
                if known_owners
                else "Give owners with the sites"
            )
            faults.add(f"{owner!r:.60} owns no site here", choices, column="ownership")
    faults.raise_if_any("There are no such sites.")
    chosen = pd.Series(data=True, index=sites.index)
    if kinds:
        labelled = [
            bool(wanted & {kind, *label_kinds(labels)})
            for kind, labels in zip(sites["kind"], sites["labels"], strict=True)
        ]
        chosen &= pd.Series(labelled, index=sites.index)
    if conditions:
        grades = {grade.strip().upper() for grade in conditions}
        chosen &= sites["condition"].str.upper().isin(grades | {""})
    if owners:
        chosen &= sites["ownership"].map(slugify).isin({slugify(owner) for owner in owners} | {""})
    if only:
        chosen = pd.Series(sites.index.isin(list(only)), index=sites.index)
    chosen |= sites.index.isin(list(keep))
    return sites[chosen].sort_index()


def named_sites(sites: pd.DataFrame, names: Iterable[str], what: str) -> tuple[str, ...]:
    """Site ids of sites given by id or by name.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    names : iterable of str
        Ids, or names in any case.
    what : str
        Where the names come from, such as "--keep", for the error.

    Raises
    ------
    HubreachError
        With every name that is unknown or that several sites share.
    """
    faults = FaultList(what)
    by_name = sites["name"].map(slugify)
    found = []
    for name in names:
        matching = [name] if name in sites.index else list(sites.index[by_name == slugify(name)])
        if len(matching) == 1:
            found.append(str(matching[0]))
        elif matching:
            faults.add(
                f"{name!r:.60} is the name of {len(matching)} sites", f"Use an id: {', '.join(matching)}"
            )
        else:
            close = list(sites.index[by_name.str.contains(slugify(name) or "-", regex=False)])[:3]
            remedy = (
                f"Did you mean {', '.join(close)}?" if close else "Use an id or a name of the list of sites"
            )
            faults.add(f"{name!r:.60} is not a candidate site", remedy)
    faults.raise_if_any("There are no such sites.")
    return tuple(sorted(set(found)))


def demand_weights(demand: pd.DataFrame, measure: str) -> pd.Series[float]:
    """What counts in each area: a tier of need, under-fives, an age band, or all children.

    Parameters
    ----------
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`.
    measure : str
        Column of it.

    Raises
    ------
    HubreachError
        Naming what can be counted.
    """
    known = [*measure_columns(demand), *(c for c in demand.columns if str(c).startswith("children_"))]
    faults = FaultList("weight")
    if measure not in known:
        faults.add(f"{measure!r:.40} cannot be counted", f"Choose one of: {', '.join(known)}")
    faults.raise_if_any("The weights cannot be found.")
    return demand[measure].astype(float).rename("weight")


def coverage_floor(demand: pd.DataFrame, level: str, share: float) -> Floor:
    """Least share of need to be covered in every ward or locality, or in the most deprived fifth.

    Parameters
    ----------
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`.
    level : {"ward", "locality", "fifth"}
    share : float

    Raises
    ------
    HubreachError
        For another level.
    """
    if level == "fifth":
        groups = most_deprived_fifth(demand).map({True: "most deprived", False: ""})
        return Floor("fifth", groups.astype("str"), share)
    faults = FaultList("floor")
    if level not in FLOOR_GROUPS:
        faults.add(f"{level!r:.40} is not a level", f"Choose one of: {', '.join([*FLOOR_GROUPS, 'fifth'])}")
    elif FLOOR_GROUPS[level] not in demand.columns:
        faults.add(f"this place has no {level} names", "Use another level")
    faults.raise_if_any("The floor cannot be set.")
    return Floor(level, demand[FLOOR_GROUPS[level]].astype("str"), share)


def most_deprived_fifth(demand: pd.DataFrame) -> pd.Series[bool]:
    """Whether an area is in the most deprived fifth of the place's population."""
    return (demand["fifth"] == MOST_DEPRIVED).rename("most_deprived")


def ward_neighbours(place: Place) -> list[tuple[str, str]]:
    """Wards that share a border; one that touches no other is joined to the nearest."""
    wards = place.outlines("ward")
    return [(wards.index[one], wards.index[other]) for one, other in contiguity(wards) if one < other]

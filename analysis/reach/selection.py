"""Which sites count: by kind, service, age, opening and hours."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import slugify
from analysis.places.manifest import SiteKind, SiteSymbol
from analysis.places.sites.duplicates import label_kinds
from analysis.places.sites.register import split_list

# Symbols of kinds that a place does not list, by a word in the kind's name.
SYMBOL_WORDS: tuple[tuple[str, SiteSymbol], ...] = (
    ("outreach", "outreach"),
    ("satellite", "satellite"),
    ("gateway", "gateway"),
    ("youth-hub", "youth-hub"),
    ("youth-zone", "youth-zone"),
    ("hub", "hub"),
    ("candidate", "candidate"),
    ("school", "candidate"),
)
HUBS: tuple[SiteSymbol, ...] = ("hub", "youth-hub", "youth-zone")
"""Symbols of kinds that are hubs, whomever they serve."""


def choose_sites(
    sites: pd.DataFrame,
    *,
    kinds: Sequence[str] = (),
    services: Sequence[str] = (),
    ages: tuple[float, float] | None = None,
    least_hours: float = 0.0,
    include_closed: bool = False,
) -> pd.DataFrame:
    """Keep the sites that a question is about.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    kinds : sequence of str
        Kinds wanted; none means all. A site that was merged counts under each of its labels: a family
        hub that is also listed as a children's centre is found by either.
    services : sequence of str
        Services that the site must hold, all of them.
    ages : (from, to), optional
        Ages in years that the site must serve throughout; a site that states no ages serves all.
    least_hours : float
        Opening hours a week; a site that states none is kept only at 0.
    include_closed : bool
        Whether closed sites count too.

    Returns
    -------
    DataFrame
        The chosen rows, in order of `site_id`.

    Examples
    --------
    >>> hubs = pd.DataFrame({"is_open": [True, True, False], "hours_per_week": [35.0, 6.0, 40.0]})
    >>> choose_sites(hubs.set_axis(["a", "b", "c"]), least_hours=10).index.tolist()
    ['a']
    """
    chosen = pd.Series(True, index=sites.index) if include_closed else sites["is_open"].astype(bool)
    if kinds:
        wanted = {slugify(kind) for kind in kinds}
        chosen &= pd.Series(
            [bool(wanted & slugs) for slugs in _kind_slugs(sites)], index=sites.index, dtype=bool
        )
    if services:
        needed = {slugify(service) for service in services}
        held = [needed <= {slugify(item) for item in split_list(cell)} for cell in sites["services"]]
        chosen &= pd.Series(held, index=sites.index, dtype=bool)
    if ages is not None:
        youngest, oldest = ages
        chosen &= (sites["age_from"].fillna(0) <= youngest) & (sites["age_to"].fillna(100) >= oldest)
    if least_hours > 0:
        chosen &= sites["hours_per_week"].fillna(0) >= least_hours
    return sites[chosen].sort_index()


def site_kinds(sites: pd.DataFrame) -> list[str]:
    """Every kind that a site has or is also listed as, each once, in order of the rows."""
    own = list(sites["kind"]) + [kind for cell in sites["labels"] for kind in label_kinds(cell)]
    return list(dict.fromkeys(own))


def site_symbol(kind: str, kinds: Sequence[SiteKind]) -> SiteSymbol:
    """Symbol of a kind: as the place lists it, else by a word in its name, else a centre's."""
    slug = slugify(kind)
    for known in kinds:
        if slugify(known.name) == slug:
            return known.symbol
    return next((symbol for word, symbol in SYMBOL_WORDS if word in slug), "centre")


def today_kinds(kinds: Sequence[SiteKind], sites: pd.DataFrame) -> tuple[str, ...]:
    """Kinds of site that count by default: hubs that are open, or every open kind where no hub is.

    This one rule says what "today" is on every page, in every command, pack and hall.

    Parameters
    ----------
    kinds : sequence of SiteKind
        Those of the place, with their symbols.
    sites : DataFrame
        Every site in force.

    Returns
    -------
    tuple of str
        Kinds of open sites, in order of the rows.
    """
    there = list(dict.fromkeys(sites.loc[sites["is_open"].astype(bool), "kind"]))
    hubs = [kind for kind in there if site_symbol(kind, kinds) in HUBS]
    return tuple(hubs or there)


def opened_since(sites: pd.DataFrame, today: pd.DataFrame) -> pd.Index:
    """Sites that somebody has opened, added or made another kind: they count whatever their kind.

    Parameters
    ----------
    sites : DataFrame
        As they would be.
    today : DataFrame
        The place's own register.

    Returns
    -------
    Index
        `site_id` of sites that are open in `sites` and were not, or not of that kind, in `today`.
    """
    before = today.reindex(sites.index)
    same = before["is_open"].eq(True) & before["kind"].eq(sites["kind"])
    return sites.index[sites["is_open"].astype(bool) & ~same]


def sites_without_services(sites: pd.DataFrame) -> int:
    """Number of open sites that state no services: what is not stated cannot be told from what is not there."""
    return int((sites["is_open"].astype(bool) & (sites["services"] == "")).sum())


def check_kinds(sites: pd.DataFrame, kinds: Sequence[str], known: Sequence[str] = ()) -> None:
    """Refuse a kind that neither the sites nor the place know.

    Raises
    ------
    HubreachError
        Naming the kinds there are.
    """
    there = list(dict.fromkeys([*known, *site_kinds(sites)]))
    slugs = {slugify(kind) for kind in there}
    remedy = f"Choose one of: {', '.join(there)}" if there else "Add sites first"
    faults = [
        Fault("kind", None, None, f"{kind!r:.60} is not a kind of site here", remedy)
        for kind in kinds
        if slugify(kind) not in slugs
    ]
    if faults:
        raise HubreachError("There are no such sites.", faults)


def _kind_slugs(sites: pd.DataFrame) -> list[set[str]]:
    return [
        {slugify(kind), *(slugify(label) for label in label_kinds(labels))}
        for kind, labels in zip(sites["kind"], sites["labels"], strict=True)
    ]

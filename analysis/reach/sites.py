"""The numbers behind the sites page, and sites as marks on every map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.base.faults import HubreachError
from analysis.base.history import kept_copies, read_history
from analysis.base.text import date_words, slugify
from analysis.places.manifest import SiteKind
from analysis.places.sites.edits import Action, SiteEdit, SiteHistory
from analysis.places.sites.register import CONDITIONS, NUMBER_COLUMNS, split_list
from analysis.places.sites.values import rows_of_sites, sites_of_rows
from analysis.reach.selection import choose_sites, site_symbol
from analysis.render.map_sheet import SymbolRow
from analysis.render.theme import SITE_COLOURS, whole

EDITOR_COLUMNS = (
    "is_open",
    "name",
    "kind",
    "postcode",
    "services",
    "age_from",
    "age_to",
    "hours_per_week",
    "capacity_families",
    "annual_cost_gbp",
    "condition",
    "ownership",
    "stage",
    "easting",
    "northing",
    "labels",
)
LOCKED_COLUMNS = ("labels",)
MOST_KINDS = 2
MOST_COPIES = 20
CHANGE_WORDS: dict[Action, str] = {
    "open": "opened",
    "close": "closed",
    "add": "added",
    "move": "moved",
    "rename": "renamed",
    "rekind": "made another kind",
    "change": "changed",
}


def site_marks(
    sites: pd.DataFrame, kinds: Sequence[SiteKind], figures: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Sites as `analysis.render.layers.area_map` draws them, with what a tooltip says of each.

    Parameters
    ----------
    sites : DataFrame
        Sites frame.
    kinds : sequence of SiteKind
        The place's kinds.
    figures : DataFrame, optional
        `analysis.reach.loads.site_figures` of those that count.

    Returns
    -------
    DataFrame
        Index `site_id`; `name`, `kind`, `lon`, `lat`, `symbol`, `is_open`, `line1` to `line4`.
    """
    marks = sites[["name", "kind", "lon", "lat", "is_open"]].copy()
    marks["symbol"] = [site_symbol(kind, kinds) for kind in sites["kind"]]
    states = np.where(sites["is_open"].astype(bool), "open", "closed")
    marks["line1"] = [f"{kind}, {state}" for kind, state in zip(sites["kind"], states, strict=True)]
    marks["line2"] = sites["postcode"].astype(str)
    marks["line3"] = marks["line4"] = ""
    if figures is not None and len(figures):
        known = figures.index.intersection(marks.index)
        for site in known:
            row = figures.loc[site]
            marks.loc[site, "line3"] = f"{whole(row['children_within'])} children within reach"
            marks.loc[site, "line4"] = f"{whole(row['children_unique'])} of them by this site alone"
    return marks


def symbol_rows(marks: pd.DataFrame) -> tuple[SymbolRow, ...]:
    """Legend of the symbols on a map: each with the kinds that it stands for, and closed ones last."""
    rows: list[SymbolRow] = []
    open_marks = marks[marks["is_open"].astype(bool)]
    for symbol in SITE_COLOURS:
        kinds = list(dict.fromkeys(open_marks.loc[open_marks["symbol"] == symbol, "kind"]))
        if kinds:
            more = f" and {len(kinds) - MOST_KINDS} more kinds" if len(kinds) > MOST_KINDS else ""
            rows.append((symbol, ", ".join(kinds[:MOST_KINDS]) + more, True))
    closed = marks[~marks["is_open"].astype(bool)]
    if len(closed):
        main = next(symbol for symbol in SITE_COLOURS if (closed["symbol"] == symbol).any())
        rows.append((main, "closed", False))
    return tuple(rows)


def editor_frame(sites: pd.DataFrame) -> pd.DataFrame:
    """Sites as an editable table shows them: open ones first, services as lists."""
    table = sites[list(EDITOR_COLUMNS)].copy()
    # Without a site the column must still be one of lists.
    table["services"] = pd.Series(
        [list(split_list(cell)) for cell in sites["services"]], sites.index, dtype=object
    )
    order = np.lexsort((np.arange(len(table)), ~table["is_open"].to_numpy(bool)))
    return table.iloc[order]


def edited_sites(
    sites: pd.DataFrame, shown: pd.DataFrame, changes: Mapping[int, Mapping[str, Any]]
) -> pd.DataFrame:
    """Sites after cells of the editable table were changed.

    Parameters
    ----------
    sites : DataFrame
        As they were.
    shown : DataFrame
        The table as it was shown (`editor_frame`, or a part of it).
    changes : mapping of int to mapping
        Changed cells by row number of `shown`, then by column.

    Returns
    -------
    DataFrame
        All sites, changed ones included.
    """
    rows = rows_of_sites(sites)
    for number, cells in changes.items():
        site_id = str(shown.index[int(number)])
        for column, value in cells.items():
            if column in EDITOR_COLUMNS and column not in LOCKED_COLUMNS:
                rows[site_id][column] = _cell(column, value)
    return sites_of_rows(rows)


def _cell(column: str, value: Any) -> Any:
    if column in NUMBER_COLUMNS:
        return np.nan if value is None else float(value)
    if column == "services":
        return ";".join(split_list(";".join(map(str, value or ()))))
    if column == "is_open":
        return bool(value)
    return "" if value is None else str(value)


def offered_services(sites: pd.DataFrame, core_offer: Sequence[str]) -> list[str]:
    """Services that can be chosen: the place's core offer, then any other that a site holds."""
    held = [item for cell in sites["services"] for item in split_list(cell)]
    known = {slugify(service): service for service in [*reversed(held), *reversed(core_offer)]}
    return list(dict.fromkeys(known[slugify(service)] for service in [*core_offer, *held]))


def condition_choices() -> list[str]:
    """Survey grades, with blank for unknown."""
    return ["", *CONDITIONS]


def open_counts(sites: pd.DataFrame) -> pd.Series:
    """Number of open sites by kind, most first."""
    return sites.loc[sites["is_open"].astype(bool), "kind"].value_counts()


def recent_changes(done: Sequence[tuple[SiteEdit, ...]], names: pd.Series) -> pd.DataFrame:
    """What was done to the sites, the latest first.

    Parameters
    ----------
    done : sequence of tuple of SiteEdit
        `SiteHistory.done`.
    names : Series
        Name by `site_id`, of all sites in force.

    Returns
    -------
    DataFrame
        `step`, `change`, `site`, `what`.
    """
    rows = [
        {
            "step": number,
            "change": CHANGE_WORDS[edit.action],
            "site": str(names.get(edit.site_id, edit.site_id)),
            "what": _what(edit.action, edit.values),
        }
        for number, step in enumerate(done, start=1)
        for edit in step
    ]
    return pd.DataFrame(rows, columns=["step", "change", "site", "what"]).iloc[::-1]


def other_copies(place_slug: str, current: str) -> dict[str, str]:
    """Working copies of the sites other than the one in force, in words; those that cannot be read are left out."""
    words: dict[str, str] = {}
    for copy, path in kept_copies(place_slug, "site").items():
        try:
            changes = len(read_history(path, SiteHistory).edits)
        except HubreachError:
            continue
        if changes and copy != current and len(words) < MOST_COPIES:
            changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
            many = "1 change" if changes == 1 else f"{changes} changes"
            words[copy] = f"{date_words(changed)}, {changed:%H:%M} UTC: {many} ({copy})"
    return words


def shown_sites(sites: pd.DataFrame, today: pd.DataFrame, which: str, kinds: Sequence[str]) -> pd.DataFrame:
    """Sites that map and table show.

    Parameters
    ----------
    sites, today : DataFrame
        In force, and as the place has them: a site that is new or was opened or closed is always shown.
    which : {"open", "count", "all"}
        Open ones; open and closed ones of the kinds that count (no kinds: open ones); every site.
    kinds : sequence of str

    Returns
    -------
    DataFrame
        Those rows of `sites`, in their order.
    """
    if which == "all":
        return sites
    is_open = sites["is_open"].astype(bool)
    was_open = today["is_open"].reindex(sites.index)
    changed = was_open.isna() | (was_open.fillna(False).astype(bool) != is_open)
    if which == "open" or not kinds:
        return sites[is_open | changed]
    counted = sites.index.isin(choose_sites(sites, kinds=kinds, include_closed=True).index)
    return sites[counted | changed]


def map_sites(sites: pd.DataFrame, kinds: Sequence[SiteKind], figures: pd.DataFrame) -> pd.DataFrame:
    """`site_marks`, with those that count told from the others in the tooltip."""
    marks = site_marks(sites, kinds, figures)
    silent = (marks["line3"] == "") & marks["is_open"].astype(bool)
    marks.loc[silent, "line3"] = "does not count under the kinds and filters chosen"
    return marks


def _what(action: str, values: Mapping[str, Any]) -> str:
    if action == "add":
        return str(values.get("kind", ""))
    shown = {
        key: value
        for key, value in values.items()
        if not (key in ("lon", "lat") or (isinstance(value, float) and np.isnan(value)))
    }
    return ", ".join(
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in shown.items()
    )

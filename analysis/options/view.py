"""The numbers behind the options page: plans side by side, their small maps, and what a table says of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.options.comparison import figures_frame, option_figures
from analysis.options.measures import Figure, Unit, best_and_worst, figure_list
from analysis.options.option import Option
from analysis.options.reached import OptionReach, option_status
from analysis.places.place import Place
from analysis.reach.demand import tier_columns
from analysis.reach.maps import EDGES
from analysis.reach.sites import site_marks, symbol_rows
from analysis.render.estimates import is_estimate
from analysis.render.small_maps import MapShapes, SmallMap
from analysis.render.theme import MISSING, SEQUENTIAL, nearest_ten, percent, pounds, whole
from analysis.scenario.terms import STAMPS

SIGNS = {"best": "▲ best", "worst": "▼ worst", "": ""}
UNKNOWN = "not known"
NO_WAY = "no way"


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Several options on the same terms.

    Parameters
    ----------
    reaches : tuple of OptionReach
    figures : DataFrame
        `option_figures`.
    rows : tuple of Figure
        What each figure is.
    marks : DataFrame
        `best_and_worst`.
    """

    reaches: tuple[OptionReach, ...]
    figures: pd.DataFrame = field(repr=False)
    rows: tuple[Figure, ...] = field(repr=False)
    marks: pd.DataFrame = field(repr=False)

    @property
    def estimate(self) -> NeedEstimate:
        """The estimate that all rest on."""
        return self.reaches[0].estimate


def side_by_side(
    reaches: Sequence[OptionReach], known: Mapping[str, Mapping[str, Any]] | None = None
) -> SideBySide:
    """Work out every figure of every option and mark the best and the worst.

    Parameters
    ----------
    reaches : sequence of OptionReach
    known : mapping of str to mapping, optional
        `option_row` of each by slug, where they are known already.
    """
    figures = option_figures(reaches) if known is None else figures_frame(known)
    rows = figure_list(reaches[0].estimate, reaches[0].tier)
    return SideBySide(tuple(reaches), figures, rows, best_and_worst(figures, rows))


def value_words(value: float, unit: Unit) -> str:
    """A figure as the table writes it."""
    if math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return NO_WAY
    if unit == "points":
        return f"{100 * value:+.0f} points".replace("-", "−")
    words = {
        "count": whole(value),
        "share": percent(value),
        "minutes": f"{value:.1f} min".replace("-", "−"),
        "pounds": pounds(value),
        "ratio": f"{value:.2f}",
        "services": f"{value:.1f}",
    }
    return words[unit]


def words_table(view: SideBySide) -> pd.DataFrame:
    """The table that is shown: a row a figure, a column an option, best and worst by sign and word.

    Returns
    -------
    DataFrame
        Columns `About`, `Figure`, then the options' names; two of the same name are told apart by slug.
    """
    names = option_names(view)
    table: dict[str, list[str]] = {
        "About": [row.group for row in view.rows],
        "Figure": [row.label for row in view.rows],
    }
    values = {str(slug): row for slug, row in view.figures.to_dict("index").items()}
    marks = {str(slug): column for slug, column in view.marks.to_dict().items()}
    for slug, name in names.items():
        table[name] = [_cell(view, values[slug], str(marks[slug][row.key]), row) for row in view.rows]
    return pd.DataFrame(table)


def option_names(view: SideBySide) -> dict[str, str]:
    """Name of each option by slug, told apart where two are the same."""
    names = view.figures["name"]
    twice = names.duplicated(keep=False)
    return {str(slug): f"{names[slug]} [{slug}]" if twice[slug] else str(names[slug]) for slug in names.index}


def _cell(view: SideBySide, values: Mapping[Any, Any], mark: str, row: Figure) -> str:
    value = float(values[row.key])
    estimated = row.unit == "count" and is_estimate(row.key, view.estimate.tier_keys)
    words = nearest_ten(value) if estimated and math.isfinite(value) else value_words(value, row.unit)
    if row.key == "worst_ward_minutes" and words != UNKNOWN:
        words = f"{words}, {values['worst_ward']}"
    return f"{words}  {SIGNS[mark]}" if mark else words


def numbers_table(view: SideBySide) -> pd.DataFrame:
    """The same table as numbers for a download: a row a figure and option."""
    table = view.figures.reset_index()
    keys = [row.key for row in view.rows]
    long = table.melt(["option", "name"], keys, "figure", "value").astype({"value": float})
    known = {row.key: row for row in view.rows}
    long.insert(3, "label", [known[key].label for key in long["figure"]])
    long.insert(4, "unit", [known[key].unit for key in long["figure"]])
    marks = {str(slug): column for slug, column in view.marks.to_dict().items()}
    marked = [str(marks[slug][key]) for key, slug in zip(long["figure"], long["option"], strict=True)]
    worst = table.set_index("option")["worst_ward"]
    is_worst = long["figure"] == "worst_ward_minutes"
    return long.assign(mark=marked, ward=np.where(is_worst, long["option"].map(worst), ""))


def minute_steps(minutes: float) -> tuple[float, ...]:
    """Upper edges of the classes of minutes for a limit; the limit is one of them."""
    return tuple(round(minutes * share, 1) for share in EDGES)


def minute_colours(values: pd.Series, minutes: float) -> pd.Series:
    """Colour of each area by minutes, the stronger the further, as on the map of reach; grey without a way."""
    number = np.searchsorted(np.asarray(minute_steps(minutes)), values.to_numpy(float), side="left")
    known = np.isfinite(values.to_numpy(float))
    palette = SEQUENTIAL["turquoise"]
    return pd.Series(
        [palette[n] if there else MISSING for n, there in zip(number, known, strict=True)], index=values.index
    )


def minute_legend(minutes: float, *, missing: bool) -> tuple[tuple[str, str], ...]:
    """Colour and words of each class of minutes."""
    steps = minute_steps(minutes)
    words = [f"up to {steps[0]:g}", *(f"{low:g} to {high:g}" for low, high in itertools.pairwise(steps))]
    words.append(f"over {steps[-1]:g}")
    rows = [
        (colour, f"{text} min{', within reach' if number < 2 else ''}")
        for number, (colour, text) in enumerate(zip(SEQUENTIAL["turquoise"], words, strict=True))
    ]
    return (*rows, (MISSING, "no way to any")) if missing else tuple(rows)


@dataclass(frozen=True, eq=False)
class SmallMaps:
    """Small maps of several options with their one legend.

    Parameters
    ----------
    shapes : MapShapes
    maps : tuple of SmallMap
    legend : tuple of (colour, words)
    symbols : tuple of (symbol, words, is_open)
    """

    shapes: MapShapes
    maps: tuple[SmallMap, ...]
    legend: tuple[tuple[str, str], ...]
    symbols: tuple[tuple[str, str, bool], ...]


def small_maps(view: SideBySide, shapes: MapShapes) -> SmallMaps:
    """One small map an option: minutes to the nearest site, on one scale."""
    limit = max(reach.minutes for reach in view.reaches)
    names = option_names(view)
    maps, marked, missing = [], [], False
    for reach in view.reaches:
        minutes = reach.served_nearest["nearest_minutes"]
        missing = missing or not bool(np.isfinite(minutes.to_numpy(float)).all())
        marks = site_marks(reach.open_sites, reach.estimate.place.kinds)
        marked.append(marks)
        share = float(reach.summary["share_covered"].to_dict()["children"])
        maps.append(
            SmallMap(
                names[reach.option.slug],
                f"{percent(share)} of children within reach, {len(marks)} {'site' if len(marks) == 1 else 'sites'}"
                + ("; minutes for the ages served" if reach.serves_a_part else ""),
                STAMPS[option_status(reach.option)],
                {str(code): str(colour) for code, colour in minute_colours(minutes, limit).items()},
                _area_words(reach),
                list(zip(marks["lon"], marks["lat"], marks["symbol"], marks["name"], strict=True)),
            )
        )
    together = pd.concat(marked)
    return SmallMaps(shapes, tuple(maps), minute_legend(limit, missing=missing), symbol_rows(together))


def _area_words(reach: OptionReach) -> dict[str, str]:
    names = reach.sites["name"].to_dict()
    return {
        str(code): f"{minutes:.0f} min to {names[site]}" if site else "no way to any site"
        for code, site, minutes in reach.served_nearest.itertuples()
    }


def area_minutes(view: SideBySide) -> pd.DataFrame:
    """What the small maps show, for a download: minutes to the nearest site by area, a column an option."""
    demand = view.reaches[0].areas
    table = demand[["area_name", "ward_name", "children"]].copy()
    for reach in view.reaches:
        table[reach.option.slug] = reach.served_nearest["nearest_minutes"].round(1)
    return table.rename_axis("area_code")


def options_table(options: dict[str, Option], counts: dict[str, int], own: set[str]) -> pd.DataFrame:
    """Every option of a place: `name`, `sites`, `status`, `source`, `note`, index `slug`."""
    rows = [
        {
            "slug": slug,
            "name": option.name,
            "sites": counts[slug],
            "status": ("your own" if slug in own else "comes with the place")
            + (", illustration" if option.illustration else ""),
            "source": option.source,
            "note": option.note,
        }
        for slug, option in options.items()
    ]
    return pd.DataFrame(rows).set_index("slug")


def site_states(option_sites: pd.DataFrame, place: Place) -> tuple[dict[str, str], dict[str, str]]:
    """Names of open and of closed sites by id, told apart by postcode where two share a name."""
    names = option_sites["name"].astype(str)
    twice = names.duplicated(keep=False)
    words = {
        str(site_id): f"{name} ({postcode})" if double and postcode else name
        for site_id, name, postcode, double in zip(
            option_sites.index, names, option_sites["postcode"], twice, strict=True
        )
    }
    now = option_sites["is_open"].astype(bool)
    closed = option_sites.index[~now]
    # a place's own sites first: possible buildings come after what is a service today
    services = place.sites["is_open"].astype(bool).reindex(closed).fillna(False)
    ordered = [*closed[services.to_numpy(bool)], *closed[~services.to_numpy(bool)]]
    return {s: words[s] for s in option_sites.index[now]}, {str(s): words[str(s)] for s in ordered}


def tiers_of(reach: OptionReach) -> dict[str, str]:
    """Tiers of a reach by key, with their names."""
    names = {tier.key: tier.name for tier in reach.estimate.settings.tiers}
    return {key: names.get(key, key) for key in tier_columns(reach.demand)}

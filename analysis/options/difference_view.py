"""The numbers behind the difference of two options: the map, who gains and loses, and who moves where."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.base.rounding import largest_remainder
from analysis.options.difference import (
    GAINS,
    LEAST_MINUTES,
    LOSES,
    OUTCOMES,
    area_difference,
    column_of,
    difference_by,
    main_outcomes,
    row_difference,
    site_moves,
)
from analysis.options.reached import OptionReach, option_status
from analysis.places.place import Level
from analysis.reach.demand import area_codes, whole_people
from analysis.reach.groups import By
from analysis.reach.sites import site_marks, symbol_rows
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import MapLegend, MapSheet
from analysis.render.theme import DIVERGING, whole
from analysis.scenario.terms import stamp_of

FAR_SHARE = 0.5
COLOURS = dict(zip(OUTCOMES, DIVERGING, strict=True))
OUTCOME_WORDS = {
    "out of reach": "− out of reach",
    "farther": "− further",
    "unchanged": "unchanged",
    "nearer": "+ nearer",
    "into reach": "+ into reach",
}
MOST_MOVES = 14


@dataclass(frozen=True, eq=False)
class DifferenceView:
    """One option against another.

    Parameters
    ----------
    before, after : OptionReach
    least_minutes : float
    areas : DataFrame
        `area_difference`.
    outcomes : Series
        What becomes of most of each area's children (`main_outcomes`).
    rows : DataFrame
        `row_difference`: what becomes of whom, a row an area, or an area and age band.
    """

    before: OptionReach
    after: OptionReach
    least_minutes: float
    areas: pd.DataFrame = field(repr=False)
    outcomes: pd.Series = field(repr=False)
    rows: pd.DataFrame = field(repr=False)

    @property
    def children(self) -> pd.Series:
        """Whole children by outcome, every one of `OUTCOMES`: they add up to all."""
        return self._counted("children")

    @property
    def under_fives(self) -> pd.Series:
        """Under-fives by outcome."""
        return self._counted("under_fives")

    def _counted(self, column: str) -> pd.Series:
        counts = self.rows[column].groupby(self.rows["outcome"]).sum().reindex(list(OUTCOMES)).fillna(0.0)
        return pd.Series(largest_remainder(counts, round(float(counts.sum()))), counts.index)


def difference_view(
    before: OptionReach, after: OptionReach, least_minutes: float = LEAST_MINUTES
) -> DifferenceView:
    """Work out the difference of two options."""
    rows = row_difference(before, after, least_minutes)
    areas = area_difference(before, after, least_minutes)
    return DifferenceView(before, after, least_minutes, areas, main_outcomes(rows), rows)


@dataclass(frozen=True, eq=False)
class DifferenceMap:
    """The map of minutes gained and lost.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    sites : DataFrame
        Sites of both options; those that close are crossed out.
    lost : tuple of str
        Areas that fall out of reach, to be outlined.
    """

    paint: AreaPaint
    sheet: MapSheet
    sites: pd.DataFrame
    lost: tuple[str, ...]


def difference_map(view: DifferenceView, level: Level, title: str, source: str) -> DifferenceMap:
    """Colour areas by the change of minutes: orange worse, blue better; children in each class in the legend.

    Parameters
    ----------
    view : DifferenceView
    level : {"lsoa", "ward", "locality"}
        Wards and localities are coloured by the child-weighted mean change.
    title, source : str
        The finding and the sources, for the sheet.
    """
    if level == "lsoa":
        change, children = view.areas["minutes_change"], view.areas["children"]
    else:
        table = difference_by(view.before, view.after, _by(level), view.least_minutes)
        change, children = table["minutes_change"], table["children"]
    classes, words = change_classes(change, view)
    if level == "lsoa":
        # Children are counted by what becomes of their own age, whatever the colour of the area.
        counted, children = change_classes(view.rows["minutes_change"], view)[0], view.rows["children"]
    else:
        counted = classes
    counts = _class_counts(children.groupby(counted).sum().reindex(range(len(DIVERGING))).fillna(0.0), view)
    rows = tuple(zip(DIVERGING, words, map(whole, counts), strict=True))
    lost = tuple(map(str, view.outcomes.index[view.outcomes == "out of reach"])) if level == "lsoa" else ()
    marks = changed_marks(view)
    place = view.before.estimate.place
    names = (view.before.option.name, view.after.option.name)
    legend = MapLegend(
        "− worse, + better",
        rows,
        counted="children",
        symbols=symbol_rows(marks),
        outlined="falls out of reach" if lost else "",
        stamp=stamp_of(option_status(view.before.option), option_status(view.after.option)),
    )
    sheet = MapSheet(
        f"{place.slug} difference {view.before.option.slug} {view.after.option.slug}",
        title.replace("*", ""),
        f"Change of minutes to the nearest site from {names[0]} to {names[1]}, {place.name}; {view.after.words}",
        source,
        legend,
    )
    fill = classes.map(lambda number: DIVERGING[number])
    labels = difference_by(view.before, view.after, "ward", view.least_minutes)["children_losing"]
    paint = AreaPaint(level, fill, _tooltips(view, level), labels if level != "locality" else None)
    return DifferenceMap(paint, sheet, marks, lost)


def _class_counts(children: pd.Series, view: DifferenceView) -> list[int]:
    """Whole children by class, worst first: they add up to all, and each side to who loses or gains in words."""
    said = view.children
    sides = [[0, 1], [2], [3, 4]]
    totals = [int(said[list(LOSES)].sum()), int(said["unchanged"]), int(said[list(GAINS)].sum())]
    if all(abs(children[side].sum() - total) <= 1 for side, total in zip(sides, totals, strict=True)):
        parts = [largest_remainder(children[side], total) for side, total in zip(sides, totals, strict=True)]
        return [int(each) for each in np.concatenate(parts)]
    # Who falls out of reach by less than the least minutes loses, in a class of no change.
    return [int(each) for each in largest_remainder(children, round(float(children.sum())))]


def change_classes(change: pd.Series, view: DifferenceView) -> tuple[pd.Series, list[str]]:
    """Class of each change (0 the worst, 4 the best) and the words of each class, with + and - in them."""
    far = max(round(FAR_SHARE * view.after.minutes, 1), 2 * view.least_minutes)
    least = max(view.least_minutes - 1e-9, 1e-9)
    values = change.to_numpy(float)
    number = np.select([values >= far, values >= least, values > -least, values > -far], [0, 1, 2, 3], 4)
    shown = f"{view.least_minutes:g}"
    words = [
        f"− {far:g} min or more further",
        f"− {shown} to {far:g} min further",
        f"change under {shown} min",
        f"+ {shown} to {far:g} min nearer",
        f"+ {far:g} min or more nearer",
    ]
    return pd.Series(number, index=change.index), words


def changed_marks(view: DifferenceView) -> pd.DataFrame:
    """Sites of the option after, and those of the option before that close, crossed out."""
    before, after = view.before.open_sites, view.after.open_sites
    closing = before.drop(index=before.index.intersection(after.index)).assign(is_open=False)
    return site_marks(pd.concat([after, closing]), view.before.estimate.place.kinds)


def change_words(change: float) -> str:
    """Change of minutes with its sign: +12.3 min is worse."""
    if np.isinf(change):
        return "no way any more" if change > 0 else "a way where there was none"
    return f"{change:+.1f} min".replace("-", "−") if abs(change) >= 0.05 else "no change"


def _tooltips(view: DifferenceView, level: Level) -> pd.DataFrame:
    names = {**view.before.sites["name"].to_dict(), **view.after.sites["name"].to_dict()}
    if level == "lsoa":
        near = zip(
            view.before.area_nearest["nearest_site"], view.after.area_nearest["nearest_site"], strict=True
        )
        return pd.DataFrame(
            {
                "line1": view.before.areas["ward_name"].to_numpy(object),
                "line2": [
                    f"{change_words(c)} ({b:.0f} to {a:.0f}); {OUTCOME_WORDS[o]}"
                    for c, b, a, o in zip(
                        view.areas["minutes_change"],
                        view.areas["minutes_before"],
                        view.areas["minutes_after"],
                        view.outcomes,
                        strict=True,
                    )
                ],
                "line3": [f"{whole(n)} children, {whole(u)} under five" for n, u in _counts(view)],
                "line4": [
                    names.get(a, "no site")
                    if a == b
                    else f"{names.get(b, 'no site')} → {names.get(a, 'no site')}"
                    for b, a in near
                ],
            },
            index=view.areas.index,
        )
    table = difference_by(view.before, view.after, _by(level), view.least_minutes)
    return pd.DataFrame(
        {
            "line1": [f"mean {change_words(c)}" for c in table["minutes_change"]],
            "line2": [
                f"{whole(n)} of {whole(t)} children lose"
                for n, t in table[["children_losing", "children"]].to_numpy()
            ],
            "line3": [f"{whole(n)} gain" for n in table["children_gaining"]],
            "line4": [f"{whole(n)} fall out of reach" for n in table["children_out_of_reach"]],
        },
        index=table.index,
    )


def _counts(view: DifferenceView) -> list[tuple[float, float]]:
    return list(zip(view.areas["children"], view.areas["under_fives"], strict=True))


def _by(level: Level) -> By:
    return "locality" if level == "locality" else "ward"


def area_list(view: DifferenceView, side: str) -> pd.DataFrame:
    """Areas that lose ("losing") or gain ("gaining"), most children first, each with its outcome and ward.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `ward_name`, `outcome`, `children`, `under_fives`,
        `minutes_before`, `minutes_after`, `minutes_change`.
    """
    rows = view.rows[
        view.rows["outcome"].isin(LOSES if side == "losing" else GAINS) & (view.rows["children"] > 0)
    ]
    whose = area_codes(rows).to_numpy(object)
    table = rows.groupby(whose)[["children", "under_fives"]].sum().rename_axis("area_code")
    table.insert(0, "area_name", view.areas["area_name"].reindex(table.index))
    table.insert(1, "ward_name", view.before.areas["ward_name"].reindex(table.index))
    table.insert(2, "outcome", main_outcomes(rows).reindex(table.index).map(OUTCOME_WORDS))
    minutes = ["minutes_before", "minutes_after", "minutes_change"]
    table[minutes] = view.areas[minutes].reindex(table.index)
    return whole_people(table).sort_values(["children", "area_name"], ascending=[False, True])


def group_bars(view: DifferenceView, by: By) -> pd.DataFrame:
    """Children by outcome for every ward or fifth, for the chart: those with no change at all are left out.

    Returns
    -------
    DataFrame
        Index `area_code`, most losing first (fifths in order); `area_name`, `children`, a column an
        outcome, `children_losing`, `children_gaining`.
    """
    table = difference_by(view.before, view.after, by, view.least_minutes)
    kept = ["area_name", "children", *map(column_of, OUTCOMES), "children_losing", "children_gaining"]
    table = whole_people(table[kept])
    if by == "fifth":
        return table
    changed = table[(table["children_losing"] > 0) | (table["children_gaining"] > 0)]
    return changed.sort_values(
        ["children_losing", "children_gaining", "area_name"], ascending=[False, False, True]
    )


def moves_table(view: DifferenceView) -> pd.DataFrame:
    """`site_moves` of those who go elsewhere."""
    table = whole_people(site_moves(view.before, view.after))
    return table[table["moves"] & (table["children"] > 0)].drop(columns="moves").reset_index(drop=True)


def main_moves(view: DifferenceView) -> tuple[pd.DataFrame, int]:
    """The moves that the diagram draws, and how many children the smaller ones hold that it leaves out."""
    table = moves_table(view)
    return table.head(MOST_MOVES), round(table["children"].iloc[MOST_MOVES:].sum())

"""The maps of siting: who is assigned where, and the wards as they are split into areas."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.reach.sites import site_marks, symbol_rows
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import LegendRow, MapLegend, MapSheet
from analysis.render.theme import CATEGORIES, MISSING, SEQUENTIAL, nearest_ten, rgb
from analysis.siting.answer import file_name, planned_sites
from analysis.siting.districts.districts import WardSplit
from analysis.siting.models.model import Solution
from analysis.siting.problem import PlaceProblem
from analysis.siting.tables import assignment_table, point_assignments
from analysis.siting.words import weight_words

# The six of the palette, then the middle of each of its hues: neighbours in the list are told apart in greyscale too.
SITE_FILLS = (*CATEGORIES, *(steps[2] for steps in SEQUENTIAL.values()))
PALER = 0.62
MOST_NAMED = 8
LONGEST_NAME = 26


@dataclass(frozen=True, eq=False)
class AssignmentMap:
    """A map of who is assigned where, for the screen and in print.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    sites : DataFrame
        Chosen sites with symbols and tooltips.
    numbers : DataFrame
        `assignment_table`.
    """

    paint: AreaPaint
    sheet: MapSheet
    sites: pd.DataFrame
    numbers: pd.DataFrame


def assignment_map(problem: PlaceProblem, solution: Solution, source: str) -> AssignmentMap:
    """Colour every small area by the site that it is assigned to."""
    table, points = assignment_table(problem, solution), point_assignments(problem, solution)
    colours = dict(zip(_west_to_east(problem, solution), _fills(len(solution.sites)), strict=True))
    within = table["within"] != "no" if "within" in table else pd.Series(data=True, index=table.index)
    fill = pd.Series(
        [
            MISSING if not site else colours[site] if near else pale(colours[site])
            for site, near in zip(table["site_id"], within, strict=True)
        ],
        index=table.index,
    )
    planned = planned_sites(problem, solution)
    kinds = problem.estimate.place.kinds
    marks = site_marks(planned[planned["is_open"]], kinds)
    words = weight_words(problem)
    sheet = MapSheet(
        f"{file_name(problem)} assignment",
        "Who is assigned where",
        f"Each neighbourhood in the colour of the site that it is assigned to ({problem.travel.words})",
        source,
        MapLegend("Assigned to (paler: too far)", _rows(problem, points, colours), words, symbol_rows(marks)),
    )
    return AssignmentMap(AreaPaint("lsoa", fill, _tooltips(table, words), table["need"]), sheet, marks, table)


def pale(colour: str) -> str:
    """A colour on the way to white.

    >>> pale("#000000")
    '#9E9E9E'
    """
    return "#" + "".join(f"{round(part + (255 - part) * PALER):02X}" for part in rgb(colour))


def _fills(number: int) -> list[str]:
    return [SITE_FILLS[position % len(SITE_FILLS)] for position in range(number)]


def _west_to_east(problem: PlaceProblem, solution: Solution) -> list[str]:
    """Sites from west to east: those that share a colour lie far from each other."""
    return list(problem.sites.loc[list(solution.sites), "easting"].sort_values(kind="stable").index)


def _rows(problem: PlaceProblem, points: pd.DataFrame, colours: dict[str, str]) -> tuple[LegendRow, ...]:
    """Sites with the need that is assigned to them and near enough, most first."""
    need = points["need"].where(points["is_within"], 0.0).groupby(points["site_id"]).sum()
    order = sorted(colours, key=lambda site: (-float(need.get(site, 0.0)), site))
    rows = [
        (colours[site], _short(name), nearest_ten(float(need.get(site, 0.0))))
        for site, name in zip(order[:MOST_NAMED], problem.names(order[:MOST_NAMED]), strict=True)
    ]
    if len(order) > MOST_NAMED:
        rest = sum(float(need.get(site, 0.0)) for site in order[MOST_NAMED:])
        rows.append(("#FFFFFF", f"{len(order) - MOST_NAMED} more sites", nearest_ten(rest)))
    nowhere = points["site_id"] == ""
    if nowhere.any():
        rows.append((MISSING, "no way to any", nearest_ten(float(points.loc[nowhere, "need"].sum()))))
    return tuple(rows)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _tooltips(table: pd.DataFrame, words: str) -> pd.DataFrame:
    near = [
        f"{minutes:.0f} min to {site}" if site else "no way to any site"
        for minutes, site in table[["minutes", "site"]].itertuples(index=False)
    ]
    lines = {
        "line1": table["ward_name"].to_numpy(object),
        "line2": near,
        "line3": [f"{nearest_ten(need)} {words}" for need in table["need"]],
        "line4": [
            {"yes": "near enough", "partly": "partly near enough", "no": "too far"}.get(near, "")
            for near in table.get("within", [""] * len(table))
        ],
    }
    return pd.DataFrame(lines, index=table.index)


# Lighter steps first: ward names are read on them.
AREA_FILLS = (*(steps[2] for steps in SEQUENTIAL.values()), "#F4C7A3", "#A285D1", *CATEGORIES[:3])


@dataclass(frozen=True, eq=False)
class SplitMap:
    """The wards in the colour of their new area, those that move marked.

    Parameters
    ----------
    paint : AreaPaint
    sheet : MapSheet
    moved : tuple of str
        Wards to be outlined.
    """

    paint: AreaPaint
    sheet: MapSheet
    moved: tuple[str, ...]


def split_map(split: WardSplit, headline: str, source: str) -> SplitMap:
    """Colour every ward by the area that it would belong to."""
    wards, place = split.wards, split.place
    areas = sorted(wards["area"].astype(str).unique())
    colours = {area: AREA_FILLS[number % len(AREA_FILLS)] for number, area in enumerate(areas)}
    moves = wards.index.isin(split.found.moved)
    lines = {
        "line1": [f"Area: {area}" for area in wards["area"]],
        "line2": [
            f"Today: {today}" if move else "" for today, move in zip(wards["today"], moves, strict=True)
        ],
        "line3": [f"{nearest_ten(need)} who count" for need in wards["need"]],
        "line4": "",
    }
    need = wards.groupby(wards["area"].astype(str))["need"].sum()
    rows = tuple((colours[area], area, nearest_ten(float(need[area]))) for area in areas)
    sheet = MapSheet(
        f"{place.slug} areas as split",
        headline,
        f"Wards of {place.name} by area; those that move are outlined",
        source,
        MapLegend("Area", rows, "need", outlined="moves" if moves.any() and len(split.now) > 1 else ""),
    )
    fill = wards["area"].astype(str).map(colours)
    paint = AreaPaint("ward", fill, pd.DataFrame(lines, index=wards.index), wards["need"])
    return SplitMap(paint, sheet, split.found.moved if len(split.now) > 1 else ())

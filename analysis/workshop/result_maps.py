"""What the screen shows of answers: large bars, or the map of a place question."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.places.place import Level, Place
from analysis.reach.sites import site_marks, symbol_rows
from analysis.render.classes import classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import MapLegend, legend_rows
from analysis.render.theme import SURFACES, Mode, percent, whole
from analysis.workshop.questions import Question
from analysis.workshop.results import Result
from analysis.workshop.step_maps import ScreenMap

SMALLEST_SITE_PX, LARGEST_SITE_PX = 22.0, 84.0
MOST_BARS = 8
# From so many answers up a share says more than it hides.
LEAST_FOR_PERCENT = 10


@dataclass(frozen=True)
class Bar:
    """One row of a result: its words, its number in words, its length (0 to 1), whether it leads."""

    label: str
    number: str
    length: float
    leads: bool


def result_bars(question: Question, result: Result, most: int = MOST_BARS) -> tuple[list[Bar], int]:
    """Rows of a result with their unit, longest first (a scale in its order), and how many more there are.

    Counts about people are shown as disclosure control leaves them: hidden ones say so.
    """
    table = result.table.drop(index="all", errors="ignore")
    values = table[result.headline].astype(float)
    if question.kind != "scale":
        table = table.loc[values.sort_values(ascending=False, kind="stable", na_position="last").index]
    values = values.reindex(table.index)
    top = float(values.max()) if values.notna().any() else 0.0
    shares = table["share"] if "share" in table else pd.Series(float("nan"), index=table.index)
    bars, answered = [], sum(result.answered.values())
    for label, value, share in zip(table["label"], values, shares, strict=True):
        if pd.isna(value):
            bars.append(Bar(str(label), "[c]", 0.0, leads=False))
            continue
        unit = _unit(result.headline, value)
        shown = pd.notna(share) and answered >= LEAST_FOR_PERCENT
        number = f"{whole(value)} {unit} ({percent(float(share))})" if shown else f"{whole(value)} {unit}"
        bars.append(Bar(str(label), number, value / top if top else 0.0, leads=bool(top) and value == top))
    return bars[:most], max(0, len(bars) - most)


def _unit(headline: str, value: float) -> str:
    """What a number of a result counts: "points", "1 person"."""
    one = {"points": "point", "dots": "dot", "people": "person"}
    return one[headline] if value == 1 else headline


def result_map(place: Place, question: Question, result: Result, mode: Mode) -> ScreenMap | None:
    """Answers to a place question on the map; None where its items are neither areas nor sites of the place."""
    keys = list(question.keys)
    people = result.table["people"].astype(float)
    total = int(people.sum())
    first = str(result.table["label"].iloc[int(people.argmax())]) if total else ""
    message = f"**{whole(total)}** have answered; most chose **{first}**." if total else "No answers yet."
    levels: tuple[Level, ...] = ("ward", "locality")
    for level in levels:
        names = place.names(level)
        if set(keys) <= set(names.index):
            values = people.reindex(names.index).fillna(0)
            scale = classed_scale(values, hue="blue")
            words = pd.DataFrame({"line1": [f"{whole(n)} people" for n in values]}, index=values.index)
            paint = AreaPaint(level, scale.colours_of(values), words, values)
            legend = MapLegend("People who chose each", tuple(legend_rows(scale, values)), f"{level}s")
            return ScreenMap(message, paint, legend, "Answers given in this workshop")
    if not set(keys) <= set(place.sites.index):
        return None
    return ScreenMap(
        message,
        _plain_wards(place, mode),
        MapLegend(
            "The larger, the more people", (), "", symbol_rows(site_marks(place.sites.loc[keys], place.kinds))
        ),
        "Answers given in this workshop",
        _sized_marks(place, people.reindex(keys)),
    )


def _plain_wards(place: Place, mode: Mode) -> AreaPaint:
    wards = place.names("ward")
    fill = pd.Series(SURFACES[mode].land if mode == "dark" else "#F7F7F5", index=wards.index)
    return AreaPaint("ward", fill, pd.DataFrame({"line1": ""}, index=wards.index))


def _sized_marks(place: Place, people: pd.Series) -> pd.DataFrame:
    """Sites whose area on the map follows the number of people."""
    marks = site_marks(place.sites.loc[list(people.index)], place.kinds)
    top = max(float(people.max()), 1.0)
    share = (people.to_numpy(float) / top) ** 0.5
    marks["size"] = SMALLEST_SITE_PX + (LARGEST_SITE_PX - SMALLEST_SITE_PX) * share
    marks["line2"] = [f"{whole(n)} people" for n in people]
    return marks

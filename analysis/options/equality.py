"""The equality view: the same comparison for groups of people and of areas, with what the data can bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from analysis.options.reached import OptionReach
from analysis.places.place import Place
from analysis.reach.demand import DESCRIPTION_COLUMNS, FIFTH_NAMES, deprivation_fifths

RURAL_URBAN = {
    "A1": "Urban: major conurbation",
    "B1": "Urban: minor conurbation",
    "C1": "Urban: city and town",
    "C2": "Urban: city and town, sparse setting",
    "D1": "Rural: town and fringe",
    "D2": "Rural: town and fringe, sparse setting",
    "E1": "Rural: village and dispersed",
    "E2": "Rural: village and dispersed, sparse setting",
    # The classes of 2021
    "UN1": "Urban: nearer to a major town or city",
    "UF1": "Urban: further from a major town or city",
    "RLN1": "Larger rural: nearer to a major town or city",
    "RLF1": "Larger rural: further from a major town or city",
    "RSN1": "Smaller rural: nearer to a major town or city",
    "RSF1": "Smaller rural: further from a major town or city",
}
# Where an area lies, which is no group of people
LIES_IN = (
    "area_code",
    "msoa_code",
    "neighbourhood",
    "district_code",
    "authority_code",
    "ward_estimated",
    "lon",
    "lat",
)
NOT_GROUPS = frozenset({*DESCRIPTION_COLUMNS, *LIES_IN, "rural_urban"})
INCOME_NAMES = {
    fifth: name.replace("deprived fifth", "fifth by children's income deprivation")
    for fifth, name in FIFTH_NAMES.items()
}
ECOLOGICAL = "Every group of a small area counts as living where all of its people do"
NOT_STATED = "Not stated"


@dataclass(frozen=True, eq=False)
class GroupView:
    """One way to divide the people of a place.

    Parameters
    ----------
    key : str
    name : str
        What it divides by, or whom it counts.
    weights : DataFrame
        Index `area_code`, a column a group: how many of it live in each small area. NaN where not known.
    unit : str
        Whom the weights count, such as "children".
    caution : str
        What a reader should know of the data; "" where there is nothing.
    """

    key: str
    name: str
    weights: pd.DataFrame = field(repr=False)
    unit: str = "children"
    caution: str = ""


def group_views(place: Place, vintage: str, demand: pd.DataFrame) -> list[GroupView]:
    """Every division that a place's files allow, in order.

    Deprivation fifths; fifths of children by income deprivation, where its rank is published (another
    edition's where the chosen one has none); the rural-urban class; then every further column of the
    areas file: words divide children into classes, shares of 0 to 1 count children, other numbers count
    people.

    Parameters
    ----------
    place : Place
    vintage : str
        Edition of the deprivation figures.
    demand : DataFrame
        Demand frame of the same areas.
    """
    children = demand["children"]
    views = [
        _classes(
            "fifth", "Deprivation", demand["fifth"].map(FIFTH_NAMES), children, list(FIFTH_NAMES.values())
        )
    ]
    editions = [v for v in (vintage, *reversed(place.vintages)) if "idaci_position" in place.deprivation(v)]
    if editions:
        position = place.deprivation(editions[0])["idaci_position"].reindex(demand.index)
        fifth = deprivation_fifths(position, children).map(INCOME_NAMES)
        name = f"Children's income deprivation ({editions[0]})"
        views.append(_classes("income", name, fifth, children, list(INCOME_NAMES.values())))
    if "rural_urban" in place.areas and (place.areas["rural_urban"] != "").any():
        named = place.areas["rural_urban"].map(lambda code: RURAL_URBAN.get(code, code or NOT_STATED))
        views.append(_classes("rural_urban", "Rural and urban", named.reindex(demand.index), children))
    return views + [_column_view(place, column, children) for column in group_columns(place)]


def group_columns(place: Place) -> list[str]:
    """Columns of the areas file beyond the required ones: the place's own groups."""
    names = [str(column) for column in place.areas.columns if column not in NOT_GROUPS]
    return [name for name in names if not name.startswith("population")]


def equality_table(reaches: Sequence[OptionReach], view: GroupView) -> pd.DataFrame:
    """Every option for every group of a view.

    Parameters
    ----------
    reaches : sequence of OptionReach
        On the same terms.
    view : GroupView

    Returns
    -------
    DataFrame
        One row an option and group: `option`, `name`, `group`, `people`, `covered`, `share_covered`,
        `mean_minutes` (weighted by the group), `share_of_areas_known`, and `behind`: share covered of the
        view's best-served group less that of this one.
    """
    rows = []
    for reach in reaches:
        covered = reach.area_share.to_numpy(float)
        nearest = reach.area_nearest["nearest_minutes"].to_numpy(float)
        for group in view.weights.columns:
            stated = view.weights[group].reindex(reach.areas.index)
            weight = stated.fillna(0.0).to_numpy(float)
            total, inside, heavy = weight.sum(), weight @ covered, weight > 0
            rows.append(
                {
                    "option": reach.option.slug,
                    "name": reach.option.name,
                    "group": str(group),
                    "people": total,
                    "covered": inside,
                    "share_covered": inside / total if total > 0 else np.nan,
                    "mean_minutes": np.average(nearest[heavy], weights=weight[heavy])
                    if total > 0
                    else np.nan,
                    "share_of_areas_known": float(stated.notna().mean()),
                }
            )
    table = pd.DataFrame(rows)
    best = table.groupby("option")["share_covered"].transform("max")
    return table.assign(behind=best - table["share_covered"])


def _classes(
    key: str, name: str, labels: pd.Series, children: pd.Series, order: Sequence[str] | None = None
) -> GroupView:
    """Children in classes of areas."""
    there = set(labels)
    named = [label for label in order or sorted(there) if label in there]
    weights = pd.DataFrame({label: children.where(labels == label, 0) for label in named})
    return GroupView(key, name, weights, "children", f"{ECOLOGICAL}.")


def _column_view(place: Place, column: str, children: pd.Series) -> GroupView:
    """A column of the place's own: classes where it holds words, else people of a group beside all children."""
    given = place.areas[column].reindex(children.index)
    text = given.astype("str").str.strip()
    numbers = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
    name = column.replace("_", " ").capitalize()
    stated = text.ne("") & text.ne("nan")
    if numbers.isna().to_numpy()[stated.to_numpy()].any() or not stated.any():
        return _classes(column, name, text.where(stated, NOT_STATED), children)
    is_share = bool(numbers.dropna().between(0, 1).all()) and bool((numbers.dropna() % 1 != 0).any())
    people = numbers * children if is_share else numbers
    caution = f"{ECOLOGICAL}."
    if is_share:
        caution += " An estimate: the area's share taken of its children."
    caution += _stated_caution(place, column, stated.mean())
    unit: Literal["children", "people"] = "children" if is_share else "people"
    weights = pd.DataFrame({name: people, "All children": children.astype(float)})
    return GroupView(column, name, weights, unit, caution)


def _stated_caution(place: Place, column: str, known: float) -> str:
    words = ""
    if known < 1:
        words += f" Known for {known:.0%} of areas: the others take no part."
    sources = [s for s in place.manifest.sources if s.file == "areas.csv" and column in s.columns]
    if not sources:
        words += " The place's files name no source for it."
    for source in sources:
        words += f" {source.title} ({source.publisher}, {source.vintage}). {source.note}".rstrip()
    return words

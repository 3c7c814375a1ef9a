"""Answers on need from an estimate: ranked areas, one area's profile, the pyramid, children and families."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.base.kept import kept
from analysis.base.schema import Schema
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.places.deprivation import DOMAINS
from analysis.places.place import Level, sum_by, weighted_mean_by
from analysis.scenario.ages import AGE_BAND_NAMES
from analysis.scenario.need_settings import (
    CHILDREN_PER_FAMILY,
    RANGE_KINDS,
    ImpossibleTiersError,
    available_bases,
)

Measure = Literal["number", "rate", "range"]
RANKING = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "children": ("whole", "All children of the area, counted"),
        "value": (
            "number",
            "The measure: children, children per 1,000, or the range as a per cent of the estimate",
        ),
        "low": ("number", "Lower end of the interval of the measure"),
        "high": ("number", "Upper end"),
        "rank": ("whole", "1 has the highest value"),
        "p_top": (
            "number",
            "Share of model runs in which the area is among the k with most children in the tier",
        ),
    },
)
OTHER_FIGURES = Schema(
    "area_code",
    {
        "area_name": ("text", "Name of the area"),
        "tier": ("text", "Key of the tier of need"),
        "vintage": ("text", "Other edition of the deprivation figures"),
        "basis": ("text", "Basis of the other figures: imd or idaci"),
        "need": ("whole", "Children in the tier on the figures in use"),
        "low": ("whole", "Lower end of its range"),
        "high": ("whole", "Upper end"),
        "other": ("whole", "Children in the tier on the other figures"),
        "leaves": ("flag", "Whether that is outside the range"),
    },
)


def need_ranking(
    estimate: NeedEstimate, tier_key: str, level: Level, measure: Measure = "number"
) -> pd.DataFrame:
    """Areas by falling value of one measure of a tier.

    Parameters
    ----------
    estimate : NeedEstimate
    tier_key : str
        Key of a tier, such as "early_help".
    level : {"lsoa", "ward", "locality", "place"}
    measure : {"number", "rate", "range"}
        Children in the tier; per 1,000 children; or the width of the range as a per cent of the estimate.

    Returns
    -------
    DataFrame
        As `RANKING` says; areas without a value last.
    """
    table = estimate.tier_table(level, tier_key)
    value, low, high = (table[part].astype(float) for part in ("need", "low", "high"))
    if measure == "rate":
        scale = 1000 / table["children"].where(table["children"] > 0)
        value, low, high = value * scale, low * scale, high * scale
    elif measure == "range":
        value = low = high = 100 * (high - low) / value.where(value > 0)
    ranking = table[["area_name", "children"]].assign(value=value, low=low, high=high)
    ranking = ranking.sort_values("value", ascending=False, kind="stable", na_position="last")
    return RANKING.checked(ranking.assign(rank=range(1, len(ranking) + 1), p_top=table["p_top"]))


@dataclass(frozen=True, eq=False)
class AreaProfile:
    """What is known of one area.

    Parameters
    ----------
    name : str
    children : int
        As counted, of all ages.
    ages : DataFrame
        `band`, `children`.
    tiers : DataFrame
        `tier` (its name), `children` (in the tier), `low`, `high` (rate range), `count_low`, `count_high` (count
        range), `rate_per_1000`, `rank`, `p_top`.
    domains : DataFrame
        `domain`, `position` (0 to 100 within the place), `value`, `words`; empty where none is published.
    domains_vintage : str
        Edition of the domains.
    """

    name: str
    children: int
    ages: pd.DataFrame
    tiers: pd.DataFrame
    domains: pd.DataFrame
    domains_vintage: str


def area_profile(estimate: NeedEstimate, level: Level, code: str) -> AreaProfile:
    """Children by age, tiers with ranges, and deprivation by domain where there is one."""
    rows = estimate.table(level).loc[[code]]
    ends = {
        kind: pd.concat([estimate.ranges(level, key, kind).loc[[code]] for key in rows["tier"]])
        for kind in RANGE_KINDS
    }
    tiers = rows.assign(
        tier=[estimate.tier(key).name for key in rows["tier"]],
        low=ends["rate"]["low"].to_numpy(),
        high=ends["rate"]["high"].to_numpy(),
    )
    tiers.insert(
        int(tiers.columns.get_indexer(pd.Index(["high"]))[0]) + 1,
        "count_low",
        ends["count"]["low"].to_numpy(),
    )
    tiers.insert(
        int(tiers.columns.get_indexer(pd.Index(["count_low"]))[0]) + 1,
        "count_high",
        ends["count"]["high"].to_numpy(),
    )
    tiers = tiers.drop(columns=["area_name", "children"]).rename(columns={"need": "children"})
    vintage, domains = area_domains(estimate, level, code)
    return AreaProfile(
        str(rows["area_name"].iloc[0]),
        int(rows["children"].iloc[0]),
        ages(estimate, level, code),
        tiers.reset_index(drop=True),
        domains,
        vintage,
    )


def ages(estimate: NeedEstimate, level: Level = "place", code: str | None = None) -> pd.DataFrame:
    """Children of the place or one of its areas by age band, counted: `band` (in words), `children`."""
    place = estimate.place
    counts = sum_by(place, place.areas[list(place.age_bands)], level)
    row = counts.iloc[0] if code is None else counts.loc[code]
    return pd.DataFrame({"band": [AGE_BAND_NAMES[band] for band in row.index], "children": row.to_numpy()})


def area_domains(estimate: NeedEstimate, level: Level, code: str) -> tuple[str, pd.DataFrame]:
    """Edition and domains of deprivation of an area, as `AreaProfile.domains`; empty where none is published."""
    vintage, parts = _domain_ranks(estimate, level)
    if not vintage:
        return "", pd.DataFrame(columns=["domain", "position", "value", "words"])
    area = pd.DataFrame({name: part.loc[code] for name, part in parts.items()})
    area.insert(0, "domain", pd.Series(DOMAINS))
    words = [f"rank {rank:.0f} of {len(parts['rank'])} here" for rank in area["rank"]]
    return vintage, area.drop(columns="rank").assign(words=words).reset_index(drop=True)


@kept(4)
def _domain_ranks(estimate: NeedEstimate, level: Level) -> tuple[str, dict[str, pd.DataFrame]]:
    """Edition, and of each domain (a column) every area's position, value and rank."""
    place = estimate.place
    held = [
        v
        for v in (estimate.settings.vintage, *reversed(place.vintages))
        if set(DOMAINS) <= set(place.deprivation(v))
    ]
    if not held or level == "place":
        return "", {}
    scores = place.deprivation(held[0])[list(DOMAINS)]
    means = weighted_mean_by(place, scores, place.population, level)
    ranks = means.rank(ascending=False, method="min")
    position = 100 * (len(means) - ranks) / max(len(means) - 1, 1)
    return held[0], {"position": position, "value": means, "rank": ranks}


def other_figures(estimate: NeedEstimate, level: Level = "ward") -> pd.DataFrame:
    """Estimates on every other edition and basis that the place has, and whether they leave the range in force.

    Parameters
    ----------
    estimate : NeedEstimate
    level : {"ward", "locality", "place", "lsoa"}

    Returns
    -------
    DataFrame
        As `OTHER_FIGURES` says: a row an area, tier and other figures; without figures on which the tiers cannot
        hold together (`other_figures_sentence` names them).
    """
    place, settings = estimate.place, estimate.settings
    parts = []
    for vintage, basis in editions_beside(estimate):
        try:
            other = estimate_need(place, replace(settings, vintage=vintage, basis=basis))
        except ImpossibleTiersError:
            continue
        counts = sum_by(place, other.counts, level)
        for key in estimate.tier_keys:
            table = estimate.tier_table(level, key)[["area_name", "need", "low", "high"]]
            value = counts[key].reindex(table.index)
            table.insert(0, "tier", key)
            leaves = ~value.between(table["low"], table["high"])
            parts.append(table.assign(vintage=vintage, basis=basis, other=value, leaves=leaves))
    if not parts:
        return pd.DataFrame(columns=["tier", *OTHER_FIGURES.columns]).rename_axis("area_code")
    return OTHER_FIGURES.checked(pd.concat(parts)[list(OTHER_FIGURES.columns)])


def editions_beside(estimate: NeedEstimate) -> list[tuple[str, str]]:
    """Every other edition and basis of deprivation figures that the place has."""
    place, settings = estimate.place, estimate.settings
    every = [(vintage, basis) for vintage in place.vintages for basis in available_bases(place, vintage)]
    return [each for each in every if each != (settings.vintage, settings.basis)]


def pyramid(estimate: NeedEstimate, level: Level = "place", area_code: str | None = None) -> pd.DataFrame:
    """Children on each step of the pyramid of need, for the place or one of its areas.

    Parameters
    ----------
    estimate : NeedEstimate
    level : {"place", "locality", "ward", "lsoa"}
    area_code : str, optional
        Which area; the place itself needs none.

    Returns
    -------
    DataFrame
        Index `step` ("universal", then the tier keys); `name`, `children`, `low`, `high`, `share` (of
        all children, 0 to 1). Universal is what the tiers leave; its range mirrors theirs.
    """
    rows = estimate.table(level)
    tiers = rows.loc[[rows.index[0] if area_code is None else area_code]].set_index("tier")
    children = int(tiers["children"].iloc[0])
    steps = tiers[["need", "low", "high"]].rename(columns={"need": "children"}).rename_axis("step")
    left = children - steps[["children", "high", "low"]].sum().clip(upper=children)
    universal = pd.DataFrame([left.to_numpy()], index=["universal"], columns=steps.columns)
    steps = pd.concat([universal, steps]).astype("int64").rename_axis("step")
    steps.insert(0, "name", ["Universal", *(estimate.tier(key).name for key in tiers.index)])
    return steps.assign(share=steps["children"] / max(children, 1))


def family_reconciliation(estimate: NeedEstimate) -> pd.DataFrame | None:
    """The published number of families beside the same share of children at each children-per-family.

    Returns
    -------
    DataFrame or None
        Index `reading`; `children` (the stated share of today's children), `children_per_family`,
        `families`, `words`. None where the place states no number of families.
    """
    statement = estimate.place.manifest.family_statement
    if statement is None:
        return None
    children = round(statement.share_of_children * estimate.place.children)
    implied = children / statement.families
    published = f"“{statement.words}” ({statement.source}): with today's children it would take {implied:.1f} children a family"
    rows = [("as published", children, implied, statement.families, published)]
    rows += [
        (f"{k:g} children a family", children, k, round(children / k), why)
        for k, why in CHILDREN_PER_FAMILY.items()
    ]
    columns = ["reading", "children", "children_per_family", "families", "words"]
    return pd.DataFrame(rows, columns=columns).set_index("reading")

"""The numbers behind the need page: ranking, map text, profile, comparison of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.need.pyramid import pyramid
from analysis.places.deprivation import DOMAINS
from analysis.places.place import Level, sum_by, weighted_mean_by
from analysis.render.classes import ClassedScale, Scheme, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.theme import estimate_words, nearest_ten, percent, tier_hue, whole
from analysis.scenario.levels import LEVEL_WORDS

Measure = Literal["number", "rate", "range"]
MEASURES: dict[Measure, str] = {
    "number": "Children",
    "rate": "Rate per 1,000",
    "range": "How unsure",
}
AGE_NAMES = {
    "children_0_4": "0 to 4",
    "children_5_10": "5 to 10",
    "children_11_15": "11 to 15",
    "children_16_17": "16 and 17",
}


def need_ranking(
    estimate: NeedEstimate, tier_key: str, level: Level, measure: Measure = "number"
) -> pd.DataFrame:
    """Areas by falling value of one measure, with what the map, the chart and the list say of each.

    Parameters
    ----------
    measure : {"number", "rate", "range"}
        Children in the tier; per 1,000 children; or the width of the range as a per cent of the estimate.

    Returns
    -------
    DataFrame
        Index `area_code`; `area_name`, `children`, `value`, `low`, `high`, `rank` (of the measure),
        `p_top`, `words`.
    """
    table = estimate.table(level)
    count, low, high = (table[f"{tier_key}_{part}"].astype(float) for part in ("children", "low", "high"))
    if measure == "rate":
        scale = 1000 / table["children"].where(table["children"] > 0)
        value, low, high = count * scale, low * scale, high * scale
    elif measure == "range":
        value = 100 * (high - low) / count.where(count > 0)
        low = high = value
    else:
        value = count
    words = [
        estimate_words(
            float(row[f"{tier_key}_children"]), float(row[f"{tier_key}_low"]), float(row[f"{tier_key}_high"])
        )
        for _, row in table.iterrows()
    ]
    ranking = pd.DataFrame(
        {
            "area_name": table["area_name"],
            "children": table["children"],
            "value": value,
            "low": low,
            "high": high,
            "p_top": table[f"{tier_key}_p_top"],
            "words": words,
        }
    )
    ranking = ranking.sort_values("value", ascending=False, kind="stable", na_position="last")
    ranking.insert(5, "rank", range(1, len(ranking) + 1))
    return ranking


@dataclass(frozen=True, eq=False)
class NeedMap:
    """A classed map of one measure: the ranking behind it, its colours and its words.

    Parameters
    ----------
    ranking : DataFrame
        `need_ranking` with `fill`, the hex colour of each area.
    scale : ClassedScale
    paint : AreaPaint
    title : str
        What is mapped, with units.
    unit : str
        Sign behind a number, such as "%".
    """

    ranking: pd.DataFrame
    scale: ClassedScale
    paint: AreaPaint
    title: str
    unit: str


def need_map(
    estimate: NeedEstimate,
    tier_key: str,
    level: Level,
    measure: Measure = "number",
    scheme: Scheme = "natural breaks",
) -> NeedMap:
    """Class and colour one measure of a tier for the map; the ranking beside it shares numbers and colours."""
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key)
    ranking = need_ranking(estimate, tier_key, level, measure)
    scale = classed_scale(
        ranking["value"], scheme=scheme, hue="blue" if measure == "range" else tier_hue(tier_key)
    )
    titles = {
        "number": f"{tier.name}: estimated children",
        "rate": f"{tier.name}: estimated children per 1,000",
        "range": f"{tier.name}: width of the range, per cent of the estimate",
    }
    labels = estimate.table("ward" if level == "lsoa" else level)[f"{tier_key}_children"]
    fill = scale.colours_of(ranking["value"])
    paint = AreaPaint(level, fill, map_tooltip(estimate, ranking, tier_key, level), labels)
    return NeedMap(
        ranking.assign(fill=fill), scale, paint, titles[measure], "%" if measure == "range" else ""
    )


def shortened(ranking: pd.DataFrame, most: int, selected: str | None) -> pd.DataFrame:
    """The first `most` rows of a ranking; the selected area takes the last place if it is further down."""
    shown = ranking.head(most)
    if selected in ranking.index and selected not in shown.index:
        return pd.concat([shown.head(most - 1), ranking.loc[[selected]]])
    return shown


def ranking_words(
    ranking: pd.DataFrame, shown: pd.DataFrame, tier_name: str, level: Level, measure: Measure
) -> tuple[str, str]:
    """Title (the finding) and subtitle (what is drawn, units) of the ranking chart."""
    first, many = str(ranking["area_name"].iloc[0]), LEVEL_WORDS[level].many
    title = {
        "number": f"{first} has most children in {tier_name.lower()}",
        "rate": f"{first} has the highest rate of {tier_name.lower()}",
        "range": f"{first} is the least sure",
    }[measure]
    part = (
        f"first {len(shown)} of {len(ranking)} {many}"
        if len(shown) < len(ranking)
        else f"all {len(ranking)} {many}"
    )
    unit = {
        "number": "estimated children, with range as a line",
        "rate": "estimated children per 1,000, with range as a line",
        "range": "width of the range, per cent of the estimate",
    }[measure]
    return title, f"{part}, {unit}"


def map_tooltip(estimate: NeedEstimate, ranking: pd.DataFrame, tier_key: str, level: Level) -> pd.DataFrame:
    """Up to four lines for each area: number with range, rate, rank, how sure the rank is."""
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key)
    table = estimate.table(level).loc[ranking.index]
    top = estimate.top_count(level)
    rate = table[f"{tier_key}_rate_per_1000"]
    return pd.DataFrame(
        {
            "line1": [f"{tier.name}: est. {words} children" for words in ranking["words"]],
            "line2": [
                f"{value:,.0f} per 1,000 of {whole(n)} children"
                for value, n in zip(rate, table["children"], strict=True)
            ],
            "line3": [f"Rank {rank} of {len(table)} by number" for rank in table[f"{tier_key}_rank"]],
            "line4": [
                f"Top {top} in {percent(share)} of simulated worlds" for share in table[f"{tier_key}_p_top"]
            ],
        },
        index=ranking.index,
    )


@dataclass(frozen=True, eq=False)
class AreaProfile:
    """What is known of one area.

    Parameters
    ----------
    ages : DataFrame
        `band`, `children`.
    tiers : DataFrame
        `tier`, `children`, `low`, `high`, `rate_per_1000`, `rank`, `p_top`.
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
    place = estimate.place
    table = estimate.table(level)
    row = table.to_dict("index")[code]
    ages = sum_by(place, place.areas[list(place.age_bands)], level).loc[code]
    tiers = pd.DataFrame(
        [
            {
                "tier": tier.name,
                **{
                    part: row[f"{tier.key}_{part}"]
                    for part in ("children", "low", "high", "rate_per_1000", "rank", "p_top")
                },
            }
            for tier in estimate.settings.tiers
        ]
    )
    vintage, domains = _domains(estimate, level, code)
    bands = pd.DataFrame({"band": [AGE_NAMES[band] for band in ages.index], "children": ages.to_numpy()})
    return AreaProfile(str(row["area_name"]), int(row["children"]), bands, tiers, domains, vintage)


def _domains(estimate: NeedEstimate, level: Level, code: str) -> tuple[str, pd.DataFrame]:
    place = estimate.place
    held = [
        v
        for v in (estimate.settings.vintage, *reversed(place.vintages))
        if set(DOMAINS) <= set(place.deprivation(v))
    ]
    empty = pd.DataFrame(columns=["domain", "position", "value", "words"])
    if not held or level == "place":
        return "", empty
    scores = place.deprivation(held[0])[list(DOMAINS)]
    means = weighted_mean_by(place, scores, place.population, level)
    ranks = means.rank(ascending=False, method="min")
    position = 100 * (len(means) - ranks) / max(len(means) - 1, 1)
    area = pd.DataFrame({"position": position.loc[code], "value": means.loc[code], "rank": ranks.loc[code]})
    area.insert(0, "domain", pd.Series(DOMAINS))
    words = [f"rank {rank:.0f} of {len(means)} here" for rank in area["rank"]]
    return held[0], area.drop(columns="rank").assign(words=words).reset_index(drop=True)


def tier_rates(estimates: list[NeedEstimate], marked: str) -> pd.DataFrame:
    """Rates of each tier per 1,000 children for several places, with ranges; rows for `figures.share_bars`."""
    rows = []
    for estimate in estimates:
        total = estimate.table("place").iloc[0]
        for tier in estimate.settings.tiers:
            scale = 1000 / max(int(total["children"]), 1)
            values = {
                part: float(total[f"{tier.key}_{name}"]) * scale
                for part, name in (("rate", "children"), ("low", "low"), ("high", "high"))
            }
            rows.append(
                {
                    "name": estimate.place.name,
                    "tier": tier.key,
                    "tier_name": tier.name,
                    "children": int(total[f"{tier.key}_children"]),
                    **values,
                    "marked": estimate.place.slug == marked,
                }
            )
    return pd.DataFrame(rows)


def pyramids(estimate: NeedEstimate, level: Level) -> pd.DataFrame:
    """Pyramid of every area of a level in one table: `area_name`, `step`, `name`, `children`, `low`, `high`, `share`."""
    frames = [
        pyramid(estimate, level, str(code)).reset_index().assign(area_name=name)
        for code, name in estimate.table(level)["area_name"].items()
    ]
    columns = ["area_name", "step", "name", "children", "low", "high", "share"]
    return pd.concat(frames, ignore_index=True)[columns]


def headline_figures(estimate: NeedEstimate) -> pd.DataFrame:
    """The place's headline figures: `label`, `value`, `detail` (range, or that it is counted)."""
    total = estimate.table("place").iloc[0]
    rows = [
        (
            estimate.place.manifest.children_title.split(", ", maxsplit=1)[0],
            whole(total["children"]),
            "counted, " + estimate.place.manifest.children_title.split(", ")[-1],
        )
    ]
    rows += [
        (
            tier.name,
            nearest_ten(float(total[f"{tier.key}_children"])),
            f"est. {nearest_ten(float(total[f'{tier.key}_low']))} to {nearest_ten(float(total[f'{tier.key}_high']))}",
        )
        for tier in estimate.settings.tiers
    ]
    families = (
        "Families in any tier",
        nearest_ten(float(total["families"])),
        f"est. {nearest_ten(float(total['families_low']))} to {nearest_ten(float(total['families_high']))}",
    )
    return pd.DataFrame([*rows, families], columns=["label", "value", "detail"])

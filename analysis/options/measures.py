"""What each figure of a comparison is: its heading, unit, which way is better, and how it is defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.scenario.ages import AGE_GROUPS, BAND_GROUPS

Unit = Literal["count", "share", "minutes", "pounds", "ratio", "services", "points"]
Better = Literal["higher", "lower", ""]
UNMARKED = ("share_gap", "minutes_gap")
SERVES_HELP = "A site that states no ages counts for every age."
GAP_HELP = (
    "Above 0: the most deprived fifth of the place is worse off than the least deprived; below 0: better off. None is "
    "marked as best, since a gap can be small because all fare badly. A score takes less as better."
)
LOAD_HELP = (
    "Families in need for whom the site is nearest over its capacity; blank unless every capacity is stated."
)
SERVICE_HELP = "Services of the place's core offer that some child of the ward can reach in time; blank where sites state none."
COST_HELP = "Blank unless every open site's yearly cost is stated."


@dataclass(frozen=True)
class Figure:
    """What one figure of the comparison is.

    Parameters
    ----------
    key : str
        Column of `option_figures`.
    group : str
        Heading that it stands under.
    label : str
    unit : str
    better : {"higher", "lower", ""}
        Which way is better; "" where it depends on what one wants.
    help : str
        How it is defined.
    """

    key: str
    group: str
    label: str
    unit: Unit
    better: Better = ""
    help: str = ""


def figure_list(estimate: NeedEstimate, measure: str = "") -> tuple[Figure, ...]:
    """Every figure of the comparison, in order, for a place's tiers and the tier that need stands for."""
    tiers = {tier.key: tier.name for tier in estimate.settings.tiers}
    need = tiers.get(measure or next(iter(tiers)), measure.replace("_", " ")).lower()
    reached, ages, minutes = (
        "Within reach",
        "Within reach of a site for their age",
        "Minutes to the nearest site",
    )
    rows = [Figure("children_covered", reached, "Children", "count", "higher")]
    rows.append(Figure("share_covered", reached, "Children, share", "share", "higher"))
    rows += [
        Figure(f"{key}_covered", reached, f"{name} (est.)", "count", "higher") for key, name in tiers.items()
    ]
    rows += [
        Figure(
            f"{band}_covered",
            ages,
            AGE_GROUPS[group].words.replace("young people", "children").capitalize(),
            "count",
            "higher",
            SERVES_HELP,
        )
        for band, group in BAND_GROUPS.items()
        if band in estimate.place.areas
    ]
    rows += [
        Figure("mean_minutes", minutes, f"Mean, {need}", "minutes", "lower", "Weighted by need."),
        Figure(
            "p90_minutes",
            minutes,
            "90% are nearer than",
            "minutes",
            "lower",
            "90th percentile by need.",
        ),
        Figure("longest_minutes", minutes, "Longest", "minutes", "lower"),
        Figure("worst_ward_minutes", minutes, "Worst ward, mean", "minutes", "lower", "Child-weighted mean."),
        Figure("share_gap", "Fairness", "Gap in cover between fifths", "points", "lower", GAP_HELP),
        Figure("minutes_gap", "Fairness", "Gap in minutes between fifths", "minutes", "lower", GAP_HELP),
        Figure(
            "need_unique",
            "Sites",
            f"Reached by one site only, {need} (est.)",
            "count",
            "",
            "Lost if that site closed.",
        ),
        Figure(
            "need_shared",
            "Sites",
            f"Reached by two sites or more, {need} (est.)",
            "count",
            "",
            "Overlap: choice, or waste.",
        ),
        Figure("sites_open", "Sites", "Sites open", "count"),
        Figure("largest_load", "Sites", "Fullest site, families over capacity", "ratio", "lower", LOAD_HELP),
        Figure(
            "services_mean",
            "Services",
            "Services within reach, mean of wards",
            "services",
            "higher",
            SERVICE_HELP,
        ),
        Figure(
            "services_least",
            "Services",
            "Services within reach, worst ward",
            "services",
            "higher",
            SERVICE_HELP,
        ),
        Figure("annual_cost_gbp", "Cost", "A year", "pounds", "lower", COST_HELP),
        Figure("cost_per_child_gbp", "Cost", "A child within reach", "pounds", "lower", COST_HELP),
        Figure(
            "cost_per_family_gbp",
            "Cost",
            f"A family within reach who may need {need}",
            "pounds",
            "lower",
            COST_HELP,
        ),
    ]
    return tuple(rows)


def best_and_worst(figures: pd.DataFrame, rows: Sequence[Figure]) -> pd.DataFrame:
    """Which options are best and which worst on each figure.

    Parameters
    ----------
    figures : DataFrame
        `option_figures`.
    rows : sequence of Figure

    Returns
    -------
    DataFrame
        Index figure key, a column an option: "best", "worst" or "". Nothing is marked where all are equal,
        where no way is better, where a figure is known for fewer than two, or where it is a gap (`UNMARKED`).
    """
    marks = {}
    for row in rows:
        values = figures[row.key].to_numpy(float).round(9)
        known = values[~np.isnan(values)]
        words = np.full(len(values), "", dtype=object)
        if row.better and row.key not in UNMARKED and len(known) > 1 and known.min() < known.max():
            best, worst = (known.max(), known.min()) if row.better == "higher" else (known.min(), known.max())
            words[values == best], words[values == worst] = "best", "worst"
        marks[row.key] = words
    return pd.DataFrame.from_dict(marks, orient="index", columns=figures.index).rename_axis("figure")

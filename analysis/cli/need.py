"""`hubreach need`: children and families in each tier, by area, with ranges."""

from __future__ import annotations

import pandas as pd
import typer

from analysis.cli.choices import (
    BasisOption,
    DrawsOption,
    FamilyOption,
    GradientOption,
    LevelOption,
    NeedChoices,
    PlaceArgument,
    PrevalenceOption,
    SeedOption,
    TopOption,
    VintageOption,
    estimate_from,
    need_meta,
    need_notes,
)
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.scenario.need_settings import WHOLE_FAMILIES


def need(
    place: PlaceArgument,
    by: LevelOption = "ward",
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    prevalence: PrevalenceOption = None,
    gradient: GradientOption = None,
    children_per_family: FamilyOption = WHOLE_FAMILIES,
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
    top: TopOption = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Children and families in each tier, by area, with ranges."""
    choices = NeedChoices(
        vintage, basis, prevalence or (), gradient or (), children_per_family, seed, draws, top
    )
    estimate = estimate_from(place, choices)
    table = estimate.table(by)
    print_frame(
        table,
        format,
        out,
        title=f"Need in {estimate.place.name}, by {by}",
        notes=[
            *need_notes(estimate),
            f"p_top: chance of being among the {estimate.top_count(by)} areas with most children in the tier",
        ],
        meta={**need_meta(estimate), "by": by, "top": estimate.top_count(by)},
        shown=_readable(estimate, by),
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(need)


def _readable(estimate: NeedEstimate, by: Level) -> pd.DataFrame:
    """The table as a person reads it: most need first, estimates with their ranges in one cell."""
    table = estimate.table(by)
    shown = table[["area_name", "children"]]
    for tier in estimate.settings.tiers:
        shown = shown.assign(
            **{
                tier.name: _with_range(table, f"{tier.key}_children", tier.key),
                f"per 1,000 ({tier.key})": table[f"{tier.key}_rate_per_1000"],
                f"rank ({tier.key})": table[f"{tier.key}_rank"],
                f"p_top ({tier.key})": table[f"{tier.key}_p_top"],
            }
        )
    shown = shown.assign(families=_with_range(table, "families", "families"))
    first = estimate.tier_keys[0]
    return shown.loc[table.sort_values(f"{first}_rank").index]


def _with_range(table: pd.DataFrame, value: str, key: str) -> pd.Series:
    cells = zip(table[value], table[f"{key}_low"], table[f"{key}_high"], strict=True)
    return pd.Series([f"{v:,} ({low:,} to {high:,})" for v, low, high in cells], index=table.index)

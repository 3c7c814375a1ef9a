"""The under-fives statement of a statutory consultation on children's centres: before and after, ward by ward."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.options.difference import LEAST_MINUTES, area_difference, difference_by
from analysis.options.reached import OptionReach, on_terms
from analysis.scenario.terms import Terms
from analysis.scenario.travel import MODES

UNDER_FIVES = "0-4"
VERDICTS = ("worse", "better", "mixed", "the same")


def under_fives_statement(
    before: OptionReach, after: OptionReach, least_minutes: float = LEAST_MINUTES
) -> pd.DataFrame:
    """What families with children under five can reach, before and after, by ward and by what means.

    Only sites that serve ages 0 to 4 (or state no ages) count.

    Parameters
    ----------
    before, after : OptionReach
        On the same terms; their age does not matter.
    least_minutes : float
        As in `area_difference`.

    Returns
    -------
    DataFrame
        Index `area_code` (ward); `area_name`, `under_fives`; for each way to travel
        `<mode>_before`, `<mode>_after` (under-fives within the limit); `minutes_before`,
        `minutes_after`, `minutes_change` (mean, in the terms' own mode), `nearest_before`,
        `nearest_after` (name of the site nearest for most), `under_fives_gaining`,
        `under_fives_losing`, `under_fives_out_of_reach`, and `verdict`: "worse" where some lose and none
        gains, "better" the other way round, "mixed" where both, else "the same".
    """
    own = {
        side: on_terms(reach, _under_fives(reach)) for side, reach in (("before", before), ("after", after))
    }
    changes = difference_by(own["before"], own["after"], "ward", least_minutes)
    table = changes[["area_name"]].assign(under_fives=changes["children"])
    for mode in MODES:
        for side, reach in own.items():
            by_mode = on_terms(
                reach, replace(reach.terms, mode=mode, speed_kmh=None, detour=None, fixed_minutes=None)
            )
            wards = by_mode.by("ward")
            table[f"{mode}_{side}"] = wards["children_covered"]
    for column in ("minutes_before", "minutes_after", "minutes_change"):
        table[column] = changes[column]
    for side, reach in own.items():
        wards, names = reach.by("ward"), reach.sites["name"].to_dict()
        table[f"nearest_{side}"] = [names.get(site, "") for site in wards["nearest_site"]]
    table["under_fives_gaining"] = changes["children_gaining"]
    table["under_fives_losing"] = changes["children_losing"]
    table["under_fives_out_of_reach"] = changes["children_out_of_reach"]
    gains, loses = table["under_fives_gaining"] > 0, table["under_fives_losing"] > 0
    table["verdict"] = "the same"
    for verdict, holds in (("worse", loses & ~gains), ("better", gains & ~loses), ("mixed", gains & loses)):
        table.loc[holds, "verdict"] = verdict
    return table


def wards_worse_off(statement: pd.DataFrame) -> pd.DataFrame:
    """Wards where some children under five lose, most of them first."""
    worse = statement[statement["under_fives_losing"] > 0]
    return worse.sort_values(["under_fives_losing", "area_name"], ascending=[False, True])


def areas_worse_off(
    before: OptionReach, after: OptionReach, least_minutes: float = LEAST_MINUTES
) -> pd.DataFrame:
    """Small areas where children under five lose: `area_difference` for their age, most children first."""
    one, other = (on_terms(reach, _under_fives(reach)) for reach in (before, after))
    table = area_difference(one, other, least_minutes)
    worse = table[table["children_losing"] > 0]
    return worse.sort_values(["children_losing", "area_name"], ascending=[False, True])


def _under_fives(reach: OptionReach) -> Terms:
    return replace(reach.terms, ages=UNDER_FIVES)

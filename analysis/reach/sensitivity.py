"""How far the answer hangs on the assumptions: detour, speed and the limit itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.reach.demand import measure_columns
from analysis.reach.groups import FloatArray
from analysis.reach.summary import reach_summary
from analysis.scenario.travel import DETOURS, TravelSettings

SPEED_FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
LIMIT_FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5)
REACHED_SHARE = 0.5


def assumption_values(settings: TravelSettings, minutes: float) -> dict[str, list[float]]:
    """Values to try for each assumption, the one in force among them."""
    return {
        "detour": sorted({*DETOURS, settings.detour}),
        "speed_kmh": sorted(
            {round(settings.speed_kmh * factor, 2) for factor in SPEED_FACTORS} | {settings.speed_kmh}
        ),
        "minutes": sorted({minutes * factor for factor in LIMIT_FACTORS}),
    }


def coverage_sensitivity(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    settings: TravelSettings,
    minutes: float,
    *,
    values: dict[str, list[float]] | None = None,
) -> pd.DataFrame:
    """Coverage of the place when one assumption at a time is changed.

    Parameters
    ----------
    demand : DataFrame
        Demand frame.
    costs : DataFrame
        Minutes from each row of `demand` to the sites that count, on the settings in force; inf where one does not
        serve the row's age or there is no way. The nearest site stays the nearest whatever is assumed.
    settings : TravelSettings
        In force; straight-line travel only (round water: a wait for a ferry is stretched with the way).
    minutes : float
        The limit in force.
    values : dict of str to list of float, optional
        Values to try for `detour`, `speed_kmh` and `minutes`; a spread around those in force if left out.

    Returns
    -------
    DataFrame
        One row a value: `assumption`, `value`, `in_force`, and for each measure the share covered
        (`children_share`, ...), with `children_covered`.
    """
    nearest = costs.to_numpy(float).min(axis=1, initial=np.inf)
    rows = []
    for assumption, value, changed, limit in _variants(settings, minutes, values):
        stretched = pd.DataFrame({"nearest": _stretched(nearest, settings, changed)}, index=demand.index)
        summary = reach_summary(stretched, demand, limit)
        row: dict[str, object] = {
            "assumption": assumption,
            "value": value,
            "in_force": changed == settings and limit == minutes,
            "children_covered": summary["covered"].iloc[0],
        }
        row |= {f"{measure}_share": summary["share_covered"][measure] for measure in measure_columns(demand)}
        rows.append(row)
    return pd.DataFrame(rows)


def flipping_wards(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    settings: TravelSettings,
    minutes: float,
    *,
    values: dict[str, list[float]] | None = None,
) -> pd.DataFrame:
    """Wards that count as reached under some of the assumptions tried and not under others.

    A ward counts as reached when at least half of its children are covered.

    Parameters
    ----------
    demand, costs, settings, minutes, values
        As for `coverage_sensitivity`.

    Returns
    -------
    DataFrame
        Index `area_code` (ward), one row a ward that flips: `area_name`, `children`, `share_in_force`,
        `lowest_share`, `highest_share`, `flips_with` (the assumptions that flip it by themselves).
    """
    nearest = costs.to_numpy(float).min(axis=1, initial=np.inf)
    ward, children = demand["ward_code"], demand["children"]
    total = children.groupby(ward).sum()
    tried = [("", 0.0, settings, minutes), *_variants(settings, minutes, values)]
    covered = pd.DataFrame(
        {
            number: children.where(_stretched(nearest, settings, changed) <= limit, 0)
            for number, (_, _, changed, limit) in enumerate(tried)
        }
    )
    shares = covered.groupby(ward).sum().div(total.where(total > 0), axis=0)
    table = pd.DataFrame({"area_name": demand["ward_name"].groupby(ward).first(), "children": total})
    table["share_in_force"] = shares[0]
    table["lowest_share"] = shares.min(axis=1)
    table["highest_share"] = shares.max(axis=1)
    flips = {}
    for assumption in dict.fromkeys(name for name, *_ in tried if name):
        reached = (
            shares[[number for number, row in enumerate(tried) if row[0] in ("", assumption)]]
            >= REACHED_SHARE
        )
        flips[assumption] = reached.any(axis=1) & ~reached.all(axis=1)
    table["flips_with"] = [
        "; ".join(name for name, flip in flips.items() if flip[code]) for code in table.index
    ]
    return table[table["flips_with"] != ""].rename_axis("area_code")


def _variants(
    settings: TravelSettings, minutes: float, values: dict[str, list[float]] | None
) -> list[tuple[str, float, TravelSettings, float]]:
    tried: list[tuple[str, float, TravelSettings, float]] = []
    for assumption, options in (values or assumption_values(settings, minutes)).items():
        for value in options:
            if assumption == "minutes":
                tried.append((assumption, value, settings, value))
            elif assumption == "detour":
                tried.append((assumption, value, replace(settings, detour=value), minutes))
            else:
                tried.append((assumption, value, replace(settings, speed_kmh=value), minutes))
    return tried


def _stretched(minutes: FloatArray, settings: TravelSettings, changed: TravelSettings) -> FloatArray:
    """Minutes on one set of settings as they are on another."""
    if changed == settings:
        return minutes
    longer = changed.minutes_a_metre / settings.minutes_a_metre
    return (minutes - settings.fixed_minutes) * longer + changed.fixed_minutes

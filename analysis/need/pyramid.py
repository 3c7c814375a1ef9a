"""The pyramid of need: universal, and each tier above it."""

from __future__ import annotations

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places import Level


def pyramid(estimate: NeedEstimate, level: Level = "place", area_code: str | None = None) -> pd.DataFrame:
    """Children on each step of the pyramid for the place or one of its areas.

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
    table = estimate.table(level)
    row = table.loc[area_code] if area_code is not None else table.iloc[0]
    children = int(row["children"])
    rows = []
    for tier in estimate.settings.tiers:
        values = [int(row[f"{tier.key}_{part}"]) for part in ("children", "low", "high")]
        rows.append((tier.key, tier.name, *values))
    inside = [sum(step[column] for step in rows) for column in (2, 3, 4)]
    universal = (
        "universal",
        "Universal",
        children - inside[0],
        max(0, children - inside[2]),
        max(0, children - inside[1]),
    )
    steps = pd.DataFrame([universal, *rows], columns=["step", "name", "children", "low", "high"])
    return steps.set_index("step").assign(share=lambda frame: frame["children"] / max(children, 1))

"""The pyramid of need: universal, and each tier above it."""

from __future__ import annotations

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level


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
    table = estimate.table(level).drop(columns="area_name").astype(float)
    row = table.iloc[0 if area_code is None else table.index.get_loc(area_code)].to_dict()
    children = int(row["children"])
    rows: list[tuple[str, str, int, int, int]] = []
    for tier in estimate.settings.tiers:
        whole, low, high = (int(row[f"{tier.key}_{part}"]) for part in ("children", "low", "high"))
        rows.append((tier.key, tier.name, whole, low, high))
    universal = (
        "universal",
        "Universal",
        children - sum(step[2] for step in rows),
        max(0, children - sum(step[4] for step in rows)),
        max(0, children - sum(step[3] for step in rows)),
    )
    steps = pd.DataFrame([universal, *rows], columns=["step", "name", "children", "low", "high"])
    return steps.set_index("step").assign(share=lambda frame: frame["children"] / max(children, 1))

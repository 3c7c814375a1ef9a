"""Maps of commissioning: the amounts of an allocation by area, and on its sites."""

from __future__ import annotations

import pandas as pd

from analysis.commissioning.allocation import HELD_WORDS, AllocationView
from analysis.places.place import Level
from analysis.render.classes import ClassedScale, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.theme import nearest_ten, percent, pounds


def allocation_map(view: AllocationView, level: Level) -> tuple[ClassedScale, AreaPaint]:
    """Classes and colours of the amounts by area."""
    table = view.table
    scale = classed_scale(table["allocation_gbp"].astype(float), hue="blue")
    tooltip = pd.DataFrame(
        {
            "line1": [
                f"{pounds(amount)} of {pounds(view.envelope_gbp)}" for amount in table["allocation_gbp"]
            ],
            "line2": [f"{percent(share)} of the need" for share in table["share"]],
            "line3": [f"{nearest_ten(need)} children who may need it (est.)" for need in table["need"]],
            "line4": [HELD_WORDS[held].capitalize() for held in table["held_by"]],
        },
        index=table.index,
    )
    fill = scale.colours_of(table["allocation_gbp"].astype(float))
    return scale, AreaPaint(level, fill, tooltip, table["allocation_gbp"].astype(float))


def site_amounts(view: AllocationView, sites: pd.DataFrame) -> pd.DataFrame:
    """Sites with their amount in the tooltip, for a map."""
    table = view.table.reindex(sites.index)
    return sites.assign(
        line1=[f"{pounds(amount)} a year" for amount in table["allocation_gbp"]],
        line2=[
            f"{nearest_ten(need)} children who may need it (est.), nearest to here" for need in table["need"]
        ],
    )

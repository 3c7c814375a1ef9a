"""Maps of commissioning: the amounts of an allocation by area, and on its sites."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.commissioning.allocation import HELD_WORDS, AllocationView
from analysis.commissioning.takeup import TakeupAnswer
from analysis.places.place import Level
from analysis.render.classes import ClassedScale, classed_scale
from analysis.render.layers import AreaPaint
from analysis.render.theme import nearest_ten, percent, pounds, whole


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


def takeup_map(answer: TakeupAnswer, level: Literal["lsoa", "ward"]) -> tuple[ClassedScale, AreaPaint]:
    """Classes and colours of the children who are not reached and could be, by area."""
    table = answer.tables[level]
    scale = classed_scale(table["could_be_reached"], hue="blue", decimals=-1)
    tooltip = pd.DataFrame(
        [
            (
                f"{whole(row['users'])} users of {whole(row['children'])} children",
                f"{row['rate']:.0%} ({row['low']:.0%} to {row['high']:.0%})",
                f"About {nearest_ten(row['not_reached'])} not reached",
                f"of whom about {nearest_ten(row['could_be_reached'])} live within reach of a site",
            )
            if pd.notna(row["rate"])
            else ("No number was given", "", "", "")
            for row in table.to_dict("records")
        ],
        columns=["line1", "line2", "line3", "line4"],
        index=table.index,
    )
    fill = scale.colours_of(table["could_be_reached"])
    return scale, AreaPaint(level, fill, tooltip, table["could_be_reached"])

"""From children to families, and the reconciliation with a figure that the council has published."""

from __future__ import annotations

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.scenario.need_settings import CHILDREN_PER_FAMILY


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
    rows = [
        (
            "as published",
            implied,
            statement.families,
            (
                f"“{statement.words}” ({statement.source}): with today's children it would take "
                f"{implied:.1f} children a family"
            ),
        )
    ]
    rows += [
        (f"{k:g} children a family", k, round(children / k), why) for k, why in CHILDREN_PER_FAMILY.items()
    ]
    frame = pd.DataFrame(rows, columns=["reading", "children_per_family", "families", "words"])
    frame.insert(1, "children", children)
    return frame.set_index("reading")

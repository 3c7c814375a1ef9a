"""Deciles of England's neighbourhoods by children's income (IDACI), 1 the most deprived."""

from __future__ import annotations

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.places.place import Place

DECILES = pd.Series(
    {
        str(n): f"Decile {n}" + {1: " (most deprived)", 10: " (least deprived)"}.get(n, "")
        for n in range(1, 11)
    },
    name="area_name",
).rename_axis("area_code")


def idaci_vintage(place: Place) -> str:
    """The first edition of the deprivation figures of a place that holds IDACI.

    Raises
    ------
    HubreachError
        If none does.
    """
    for vintage in place.vintages:
        if "idaci_position" in place.deprivation(vintage):
            return vintage
    fault = Fault(place.name, None, "idaci_rank", "no edition here holds IDACI", "Use another breakdown")
    raise HubreachError("There are no deciles by children's income here.", [fault])


def idaci_deciles(place: Place) -> pd.Series:
    """IDACI decile of each small area among England's, "1" the most deprived, by `idaci_vintage`.

    Raises
    ------
    HubreachError
        If no edition holds IDACI.
    """
    position = place.deprivation(idaci_vintage(place))["idaci_position"]
    return ((1 - position) * 10).astype(int).clip(0, 9).add(1).astype(str).rename("decile")

"""Lines over what is worse, so that a greyscale print tells it from what is better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.places.coordinates import FloatArray
from analysis.render.theme import DIVERGING

# Letters of a name apart (13 pixels on screen, 7 points in print), by colour: the worse, the denser.
HATCHED = {DIVERGING[0]: 0.45, DIVERGING[1]: 0.9}


def hatch_lines(ground: BaseGeometry, spacing: float) -> list[FloatArray]:
    """Lines rising to the right over a shape, in its own unit and so far apart; each as two points or more.

    Parameters
    ----------
    ground : Geometry
    spacing : float
        Between lines, at right angles to them.
    """
    if ground.is_empty:
        return []
    west, south, east, north = ground.bounds
    step = spacing * np.sqrt(2)
    # Lines of maps that are made apart meet: each passes through a multiple of the step.
    starts = np.arange(np.floor((west - north) / step), np.ceil((east - south) / step) + 1) * step
    ends = np.stack(
        [
            np.column_stack([starts + south, np.full(len(starts), south)]),
            np.column_stack([starts + north, np.full(len(starts), north)]),
        ],
        axis=1,
    )
    cut = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), ground))
    return [
        shapely.get_coordinates(line) for line in cut if line.geom_type == "LineString" and not line.is_empty
    ]


def hatched_ground(areas: pd.Series, fill: pd.Series) -> dict[str, BaseGeometry]:
    """The ground of each hatched colour.

    Parameters
    ----------
    areas : Series
        Geometry by `area_code`.
    fill : Series
        Hex colour by `area_code`.
    """
    filled = fill[fill.isin(list(HATCHED)) & fill.index.isin(areas.index)]
    return {
        str(colour): shapely.union_all(areas.loc[list(codes)].to_numpy())
        for colour, codes in filled.groupby(filled).groups.items()
    }

"""Web Mercator, the projection of every map in a browser."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def mercator(latitude: float | FloatArray) -> FloatArray:
    """How far north of the equator a latitude lies on the map, where the Earth is 2 pi wide.

    >>> float(mercator(60.0).round(6))
    1.316958
    """
    angle: FloatArray = np.asarray(np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2)))
    return angle

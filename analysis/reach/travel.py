"""Travel minutes from where people stand to sites, in a straight line made longer by a detour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.scenario.travel import DEFAULT_SETTINGS, TravelSettings


def straight_line_m(points: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Straight-line metres between every point and every site.

    Parameters
    ----------
    points, sites : DataFrame
        With `easting` and `northing` in metres (EPSG:27700).

    Returns
    -------
    DataFrame
        Index of `points` x index of `sites`.
    """
    across = np.subtract.outer(points["easting"].to_numpy(float), sites["easting"].to_numpy(float))
    along = np.subtract.outer(points["northing"].to_numpy(float), sites["northing"].to_numpy(float))
    return pd.DataFrame(np.sqrt(across**2 + along**2), index=points.index, columns=sites.index)


def at_points(costs: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Minutes that are known by area only (a table of travel times): the same for every demand point of the area.

    Parameters
    ----------
    costs : DataFrame
        Index `area_code`, columns `site_id`.
    points : DataFrame
        `Place.points`.

    Returns
    -------
    DataFrame
        Index `point_code`, columns of `costs`.
    """
    return costs.reindex(points["area_code"]).set_axis(points.index)


def straight_line_matrix(
    points: pd.DataFrame, sites: pd.DataFrame, settings: TravelSettings | None = None
) -> pd.DataFrame:
    """Build the cost matrix: minutes between every demand point and every site.

    Parameters
    ----------
    points : DataFrame
        Index `point_code`, or what else they are of; `easting`, `northing` in metres (EPSG:27700).
    sites : DataFrame
        Index `site_id`; the same two columns.
    settings : TravelSettings, optional
        Walking, as by default, if left out.

    Returns
    -------
    DataFrame
        Minutes, index of `points`, columns `site_id`.

    Examples
    --------
    800 m at 80 m a minute, with a detour of 1.2, take 12 minutes.

    >>> home = pd.DataFrame({"easting": [0.0], "northing": [0.0]}, index=["home"])
    >>> hub = pd.DataFrame({"easting": [800.0], "northing": [0.0]}, index=["hub"])
    >>> float(straight_line_matrix(home, hub).loc["home", "hub"].round(6))
    12.0
    """
    settings = settings or DEFAULT_SETTINGS["walk"]
    metres = straight_line_m(points, sites)
    return pd.DataFrame(settings.minutes(metres.to_numpy()), index=metres.index, columns=metres.columns)

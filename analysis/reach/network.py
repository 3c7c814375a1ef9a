"""Travel minutes along streets, from an OpenStreetMap extract (optional: `pip install hubreach[network]`)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from analysis.base.faults import Fault, HubreachError
from analysis.places.coordinates import grid_of_lon_lat
from analysis.scenario.travel import DEFAULT_SETTINGS, Mode, TravelSettings

NETWORK_TYPES: dict[Mode, str] = {"walk": "walking", "cycle": "cycling", "drive": "driving"}
LIBRARIES = ("pyrosm", "pandarm")
FARTHEST_STREET_M = 2_000.0
UNREACHABLE_M = 4_000_000.0


def network_available() -> bool:
    """Whether the libraries that read an extract and find shortest ways are installed."""
    return all(importlib.util.find_spec(library) is not None for library in LIBRARIES)


def network_matrix(
    extract: Path, points: pd.DataFrame, sites: pd.DataFrame, settings: TravelSettings | None = None
) -> pd.DataFrame:
    """Build the cost matrix along streets.

    The way from a demand point to the nearest street, along the shortest way, and on to the site.
    On the street no detour is added; off it, the settings' detour holds. Driving and cycling keep
    to one-way streets.

    Parameters
    ----------
    extract : Path
        OpenStreetMap extract (`.osm.pbf`) that covers the place.
    points, sites : DataFrame
        With `easting` and `northing` in metres (EPSG:27700).
    settings : TravelSettings, optional
        Mode, speed and fixed minutes; walking if left out.

    Returns
    -------
    DataFrame
        Minutes, index of `points`, columns `site_id`; inf where there is no way.

    Raises
    ------
    HubreachError
        If the libraries are not installed, the extract cannot be read, holds no streets of the mode,
        or lies more than 2 km from a point or a site.
    """
    settings = settings or DEFAULT_SETTINGS["walk"]
    nodes, graph = _read_graph(extract, settings.mode)
    tree = cKDTree(nodes[["easting", "northing"]].to_numpy(float))
    point_m, point_node = tree.query(points[["easting", "northing"]].to_numpy(float))
    site_m, site_node = tree.query(sites[["easting", "northing"]].to_numpy(float))
    _check_extent(extract, points.index, point_m, "point")
    _check_extent(extract, sites.index, site_m, "site")
    origins = np.repeat(nodes.index.to_numpy()[point_node], len(sites))
    targets = np.tile(nodes.index.to_numpy()[site_node], len(points))
    street = np.asarray(graph.shortest_path_lengths(origins, targets, imp_name="length"), float)
    street = np.where(street >= UNREACHABLE_M, np.inf, street).reshape(len(points), len(sites))
    # settings.minutes() lengthens by the detour, which only the legs off the street need
    metres = street / settings.detour + np.add.outer(point_m, site_m)
    return pd.DataFrame(settings.minutes(metres), index=points.index, columns=sites.index)


def _read_graph(extract: Path, mode: Mode) -> tuple[pd.DataFrame, Any]:
    """Street nodes (index node id; metres) and the graph that finds shortest ways between them."""
    if not network_available():
        found = f"the libraries {' and '.join(LIBRARIES)} are not installed"
        remedy = (
            "Install them with: pip install 'hubreach[network]'; or use straight lines or a table of times"
        )
        raise HubreachError(
            "Travel along streets is not available.", [Fault("network", None, None, found, remedy)]
        )
    pyrosm, exceptions = importlib.import_module("pyrosm"), importlib.import_module("pyrosm.exceptions")
    if not extract.is_file():
        raise _unusable(extract, "the file is missing", "Give the path of an OpenStreetMap extract")
    try:
        osm = pyrosm.OSM(str(extract))
        read = osm.get_network(network_type=NETWORK_TYPES[mode], nodes=True)
    except (exceptions.PBFException, ValueError, OSError) as error:
        raise _unusable(extract, f"it cannot be read ({error!s:.120})", "Give an .osm.pbf file") from error
    if read is None or read[1] is None or read[1].empty:
        raise _unusable(
            extract, f"it has no streets for {NETWORK_TYPES[mode]}", "Give an extract with streets"
        )
    nodes, edges = read
    if "oneway" not in edges.columns:
        edges = edges.assign(oneway="no")
    # Streets keep every bend as a node, so that a point can join them halfway along.
    graph = osm.to_graph(nodes, edges, graph_type="pandarm", network_type=NETWORK_TYPES[mode], simplify=False)
    kept = nodes.set_index("id").loc[list(graph.node_ids)]
    easting, northing = grid_of_lon_lat(kept["lon"].to_numpy(), kept["lat"].to_numpy())
    return pd.DataFrame({"easting": easting, "northing": northing}, index=kept.index), graph


def _check_extent(extract: Path, codes: pd.Index, metres: Any, what: str) -> None:
    far = np.asarray(metres, float) > FARTHEST_STREET_M
    if far.any():
        found = f"{int(far.sum()):,} {what}s lie over 2 km from its streets, the first is {codes[far][0]}"
        raise _unusable(extract, found, "Give an extract that covers the whole place")


def _unusable(extract: Path, found: str, remedy: str) -> HubreachError:
    return HubreachError(
        "The street network cannot be used.", [Fault(extract.name, None, None, found, remedy)]
    )

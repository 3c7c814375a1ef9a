"""Travel-time tables that a user has brought, kept in the user's data folder under a name of their own.

The name is made of the content, so a link that carries it always means the same table, and nobody's
table takes the place of another's.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.writing import write_whole

TABLE_ID = re.compile(r"[0-9a-f]{12}")


def kept_table_path(place_slug: str, table: str) -> Path:
    """Where a table is kept: `places/<place>/travel_times/<id>.csv`."""
    return place_user_folder(place_slug) / "travel_times" / f"{table}.csv"


def keep_table(place_slug: str, costs: pd.DataFrame) -> str:
    """Keep checked travel times.

    Parameters
    ----------
    place_slug : str
    costs : DataFrame
        Minutes, index `area_code`, columns `site_id` (`read_travel_table(...).costs`).

    Returns
    -------
    str
        The table's id.
    """
    text = costs.rename_axis(index="area_code", columns=None).to_csv(lineterminator="\n")
    table = hashlib.sha256(text.encode()).hexdigest()[:12]
    write_whole(kept_table_path(place_slug, table), text, "The travel times were not saved.")
    return table


def load_kept_table(place_slug: str, table: str) -> pd.DataFrame:
    """Minutes of a kept table, index `area_code`, columns `site_id`.

    Raises
    ------
    HubreachError
        If there is none of that id for the place.
    """
    path = kept_table_path(place_slug, table)
    if not TABLE_ID.fullmatch(table) or not path.is_file():
        found = f"{table!r:.40} is not kept here for this place"
        fault = Fault("travel times", None, None, found, "Upload the table again, or choose another way")
        raise HubreachError("The travel times are not there.", [fault])
    costs = pd.read_csv(path, index_col="area_code", dtype={"area_code": "str"}).astype(float)
    return costs.rename_axis(columns="site_id")

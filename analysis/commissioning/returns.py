"""The rows of a Best Start quarterly return, checked before they are sent: by what they mean, never by bare code."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.base.faults import FaultList
from analysis.commissioning.personal_data import refuse_personal_data
from analysis.intake.files.uploads import read_cells
from analysis.places.place import Place

SPLITS = ("decile", "age", "sex", "ethnicity")
BARE_CODE = re.compile(r"^(fhs|smd|wsmd|spcp|pcp|qsu|qwsu|pps|br)\d", re.IGNORECASE)
RETURN_COLUMNS = ("service", "total_users")


def read_return(source: Path | bytes, place: Place, file: str = "") -> pd.DataFrame:
    """Check the rows of a file (see `check_return`).

    Raises
    ------
    HubreachError
        If it looks as if it holds personal data, or cannot be used.
    """
    name = file or getattr(source, "name", "return")
    return check_return(read_cells(source, name), place, name)


def check_return(cells: pd.DataFrame, place: Place, file: str) -> pd.DataFrame:
    """Check the rows of a quarterly return before it is sent: sums, ranges, blank totals, unknown sites.

    Parameters
    ----------
    cells : DataFrame of text
        One service a row: `service`, `total_users`, perhaps `virtual_users`, `sites` (names, parted by
        semicolons) and splits headed decile_1, age_0_2, sex_female, ethnicity_white and so on.
    place : Place
        Whose sites the names must be.
    file : str
        Name of the file, for messages.

    Returns
    -------
    DataFrame
        `row` (of the file), `column`, `found`, `remedy`: empty where nothing is wrong.

    Raises
    ------
    HubreachError
        If it looks as if it holds personal data, a column is missing, or one is headed by a bare code, which means different things in the two
        numberings that are about.
    """
    cells = cells.fillna("").astype(str).map(str.strip)
    refuse_personal_data(cells, file, place.sites["name"])
    faults = FaultList(file)
    for heading in map(str, cells.columns):
        if BARE_CODE.match(heading.strip()):
            remedy = (
                "Head it by what it means, such as total_users or decile_1: codes differ between versions"
            )
            faults.add("a bare code of the return", remedy, row=1, column=heading)
    for name in RETURN_COLUMNS:
        if name not in cells.columns:
            faults.add("the column is missing", f"Add a column headed {name}", column=name)
    faults.raise_if_any("The return cannot be checked.")
    rows = [
        (position + 2, *fault)
        for position, row in enumerate(cells.to_dict("records"))
        for fault in _row_faults(
            {str(key): str(value) for key, value in row.items()}, set(place.sites["name"])
        )
    ]
    return pd.DataFrame(rows, columns=["row", "column", "found", "remedy"])


def _row_faults(row: dict[str, str], known_sites: set[str]) -> list[tuple[str, str, str]]:
    faults = []
    counted = [key for key in row if key.endswith("_users") or key.split("_")[0] in SPLITS]
    numbers: dict[str, int] = {}
    for key in counted:
        if row[key] and not row[key].isdigit():
            faults.append((key, "not a whole number, 0 or more", "Enter a count, or leave it blank"))
        elif row[key]:
            numbers[key] = int(row[key])
    total = numbers.get("total_users")
    for split in SPLITS:
        parts = [numbers[key] for key in numbers if key.startswith(f"{split}_")]
        if parts and total is None:
            faults.append(("total_users", f"blank, but users are given by {split}", "Enter the total"))
        elif parts and sum(parts) > (total or 0):
            found = f"{split}s add up to more than the total"
            faults.append((f"{split}_*", found, "Correct the total or the split"))
    if "virtual_users" in numbers and total is not None and numbers["virtual_users"] > total:
        faults.append(("virtual_users", "more than the total", "Correct one of them"))
    sites = [name.strip() for name in row.get("sites", "").split(";") if name.strip()]
    unknown = ("sites", "a site that is not in the place's list", "Write its name as the list has it")
    faults += [unknown] * sum(site not in known_sites for site in sites)
    return faults

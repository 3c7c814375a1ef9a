"""The localities of a place, from the wards that its council put into each."""

from __future__ import annotations

import pandas as pd

from analysis.base.faults import FaultList
from analysis.base.text import slugify
from analysis.places.manifest import Statements


def with_localities(areas: pd.DataFrame, said: Statements, faults: FaultList) -> pd.DataFrame:
    """Give each small area its locality; with none named, the whole place is one.

    Parameters
    ----------
    areas : DataFrame
        Of the place; columns `ward_name`, `place_code`, `place_name`.
    said : Statements
        The localities, each a list of wards by name.
    faults : FaultList
        Takes the wards that are in two localities or in none.

    Returns
    -------
    DataFrame
        `areas` with `locality_code` and `locality_name`.
    """
    if not said.localities:
        return areas.assign(locality_code=areas["place_code"], locality_name=areas["place_name"])
    home: dict[str, str] = {}
    for locality in said.localities:
        for ward in locality.wards:
            if ward in home:
                faults.add(
                    f"ward {ward!r:.60} is in both {home[ward]} and {locality.name}",
                    "Leave it in one locality",
                    column="localities",
                )
            home[ward] = locality.name
    left_out = sorted(set(areas["ward_name"]) - set(home) - {""})
    for ward in left_out:
        faults.add(f"ward {ward!r:.60} is in no locality", "Add it to one", column="localities")
    names = areas["ward_name"].map(lambda ward: home.get(ward, "Not in a locality")).astype("str")
    return areas.assign(locality_code=names.map(slugify), locality_name=names)


def report_unknown_wards(areas: pd.DataFrame, said: Statements, faults: FaultList) -> None:
    """Record wards that the council's localities and named areas have and the place has not."""
    known = set(areas["ward_name"])
    named = [("localities", ward) for item in said.localities for ward in item.wards]
    if said.priority is not None:
        named += [("priority.areas", ward) for item in said.priority.areas for ward in item.wards]
    for key, ward in named:
        if ward not in known:
            faults.add(
                f"the place has no ward {ward!r:.60}",
                "Use a ward name of the place, letter for letter",
                column=key,
            )

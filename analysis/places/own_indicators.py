"""Indicators that a user has added to a place: kept beside it, on its small areas, and read with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import tomlkit
from pydantic import Field

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import bundled_places_folder, place_user_folder
from analysis.base.records import Record, read_record
from analysis.base.writing import write_whole
from analysis.places.tables import Column, read_table

Measure = Literal["rate", "count"]
Fill = Literal["none", "ward"]
# What stands behind the value of a small area; only the last two have none.
STATUSES = ("value", "few", "filled", "suppressed", "missing")
MOST_INDICATORS = 60
PREFIX = "own_"
UNREADABLE = "The indicators of your own cannot be used."
COLUMNS = (
    Column("area_code", "text", unique=True),
    Column("value", blank=True),
    Column("status", "text"),
)
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class OwnIndicator(Record):
    """What an indicator of the user's own says of itself.

    `direction` is 1 where a higher figure means more need. Values are rates, shares, means or scores: a
    `count` was divided by people when it was added, so that areas of different size can be compared.
    """

    key: Annotated[str, Field(pattern=rf"^{PREFIX}[a-z0-9_]+$", max_length=64)]
    name: ShortText
    direction: Literal[1, -1]
    unit: ShortText
    vintage: ShortText
    source: ShortText
    measure: Measure
    geography: ShortText
    file: str
    fill: Fill = "none"
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class HeldIndicator:
    """An indicator and its values.

    Parameters
    ----------
    about : OwnIndicator
    table : DataFrame
        Index small-area code, every area of the place; `value` (NaN where there is none) and `status`
        (one of `STATUSES`).
    """

    about: OwnIndicator
    table: pd.DataFrame

    @property
    def is_whole(self) -> bool:
        """Whether every small area has a value, and they are not all the same: an index can use it."""
        values = self.table["value"]
        return bool(values.notna().all() and (values != values.iloc[0]).any())

    @property
    def coverage(self) -> pd.Series:
        """Number of small areas by status, all statuses."""
        return self.table["status"].value_counts().reindex(list(STATUSES), fill_value=0)


def indicators_folder(folder: Path) -> Path:
    """Folder of a place's own indicators: in the user's data for a bundled place, else in its own folder."""
    bundled = folder.resolve().parent == bundled_places_folder().resolve()
    return (place_user_folder(folder.name) if bundled else folder) / "indicators"


def read_own_indicators(
    folder: Path, areas: pd.DataFrame, faults: FaultList | None = None
) -> tuple[HeldIndicator, ...]:
    """Read every indicator that a user added to a place, in order of key.

    Parameters
    ----------
    folder : Path
        Of the place.
    areas : DataFrame
        Of the place, index small-area code.
    faults : FaultList, optional
        Takes what is wrong; without one it is raised.

    Returns
    -------
    tuple of HeldIndicator
        In order of key.

    Raises
    ------
    HubreachError
    """
    found, own = [], FaultList("indicators")
    kept = indicators_folder(folder)
    for path in sorted(kept.glob(f"{PREFIX}*.toml"))[:MOST_INDICATORS] if kept.is_dir() else ():
        before = len(own)
        with own.collecting():
            about = read_record(path, OwnIndicator, UNREADABLE)
            table = _read_values(path.with_suffix(".csv"), areas, own)
            if table is not None and len(own) == before:
                found.append(HeldIndicator(about, table))
    if faults is None:
        own.raise_if_any(UNREADABLE)
    else:
        faults.extend(own)
    return tuple(found)


def _read_values(path: Path, areas: pd.DataFrame, faults: FaultList) -> pd.DataFrame | None:
    table = read_table(path, COLUMNS, faults)
    if table is None:
        return None
    remedy = "Take the indicator away (hubreach indicator remove) and add it again"
    strange = ~table["status"].isin(STATUSES)
    for row in table.index[strange][:5]:
        found = f"{table['status'][row]!r:.40} is no status"
        faults.add(found, remedy, file=path.name, row=int(row) + 2, column="status")
    unlike = table["value"].notna() != table["status"].isin(STATUSES[:3])
    for row in table.index[unlike & ~strange][:5]:
        found = f"the status is {table['status'][row]!r:.40}, and the value does not fit it"
        faults.add(found, remedy, file=path.name, row=int(row) + 2, column="value")
    if set(table["area_code"]) != set(areas.index):
        many = len(set(table["area_code"]) ^ set(areas.index))
        faults.add(
            f"{many:,} areas are only in one of the indicator and the place",
            remedy,
            file=path.name,
            column="area_code",
        )
    return table.drop_duplicates("area_code").set_index("area_code")[["value", "status"]].reindex(areas.index)


def save_own_indicator(place_folder: Path, held: HeldIndicator, *, replace: bool = False) -> Path:
    """Keep an indicator beside a place.

    Returns
    -------
    Path
        Its file of values.

    Raises
    ------
    HubreachError
        If there is one of this key already, there are too many, or it cannot be written.
    """
    kept, key = indicators_folder(place_folder), held.about.key
    path = kept / f"{key}.csv"
    there = {each.stem for each in kept.glob("*.toml")} if kept.is_dir() else set()
    headline = f"The indicator {held.about.name!r:.60} was not saved."
    if key in there and not replace:
        fault = Fault("name", None, None, f"{key} is there already", "Give another name, or replace it")
        raise HubreachError(headline, [fault])
    if key not in there and len(there) >= MOST_INDICATORS:
        found = f"the place has {len(there)} indicators of your own already"
        raise HubreachError(headline, [Fault("indicators", None, None, found, "Remove one first")])
    values = held.table.assign(value=np.round(held.table["value"], 6)).rename_axis("area_code")
    write_whole(path, values.to_csv(lineterminator="\n"), headline)
    # The file that says what the values are comes last: without it, nobody reads them.
    write_whole(path.with_suffix(".toml"), tomlkit.dumps(held.about.model_dump()), headline)
    return path


def remove_own_indicator(place_folder: Path, key: str) -> None:
    """Take an indicator away. Its files need not be readable.

    Raises
    ------
    HubreachError
        If the place has none of this key, or it cannot be removed.
    """
    kept = indicators_folder(place_folder)
    there = sorted({path.stem for path in kept.glob(f"{PREFIX}*")}) if kept.is_dir() else []
    headline = "The indicator was not taken away."
    if key not in there:
        known = ", ".join(there) or "none"
        fault = Fault("key", None, None, f"no indicator {key!r:.60}", f"There are: {known}")
        raise HubreachError(headline, [fault])
    try:
        for suffix in (".toml", ".csv"):
            (kept / f"{key}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        found = f"it cannot be removed ({error.strerror or error})"
        fault = Fault(key, None, None, found, "Check the folder named in HUBREACH_DATA_DIR")
        raise HubreachError(headline, [fault]) from error


def own_indicator_table(held: tuple[HeldIndicator, ...]) -> pd.DataFrame:
    """Every indicator of the user's own, one row each.

    Returns
    -------
    DataFrame
        Index `key`; `name`, `direction`, `unit`, `vintage`, `source`, `geography`, number of small areas
        by status, `in_index` (whether an index can use it), `cautions`.
    """
    rows = [
        {
            "key": each.about.key,
            "name": each.about.name,
            "direction": "higher" if each.about.direction > 0 else "lower",
            "unit": each.about.unit,
            "vintage": each.about.vintage,
            "source": each.about.source,
            "geography": each.about.geography,
            **{status: int(number) for status, number in each.coverage.items()},
            "in_index": each.is_whole,
            "cautions": "; ".join(each.about.cautions),
        }
        for each in held
    ]
    columns = ["key", "name", "direction", "unit", "vintage", "source", "geography", *STATUSES]
    return pd.DataFrame(rows, columns=[*columns, "in_index", "cautions"]).set_index("key")

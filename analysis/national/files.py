"""The Parquet files of national answers, read by DuckDB: ranked authorities, ready questions, own queries."""

# Names in the SQL below are headings of the file itself: quoted, or checked against KEY.
# ruff: noqa: S608

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import user_data_folder
from analysis.places.england.tables import england_folder

Kind = Literal["need", "reach"]
TABLE = "england"
KEY = re.compile(r"[a-z][a-z0-9_]*")
NEEDED = ("authority_code", "authority_name", "level", "area_code", "area_name", "children")
HOW = "Make one with hubreach national need or hubreach national reach"
MOST_ROWS = 10_000
MOST_SECONDS = 20.0
MEMORY = "1GB"
HEADLINE = "The question cannot be answered."


@dataclass(frozen=True)
class NationalMeasure:
    """A figure that authorities can be ranked by.

    Parameters
    ----------
    key, title, unit : str
    value, low, high : str
        SQL over the columns of the file; the last two are "" where the figure has no range.
    """

    key: str
    title: str
    unit: str
    value: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class NationalFile:
    """A file of national answers: what it holds.

    Parameters
    ----------
    path : Path
    kind : {"need", "reach"}
    columns : tuple of str
        But the geometry.
    """

    path: Path
    kind: Kind
    columns: tuple[str, ...]

    @property
    def tiers(self) -> tuple[str, ...]:
        """Keys of the tiers of need that the file holds, mildest first."""
        ending = "_rate_per_1000" if self.kind == "need" else "_covered_low"
        found = [name.removesuffix(ending) for name in self.columns if name.endswith(ending)]
        return tuple(name for name in found if KEY.fullmatch(name) and not name.endswith("_share"))

    @property
    def measures(self) -> tuple[NationalMeasure, ...]:
        """What authorities can be ranked by."""
        return tuple(_need_measures(self) if self.kind == "need" else _reach_measures(self))


def tier_words(key: str) -> str:
    """A tier's key in words.

    >>> tier_words("early_help")
    'Early help'
    """
    return key.replace("_", " ").capitalize()


def _need_measures(file: NationalFile) -> Iterator[NationalMeasure]:
    for tier in file.tiers:
        name, per = tier_words(tier), "* 1000.0 / children"
        low, high = f'"{tier}_low"', f'"{tier}_high"'
        yield NationalMeasure(
            f"{tier}_rate",
            f"{name}: children in 1,000",
            "per 1,000 children",
            f'"{tier}_children" {per}',
            f"{low} {per}",
            f"{high} {per}",
        )
        yield NationalMeasure(
            f"{tier}_children", f"{name}: children", "children", f'"{tier}_children"', low, high
        )
    if {"families", "families_low", "families_high"} <= set(file.columns):
        yield NationalMeasure("families", "Families", "families", "families", "families_low", "families_high")


def _reach_measures(file: NationalFile) -> Iterator[NationalMeasure]:
    yield NationalMeasure("children_out", "Children out of reach", "children", "children - children_covered")
    yield NationalMeasure(
        "children_share",
        "Children within reach",
        "per cent of children",
        "100.0 * children_covered / children",
    )
    for tier in file.tiers:
        name, column = tier_words(tier), f"{tier}_share_covered"
        if {column, f"{column}_low", f"{column}_high"} <= set(file.columns):
            yield NationalMeasure(
                f"{tier}_share",
                f"{name} within reach",
                "per cent of need",
                *(f'100.0 * "{each}"' for each in (column, f"{column}_low", f"{column}_high")),
            )
        yield NationalMeasure(
            f"{tier}_covered",
            f"{name} within reach: children",
            "children",
            f'"{tier}_covered"',
            f'"{tier}_covered_low"',
            f'"{tier}_covered_high"',
        )


def open_national(path: Path) -> NationalFile:
    """Look into a file of national answers; only its description is read.

    Raises
    ------
    HubreachError
        If it is none.
    """
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException) as error:
        missing = isinstance(error, FileNotFoundError)
        found = "the file is missing" if missing else "no Parquet file, or a damaged one"
        raise HubreachError("The file cannot be used.", [Fault(path.name, None, None, found, HOW)]) from error
    columns = tuple(name for name in schema.names if name != "geometry")
    kind: Kind | None = None
    if "families" in columns:
        kind = "need"
    elif "children_covered" in columns:
        kind = "reach"
    lacking = [name for name in NEEDED if name not in columns]
    if lacking or kind is None:
        found = f"it lacks {', '.join(lacking)}" if lacking else "it holds neither need nor reach"
        raise HubreachError("The file cannot be used.", [Fault(path.name, None, None, found, HOW)])
    file = NationalFile(path, kind, columns)
    if not file.tiers:
        fault = Fault(path.name, None, None, "it holds no tier of need", HOW)
        raise HubreachError("The file cannot be used.", [fault])
    return file


def national_folder() -> Path:
    """Folder in which the dashboard looks for national answers."""
    return user_data_folder() / "national"


def national_files() -> list[NationalFile]:
    """Files of national answers: those in the user's data, newest first, then the one that comes with the product.

    Files that hold something else are passed over.
    """
    found: list[tuple[float, NationalFile]] = []
    for folder in (national_folder(), user_data_folder()):
        for path in folder.glob("*.parquet") if folder.is_dir() else ():
            try:
                found.append((path.stat().st_mtime, open_national(path)))
            except (HubreachError, OSError):
                continue
    own = [file for _, file in sorted(found, key=lambda item: -item[0])]
    return [*own, open_national(bundled_answers())]


def bundled_answers() -> Path:
    """Need of every authority as it comes with the product: the default assumptions, one curve for the country."""
    return england_folder() / "answers" / "england-need-2025.parquet"


def rank_authorities(file: NationalFile, measure: NationalMeasure) -> pd.DataFrame:
    """Authorities by falling value of a measure.

    Returns
    -------
    DataFrame
        Index `authority_code`; `authority_name`, `children`, `value`, `low`, `high` (NaN where the measure
        has no range), `rank` (1 the highest; equals share it).
    """
    low, high = measure.low or "CAST(NULL AS DOUBLE)", measure.high or "CAST(NULL AS DOUBLE)"
    with _opened(file) as connection:
        table = connection.execute(
            f"SELECT authority_code, authority_name, children, CAST({measure.value} AS DOUBLE) AS value, "
            f"CAST({low} AS DOUBLE) AS low, CAST({high} AS DOUBLE) AS high FROM {TABLE} "
            "WHERE level = 'place' AND children > 0 ORDER BY value DESC, authority_name"
        ).df()
    _refuse_no_numbers(file, table, table["value"].isna())
    table["rank"] = table["value"].round(9).rank(method="min", ascending=False).astype("int64")
    return table.set_index("authority_code")


def small_area_values(file: NationalFile, measure: NationalMeasure) -> pd.DataFrame:
    """Value of a measure in every small area.

    Returns
    -------
    DataFrame
        Index `area_code`, rising; `area_name`, `authority_code`, `authority_name`, `children`, `value`, `low`, `high`
        (NaN where there are no children, or the measure has no range).
    """
    low, high = measure.low or "CAST(NULL AS DOUBLE)", measure.high or "CAST(NULL AS DOUBLE)"
    # Shares of no children are no figure, whatever the database makes of a division by nought.
    figures = ", ".join(
        f"CASE WHEN children > 0 THEN CAST({each} AS DOUBLE) END AS {name}"
        for name, each in (("value", measure.value), ("low", low), ("high", high))
    )
    with _opened(file) as connection:
        table = connection.execute(
            f"SELECT area_code, area_name, authority_code, authority_name, children, {figures} FROM {TABLE} "
            "WHERE level = 'lsoa' ORDER BY area_code"
        ).df()
    _refuse_no_numbers(file, table, pd.Series(False, table.index))
    return table.set_index("area_code")


def _refuse_no_numbers(file: NationalFile, table: pd.DataFrame, missing: pd.Series) -> None:
    """Refuse a file with a figure that is missing or infinite."""
    wrong = missing | table[["value", "low", "high"]].isin([math.inf, -math.inf]).any(axis=1)
    if wrong.any():
        first = table[wrong].iloc[0]
        name = first.get("area_name", first["authority_name"])
        found = f"a figure of {name} is no number ({first['value']}, {first['low']} to {first['high']})"
        raise HubreachError("The file cannot be used.", [Fault(file.path.name, None, None, found, HOW)])


def ready_questions(file: NationalFile) -> dict[str, str]:
    """Questions that are ready to be asked of a file: SQL by name."""
    tier = file.tiers[0]
    if file.kind == "need":
        return {
            "wards-with-most-need": f'SELECT area_name, authority_name, children, "{tier}_children", "{tier}_low", '
            f'"{tier}_high" FROM {TABLE} WHERE level = \'ward\' ORDER BY "{tier}_children" DESC LIMIT 50',
            "neighbourhoods-with-highest-rate": f'SELECT area_name, authority_name, children, "{tier}_children", '
            f"\"{tier}_rate_per_1000\" FROM {TABLE} WHERE level = 'lsoa' AND children >= 50 "
            f'ORDER BY "{tier}_rate_per_1000" DESC LIMIT 50',
            "widest-ranges": f'SELECT authority_name, "{tier}_children", "{tier}_low", "{tier}_high", '
            f'round(("{tier}_high" - "{tier}_low") / "{tier}_children", 3) AS width FROM {TABLE} '
            f"WHERE level = 'place' AND \"{tier}_children\" > 0 ORDER BY width DESC LIMIT 50",
            "country": f'SELECT count(*) AS authorities, sum(children) AS children, sum("{tier}_children") AS {tier} '
            f"FROM {TABLE} WHERE level = 'place'",
        }
    return {
        "authorities-least-covered": "SELECT authority_name, children, children - children_covered AS out_of_reach, "
        f"round(share_covered, 3) AS share_covered FROM {TABLE} WHERE level = 'place' ORDER BY share_covered LIMIT 50",
        "wards-with-most-children-out-of-reach": "SELECT area_name, authority_name, children - children_covered AS "
        f"out_of_reach, mean_minutes FROM {TABLE} WHERE level = 'ward' ORDER BY out_of_reach DESC LIMIT 50",
        "country": "SELECT count(*) AS authorities, sum(children) AS children, sum(children_covered) AS covered "
        f"FROM {TABLE} WHERE level = 'place'",
    }


def query_national(file: NationalFile, sql: str, *, most_seconds: float = MOST_SECONDS) -> pd.DataFrame:
    """Answer one question in SQL about a file, whose rows are the table `england`.

    Nothing but this file can be read, and nothing written; memory, time and rows are bounded.

    Raises
    ------
    HubreachError
        If it is no single SELECT, cannot be run, or takes too long.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise _refused(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        found = f"{sql.strip()[:60]!r} is not one SELECT"
        raise _refused(found)
    with _opened(file) as connection:
        clock = threading.Timer(most_seconds, connection.interrupt)
        clock.start()
        try:
            answer = connection.execute(statements[0])
            rows = answer.fetchmany(MOST_ROWS)
            names = [str(column[0]) for column in answer.description or ()]
        except (duckdb.Error, RuntimeError) as error:
            slow = isinstance(error, duckdb.InterruptException)
            raise _refused(f"it took over {most_seconds:g} seconds" if slow else str(error)) from error
        finally:
            clock.cancel()
    unlike = [name if names.index(name) == at else f"{name}_{at + 1}" for at, name in enumerate(names)]
    return pd.DataFrame(rows, columns=unlike)


@contextmanager
def _opened(file: NationalFile) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that sees one file, and can be told nothing else."""
    path = str(file.path.absolute()).replace("'", "''")
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in file.columns)
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": MEMORY})
    try:
        connection.execute(f"SET allowed_paths = ['{path}']")
        connection.execute("SET enable_external_access = false")
        connection.execute(f"CREATE VIEW {TABLE} AS SELECT {columns} FROM read_parquet('{path}')")
        connection.execute("SET lock_configuration = true")
        yield connection
    except duckdb.Error as error:
        raise _refused(str(error)) from error
    finally:
        connection.close()


def _refused(found: str) -> HubreachError:
    first = next((line for line in found.splitlines() if line.strip()), "no reason given")
    remedy = f"Ask one SELECT about the table {TABLE}; see its columns with hubreach national columns"
    return HubreachError(HEADLINE, [Fault("question", None, None, first[:300], remedy)])

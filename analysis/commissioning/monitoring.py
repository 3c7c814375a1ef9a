"""Outcome measures by quarter against baseline and target, with run charts, control limits and what is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.text import ungrouped_series
from analysis.commissioning.counts import PERIOD
from analysis.commissioning.personal_data import refuse_personal_data
from analysis.commissioning.sums import find_sums
from analysis.intake.files.uploads import read_cells
from analysis.places.rounding import PROTECTION, protect

MONITORING_COLUMNS = ("measure", "quarter", "baseline", "target", "actual", "better", "counts_people")
NUMBERS = ("baseline", "target", "actual")
INDIVIDUALS_FACTOR = 2.66
"""3 / 1.128: three sigma from a mean moving range of two (Shewhart; Wheeler 1993)."""
FEWEST_POINTS = 8
WITHIN_ROUNDING = (
    "Within rounding: the true number may be on either side of the target, since what is shown may be up to "
    f"{PROTECTION} people off"
)
RUN_LENGTH = 8


def read_monitoring(source: Path | bytes, file: str = "") -> pd.DataFrame:
    """Read outcome measures from CSV or Excel.

    One row for each measure and quarter: `measure`, `quarter` (2021-22 Q3 or 2022 Q1), `baseline`,
    `target`, `actual` (blank where not known), `better` ("up" or "down"), and `counts_people` ("yes" for
    numbers of people, which are then protected; "no" for rates, scores and percentages).

    Returns
    -------
    DataFrame
        Columns `MONITORING_COLUMNS`, in order of measure (as in the file) and quarter; numbers float64,
        `counts_people` bool.

    Raises
    ------
    HubreachError
        If the file looks as if it holds personal data, or cannot be used.
    """
    name = file or getattr(source, "name", "monitoring file")
    return monitoring_from_cells(read_cells(source, name), name)


def monitoring_from_cells(cells: pd.DataFrame, file: str = "monitoring") -> pd.DataFrame:
    """As `read_monitoring`, from a table of text (an editor on a page, a paste from a spreadsheet)."""
    cells = cells.fillna("").astype(str).map(str.strip)
    refuse_personal_data(cells, file)
    faults = FaultList(file)
    for missing in [name for name in MONITORING_COLUMNS if name not in cells.columns]:
        faults.add("the column is missing", f"Add a column headed {missing}", column=missing)
    faults.raise_if_any("The monitoring file cannot be used.")
    table = cells[list(MONITORING_COLUMNS)].copy()
    for name in NUMBERS:
        table[name] = _numbers(cells[name], name, faults)
    _check_choice(cells["better"], "better", ("up", "down"), faults)
    _check_choice(cells["counts_people"], "counts_people", ("yes", "no"), faults)
    for row, quarter in cells["quarter"].items():
        if not PERIOD.match(quarter):
            faults.add(
                "not a quarter", "Write 2021-22 Q3 or 2022 Q1", row=int(str(row)) + 2, column="quarter"
            )
    for row, twice in cells.duplicated(["measure", "quarter"]).items():
        if twice:
            faults.add("the same measure and quarter as an earlier row", "Keep one", row=int(str(row)) + 2)
    for name, row in product(("baseline", "actual"), table.index[counts_people(cells)]):
        if table.loc[row, name] < 0 or table.loc[row, name] % 1 > 0:
            remedy = "Enter a whole number, 0 or more, or say no in counts_people"
            faults.add("not a whole number of people", remedy, row=int(row) + 2, column=name)
    faults.raise_if_any("The monitoring file cannot be used.")
    table["counts_people"] = cells["counts_people"].str.lower() == "yes"
    table["better"] = cells["better"].str.lower()
    return _in_order(table)


def counts_people(cells: pd.DataFrame) -> pd.Series:
    """Which rows of a table of text count people: all but those that say "no"."""
    return cells["counts_people"].fillna("").astype(str).str.strip().str.lower() != "no"


def protected_monitoring(monitoring: pd.DataFrame) -> pd.DataFrame:
    """The same table with numbers of people rounded to 5 together, so that nothing can be worked out.

    Targets are plans, not people, and stay. Nothing is added up over quarters; a year that stands beside
    its quarters, and measures that make up another, are rounded with them.
    """
    safe = monitoring.copy()
    people = monitoring[monitoring["counts_people"]]
    # A baseline is the same number in every quarter that repeats it.
    leaves = pd.concat(
        [
            people[["measure", "quarter", "actual"]].rename(columns={"quarter": "period", "actual": "count"}),
            people[["measure", "baseline"]].assign(period="baseline").rename(columns={"baseline": "count"}),
        ]
    ).dropna(subset="count")
    leaves = leaves.drop_duplicates().reset_index(drop=True)
    if leaves.empty:
        return safe
    actual = leaves[leaves["period"] != "baseline"].assign(unit="")
    # Baselines may differ within a measure: each is a figure of its own.
    leaves["figure"] = leaves.groupby(["measure", "period"]).cumcount()
    sums = find_sums(actual)
    shown = protect(leaves, {"all": ["measure", "period", "figure"]}, sums=sums)["all"]
    value = shown.reindex(pd.MultiIndex.from_frame(leaves[["measure", "period", "figure"]])).astype(float)
    keys = leaves.set_index(["measure", "period", "count"]).index
    given = pd.Series(value.to_numpy(), index=keys)
    for column, period in (("actual", people["quarter"]), ("baseline", "baseline")):
        known = people[column].notna()
        rows = people[known].assign(period=period)[["measure", "period", column]]
        safe.loc[rows.index, column] = given.reindex(pd.MultiIndex.from_frame(rows)).to_numpy()
    return safe


def compare_with_plan(monitoring: pd.DataFrame) -> pd.DataFrame:
    """Each measure and quarter against its target and its baseline.

    Returns
    -------
    DataFrame
        Columns `measure`, `quarter`, `baseline`, `target`, `actual`, `against_target` (actual less target),
        `since_baseline` (actual less baseline) and `status`: "met", "not met", "within rounding" (a protected
        number of people that may be on either side of its target) or "" where there is none.
    """
    table = monitoring[["measure", "quarter", *NUMBERS]].copy()
    table["against_target"] = table["actual"] - table["target"]
    table["since_baseline"] = table["actual"] - table["baseline"]
    over = table["against_target"] * np.where(monitoring["better"] == "up", 1, -1)
    off = np.where(monitoring["counts_people"], PROTECTION, 0)
    unsure = (over < off) & (over >= -off)
    table["status"] = np.select([over.isna(), unsure, over >= 0], ["", "within rounding", "met"], "not met")
    return table


def control_limits(
    values: pd.Series, limits_from: int | None = None, *, least: float | None = None
) -> pd.DataFrame:
    """Run chart of single values (XmR) with natural process limits.

    Centre: the mean. Limits: centre plus and minus 2.66 x mean moving range between neighbours. A point is
    a signal when it lies outside the limits, or is one of 8 or more in a row on one side of the centre.

    Parameters
    ----------
    values : Series
        In order of time; missing values are left out of the working and of the moving ranges.
    limits_from : int, optional
        Work out centre and limits from the first so many values only (before a change, say).
    least : float, optional
        The least value there can be, such as 0 for a number of people; the lower limit stays at or above it.

    Returns
    -------
    DataFrame
        On the index of `values`: `actual`, `centre`, `lower`, `upper`, `moving_range`, `signal` ("outside",
        "run" or ""), `provisional` (True where fewer than 8 values stand behind the limits).

    Raises
    ------
    HubreachError
        If fewer than two values are there.

    References
    ----------
    Wheeler (1993), Understanding Variation: The Key to Managing Chaos.
    """
    given = values.dropna().astype(float)
    basis = given if limits_from is None else given.iloc[:limits_from]
    if len(basis) < 2:
        fault = Fault(
            "run chart", None, None, f"{len(basis)} values", "Give at least two; eight for firm limits"
        )
        raise HubreachError("Control limits cannot be worked out.", [fault])
    centre = basis.mean()
    reach = INDIVIDUALS_FACTOR * basis.diff().abs().mean()
    table = pd.DataFrame({"actual": values.astype(float)})
    table["centre"], table["lower"], table["upper"] = centre, centre - reach, centre + reach
    if least is not None:
        table["lower"] = table["lower"].clip(lower=least)
    table["moving_range"] = given.diff().abs().reindex(values.index)
    outside = (table["actual"] < table["lower"]) | (table["actual"] > table["upper"])
    table["signal"] = np.select(
        [outside, _in_long_run(given - centre).reindex(values.index, fill_value=False)],
        ["outside", "run"],
        "",
    )
    table["provisional"] = len(basis) < FEWEST_POINTS
    return table


def measure_limits(rows: pd.DataFrame, limits_from: int | None = None) -> pd.DataFrame:
    """Control limits of one measure, `actual` and `counts_people` by quarter; a number of people is never below 0."""
    return control_limits(rows["actual"], limits_from, least=0.0 if rows["counts_people"].all() else None)


def _in_long_run(deviation: pd.Series) -> pd.Series:
    side = np.sign(deviation)
    run = (side != side.shift()).cumsum()
    long = run.groupby(run).transform("size") >= RUN_LENGTH
    in_run: pd.Series = long & side.ne(0)
    return in_run


def _numbers(texts: pd.Series, name: str, faults: FaultList) -> pd.Series:
    values = pd.to_numeric(
        ungrouped_series(texts).str.replace(r"[%£]", "", regex=True), errors="coerce"
    ).astype(float)
    for row, wrong in ((texts != "") & ~np.isfinite(values)).items():
        if wrong:
            faults.add(
                "not a number", "Enter a number, or leave it blank", row=int(str(row)) + 2, column=name
            )
    return values


def _check_choice(texts: pd.Series, name: str, choices: tuple[str, str], faults: FaultList) -> None:
    for row, wrong in (~texts.str.lower().isin(choices)).items():
        if wrong:
            remedy = f"Write {' or '.join(choices)}"
            faults.add("not one of the words known here", remedy, row=int(str(row)) + 2, column=name)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    def moment(quarter: str) -> str:
        year = re.search(r"\d{4}", quarter)
        part = re.search(r"q(\d)", quarter, re.IGNORECASE)
        return f"{year.group() if year else ''}{part.group(1) if part else '0'}"

    order = {measure: number for number, measure in enumerate(dict.fromkeys(table["measure"]))}
    keys = pd.DataFrame({"measure": table["measure"].map(order), "moment": table["quarter"].map(moment)})
    return table.loc[keys.sort_values(["measure", "moment"], kind="stable").index].reset_index(drop=True)


LEAST_VALUES = 2
START_ROWS = 8


@dataclass(frozen=True, eq=False)
class MonitoringView:
    """Outcome measures as they may be shown.

    Parameters
    ----------
    table : DataFrame
        `compare_with_plan` of the protected figures, with `better` and `counts_people`.
    latest : DataFrame
        Last quarter with a figure of each measure: `measure`, `quarter`, `actual`, `target`, `status`, `signals`.
    """

    table: pd.DataFrame
    latest: pd.DataFrame

    @property
    def measures(self) -> list[str]:
        """Names of the measures, in the order of the file."""
        return list(dict.fromkeys(self.table["measure"]))


def monitoring_view(monitoring: pd.DataFrame) -> MonitoringView:
    """Protect the figures, then compare them with the plan."""
    safe = protected_monitoring(monitoring)
    table = compare_with_plan(safe).assign(better=safe["better"], counts_people=safe["counts_people"])
    known = table[table["actual"].notna()].groupby("measure", sort=False).tail(1)
    latest = known[["measure", "quarter", "actual", "target", "status"]].copy()
    latest["signals"] = [_signals(table, str(measure)) for measure in latest["measure"]]
    return MonitoringView(table, latest.reset_index(drop=True))


def run_chart(view: MonitoringView, measure: str, limits_from: int | None = None) -> pd.DataFrame:
    """One measure over time with its limits: `control_limits` and `quarter`, `target`, `baseline`, `label`.

    Raises
    ------
    HubreachError
        If fewer than two figures are there.
    """
    rows = view.table[view.table["measure"] == measure].reset_index(drop=True)
    chart = measure_limits(rows, limits_from)
    chart.insert(0, "quarter", rows["quarter"])
    return chart.assign(target=rows["target"], baseline=rows["baseline"])


def can_be_charted(view: MonitoringView, measure: str) -> bool:
    """Whether there are enough figures for limits."""
    rows = view.table[view.table["measure"] == measure]
    return int(rows["actual"].notna().sum()) >= LEAST_VALUES


def monitoring_template() -> pd.DataFrame:
    """An empty table with the headings that monitoring needs; people are protected unless somebody says no."""
    blank = pd.DataFrame("", index=range(START_ROWS), columns=list(MONITORING_COLUMNS), dtype=str)
    return blank.assign(better="up", counts_people="yes")


def _signals(table: pd.DataFrame, measure: str) -> int:
    rows = table[table["measure"] == measure]
    if rows["actual"].notna().sum() < LEAST_VALUES:
        return 0
    return int((measure_limits(rows)["signal"] != "").sum())

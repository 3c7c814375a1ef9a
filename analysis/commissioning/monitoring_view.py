"""The numbers behind monitoring: each measure against its plan, and whether a change is more than noise."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.commissioning.monitoring import (
    MONITORING_COLUMNS,
    compare_with_plan,
    measure_limits,
    protected_monitoring,
)

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

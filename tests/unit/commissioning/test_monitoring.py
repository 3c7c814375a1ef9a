"""Monitoring: control limits from a published example of the method, plan and protection."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.monitoring import (
    compare_with_plan,
    control_limits,
    measure_limits,
    protected_monitoring,
    read_monitoring,
)

TEXT = (
    "measure,quarter,baseline,target,actual,better,counts_people\n"
    "Children entering care,2022 Q2,12,10,3,down,yes\n"
    "Children entering care,2022 Q1,12,10,11,down,yes\n"
    "Parents who feel listened to (%),2022 Q1,40,60,55,up,no\n"
    "Parents who feel listened to (%),2022 Q2,40,60,,up,no\n"
)


def monitoring(text=TEXT):
    return read_monitoring(text.encode(), "monitoring.csv")


def test_quarters_come_in_order():
    assert monitoring()["quarter"].tolist() == ["2022 Q1", "2022 Q2"] * 2


def test_comparison_with_the_plan():
    table = compare_with_plan(monitoring())
    assert table["status"].tolist() == ["within rounding", "met", "not met", ""]
    assert table["against_target"].tolist()[:3] == [1, -7, -5]
    assert table["since_baseline"].tolist()[:3] == [-1, -9, 15]


def test_numbers_of_people_are_protected_and_percentages_are_not():
    table = protected_monitoring(monitoring())
    assert table["actual"].iloc[0] in {10, 15}
    assert table["actual"].iloc[1] in {0, 5}
    assert table["actual"].iloc[2] == 55
    # The same baseline of two quarters is one number, rounded once.
    assert table["baseline"].tolist() in ([10, 10, 40, 40], [15, 15, 40, 40])
    assert table["target"].tolist() == [10, 10, 60, 60]


def test_limits_by_hand():
    # Mean 12; moving ranges 2, 4, 2, 4, mean 3: 12 +- 7.98.
    table = control_limits(pd.Series([10.0, 12, 16, 14, 10]) - 0.4)
    assert table["centre"].iloc[0] == pytest.approx(12.0)
    assert table["upper"].iloc[0] == pytest.approx(19.98)
    assert table["lower"].iloc[0] == pytest.approx(4.02)
    assert table["provisional"].all()


def test_a_point_outside_the_limits_is_a_signal():
    values = pd.Series([10, 11, 10, 11, 10, 11, 10, 30.0])
    table = control_limits(values, limits_from=7)
    assert table["signal"].tolist() == [""] * 7 + ["outside"]
    assert table["centre"].iloc[0] == pytest.approx(73 / 7)


def test_eight_on_one_side_are_a_signal_and_seven_are_not():
    eight = control_limits(pd.Series([11.0, 9, 11, 9, *[10.5] * 8]), limits_from=4)
    seven = control_limits(pd.Series([11.0, 9, 11, 9, *[10.5] * 7]), limits_from=4)
    assert eight["signal"].tolist() == [""] * 4 + ["run"] * 8
    assert (seven["signal"] == "").all()


def test_a_number_of_people_has_no_limit_below_nought_and_a_saving_may():
    rows = pd.DataFrame({"actual": [1.0, 9.0, 1.0], "counts_people": True})
    assert measure_limits(rows)["lower"].tolist() == [0, 0, 0]
    assert measure_limits(rows.assign(counts_people=False))["lower"].iloc[0] < 0


def test_missing_quarters_are_left_out():
    table = control_limits(pd.Series([10.0, np.nan, 12.0]))
    assert table["centre"].iloc[0] == 11
    assert table["moving_range"].tolist()[2] == 2
    assert table["signal"].tolist() == ["", "", ""]


def test_one_value_has_no_limits():
    with pytest.raises(HubreachError, match="at least two"):
        control_limits(pd.Series([1.0, np.nan]))


def test_wrong_cells_are_told_together():
    with pytest.raises(HubreachError) as error:
        monitoring(
            "measure,quarter,baseline,target,actual,better,counts_people\nA,soon,x,1,1,sideways,maybe\n"
        )
    assert {f.column for f in error.value.faults} == {"quarter", "baseline", "better", "counts_people"}


def test_missing_columns_are_named():
    with pytest.raises(HubreachError) as error:
        monitoring("measure,quarter\nA,2022 Q1\n")
    assert len(error.value.faults) == 5

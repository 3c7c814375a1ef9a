"""Travel times that a user brought, kept under a name made of their content."""

import numpy as np
import pandas as pd
import pytest

from analysis.base.faults import HubreachError
from analysis.reach.kept_tables import keep_table, kept_table_path, load_kept_table

COSTS = pd.DataFrame(
    {"ash-hub": [1.5, np.inf], "cedar-hub": [20.0, 0.1 + 0.2]},
    index=pd.Index(["A1", "A2"], name="area_code", dtype="str"),
).rename_axis(columns="site_id")


def test_what_is_kept_comes_back_to_the_last_digit():
    table = keep_table("sampleton", COSTS)
    again = load_kept_table("sampleton", table)
    pd.testing.assert_frame_equal(again, COSTS, check_exact=True, check_column_type=False)


def test_the_same_times_have_the_same_name_and_others_another():
    first = keep_table("sampleton", COSTS)
    other = keep_table("sampleton", COSTS + 1)
    assert keep_table("sampleton", COSTS) == first != other
    assert kept_table_path("sampleton", first).is_file()
    assert kept_table_path("sampleton", other).is_file()


@pytest.mark.parametrize("table", ["", "0123456789ab", "../site_changes", "x" * 12])
def test_a_name_that_is_not_kept_is_told(table):
    with pytest.raises(HubreachError, match="not kept here"):
        load_kept_table("nowhere", table)

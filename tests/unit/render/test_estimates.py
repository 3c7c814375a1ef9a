"""Modelled counts in a table: one rounding, the one of sentences, and nothing else is touched."""

import numpy as np
import pandas as pd

from analysis.render.estimates import is_estimate, rounded_estimates
from analysis.render.theme import estimate_parts


def test_need_in_a_table_is_rounded_as_in_a_sentence_and_nothing_else_is():
    table = pd.DataFrame({"need_within": [1164.463, 49.6], "need": [54.9, 12.2], "minutes": [3.25, 4.75]})
    shown = rounded_estimates(table)
    assert shown["need_within"].tolist() == [1160.0, 50.0]
    assert shown["need"].tolist() == [50.0, 12.0]
    assert shown["minutes"].tolist() == [3.25, 4.75]


def test_the_ends_of_a_range_are_rounded_as_the_estimate_is():
    values = [(6807, 5712, 8004), (53, 41, 68), (41, 33, 52)]
    table = pd.DataFrame(values, columns=["tier_children", "tier_low", "tier_high"])
    said = [tuple(int(part.replace(",", "")) for part in estimate_parts(*each)) for each in values]
    assert list(rounded_estimates(table, ["tier"]).itertuples(index=False, name=None)) == said
    other = table.set_axis(["value", "low", "high"], axis=1)
    shown = rounded_estimates(other, ranges=["value", "low", "high"])
    assert list(shown.itertuples(index=False, name=None)) == said
    assert shown.dtypes.tolist() == other.dtypes.tolist()


def test_only_the_rows_that_are_estimates_are_rounded():
    table = pd.DataFrame({"total": [46_271, 6_941], "low": [np.nan, 4_733.0]}, index=["children", "tier"])
    rows = table.index.to_series() == "tier"
    shown = rounded_estimates(table, ranges=["total", "low"], rows=rows)
    assert shown["total"].tolist() == [46_271, 6_940]
    assert shown["low"].dropna().tolist() == [4_730.0]


def test_shares_ranks_chances_and_words_are_no_estimates():
    for name in ("need_share", "early_help_rank", "early_help_p_top", "need_minutes", "capacity_families"):
        assert not is_estimate(name, ["early_help"])
    words = pd.DataFrame({"need_words": ["1,234 of them"], "need_known": [True]})
    pd.testing.assert_frame_equal(rounded_estimates(words), words)

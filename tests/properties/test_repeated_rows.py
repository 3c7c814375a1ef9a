"""However rows of a file are shuffled, padded, parted or repeated: the same children, or a refusal; never fewer in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.faults import HubreachError
from analysis.intake.own.children import read_own_children
from analysis.intake.own.reading import england_alone
from analysis.places.manifest import AGE_BANDS
from analysis.places.read import read_place
from tests.pages.corpus import bands

BANDS = list(AGE_BANDS)
PADDING = st.lists(
    st.sampled_from(
        [
            "",
            ",,,,,",
            "E01011949,Persons,1,2,3,4",
            "W01000001,Persons,1,2,3,4",
            "Total,Persons,9,9,9,9",
            "England,,9,9,9,9",
        ]
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def place():
    return england_alone(read_place("rutland"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("rows")


def by_sex(whole: pd.DataFrame, girls: int) -> pd.DataFrame:
    """Every number parted into two, the first of which is `girls` where it is that large."""
    first = whole[BANDS].clip(upper=girls)
    return pd.concat(
        [whole.assign(Sex="Females", **first), whole.assign(Sex="Males", **(whole[BANDS] - first))]
    )


def text_of(table: pd.DataFrame, padding: list[str], above: int) -> str:
    rows = table[["area_code", "Sex", *BANDS]].to_csv(index=False).splitlines()
    return "\n".join(
        [*["Notes,,,,,"] * above, rows[0], *rows[1:14], *padding, *rows[14:], "", "Source: ours,,,,,"]
    )


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10_000),
    girls=st.integers(0, 200),
    padding=PADDING,
    above=st.integers(0, 3),
    whole=st.booleans(),
)
def test_rows_in_any_order_with_anything_between_give_the_same_children(
    folder, place, seed, girls, padding, above, whole
):
    table = by_sex(bands(place), girls)
    if whole:
        table = pd.concat([table, bands(place).assign(Sex="Persons")])
    path = folder / "own.csv"
    path.write_text(text_of(table.sample(frac=1, random_state=seed), padding, above))
    read = read_own_children(path, place)
    assert read.table.set_index("area_code")[BANDS].equals(place.areas[BANDS].astype("int64"))


@settings(max_examples=15)
@given(
    rows=st.lists(st.integers(0, 51), min_size=1, max_size=6), seed=st.integers(0, 10_000), gone=st.booleans()
)
def test_a_row_that_stands_twice_or_is_gone_is_never_passed_over(folder, place, rows, seed, gone):
    table = by_sex(bands(place), 20).reset_index(drop=True)
    spoiled = table.drop(rows) if gone else pd.concat([table, table.iloc[rows]])
    path = folder / "own.csv"
    path.write_text(text_of(spoiled.sample(frac=1, random_state=seed), [], 0))
    with pytest.raises(HubreachError) as caught:
        read_own_children(path, place)
    assert len(caught.value.faults) <= 3
    assert any(str(table["area_code"][row]) in str(caught.value) for row in rows)

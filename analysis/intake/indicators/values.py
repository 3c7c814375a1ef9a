"""What an indicator says of each small area of a place: its value, and how far that can be relied on."""

from __future__ import annotations

import pandas as pd

from analysis.places.own_indicators import Measure
from analysis.places.place import Place

PER = 1000
# Under this share of the children of an area, or this number, a value says little of those who live there.
LEAST_SHARE = 0.2
LEAST_BASE = 10


def valued(place: Place, spread: pd.DataFrame, measure: Measure, least_share: float) -> pd.DataFrame:
    """Values that areas of different size can be compared by, and the status of each."""
    value, base = spread["value"], spread["base"]
    if measure == "count":
        counts = spread.get("sum", value)
        people = (
            base.where(base > 0) if base.notna().any() else spread["children"].where(spread["children"] > 0)
        )
        value = PER * counts / people
    few = base.notna() & ((base < least_share * spread["children"]) | (base < LEAST_BASE))
    status = pd.Series("value", index=place.areas.index).mask(few, "few")
    status = status.mask(value.isna(), "missing").mask(value.isna() & spread["suppressed"], "suppressed")
    return pd.DataFrame({"value": value.astype(float), "status": status.astype("str")})


def filled(place: Place, table: pd.DataFrame) -> pd.DataFrame:
    """Small areas without a value take their ward's mean by children, or the place's where the ward has none."""
    children = place.areas["children"].clip(lower=1).astype(float)
    ward, known = place.areas["ward_code"], table["value"].notna()
    weight = children.where(known)
    mean = (table["value"] * weight).groupby(ward).transform("sum") / weight.groupby(ward).transform("sum")
    everywhere = (table["value"] * weight).sum() / weight.sum()
    return table.assign(
        value=table["value"].fillna(mean).fillna(everywhere), status=table["status"].where(known, "filled")
    )


def filled_words(place: Place, table: pd.DataFrame) -> str:
    """What the gaps of an indicator were filled with (after `filled`)."""
    whole = (table["status"] == "filled").groupby(place.areas["ward_code"]).all()
    names = place.areas.groupby("ward_code")["ward_name"].first()[whole].sort_values()
    words = "gaps are filled with the mean of their ward by children"
    if names.empty:
        return words
    listed = ", ".join(names.head(5)) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
    return f"{words}; wards without any value take the mean of {place.name}: {listed}"


def coverage_cautions(place: Place, table: pd.DataFrame, least_share: float) -> list[str]:
    """What of an indicator is missing, suppressed or rests on few, in words."""
    statuses, children = table["status"], place.areas["children"]
    said = []
    for status, words in (
        ("suppressed", "suppressed at the source"),
        ("missing", "without a value, which is not zero"),
        (
            "few",
            f"whose value rests on few: under {least_share:.0%} of their children, or under {LEAST_BASE}",
        ),
    ):
        held = statuses == status
        if held.any():
            share = children[held].sum() / max(children.sum(), 1)
            said.append(f"{int(held.sum()):,} of {len(table):,} LSOAs ({share:.0%} of children) {words}")
    return said


def by_ward(place: Place, table: pd.DataFrame) -> pd.DataFrame:
    """Small areas of each ward by status, and the share of its children who have a figure; the least known first."""
    ward, children = place.areas["ward_code"], place.areas["children"]
    counts = pd.crosstab(ward, table["status"]).rename_axis(columns=None)
    known = children.where(table["value"].notna() & (table["status"] != "filled"), 0).groupby(ward).sum()
    wards = place.areas.groupby("ward_code")["ward_name"].first().rename("area_name").to_frame()
    wards["small_areas"] = ward.value_counts().reindex(wards.index)
    wards = wards.join(counts)
    return wards.assign(children_known=known / children.groupby(ward).sum().clip(lower=1)).sort_values(
        ["children_known", "area_name"]
    )

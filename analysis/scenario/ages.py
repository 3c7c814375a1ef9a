"""Age groups that a question can be about: one table for pages, commands, packs and options."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AgeGroup:
    """Children that a question is about: the ages that sites must serve, and the bands that are counted."""

    words: str
    ages: tuple[float, float] | None
    bands: tuple[str, ...]


AGE_GROUPS: dict[str, AgeGroup] = {
    "0-17": AgeGroup("children", None, ()),
    "0-4": AgeGroup("children aged 0 to 4", (0, 4), ("children_0_4",)),
    "5-10": AgeGroup("children aged 5 to 10", (5, 10), ("children_5_10",)),
    "11-15": AgeGroup("children aged 11 to 15", (11, 15), ("children_11_15",)),
    "16-17": AgeGroup("young people aged 16 and 17", (16, 17), ("children_16_17",)),
    "11-17": AgeGroup("young people aged 11 to 17", (11, 17), ("children_11_15", "children_16_17")),
}

AGE_BAND_NAMES = {
    group.bands[0]: group.words.partition(" aged ")[2]
    for group in AGE_GROUPS.values()
    if len(group.bands) == 1
}
"""Columns of children by age, each with its ages in words: "0 to 4"."""

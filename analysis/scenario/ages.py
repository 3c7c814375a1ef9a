"""Age groups that a question can be about: one table for pages, commands, packs and options."""

from __future__ import annotations

from dataclasses import dataclass

ALL_AGES = "0-17"
BAND_AGES: dict[str, tuple[int, int]] = {
    "children_0_4": (0, 4),
    "children_5_10": (5, 10),
    "children_11_15": (11, 15),
    "children_16_17": (16, 17),
}


@dataclass(frozen=True)
class AgeGroup:
    """Children that a question is about.

    Parameters
    ----------
    words : str
        Who they are, as a sentence says it.
    short : str
        Their ages alone.
    bands : tuple of str
        Columns of the areas that count them, youngest first (`BAND_AGES`).
    """

    words: str
    short: str
    bands: tuple[str, ...]

    @property
    def ages(self) -> tuple[int, int]:
        """Youngest and oldest year of age: what a site must serve throughout to count."""
        return BAND_AGES[self.bands[0]][0], BAND_AGES[self.bands[-1]][1]


AGE_GROUPS: dict[str, AgeGroup] = {
    ALL_AGES: AgeGroup("children", "0 to 17", tuple(BAND_AGES)),
    "0-4": AgeGroup("children aged 0 to 4", "0 to 4", ("children_0_4",)),
    "5-10": AgeGroup("children aged 5 to 10", "5 to 10", ("children_5_10",)),
    "11-15": AgeGroup("children aged 11 to 15", "11 to 15", ("children_11_15",)),
    "16-17": AgeGroup("young people aged 16 and 17", "16 and 17", ("children_16_17",)),
    "11-17": AgeGroup("young people aged 11 to 17", "11 to 17", ("children_11_15", "children_16_17")),
}
BAND_GROUPS: dict[str, str] = {
    group.bands[0]: key for key, group in AGE_GROUPS.items() if len(group.bands) == 1
}

AGE_BAND_NAMES = {
    group.bands[0]: group.words.partition(" aged ")[2]
    for group in AGE_GROUPS.values()
    if len(group.bands) == 1
}
"""Columns of children by age, each with its ages in words: "0 to 4"."""

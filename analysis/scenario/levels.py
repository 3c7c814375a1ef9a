"""Levels that figures are added up to, and what each is called: one table for pages, commands and packs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeVar

from analysis.places.place import AreaLevel, Place

Grouping = Literal["lsoa", "ward", "locality", "fifth", "place", "site"]
AnyGrouping = TypeVar("AnyGrouping", bound=Grouping | AreaLevel)


class LevelWords(NamedTuple):
    """What areas of a level are called: one, several, and as a heading or a choice."""

    one: str
    many: str
    heading: str


LEVEL_WORDS: dict[Grouping | AreaLevel, LevelWords] = {
    "ward": LevelWords("ward", "wards", "Wards"),
    "lsoa": LevelWords("neighbourhood", "neighbourhoods", "LSOAs"),
    "msoa": LevelWords("named neighbourhood", "named neighbourhoods", "Neighbourhoods"),
    "locality": LevelWords("locality", "localities", "Localities"),
    "fifth": LevelWords("fifth of the population by deprivation", "fifths", "Deprivation fifths"),
    "place": LevelWords("place", "places", "Whole place"),
    "site": LevelWords("site", "sites", "Sites"),
}


def level_headings(place: Place, levels: Iterable[AnyGrouping]) -> dict[AnyGrouping, str]:
    """Choices of a level with their headings, in order, without those that the place is not cut into."""
    missing = {level for level in ("msoa", "locality") if not place.has_level(level)}
    return {level: LEVEL_WORDS[level].heading for level in levels if level not in missing}

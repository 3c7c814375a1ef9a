"""Levels that figures are added up to, and what each is called: one table for pages, commands and packs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeVar

from analysis.places.place import Place

Grouping = Literal["lsoa", "ward", "locality", "fifth", "place", "site"]
AnyGrouping = TypeVar("AnyGrouping", bound=Grouping)


class LevelWords(NamedTuple):
    """What areas of a level are called: one, several, and as a heading or a choice."""

    one: str
    many: str
    heading: str


LEVEL_WORDS: dict[Grouping, LevelWords] = {
    "ward": LevelWords("ward", "wards", "Wards"),
    "lsoa": LevelWords("neighbourhood", "neighbourhoods", "LSOAs"),
    "locality": LevelWords("locality", "localities", "Localities"),
    "fifth": LevelWords("fifth of the population by deprivation", "fifths", "Deprivation fifths"),
    "place": LevelWords("place", "places", "Whole place"),
    "site": LevelWords("site", "sites", "Sites"),
}


def level_headings(place: Place, levels: Iterable[AnyGrouping]) -> dict[AnyGrouping, str]:
    """Choices of a level with their headings, in order; localities only where the place has two or more."""
    several = place.areas["locality_code"].nunique() > 1
    return {level: LEVEL_WORDS[level].heading for level in levels if several or level != "locality"}

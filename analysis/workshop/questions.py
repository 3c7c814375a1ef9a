"""What a workshop can ask: seven kinds of question, each checked once when it is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.base.records import OneLine, Record

Kind = Literal["dots", "ranking", "single", "multiple", "scale", "place", "text"]
ItemSource = Literal["options", "sites", "wards", "localities"]
KINDS_WITH_ITEMS: frozenset[str] = frozenset({"dots", "ranking", "single", "multiple", "place"})
KINDS_FOR_GROUPS: frozenset[str] = frozenset({"single", "multiple"})
SCALE_POINTS = (1, 2, 3, 4, 5)
TEXT_LIMIT = 1000


Line = Annotated[OneLine, Field(max_length=300)]
FilledLine = Annotated[Line, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$", max_length=80)]


class Item(Record):
    """One thing to choose: an option, a site, an area, a plain choice."""

    key: Key
    label: FilledLine


class Question(Record):
    """One question and the rules of its ballot.

    Parameters
    ----------
    key : str
        Stable name within the workshop; links in steps and the record use it.
    kind : str
        `dots` (share out a number of dots), `ranking`, `single`, `multiple`, `scale` (1 to 5), `place`
        (an area, or the nearest site, on a map) or `text`.
    prompt, help : str
        The question as it is read out, and one line under it.
    items : tuple of Item
        What can be chosen; empty for `scale` and `text`.
    items_from : str or None
        Take the items from the workshop's options, or the place's open sites, wards or localities, when
        the workshop is created.
    dots, dots_per_item : int
        For `dots`: how many each person has, and the most on one item.
    most : int or None
        For `multiple` and `ranking`: the most items in one answer; None for all.
    low_label, high_label : str
        For `scale`: what 1 and 5 mean.
    is_demographic : bool
        A question about the person: always optional, and reported only with disclosure control.
    """

    key: Key
    kind: Kind
    prompt: FilledLine
    help: Line = ""
    items: Annotated[tuple[Item, ...], Field(max_length=250)] = ()
    items_from: ItemSource | None = None
    dots: Annotated[int, Field(ge=0, le=50)] = 0
    dots_per_item: Annotated[int, Field(ge=0, le=50)] = 0
    most: Annotated[int, Field(ge=1)] | None = None
    low_label: Line = ""
    high_label: Line = ""
    is_demographic: bool = False

    @model_validator(mode="after")
    def _rules_hold_together(self) -> Question:
        keys = [item.key for item in self.items]
        if len(set(keys)) < len(keys):
            raise ValueError("two items have the same key: give each its own")
        needs_items = self.kind in KINDS_WITH_ITEMS
        if needs_items and self.items_from is None and len(self.items) < 2:
            raise ValueError(f"a {self.kind} question needs at least two items, or items_from")
        if not needs_items and (self.items or self.items_from):
            raise ValueError(f"a {self.kind} question has no items: remove them")
        if self.kind == "dots" and not 1 <= self.dots_per_item <= self.dots:
            raise ValueError("dots must be at least 1, and dots_per_item between 1 and dots")
        if self.is_demographic and self.kind not in KINDS_FOR_GROUPS:
            raise ValueError("a demographic question must be of kind single or multiple")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the items, in the order of the ballot."""
        return tuple(item.key for item in self.items)

    @property
    def limit(self) -> int:
        """The most items that one answer can hold (for `multiple` and `ranking`)."""
        return min(self.most or len(self.items), len(self.items))

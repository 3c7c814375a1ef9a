"""Every split of wards into balanced, contiguous areas, listed.

Balance is what a programme of single wards finds hard, and contiguity what it cannot say at once. Both
together leave few splits: of twenty wards within a tenth of the mean, some thousands, which take less time to
list than one linear programme (implicit enumeration, as in Garfinkel and Nemhauser 1970).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.siting.districts.model import Wards
from analysis.siting.models.model import BoolArray, FloatArray, IntArray, Watch, tolerance

MOST_WARDS = 62
"""A set of wards is the bits of one whole number."""

MOST_LOOKED_AT = 1_000_000
"""Contiguous sets that are looked at before listing is given up: about a second."""

MOST_PAIRS = 1e9
"""Pairs of a part of a split and a set that are tried before listing is given up: about five seconds."""

MOST_PARTS = 3_000_000
"""Parts of splits that are held at once."""

BLOCK = 4_000_000

ROUNDING = 1e-9


class Stopped(Exception):  # noqa: N818 - it ends a listing and is no error
    """The listing was told to stop."""


@dataclass(frozen=True, eq=False)
class Split:
    """One split of wards into areas, with what it costs.

    Parameters
    ----------
    districts : Series
        Area of every ward.
    moved_need : float
    deviation : float
        Largest distance of an area's need from the mean, as a share of the mean.
    """

    districts: pd.Series[str]
    moved_need: float
    deviation: float


def every_split(wards: Wards, margin: float, watch: Watch, *, most_moved: float = np.inf) -> IntArray | None:
    """Every split into contiguous areas whose need is within a margin of the mean.

    Parameters
    ----------
    wards : Wards
    margin : float
    watch : Watch
    most_moved : float
        Leave out splits that move more need than this from the areas of today, whatever their areas are called.

    Returns
    -------
    int array of shape (splits, areas) or None
        Each area as bits, ward 0 the lowest; in order of their first wards. None where listing takes more
        work than it is worth.

    Raises
    ------
    Stopped
        When the watch does.
    """
    most_moved += tolerance(most_moved)
    listed = _balanced_sets(wards, margin, watch, most_moved)
    if listed is None:
        return None
    sets, moves = listed
    if not len(sets):
        return np.zeros((0, wards.number), dtype=np.int64)
    everything = (1 << len(wards.need)) - 1
    growth = _Growth(sets, moves, everything, most_moved, watch)
    parts, moved = np.zeros((1, 0), dtype=np.int64), np.zeros(1)
    for _ in range(wards.number - 1):
        longer = growth.by_one_area(parts, moved)
        if longer is None:
            return None
        parts, moved = longer
    rest = everything & ~np.bitwise_or.reduce(parts, axis=1)
    last = np.minimum(np.searchsorted(sets, rest), len(sets) - 1)
    whole = (sets[last] == rest) & (moved + moves[last] <= most_moved)
    splits: IntArray = np.column_stack([parts[whole], rest[whole]])
    return splits


class _Growth:
    """Parts of splits that grow by one area at a time."""

    def __init__(
        self, sets: IntArray, moves: FloatArray, everything: int, most_moved: float, watch: Watch
    ) -> None:
        self.sets, self.moves, self.everything = sets, moves, everything
        self.most_moved, self.watch = most_moved, watch
        self.holding = [np.flatnonzero((sets >> ward) & 1 == 1) for ward in range(everything.bit_length())]
        self.pairs = 0.0

    def by_one_area(self, parts: IntArray, moved: FloatArray) -> tuple[IntArray, FloatArray] | None:
        """Every part with every set that holds the first ward in none of its areas: so each is met once."""
        taken = np.bitwise_or.reduce(parts, axis=1)
        first = _lowest_bit(self.everything & ~taken)
        longer, costs = [np.zeros((0, parts.shape[1] + 1), dtype=np.int64)], [np.zeros(0)]
        for ward in np.unique(first[taken != self.everything]):
            rows = np.flatnonzero((first == ward) & (taken != self.everything))
            choices = self.holding[ward]
            self.pairs += len(rows) * len(choices)
            if self.pairs > MOST_PAIRS:
                return None
            for block in np.array_split(rows, max(1, len(rows) * len(choices) // BLOCK)):
                part, choice = self._fitting(taken[block], moved[block], choices)
                longer.append(np.column_stack([parts[block[part]], self.sets[choice]]))
                costs.append(moved[block[part]] + self.moves[choice])
                if sum(map(len, longer)) > MOST_PARTS:
                    return None
        return np.concatenate(longer), np.concatenate(costs)

    def _fitting(self, taken: IntArray, moved: FloatArray, choices: IntArray) -> tuple[IntArray, IntArray]:
        """Rows of parts with the sets that share no ward with them and do not move too much."""
        if self.watch.must_stop():
            raise Stopped
        fits = taken[:, None] & self.sets[choices][None, :] == 0
        if np.isfinite(self.most_moved):
            fits &= moved[:, None] + self.moves[choices][None, :] <= self.most_moved
        part, choice = np.nonzero(fits)
        return part, choices[choice]


def _lowest_bit(masks: IntArray) -> IntArray:
    """Number of the lowest bit that is one; 0 where none is."""
    lowest = np.maximum(masks & -masks, 1)
    found: IntArray = np.rint(np.log2(lowest.astype(np.float64))).astype(np.int64)
    return found


def _balanced_sets(
    wards: Wards, margin: float, watch: Watch, most_moved: float
) -> tuple[IntArray, FloatArray] | None:
    """Every contiguous set of wards whose need is within a margin of the mean, as bits, with the need it moves.

    What a set moves is all its need but that of the one area of today that it has most of: a further ward
    never makes that less, so that a set is given up once it moves too much.
    """
    if len(wards.need) > MOST_WARDS:
        return None
    least, most = (wards.mean * (1 + side * (margin + ROUNDING)) for side in (-1.0, 1.0))
    found: list[tuple[int, float]] = []
    looked_at = _contiguous_sets(wards, most, most_moved, watch)
    for count, (members, held, moves) in enumerate(looked_at, start=1):
        if count > MOST_LOOKED_AT:
            return None
        if least <= held:
            found.append((members, moves))
    found.sort()
    return np.array([members for members, _ in found], dtype=np.int64), np.array(
        [moves for _, moves in found]
    )


def _contiguous_sets(
    wards: Wards, most: float, most_moved: float, watch: Watch
) -> Iterator[tuple[int, float, float]]:
    """Contiguous sets up to some need and some need moved, each once: bits, need, need moved."""
    need = wards.need.to_list()
    names = sorted(wards.today.unique())
    now = [names.index(name) for name in wards.today]
    around = [sum(1 << int(j) for j in np.flatnonzero(row)) for row in wards.graph.to_numpy()]
    for first, alone in enumerate(need):
        if watch.must_stop():
            raise Stopped
        # A set, what borders on it, its need, the same by area of today, and the wards that it may not take.
        earlier = (1 << (first + 1)) - 1
        mine = tuple(alone if k == now[first] else 0.0 for k in range(len(names)))
        stack = [(1 << first, around[first] & ~earlier, alone, mine, earlier)] if alone <= most else []
        while stack:
            members, border, held, shares, barred = stack.pop()
            yield members, held, held - max(shares)
            while border:
                ward = border & -border
                border ^= ward
                number = ward.bit_length() - 1
                k, further = now[number], held + need[number]
                joined = (*shares[:k], shares[k] + need[number], *shares[k + 1 :])
                if further <= most and further - max(joined) <= most_moved:
                    beyond = (border | around[number]) & ~(barred | members | ward)
                    stack.append((members | ward, beyond, further, joined, barred))
                barred |= ward


def fewest_moved(wards: Wards, splits: IntArray) -> Split | None:
    """The split that moves least need from the areas of today; of equal ones the one nearest to balance."""
    scored = _Scored(wards, splits)
    best: tuple[float, float, int] | None = None
    for k in np.lexsort((scored.deviation, scored.least_moved)).tolist():
        if best is not None and scored.least_moved[k] > best[0] + tolerance(best[0]):
            break
        this = (scored.moved(k), float(scored.deviation[k]), k)
        if best is None or _comes_before(this[:2], best[:2]):
            best = this
    return None if best is None else scored.split(best[2])


def nearest_to_balance(wards: Wards, splits: IntArray) -> Split | None:
    """The split with the least deviation; of equal ones the one that moves least need."""
    if not len(splits):
        return None
    scored = _Scored(wards, splits)
    equal = np.flatnonzero(scored.deviation <= float(scored.deviation.min()) + ROUNDING)
    return scored.split(min(equal.tolist(), key=scored.moved))


def _comes_before(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether one comes before the other: by the first figures that are apart by more than rounding."""
    for mine, theirs in zip(one, other, strict=True):
        if abs(mine - theirs) > tolerance(theirs):
            return mine < theirs
    return False


class _Scored:
    """Splits with their deviation, and the least need that each can move."""

    def __init__(self, wards: Wards, splits: IntArray) -> None:
        self.wards, self.splits = wards, splits
        names, needs = names_of_areas(wards)
        self.total = float(needs.sum())
        held = np.zeros(splits.shape)
        stays = np.zeros((*splits.shape, len(names)))
        for ward, own in enumerate(needs):
            inside = (splits >> ward) & 1
            held += own.sum() * inside
            stays[:, :, int(own.argmax())] += own.sum() * inside
        self.deviation: FloatArray = np.abs(held / wards.mean - 1.0).max(axis=1, initial=0.0)
        # Were two areas allowed to keep one name, or one area two; with a name each they move as much or more.
        by_area = stays.max(axis=2, initial=0.0).sum(axis=1)
        by_name = stays.max(axis=1, initial=0.0).sum(axis=1)
        self.least_moved: FloatArray = self.total - np.minimum(by_area, by_name)
        self.stays: FloatArray = stays

    def moved(self, k: int) -> float:
        """Need that a split moves, each area under the name with which that is least."""
        areas, names = linear_sum_assignment(self.stays[k], maximize=True)
        return self.total - float(self.stays[k][areas, names].sum())

    def split(self, k: int) -> Split:
        """One split with the names of its areas."""
        members = (self.splits[k][:, None] >> np.arange(len(self.wards.need))) & 1 == 1
        return named_split(self.wards, members)


def named_split(wards: Wards, members: BoolArray) -> Split:
    """A split whose areas have the names with which least need moves; new ones in the order of their first wards.

    Parameters
    ----------
    wards : Wards
    members : bool array of shape (areas, wards)
    """
    members = members[np.argsort(members.argmax(axis=1), kind="stable")]
    names, needs = names_of_areas(wards)
    held = members @ wards.need.to_numpy()
    areas, chosen = linear_sum_assignment(members @ needs, maximize=True)
    districts = pd.Series("", index=wards.need.index, dtype="str", name="district")
    new = 0
    for area, name in zip(areas, chosen, strict=True):
        new += names[name] == ""
        districts[members[area]] = names[name] or f"New area {new}"
    moved = float(wards.need[districts != wards.today].sum())
    return Split(districts, moved, float(np.abs(held / wards.mean - 1.0).max()))


def names_of_areas(wards: Wards) -> tuple[list[str], FloatArray]:
    """Names that areas may have, "" for each new one, and the need of each ward under its own of today."""
    present = sorted(wards.today.unique())
    names = [*present, *[""] * max(0, wards.number - len(present))]
    now = wards.today.to_numpy()[:, None] == np.array(names, dtype=object)[None, :]
    return names, wards.need.to_numpy()[:, None] * now

"""Good splits of many wards, without a proof: grown from seeds, then wards moved across borders, then shaken.

A start for what proves it, and an answer to keep where the proof is stopped (iterated local search; the moves
are those of Openshaw 1977). The number of tries is fixed, so that the same wards give the same split.
"""

from __future__ import annotations

import numpy as np

from analysis.siting.districts.model import Wards
from analysis.siting.districts.sets import Split, named_split
from analysis.siting.models.model import IntArray, Watch

TRIES, SHAKES, SHAKEN = 6, 25, 4
OUTSIDE = 1e3
"""What need beyond the margin costs against need that moves: balance comes first."""


def good_split(wards: Wards, margin: float, watch: Watch) -> Split | None:
    """A contiguous split, within the margin if one was met, that moves little need; None if there is none yet."""
    search = _Search(wards, margin)
    best: tuple[float, IntArray] | None = None
    rng = np.random.default_rng(1)
    for attempt in range(TRIES):
        area_of = search.of_today() if attempt == 0 else search.grown(rng)
        if area_of is None:
            continue
        value = search.improve(area_of)
        for _ in range(SHAKES):
            if watch.must_stop():
                return None
            other = area_of.copy()
            search.shake(other, rng)
            changed = search.improve(other)
            if changed < value:
                area_of, value = other, changed
        if best is None or value < best[0]:
            best = value, area_of
    if best is None:
        return None
    return named_split(wards, best[1][None, :] == np.arange(wards.number)[:, None])


class _Search:
    """Splits as the number of each ward's area, and moves between them."""

    def __init__(self, wards: Wards, margin: float) -> None:
        self.need = wards.need.to_numpy()
        self.number, self.mean, self.margin = wards.number, wards.mean, margin
        graph = wards.graph.to_numpy()
        self.around = [np.flatnonzero(row).tolist() for row in graph]
        present = sorted(wards.today.unique())
        self.now = np.array([present.index(name) for name in wards.today])
        self.n_now = len(present)

    def value(self, area_of: IntArray) -> float:
        """Need that moves, and much more for need beyond the margin."""
        shares = np.zeros((self.number, self.n_now))
        np.add.at(shares, (area_of, self.now), self.need)
        held = shares.sum(axis=1)
        beyond = np.maximum(np.abs(held - self.mean) - self.margin * self.mean, 0.0).sum()
        moved = max(
            float(self.need.sum() - shares.max(axis=1).sum()),
            float(self.need.sum() - shares.max(axis=0).sum()),
        )
        return float(OUTSIDE * beyond + moved)

    def of_today(self) -> IntArray | None:
        """The areas of today, if they are as many as asked for and in one piece each."""
        wards_of = [np.flatnonzero(self.now == area).tolist() for area in range(self.n_now)]
        whole = all(self._in_one_piece(set(members)) for members in wards_of)
        return self.now.copy() if self.n_now == self.number and whole else None

    def grown(self, rng: np.random.Generator) -> IntArray | None:
        """Areas grown from seeds far apart, the one with least need first; None if some ward is in none."""
        area_of = np.full(len(self.need), -1)
        seeds = [int(rng.integers(len(self.need)))]
        while len(seeds) < self.number:
            steps = self._steps_from(seeds)
            seeds.append(int(np.argmax(np.where(np.isin(np.arange(len(steps)), seeds), -1.0, steps))))
        held = self.need[seeds].copy()
        area_of[seeds] = np.arange(self.number)
        open_areas = set(range(self.number))
        while open_areas:
            area = min(open_areas, key=lambda k: held[k])
            border = {j for i in np.flatnonzero(area_of == area) for j in self.around[i] if area_of[j] < 0}
            if not border:
                open_areas.discard(area)
                continue
            kept = [i for i in border if self.now[i] == self.now[seeds[area]]]
            ward = min(kept or border, key=lambda i: (-sum(area_of[j] == area for j in self.around[i]), i))
            area_of[ward] = area
            held[area] += self.need[ward]
        return None if (area_of < 0).any() else area_of

    def _steps_from(self, seeds: list[int]) -> np.ndarray:
        """Borders to cross from the nearest seed; more than all wards where there is no way."""
        steps = np.full(len(self.need), float(len(self.need) + 1))
        steps[seeds] = 0
        edge = list(seeds)
        while edge:
            further = [j for i in edge for j in self.around[i] if steps[j] > steps[i] + 1]
            for i in edge:
                for j in self.around[i]:
                    steps[j] = min(steps[j], steps[i] + 1)
            edge = sorted(set(further))
        return steps

    def improve(self, area_of: IntArray) -> float:
        """Move the ward that betters most across a border, until none does; in place."""
        value = self.value(area_of)
        while True:
            best, move = value - 1e-9, None
            for ward, area in self._moves(area_of):
                was, area_of[ward] = area_of[ward], area
                changed = self.value(area_of)
                area_of[ward] = was
                if changed < best and self._whole_without(area_of, ward):
                    best, move = changed, (ward, area)
            if move is None:
                return value
            area_of[move[0]], value = move[1], best

    def shake(self, area_of: IntArray, rng: np.random.Generator) -> None:
        """Move some wards at random across borders; in place."""
        for _ in range(SHAKEN):
            moves = [move for move in self._moves(area_of) if self._whole_without(area_of, move[0])]
            if moves:
                ward, area = moves[int(rng.integers(len(moves)))]
                area_of[ward] = area

    def _moves(self, area_of: IntArray) -> list[tuple[int, int]]:
        """Wards with an area that borders on them."""
        return [
            (ward, area)
            for ward, others in enumerate(self.around)
            for area in sorted({int(area_of[j]) for j in others} - {int(area_of[ward])})
        ]

    def _whole_without(self, area_of: IntArray, ward: int) -> bool:
        """Whether a ward's area has others, and stays in one piece without it."""
        rest = set(np.flatnonzero(area_of == area_of[ward]).tolist()) - {ward}
        return bool(rest) and self._in_one_piece(rest)

    def _in_one_piece(self, wards: set[int]) -> bool:
        reached: set[int] = set()
        edge = {min(wards)}
        while edge:
            reached |= edge
            edge = {j for i in edge for j in self.around[i] if j in wards} - reached
        return reached == wards

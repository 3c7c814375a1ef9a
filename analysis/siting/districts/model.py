"""The exact model behind the split of wards into contiguous areas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.base.faults import FaultList
from analysis.siting.models.model import FloatArray, Tell, Watch
from analysis.siting.search.solver import Outcome, Program, solve


class Wards:
    """Wards with their need and borders, the areas of today, and how many areas there shall be."""

    def __init__(
        self,
        need: pd.Series[float],
        neighbours: Iterable[tuple[str, str]],
        today: pd.Series[str],
        number: int | None,
    ) -> None:
        _check(need, today)
        self.need = need.rename(index=str).sort_index().astype(float)
        self.today = today.rename(index=str).reindex(self.need.index).astype(str)
        self.graph = border_graph(self.need, neighbours)
        present = sorted(self.today.unique())
        self.number = number or len(present)
        self.labels = present + [f"New area {k}" for k in range(1, self.number - len(present) + 1)]
        self.mean = max(float(self.need.sum()) / self.number, 1e-12)
        self.faults = self._impossible()

    def _impossible(self) -> tuple[str, ...]:
        if not 1 <= self.number <= len(self.need):
            return (
                f"{self.number} areas cannot be made of {len(self.need)} wards: ask for 1 to {len(self.need)}",
            )
        pieces = len(pieces_of(self.graph, list(self.need.index)))
        if pieces > self.number:
            return (
                f"The wards lie in {pieces} separate pieces: ask for {pieces} areas or more, or name a link as a border",
            )
        return ()


class WardModel:
    """Columns: ward in area (ward by ward), area in use, largest deviation."""

    def __init__(self, wards: Wards) -> None:
        self.wards, self.need, self.graph = wards, wards.need, wards.graph
        self.number, self.labels = wards.number, wards.labels
        self.n_wards, self.n_labels = len(self.need), len(self.labels)
        self.n_columns = self.n_wards * self.n_labels + self.n_labels + 1
        self.moved = np.zeros(self.n_columns)
        for w, label in enumerate(wards.today):
            self.moved[w * self.n_labels : (w + 1) * self.n_labels] = self.need.iloc[w]
            self.moved[w * self.n_labels + self.labels.index(label)] = 0.0
        self.deviation = np.zeros(self.n_columns)
        self.deviation[-1] = 1.0
        self.program = self._program()

    def _program(self) -> Program:
        n, labels = self.n_wards, self.n_labels
        eye: Any = sparse.eye_array(labels)
        ones = sparse.csr_array(np.ones((labels, 1)))
        nothing = sparse.csr_array((1, n * labels))
        one_area = sparse.kron(sparse.eye_array(n), np.ones((1, labels)))
        used = sparse.hstack(
            [sparse.eye_array(n * labels), sparse.kron(-np.ones((n, 1)), sparse.eye_array(labels))],
            format="csr",
        )
        held = sparse.kron(self.need.to_numpy()[None, :] / self.wards.mean, sparse.eye_array(labels))
        blocks: list[tuple[Any, float, float]] = [
            (_wide(one_area, self.n_columns), 1.0, 1.0),
            (_wide(used, self.n_columns), -np.inf, 0.0),
            (sparse.hstack([held, -eye, -ones]), -np.inf, 0.0),
            (sparse.hstack([held, -eye, ones]), 0.0, np.inf),
            (_wide(sparse.hstack([sparse.kron(np.ones((1, n)), eye), -eye]), self.n_columns), 0.0, np.inf),
            (_wide(sparse.hstack([nothing, ones.T]), self.n_columns), self.number, self.number),
        ]
        sizes = [block.shape[0] for block, _, _ in blocks]
        return Program(
            cost=self.moved,
            lower=np.zeros(self.n_columns),
            upper=np.append(np.ones(self.n_columns - 1), np.inf),
            integer=np.arange(self.n_columns) < self.n_columns - 1,
            matrix=sparse.csr_array(sparse.vstack([block for block, _, _ in blocks], format="csr")),
            row_lower=np.repeat([low for _, low, _ in blocks], sizes),
            row_upper=np.repeat([high for _, _, high in blocks], sizes),
        )

    def solve(self, program: Program, watch: Watch, known: float = np.inf) -> tuple[Outcome, Program]:
        """Solve with contiguity: cut off every area in pieces, and solve again until none is.

        `known` is the objective of a split that is at hand already: what is told is never worse.
        """

        def tell(_objective: float, bound: float, _: tuple[int, ...]) -> bool:
            # What a programme finds before all cuts are there need not be contiguous.
            watch.tell(known, min(bound, known), ())
            return watch.must_stop()

        teller: Tell | None = tell if watch.watching else None
        while True:
            outcome = solve(program, tell=teller)
            if outcome.values is None:
                return outcome, program
            cuts = self._cuts(outcome.values)
            if not cuts:
                return outcome, program
            if not outcome.complete:
                return Outcome(None, np.inf, outcome.bound, complete=False), program
            for row in cuts:
                program = program.with_row(row, -1.0, np.inf)

    def _cuts(self, values: FloatArray) -> list[FloatArray]:
        """For every piece cut off from its area: to hold both, the area must hold some ward around the piece."""
        wards = list(self.need.index)
        where = {ward: w for w, ward in enumerate(wards)}
        rows = []
        for k in range(self.n_labels):
            members = [ward for w, ward in enumerate(wards) if values[w * self.n_labels + k] > 0.5]
            pieces = pieces_of(self.graph, members)
            for piece in pieces[1:]:
                around = set(self.graph.columns[self.graph.loc[sorted(piece)].any()]) - piece
                for label in range(self.n_labels):
                    row = np.zeros(self.n_columns)
                    row[[where[ward] * self.n_labels + label for ward in around]] = 1.0
                    row[where[min(piece)] * self.n_labels + label] = -1.0
                    row[where[min(pieces[0])] * self.n_labels + label] = -1.0
                    rows.append(row)
        return rows

    def districts(self, values: FloatArray) -> pd.Series[str]:
        """Area of every ward in a solution."""
        placed = values[: self.n_wards * self.n_labels].reshape(self.n_wards, self.n_labels)
        names = [self.labels[k] for k in placed.argmax(axis=1)]
        return pd.Series(names, index=self.need.index, dtype="str", name="district")


def _wide(block: Any, n_columns: int) -> sparse.csr_array:
    """Block with empty columns added on its right."""
    return sparse.csr_array(
        sparse.hstack([block, sparse.csr_array((block.shape[0], n_columns - block.shape[1]))])
    )


def border_graph(need: pd.Series[float], neighbours: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Which wards share a border: bool, ward x ward."""
    wards = sorted(map(str, need.index))
    graph = pd.DataFrame(data=False, index=wards, columns=wards)
    for one, other in neighbours:
        if str(one) in graph.index and str(other) in graph.index and one != other:
            graph.loc[str(one), str(other)] = graph.loc[str(other), str(one)] = True
    return graph


def pieces_of(graph: pd.DataFrame, wards: list[str]) -> list[set[str]]:
    """Connected pieces of some wards, the one with most wards first."""
    names = sorted(wards)
    count, piece_of = connected_components(
        sparse.csr_array(graph.loc[names, names].to_numpy()), directed=False
    )
    pieces = [{name for name, k in zip(names, piece_of, strict=True) if k == piece} for piece in range(count)]
    return sorted(pieces, key=lambda piece: (-len(piece), min(piece)))


def _check(need: pd.Series[float], today: pd.Series[str]) -> None:
    faults = FaultList("wards")
    for name in sorted(set(map(str, need.index)) - set(map(str, today.index)))[:5]:
        faults.add(f"ward '{name}' has no area today", "Give every ward its present area", column="today")
    for ward, value in need[~(np.isfinite(need) & (need >= 0))].head(5).items():
        faults.add(f"ward '{ward}' has a need of {value}", "Give a number of zero or more", column="need")
    faults.raise_if_any("The wards cannot be split.")

"""A siting problem of one kind of site, what a solution holds, and what looks on while it is found."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.faults import FaultList

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Columns = tuple[int, ...]
Tell = Callable[[float, float, Columns], bool]
"""Called with best loss, bound and best set (column numbers); True stops the solve."""

Explanation = tuple[tuple[str, ...], tuple[str, ...]]
"""Areas in the way of a problem that has no solution, and what would make it possible, in sentences."""

Status = Literal["optimal", "stopped", "infeasible"]
Model = Literal["mclp", "pmedian", "pcenter", "lscp", "partial"]
NUMBERED = ("mclp", "pmedian", "pcenter")
"""Models of a given number of sites."""

WITHIN_RADIUS = ("mclp", "lscp", "partial")
"""Models of one service radius."""

SECONDS_BETWEEN_REPORTS = 0.2

RELATIVE_TOLERANCE = 1e-9
"""Two objectives nearer than this share of their size are equal: rounding of sums, nothing more."""


def tolerance(value: float) -> float:
    """Difference below which two objectives of this size count as equal."""
    return RELATIVE_TOLERANCE * max(1.0, abs(value)) if math.isfinite(value) else 0.0


def relative_gap(objective: float, bound: float) -> float:
    """Distance of an objective from its proven bound, as a share of the objective.

    >>> relative_gap(100.0, 98.0)
    0.02
    """
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    if abs(objective - bound) <= tolerance(objective):
        return 0.0
    return abs(objective - bound) / max(abs(objective), 1e-12)


@dataclass(frozen=True)
class Progress:
    """Where a long solve stands.

    Parameters
    ----------
    seconds : float
        Since the question was put.
    objective, bound : float
        Best found, and the best that is still possible.
    sites : tuple of str
        The best set so far.
    """

    seconds: float
    objective: float
    bound: float
    sites: tuple[str, ...]


@dataclass
class Watch:
    """Looks on while a question is solved: reports progress, and stops the solve when told to.

    Parameters
    ----------
    report : callable, optional
        Called with a `Progress` now and then.
    should_stop : callable, optional
        Asked now and then; True ends the solve, which keeps the best so far.
    seconds_allowed : float
        The solve ends after this time.
    started, told : float
        Clock readings, seconds: of the start, and of the last report.
    """

    report: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None
    seconds_allowed: float = math.inf
    started: float = field(default_factory=time.perf_counter)
    told: float = -math.inf

    @property
    def seconds(self) -> float:
        """Time since the question was put."""
        return time.perf_counter() - self.started

    @property
    def watching(self) -> bool:
        """Whether anyone wants to hear of progress, or may stop the solve."""
        return self.report is not None or self.should_stop is not None or math.isfinite(self.seconds_allowed)

    def must_stop(self) -> bool:
        """Whether the user or the clock ends the solve."""
        return self.seconds >= self.seconds_allowed or (self.should_stop is not None and self.should_stop())

    def tell(self, objective: float, bound: float, sites: Iterable[str]) -> None:
        """Report the best so far, not more than a few times a second."""
        if self.report is not None and self.seconds - self.told >= SECONDS_BETWEEN_REPORTS:
            self.told = self.seconds
            self.report(Progress(self.seconds, objective, bound, tuple(sites)))


@dataclass(frozen=True)
class LocationProblem:
    """Where sites of one kind should stand, on a cost matrix.

    Parameters
    ----------
    model : {"mclp", "pmedian", "pcenter", "lscp", "partial"}
        Most need within the service radius of `p` sites (`covering.most_covered`); least average travel to `p` sites
        (`median.least_travel`); least longest travel to `p` sites (`center.least_longest`); fewest sites so that
        everyone is within the radius (`covering.fewest_cover`), or `share` of need is (`covering.fewest_for_share`).
    p : int
        Number of sites, the kept ones included. Not used by "lscp" and "partial".
    radius_minutes : float
        Service radius. Not used by "pmedian" and "pcenter".
    share : float
        Share of need to be covered, for "partial".
    keep, exclude : tuple of str
        Site ids that are in every set, and in none.

    Raises
    ------
    HubreachError
        If it has no meaning, with every reason at once.
    """

    model: Model
    p: int = 0
    radius_minutes: float = math.inf
    share: float = 1.0
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a problem that has no meaning."""
        faults = FaultList("question")
        if self.model not in get_args(Model):
            remedy = f"Use one of: {', '.join(get_args(Model))}"
            faults.add(f"'{self.model}' is not a model", remedy, column="model")
        if self.model in NUMBERED and self.p < 1:
            faults.add(f"{self.p} sites to choose", "Choose at least one site", column="choose")
        if self.model in WITHIN_RADIUS and not self.radius_minutes >= 0:
            found = f"a catchment of {self.radius_minutes} minutes"
            faults.add(found, "Give minutes of zero or more", column="minutes")
        if not 0 < self.share <= 1:
            faults.add(f"a share of {self.share}", "Give a share above 0 and up to 1", column="share")
        for name in sorted(set(self.keep) & set(self.exclude)):
            faults.add(f"'{name}' is both kept and excluded", "Keep it or exclude it", column="keep")
        faults.raise_if_any("The siting question cannot be answered as it is put.")

    @property
    def higher_is_better(self) -> bool:
        """Whether the objective is need covered (True), or minutes or sites (False)."""
        return self.model == "mclp"

    @property
    def limit_minutes(self) -> float:
        """Longest journey that counts as covered: the service radius, infinite for models without one."""
        return self.radius_minutes if self.model in WITHIN_RADIUS else math.inf


@dataclass(frozen=True, eq=False)
class Solution:
    """A set of sites that solves a siting problem, with its proof.

    Parameters
    ----------
    model : str
        The problem's model.
    status : {"optimal", "stopped", "infeasible"}
        Proven best; best so far when the solve was stopped; no set of sites can do it.
    objective : float
        Need covered (mclp, budget), need-weighted total minutes (pmedian), longest minutes (pcenter),
        number of sites (lscp, partial). NaN when infeasible.
    bound : float
        No set of sites does better than this.
    gap : float
        Distance of objective and bound as a share of the objective; 0 is proven.
    seconds : float
        From question to answer, preparation included.
    sites : tuple of str
        Chosen site ids, sorted.
    assignment : Series of str
        For every area the chosen site with least minutes ("" when none can be reached).
    unmet : tuple of str
        Areas with need that no chosen site covers; when infeasible, those that stand in the way.
    remedies : tuple of str
        When infeasible: why, and the least change that would make it possible.
    kinds : Series of str
        For two-kind answers, "hub" or "outreach" by site; empty otherwise.
    annual_cost_gbp : float
        For answers under a budget, what the set costs; NaN otherwise.
    """

    model: str
    status: Status
    objective: float
    bound: float
    gap: float
    seconds: float
    sites: tuple[str, ...]
    assignment: pd.Series[str]
    unmet: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    kinds: pd.Series[str] = field(default_factory=lambda: pd.Series([], dtype="str", name="kind"))
    annual_cost_gbp: float = math.nan

    @classmethod
    def none(
        cls,
        model: str,
        assignment: pd.Series[str],
        seconds: float,
        explanation: Explanation | None,
    ) -> Solution:
        """No set of sites: shown impossible, with the areas in the way and remedies, or stopped before one was found."""
        unmet, remedies = explanation or ((), ("Stopped before any set was found",))
        status: Status = "stopped" if explanation is None else "infeasible"
        nothing = (math.nan, math.nan, math.nan)
        return cls(model, status, *nothing, seconds, (), assignment, unmet, remedies)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers that are not finite become None."""

        def number(value: float) -> float | None:
            return float(value) if math.isfinite(value) else None

        answer: dict[str, object] = {
            "model": self.model,
            "status": self.status,
            "objective": number(self.objective),
            "bound": number(self.bound),
            "gap": number(self.gap),
            "seconds": round(self.seconds, 4),
            "sites": list(self.sites),
            "assignment": {str(area): site or None for area, site in self.assignment.items()},
            "unmet": list(self.unmet),
            "remedies": list(self.remedies),
        }
        if len(self.kinds):
            answer["kinds"] = {str(site): kind for site, kind in self.kinds.items()}
        if math.isfinite(self.annual_cost_gbp):
            answer["annual_cost_gbp"] = self.annual_cost_gbp
        return answer

"""Observed against expected: what is published of each authority beside what deprivation predicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from analysis.base.faults import Fault, HubreachError
from analysis.base.schema import Schema
from analysis.benchmark.funnel import LIMITS, Funnel, overdispersed
from analysis.benchmark.national_fit import (
    STANDARD_ERRORS,
    NationalAreas,
    NationalFit,
    fit_national,
    national_areas,
)
from analysis.need.estimate import NeedEstimate
from analysis.need.rates import Floats, fit_curve
from analysis.places.england.opening import VINTAGES
from analysis.places.england.outcomes import (
    OUTCOMES,
    Outcome,
    children_of,
    find_outcome,
    outcome_values,
    outcome_years,
    statistical_neighbours,
)
from analysis.places.england.tables import authorities, districts
from analysis.places.place import Place

TOGETHER = "together"
STEPS = (
    "children in need in the year",
    "children in need",
    "child protection plans",
    "looked after",
)
"""Short names of the outcomes that stand beside the modelled tiers, from the foot of the pyramid up."""
COLUMNS = {
    "authority_name": ("text", "Name of the authority"),
    "year": ("whole", "Year to, or at, 31 March"),
    "observed": ("number", "As published, children or the outcome's unit; NaN where nothing is published"),
    "expected": ("number", "What the national fit expects of an authority of its children and deprivation"),
    "ratio": ("number", "Observed over expected"),
    "low": ("number", "Lower end of the ratio's 95% interval: chance of a count, and error of the fit"),
    "high": ("number", "Upper end"),
    "neighbour": ("number", "Place among the ten statistical neighbours, 1 the nearest; NaN for others"),
}
OBSERVED = Schema("authority_code", COLUMNS)  # type: ignore[arg-type]
PYRAMID = Schema(
    "step",
    {
        "name": ("text", "Tier or outcome"),
        "kind": ("text", "modelled or observed"),
        "children": ("number", "Estimated, or published; NaN where nothing is published"),
        "low": ("number", "Lower end of the range of an estimate; NaN for what is published"),
        "high": ("number", "Upper end"),
        "expected": ("number", "What the national fit expects; NaN for an estimate"),
        "ratio": ("number", "Observed over expected; NaN for an estimate"),
        "share": ("number", "Of all children, 0 to 1"),
    },
)


@dataclass(frozen=True)
class BenchmarkProblem:
    """What is compared, whose, and on which deprivation.

    Parameters
    ----------
    members : tuple of str
        Codes of the authorities that the question is about.
    outcome : Outcome
    year : int
    vintage, basis : str
        Edition and basis of the deprivation figures.
    """

    members: tuple[str, ...]
    outcome: Outcome
    year: int
    vintage: str
    basis: str = "imd"


@dataclass(frozen=True, eq=False)
class BenchmarkAnswer:
    """Observed against expected of all authorities, and those that the question is about among them.

    Parameters
    ----------
    problem : BenchmarkProblem
    table : DataFrame
        As `OBSERVED` says: all 153 in order of their codes, those without a figure too.
    people : Series
        Children 0-17 of each authority, which expected numbers are of.
    moved : tuple of str
        Codes whose children were not published for that year (see `children_of`).
    fit : NationalFit
    funnel : Funnel
    areas : NationalAreas
    """

    problem: BenchmarkProblem
    table: pd.DataFrame
    people: pd.Series
    moved: tuple[str, ...]
    fit: NationalFit
    funnel: Funnel
    areas: NationalAreas

    @property
    def known(self) -> pd.DataFrame:
        """Rows with a figure."""
        return self.table[self.table["observed"].notna()]

    @property
    def missing(self) -> list[str]:
        """Names of the authorities without a figure."""
        return list(self.table.loc[self.table["observed"].isna(), "authority_name"])

    @property
    def members(self) -> pd.DataFrame:
        """Rows of the authorities that the question is about."""
        return self.table.loc[list(self.problem.members)]

    @property
    def neighbours(self) -> pd.DataFrame:
        """Rows of the ten statistical neighbours, nearest first; none of several authorities together."""
        return self.table[self.table["neighbour"].notna()].sort_values("neighbour")

    @property
    def moved_known(self) -> list[str]:
        """Names of the authorities with a figure whose children are estimated (see `children_of`)."""
        return [
            str(self.known.loc[code, "authority_name"]) for code in self.moved if code in self.known.index
        ]

    @property
    def spread(self) -> float:
        """How far authorities differ from what deprivation predicts, beyond chance: relative standard deviation."""
        rows = self.known
        chance = 1 / (4 * rows["expected"]) if self.problem.outcome.counted else 0 * rows["expected"]
        return 2 * float(np.sqrt(max(((np.sqrt(rows["ratio"]) - 1) ** 2 - chance).mean(), 0.0)))

    @cached_property
    def whole(self) -> pd.Series:
        """The members as one: the columns of `OBSERVED`, NaN where a member has no figure."""
        return _together(self)

    @cached_property
    def position(self) -> pd.Series:
        """Child-weighted mean national position of each authority, 1 the most deprived."""
        return pd.Series(self.areas.by_authority(self.areas.position), self.table.index)

    @property
    def rates(self) -> tuple[pd.Series, float]:
        """Observed rate (0 to 1) of each authority, and of those of England that are published."""
        outcome, observed = self.problem.outcome, self.table["observed"]
        size = self.people if outcome.counted else pd.Series(float(outcome.per), self.table.index)
        number = observed if outcome.counted else observed * self.people / outcome.per
        known = observed.notna()
        return observed / size, float(number[known].sum() / self.people[known].sum())

    def model_curve(self, prevalence: float, gradient: float, position: Floats) -> Floats:
        """Rate of a tier of the model at national positions when its prevalence is that of all England.

        Parameters
        ----------
        prevalence, gradient : float
            Of the tier.
        position : ndarray, shape (n,)
            0 to 1.

        Raises
        ------
        NoRateCurveError
            If the two cannot hold together.
        """
        children = self.areas.share * children_of(self.problem.year)[0].to_numpy(float)[self.areas.authority]
        return fit_curve(children, self.areas.position, prevalence, gradient).rate(position)


def place_authorities(place: Place) -> tuple[str, ...]:
    """Codes of the authorities whose published outcomes speak of a place: itself, or those that it lies in.

    Raises
    ------
    HubreachError
        If it is no part of England.
    """
    if place.districts:
        return tuple(sorted(set(districts().loc[list(place.districts), "authority_code"])))
    known = authorities()
    found = known.index[
        (known.index == place.manifest.authority) | (known["authority_code_2024"] == place.manifest.authority)
    ]
    if found.empty:
        fault = Fault(
            "place.toml",
            None,
            "authority",
            f"{place.manifest.authority!r} is no authority with children's services in England",
            "Write its ONS code there, such as E08000035",
        )
        raise HubreachError(f"No outcomes are published for {place.name}.", [fault])
    return tuple(map(str, found))


def is_whole(place: Place) -> bool:
    """Whether a place is made of whole authorities, so that published outcomes are its own."""
    inside = districts()
    own = set(inside.index[inside["authority_code"].isin(place_authorities(place))])
    return not place.districts or own == set(place.districts)


def nearest_vintage(year: int) -> str:
    """The edition of the indices whose year is nearest: "2019" until 2022, then "2025"."""
    return min(VINTAGES, key=lambda vintage: (abs(int(vintage) - year), vintage))


def benchmark_problem(
    place: Place, outcome: str, year: int | None = None, vintage: str | None = None, basis: str = "imd"
) -> BenchmarkProblem:
    """The problem of a place.

    Parameters
    ----------
    place : Place
    outcome : str
        As `find_outcome` takes it.
    year : int, optional
        By default the newest that is published.
    vintage : str, optional
        By default the edition nearest the year.
    basis : {"imd", "idaci"}

    Raises
    ------
    HubreachError
        For an outcome, a year, an edition or a place without published figures.
    """
    found = find_outcome(outcome)
    years = outcome_years(found)
    if year is not None and year not in years:
        fault = Fault("year", None, None, str(year), f"Choose from {', '.join(map(str, years))}")
        raise HubreachError(f"{found.title}: nothing is published for that year.", [fault])
    at = years[-1] if year is None else year
    return BenchmarkProblem(place_authorities(place), found, at, vintage or nearest_vintage(at), basis)


def answer_benchmark(problem: BenchmarkProblem) -> BenchmarkAnswer:
    """Fit the national curve and compare every authority with it.

    A count's 95% interval has two parts, put together on the scale of the logarithm (Donner and Zou 2012): exact
    Poisson limits of the observed number, and the error of the expected one. A percentage has the second alone,
    for the numbers behind it are not published with it.

    Raises
    ------
    HubreachError
        If no curve can be fitted.
    """
    outcome, areas = problem.outcome, national_areas(problem.vintage, problem.basis)
    people, moved = children_of(problem.year)
    observed = outcome_values(outcome)[problem.year]
    size = pd.Series(float(outcome.per), people.index)
    numbers = observed if outcome.counted else observed * people / size
    fit = fit_national(numbers, people, areas)
    expected = pd.Series(fit.mean_rate, people.index) * (people if outcome.counted else size)
    ratio = observed / expected
    certain = observed.where(observed.isna(), 1.0)
    below, above = _chance(observed) if outcome.counted else (certain, certain)
    error = STANDARD_ERRORS * fit.log_error
    with np.errstate(divide="ignore"):
        low = ratio * np.exp(-np.hypot(np.log(below), error))
        high = ratio.where(ratio > 0, 1 / expected) * np.exp(np.hypot(np.log(above), error))
    known = observed.notna()
    shown = np.column_stack([ratio[known], expected[known]]).astype(np.float64)
    funnel = overdispersed(shown[:, 0], shown[:, 1], counted=outcome.counted)
    near = statistical_neighbours(problem.members[0]) if len(problem.members) == 1 else None
    table = pd.DataFrame(
        {
            "authority_name": authorities()["authority_name"],
            "year": problem.year,
            "observed": observed,
            "expected": expected,
            "ratio": ratio,
            "low": low.fillna(0.0).where(observed.notna()),
            "high": high.where(observed.notna()),
            "neighbour": np.nan if near is None else near["position"].reindex(people.index).astype(float),
        }
    )
    return BenchmarkAnswer(problem, OBSERVED.checked(table), people, moved, fit, funnel, areas)


def _chance(observed: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Exact 95% limits of Poisson counts, over the counts; of a count of nought, the limit itself."""
    scale = observed.where(observed > 0, 1)
    low = pd.Series(gammaincinv(observed.where(observed > 0), 0.025), observed.index).fillna(0.0)
    high = pd.Series(gammaincinv(observed + 1, 0.975), observed.index)
    return low / scale, high / scale


def _together(answer: BenchmarkAnswer) -> pd.Series:
    rows, problem = answer.members, answer.problem
    if len(rows) == 1:
        return rows.iloc[0]
    people = answer.people[rows.index]
    weight = pd.Series(1.0, people.index) if problem.outcome.counted else people / people.sum()
    observed, expected = (float((rows[part] * weight).sum(skipna=False)) for part in ("observed", "expected"))
    at = answer.table.index.get_indexer(rows.index)
    part = (rows["expected"] * weight / expected).to_numpy()
    slope = part @ answer.fit.slopes[at]
    error = STANDARD_ERRORS * float(np.sqrt(slope @ answer.fit.covariance @ slope))
    below, above = _chance(pd.Series([observed])) if problem.outcome.counted else (1.0, 1.0)
    ratio = observed / expected
    with np.errstate(divide="ignore"):
        widths = [float(np.hypot(np.log(np.ravel(each)[0]), error)) for each in (below, above)]
    return pd.Series(
        {
            "authority_name": TOGETHER,
            "year": problem.year,
            "observed": observed,
            "expected": expected,
            "ratio": ratio,
            "low": ratio * np.exp(-widths[0]),
            "high": ratio * np.exp(widths[1]),
            "neighbour": np.nan,
        }
    )


def standing(answer: BenchmarkAnswer, code: str) -> str:
    """Where an authority stands in the funnel: "above", "high", "inside", "low" or "below"; "" without a figure.

    "High" and "low" are outside the 95% limits, "above" and "below" outside the 99.8% ones.
    """
    row = answer.table.loc[code]
    if pd.isna(row["ratio"]):
        return ""
    (wide_low, wide_high), (low, high) = (
        answer.funnel.limits(np.array([row["expected"]]), share) for share in (max(LIMITS), min(LIMITS))
    )
    for word, outside in (
        ("above", row["ratio"] > wide_high[0]),
        ("below", row["ratio"] < wide_low[0]),
        ("high", row["ratio"] > high[0]),
        ("low", row["ratio"] < low[0]),
    ):
        if outside:
            return word
    return "inside"


def funnel_top(answer: BenchmarkAnswer) -> float:
    """Highest ratio that a funnel needs to show: the members', the neighbours' and nearly all others'."""
    rows = answer.known
    named = pd.concat([answer.members, answer.neighbours])["ratio"].max()
    return 1.15 * float(np.nanmax([named, rows["ratio"].quantile(0.98), 1.5]))


def off_scale(answer: BenchmarkAnswer) -> pd.DataFrame:
    """Rows above `funnel_top`, which a funnel shows at its upper edge."""
    return answer.known[answer.known["ratio"] > funnel_top(answer)].sort_values("ratio", ascending=False)


def trend(answer: BenchmarkAnswer) -> pd.DataFrame:
    """Members and neighbours in every published year, each year with its own fit on the edition of the answer.

    Returns
    -------
    DataFrame
        As `OBSERVED` says, by authority (members, then neighbours) and year.
    """
    problem = answer.problem
    chosen = [*problem.members, *answer.neighbours.index]
    years = outcome_years(problem.outcome)
    rows = pd.concat(answer_benchmark(replace(problem, year=year)).table.loc[chosen] for year in years)
    return (
        rows.assign(order=pd.Index(chosen).get_indexer(rows.index))
        .sort_values(["order", "year"])
        .drop(columns="order")
    )


def observed_pyramid(estimate: NeedEstimate, vintage: str | None = None, basis: str = "imd") -> pd.DataFrame:
    """What is published of a place beside the modelled tiers, from the foot of the pyramid up.

    Each outcome in its newest year, against what its own national fit expects.

    Parameters
    ----------
    estimate : NeedEstimate
    vintage, basis : str
        As of `benchmark_problem`.

    Returns
    -------
    DataFrame
        As `PYRAMID` says: tiers, mildest first, then outcomes.

    Raises
    ------
    HubreachError
        If outcomes are not published for the place itself: no part of England, or a part of an authority.
    """
    place = estimate.place
    if not is_whole(place):
        owners = ", ".join(authorities().loc[list(place_authorities(place)), "authority_name"])
        fault = Fault("place", None, None, f"it is a part of {owners}", f"Open {owners}")
        raise HubreachError(f"Outcomes are not published for {place.name} alone.", [fault])
    rows: list[tuple[str, str, str, float, float, float, float, float, float]] = []
    for tier in estimate.settings.tiers:
        value, low, high = estimate.total(tier.key)
        share = value / max(place.children, 1)
        rows.append((tier.key, tier.name, "modelled", value, low, high, np.nan, np.nan, share))
    for short in STEPS:
        answer = answer_benchmark(benchmark_problem(place, short, vintage=vintage, basis=basis))
        row, people = answer.whole, float(answer.people[list(answer.problem.members)].sum())
        name = f"{answer.problem.outcome.title} {answer.problem.year}"
        number, expected = float(row["observed"]), float(row["expected"])
        rows.append(
            (
                answer.problem.outcome.key,
                name,
                "observed",
                number,
                np.nan,
                np.nan,
                expected,
                number / expected,
                number / people,
            )
        )
    return PYRAMID.checked(pd.DataFrame(rows, columns=["step", *PYRAMID.columns]).set_index("step"))


def listed_outcomes() -> pd.DataFrame:
    """Every outcome that can be compared: index `outcome`; `short`, `unit`, `first_year`, `last_year`, `authorities`."""
    rows = []
    for outcome in OUTCOMES:
        values = outcome_values(outcome)
        years = outcome_years(outcome)
        newest = int(values[years[-1]].notna().sum())
        unit = f"number of {outcome.noun}" if outcome.counted else outcome.unit
        rows.append((outcome.name, outcome.short, unit, years[0], years[-1], newest))
    columns = ["outcome", "short", "unit", "first_year", "last_year", "authorities"]
    return pd.DataFrame(rows, columns=columns).set_index("outcome")

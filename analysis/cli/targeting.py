"""`hubreach target`: which areas to focus on, and how sure the figures are of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import pandas as pd
import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.cli.choices import (
    BasisOption,
    DrawsOption,
    GradientOption,
    LevelOption,
    NeedChoices,
    PlaceArgument,
    PrevalenceOption,
    SeedOption,
    TopOption,
    VintageOption,
    estimate_from,
    named_numbers,
    need_meta,
    need_notes,
)
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.targeting.composite import SCOPE, Aggregation, Normalisation, WeightDraws, rank_stability
from analysis.targeting.focus import (
    PART_RULE,
    concentration,
    need_rate,
    priority_comparison,
    priority_parts,
    smallest_set,
)
from analysis.targeting.hotspots import Correction, hot_spots
from analysis.targeting.indicators import double_counts, indicator_values, indicators

Answer = Literal["smallest-set", "priority", "parts", "concentration", "composite", "hot-spots"]

ShowOption = Annotated[
    Answer,
    typer.Option(
        "--show",
        help="The fewest areas with a share of need; the council's named areas against the figures; the "
        "LSOAs that are parts of a named area; concentration of need; a composite index; hot spots.",
    ),
]
ShareOption = Annotated[float, typer.Option("--share", help="Share of need that the smallest set holds.")]
WeightOption = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="NAME[=NUMBER]",
        help="What counts: a tier of need, repeat to add up several (default: the mildest); of the composite index an "
        "indicator with its weight, such as imd_score=1 (default: all alike).",
        show_default=False,
    ),
]
NormalisationOption = Annotated[Normalisation, typer.Option("--normalise", help="Of the composite index.")]
AggregationOption = Annotated[Aggregation, typer.Option("--aggregate", help="Of the composite index.")]
SignificanceOption = Annotated[float, typer.Option("--p-value", help="Largest p-value of a hot spot.")]
CorrectionOption = Annotated[
    Correction, typer.Option("--correction", help="Of the p-values of hot spots, for many tests at once.")
]


@dataclass(frozen=True)
class TargetChoices:
    """What the options say about the answer."""

    by: Level
    share: float
    tiers: list[str] | None
    weights: Mapping[str, float]
    normalisation: Normalisation
    aggregation: Aggregation
    significance: float
    correction: Correction


def target(
    place: PlaceArgument,
    show: ShowOption = "smallest-set",
    by: LevelOption = "ward",
    share: ShareOption = 0.5,
    weight: WeightOption = None,
    normalise: NormalisationOption = "rank",
    aggregate: AggregationOption = "arithmetic",
    p_value: SignificanceOption = 0.05,
    correction: CorrectionOption = "none",
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    prevalence: PrevalenceOption = None,
    gradient: GradientOption = None,
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
    top: TopOption = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Which areas to focus on, and how sure the figures are of it."""
    choices = NeedChoices(vintage, basis, prevalence or (), gradient or (), seed=seed, draws=draws, top=top)
    weights = _indicator_weights(weight or ()) if show == "composite" else {}
    estimate = estimate_from(place, choices)
    wanted = TargetChoices(by, share, weight or None, weights, normalise, aggregate, p_value, correction)
    frame, notes = ANSWERS[show](estimate, wanted)
    print_frame(
        frame.round(4),
        format,
        out,
        title=f"{estimate.place.name}: {show.replace('-', ' ')}",
        notes=[*notes, *need_notes(estimate)],
        meta={**need_meta(estimate), "show": show, "by": by},
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(target)


def _indicator_weights(given: Sequence[str]) -> dict[str, float]:
    faults = FaultList("options")
    weights = named_numbers(given, "--weight", "imd_score=1", faults)
    faults.raise_if_any("The composite index cannot be worked out.")
    return weights


def _smallest_set(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    frame = smallest_set(estimate, wanted.by, wanted.share, wanted.tiers)
    areas = estimate.place.keys(wanted.by).nunique()
    last = frame.iloc[-1]
    return frame, [
        (
            f"{len(frame)} of {areas} areas ({wanted.by}) hold {last['cumulative_share']:.1%} of need and "
            f"{last['children_share']:.1%} of children"
        )
    ]


def _priority(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    frame = priority_comparison(estimate, wanted.tiers, top=estimate.settings.top)
    priority = estimate.place.manifest.priority
    if frame is None or priority is None:
        raise _not_named(estimate, "areas")
    counts = frame["verdict"].value_counts()
    words = {"found": "found", "partly": "partly found", "missed": "missed", "extra": "extra"}
    tally = ", ".join(f"{counts.get(verdict, 0)} {said}" for verdict, said in words.items())
    return frame, [f"{priority.title} ({priority.source}): {tally}"]


def _parts(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    frame = priority_parts(estimate, wanted.share, wanted.tiers)
    if frame is None:
        raise _not_named(estimate, "parts of areas")
    return frame, [f"{PART_RULE} ({wanted.share:.0%}): {int(frame['inside'].sum())} of {len(frame)} LSOAs"]


def _concentration(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    answer = concentration(estimate, wanted.by, wanted.tiers)
    return answer.curve, [f"Gini coefficient of need over children, by {wanted.by}: {answer.gini:.3f}"]


def _composite(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    place, settings = estimate.place, estimate.settings
    known = indicators(place, settings.vintage)
    weights = wanted.weights or dict.fromkeys(known, 1.0)
    values = indicator_values(place, settings.vintage, wanted.by)
    ranks = rank_stability(
        values,
        weights,
        {key: item.direction for key, item in known.items()},
        normalisation=wanted.normalisation,
        aggregation=wanted.aggregation,
        draws=WeightDraws(settings.draws, settings.seed),
        top=settings.top,
        interval=settings.interval,
    )
    ranks.insert(0, "area_name", place.names(wanted.by))
    warnings = double_counts([known[key] for key, weight in weights.items() if weight > 0])
    weighing = ", ".join(f"{key}={weight:g}" for key, weight in weights.items())
    return ranks.sort_values("rank"), [f"Weights: {weighing}", SCOPE, *warnings]


def _hot_spots(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    frame = hot_spots(
        estimate.place,
        1000 * need_rate(estimate, wanted.by, wanted.tiers),
        wanted.by,
        significance=wanted.significance,
        correction=wanted.correction,
        seed=estimate.settings.seed,
    )
    return frame.sort_values("value", ascending=False), [
        (
            f"Local Moran's I of children per 1,000, two-sided p-value up to {frame['cut_off'].iloc[0]:.4g} "
            f"({wanted.correction} correction)"
        )
    ]


def _not_named(estimate: NeedEstimate, what: str) -> HubreachError:
    found = f"{estimate.place.name} has named no {what}"
    fault = Fault("place.toml", None, "priority", found, "Add a [priority] table with the council's areas")
    return HubreachError("There is nothing to compare the figures with.", [fault])


ANSWERS: dict[Answer, Callable[[NeedEstimate, TargetChoices], tuple[pd.DataFrame, list[str]]]] = dict(
    zip(
        get_args(Answer),
        (_smallest_set, _priority, _parts, _concentration, _composite, _hot_spots),
        strict=True,
    )
)

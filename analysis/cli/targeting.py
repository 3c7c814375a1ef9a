"""`hubreach target`: which areas to focus on, and how far model runs agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import pandas as pd
import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.cli.choices import (
    BasisOption,
    ChildrenOption,
    DrawsOption,
    GradientOption,
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
from analysis.cli.groups import command, only_where
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.estimate import NeedEstimate
from analysis.places.place import Level
from analysis.report.content import unmarked
from analysis.targeting.composite import SCOPE, Aggregation, Normalisation
from analysis.targeting.hot_spots import Correction, HotSpotProblem, find_hot_spots
from analysis.targeting.named_areas import (
    PART_RULE,
    NamedAreas,
    NamedAreasProblem,
    named_areas,
    on_other_editions,
)
from analysis.targeting.own_index import IndexProblem, own_index, recipe_of
from analysis.targeting.smallest_set import SmallestSetProblem, concentration, smallest_set
from analysis.targeting.words import VERDICT_NAMES, editions_sentence

Answer = Literal["smallest-set", "priority", "parts", "concentration", "composite", "hot-spots"]

ShowOption = Annotated[
    Answer,
    typer.Option(
        "--show",
        help="The fewest areas with a share of need; the council's named areas against the figures; the "
        "LSOAs that are parts of a named area; concentration of need; a composite index; hot spots.",
    ),
]
USUAL_LEVEL: dict[Answer, Level] = {
    **dict.fromkeys(get_args(Answer), SmallestSetProblem.level),
    "composite": IndexProblem.level,
    "hot-spots": HotSpotProblem.level,
}
ByOption = Annotated[
    Level | None,
    typer.Option(
        "--by", help="Areas to answer for. Default: lsoa for hot spots, else ward.", show_default=False
    ),
]
ShareOption = Annotated[float, typer.Option("--share", help="Share of need that the smallest set holds.")]
WeightOption = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="NAME[=NUMBER]",
        help="What counts: a tier of need, repeat to add up several (default: the mildest); of the composite index an "
        "indicator with its weight, such as imd_score=1 (default: the starting weights of the page).",
        show_default=False,
    ),
]
NormalisationOption = Annotated[Normalisation, typer.Option("--normalise", help="Of the composite index.")]
AggregationOption = Annotated[Aggregation, typer.Option("--aggregate", help="Of the composite index.")]
SignificanceOption = Annotated[
    float, typer.Option("--p-value", help="Most often that chance alone may give a hot spot's pattern.")
]
CorrectionOption = Annotated[
    Correction, typer.Option("--correction", help="Of hot spots, for many tests at once.")
]


@dataclass(frozen=True)
class TargetChoices:
    """What the options say about the answer."""

    by: Level | None
    share: float
    tiers: tuple[str, ...] | None
    weights: Mapping[str, float]
    normalisation: Normalisation
    aggregation: Aggregation
    significance: float
    correction: Correction


@command(
    only_where("share", show=("smallest-set", "parts")),
    only_where("by", show=("smallest-set", "concentration", "composite", "hot-spots")),
    only_where("normalise", "aggregate", show="composite"),
    only_where("p_value", "correction", show="hot-spots"),
    only_where("top", show=("priority", "composite")),
    only_where("draws", show=("smallest-set", "priority", "composite")),
    only_where("seed", show=("smallest-set", "priority", "composite", "hot-spots")),
    only_where(
        "basis",
        "prevalence",
        "gradient",
        show=tuple(show for show in get_args(Answer) if show != "composite"),
    ),
)
def target(
    place: PlaceArgument,
    show: ShowOption = "smallest-set",
    by: ByOption = None,
    share: ShareOption = SmallestSetProblem.share,
    weight: WeightOption = None,
    normalise: NormalisationOption = "rank",
    aggregate: AggregationOption = "arithmetic",
    p_value: SignificanceOption = HotSpotProblem.significance,
    correction: CorrectionOption = HotSpotProblem.correction,
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    prevalence: PrevalenceOption = None,
    gradient: GradientOption = None,
    children: ChildrenOption = "",
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
    top: TopOption = None,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Which areas to focus on, and how far model runs agree."""
    choices = NeedChoices(vintage, basis, prevalence, gradient, children, seed=seed, draws=draws, top=top)
    weights = _indicator_weights(weight or ()) if show == "composite" else {}
    estimate = estimate_from(place, choices)
    wanted = TargetChoices(
        by, share, tuple(weight) if weight else None, weights, normalise, aggregate, p_value, correction
    )
    frame, notes = ANSWERS[show](estimate, wanted)
    print_frame(
        frame.round(4),
        format,
        out,
        title=f"{estimate.place.name}: {show.replace('-', ' ')}",
        notes=[*notes, *need_notes(estimate)],
        tiers=estimate.tier_keys,
        meta={**need_meta(estimate), "show": show, "by": by or USUAL_LEVEL[show]},
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
    level = wanted.by or SmallestSetProblem.level
    answer = smallest_set(estimate, SmallestSetProblem(level, wanted.share, wanted.tiers))
    last = answer.inside.iloc[-1]
    columns = ["area_name", "children", "need", "need_share", "cumulative_share", "children_share", "p_top"]
    note = (
        f"{answer.count} of {len(answer.table)} areas ({level}) hold {last['cumulative_share']:.1%} of need and "
        f"{last['children_share']:.1%} of children"
    )
    return answer.inside[columns], [note]


def _named(estimate: NeedEstimate, wanted: TargetChoices) -> NamedAreas:
    answer = named_areas(estimate, NamedAreasProblem(estimate.settings.top, wanted.share, wanted.tiers))
    if answer is None:
        raise _not_named(estimate, "areas")
    return answer


def _priority(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    answer = _named(estimate, wanted)
    tally = "; ".join(
        f"{len(answer.names(verdict))} {said}" for verdict, said in VERDICT_NAMES.items() if verdict
    )
    elsewhere = on_other_editions(
        estimate, NamedAreasProblem(estimate.settings.top, wanted.share, wanted.tiers)
    )
    editions = editions_sentence(answer, elsewhere, estimate.place)
    notes = [f"{answer.title} ({answer.source}): {tally}", *([unmarked(editions)] if editions else [])]
    return answer.wards, notes


def _parts(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    frame = _named(estimate, wanted).parts
    if frame is None:
        raise _not_named(estimate, "parts of areas")
    return frame, [f"{PART_RULE} ({wanted.share:.0%}): {int(frame['inside'].sum())} of {len(frame)} LSOAs"]


def _concentration(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    level = wanted.by or SmallestSetProblem.level
    answer = concentration(estimate, level, wanted.tiers)
    return answer.curve, [
        f"How this is worked out: Gini coefficient of need over children, by {level}: {answer.gini:.3f}"
    ]


def _composite(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    vintage = estimate.settings.vintage
    recipe = recipe_of(estimate.place, vintage, wanted.weights, wanted.normalisation, wanted.aggregation)
    answer = own_index(estimate, IndexProblem(recipe, wanted.by or IndexProblem.level))
    weighing = ", ".join(f"{key}={weight:g}" for key, weight in recipe.signed_weights)
    return answer.ranks.drop(columns="position"), [f"Weights: {weighing}", SCOPE, *answer.warnings]


def _hot_spots(estimate: NeedEstimate, wanted: TargetChoices) -> tuple[pd.DataFrame, list[str]]:
    level = wanted.by or HotSpotProblem.level
    problem = HotSpotProblem(level, wanted.significance, wanted.correction, tiers=wanted.tiers)
    answer = find_hot_spots(estimate, problem)
    note = (
        f"How this is worked out: local Moran's I of children per 1,000, two-sided p-value up to {answer.cut_off:.4g} "
        f"({wanted.correction} correction)"
    )
    return answer.spots, [note]


def _not_named(estimate: NeedEstimate, what: str) -> HubreachError:
    found = f"{estimate.place.name} has named no {what}"
    fault = Fault(
        estimate.place.stated_in, None, "priority", found, "Add a [priority] table with the council's areas"
    )
    return HubreachError("There is nothing to compare the figures with.", [fault])


ANSWERS: dict[Answer, Callable[[NeedEstimate, TargetChoices], tuple[pd.DataFrame, list[str]]]] = dict(
    zip(
        get_args(Answer),
        (_smallest_set, _priority, _parts, _concentration, _composite, _hot_spots),
        strict=True,
    )
)

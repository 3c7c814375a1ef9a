"""Options that several commands share, and the settings that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Literal

import pandas as pd
import typer

from analysis.base.faults import FaultList
from analysis.need.estimate import NeedEstimate, estimate_need
from analysis.need.opening import open_place
from analysis.need.parameters import settings_line
from analysis.places.place import Level
from analysis.places.sources import ground_sources, source_line
from analysis.scenario.need_settings import (
    CHILDREN_PER_FAMILY,
    DIFFER_HELP,
    NAMED_GRADIENTS,
    RANGE_KINDS,
    WHOLE_FAMILIES,
    FittedGradient,
    RangeKind,
    default_settings,
    with_tiers,
)

PlaceArgument = Annotated[str, typer.Argument(metavar="PLACE", help="A place: see `hubreach places`.")]
LevelOption = Annotated[Level, typer.Option("--by", help="Areas to answer for.")]
VintageOption = Annotated[
    str | None,
    typer.Option(
        "--vintage", help="Edition of the deprivation figures, such as 2019 or 2025.", show_default=False
    ),
]
ChildrenOption = Annotated[
    Literal["", "census2021"],
    typer.Option(
        "--children",
        help="Edition of the children counted: census2021, or what the place opens with (mid-2024, or its own).",
        show_default=False,
    ),
]
BasisOption = Annotated[
    Literal["imd", "idaci"],
    typer.Option("--basis", help="Deprivation that need follows: all domains, or children's income."),
]
PrevalenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--prevalence",
        metavar="TIER=SHARE",
        help="Share of children in a tier, such as early_help=0.15.",
        show_default=False,
    ),
]
GradientOption = Annotated[
    list[str] | None,
    typer.Option(
        "--gradient",
        metavar="TIER=RATIO",
        help="Rate in the most over the least deprived tenth, such as early_help=4; or a published "
        f"one: {', '.join(NAMED_GRADIENTS)}; or a fitted one as the page Benchmark names it.",
        show_default=False,
    ),
]
FamilyOption = Annotated[
    float,
    typer.Option(
        "--children-per-family",
        help="; ".join(f"{k:g}: {why}" for k, why in CHILDREN_PER_FAMILY.items()),
    ),
]
SpreadOption = Annotated[
    float | None,
    typer.Option(
        "--spread", help=f"How far authorities differ. {DIFFER_HELP} Default: 0.2.", show_default=False
    ),
]
RangeOption = Annotated[RangeKind, typer.Option("--range", help="; ".join(RANGE_KINDS.values()) + ".")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Of the simulation behind the ranges.")]
DrawsOption = Annotated[int, typer.Option("--draws", help="Model runs behind the ranges.")]
TopOption = Annotated[
    int | None,
    typer.Option(
        "--top",
        help="k in the chance of being among the k areas with most need. Default: a quarter.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class RateOptions:
    """How much need there is and where, as options of a command."""

    vintage: VintageOption = None
    basis: BasisOption = "imd"
    prevalence: PrevalenceOption = None
    gradient: GradientOption = None
    children: ChildrenOption = ""


@dataclass(frozen=True)
class FamilyOptions(RateOptions):
    """The same where families are counted."""

    children_per_family: FamilyOption = WHOLE_FAMILIES


@dataclass(frozen=True)
class NeedChoices(FamilyOptions):
    """The same where estimates have ranges: all that an estimate of need rests on."""

    spread: SpreadOption = None
    range_kind: RangeOption = "rate"
    seed: SeedOption = 1
    draws: DrawsOption = 1000
    top: TopOption = None


def estimate_from(place_name: str, rates: RateOptions) -> NeedEstimate:
    """Open a place and estimate its need; every wrong option is told in one error."""
    choices = rates if isinstance(rates, NeedChoices) else NeedChoices(**vars(rates))
    place = open_place(place_name)
    faults = FaultList("options")
    prevalence = named_numbers(choices.prevalence or (), "--prevalence", "early_help=0.15", faults)
    gradient, fitted = _gradients(choices.gradient or (), faults)
    usual = default_settings(place)
    settings = usual
    with faults.collecting():
        settings = with_tiers(usual, prevalence, gradient, fitted)
    settings = replace(
        settings,
        vintage=choices.vintage or usual.vintage,
        basis=choices.basis,
        children=choices.children,
        children_per_family=choices.children_per_family,
        prevalence_sd=usual.prevalence_sd if choices.spread is None else choices.spread,
        range_kind=choices.range_kind,
        seed=choices.seed,
        draws=choices.draws,
        top=choices.top,
    )
    estimate = None
    with faults.collecting():
        estimate = estimate_need(place, settings)
    faults.raise_if_any(f"Need in {place.name} cannot be estimated with these options.")
    if estimate is None:  # pragma: no cover - an estimate is only absent when a fault was recorded
        raise AssertionError(place_name)
    return estimate


def need_notes(estimate: NeedEstimate, sites: pd.DataFrame | None = None) -> list[str]:
    """Parameters and sources of an estimate, and of where people live and sites stand for an answer about these; a line each."""
    place, settings = estimate.place, estimate.settings
    file = place.vintage(settings.vintage).file
    columns = ["children", *place.age_bands, f"{file}:{settings.basis}_rank"]
    columns += ["areas:ward_name"] if place.own("wards") else []
    return [
        f"{settings_line(place, settings)}. Children: {place.manifest.children_title}",
        source_line(place, columns),
        *([] if sites is None else ground_sources(place, sites)),
    ]


def need_meta(estimate: NeedEstimate) -> dict[str, object]:
    """The same for programs: every parameter by name."""
    settings = asdict(estimate.settings)
    tiers = {
        tier.key: {"prevalence": tier.prevalence, "gradient": tier.gradient} for tier in settings.pop("tiers")
    }
    return {"place": estimate.place.slug, "tiers": tiers, "settings": settings}


def _gradients(given: Sequence[str], faults: FaultList) -> tuple[dict[str, float], dict[str, str]]:
    """Gradients by tier, and the codes of those that are fitted ones."""
    fitted = {
        key.strip(): found
        for key, _, code in (text.partition("=") for text in given)
        if (found := FittedGradient.read(code.strip())) is not None
    }
    plain = [
        f"{key}={NAMED_GRADIENTS[value.strip()].gradient}" if value.strip() in NAMED_GRADIENTS else text
        for text in given
        for key, _, value in (text.partition("="),)
        if key.strip() not in fitted
    ]
    numbers = named_numbers(plain, "--gradient", "early_help=4", faults)
    return (
        numbers | {key: found.gradient for key, found in fitted.items()},
        {key: found.code for key, found in fitted.items()},
    )


def named_numbers(given: Sequence[str], option: str, example: str, faults: FaultList) -> dict[str, float]:
    """Numbers by name from options such as `--prevalence early_help=0.15`; a percentage is a share."""
    pairs: dict[str, float] = {}
    for text in given:
        key, equals, value = text.partition("=")
        number = _number(value)
        if not equals or number is None:
            faults.add(f"{text!r} is not NAME=NUMBER", f"Write it like {option} {example}", column=option)
        else:
            pairs[key.strip()] = number
    return pairs


def _number(text: str) -> float | None:
    """A number, or a percentage such as 15%."""
    percent = text.strip().endswith("%")
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        return None
    return number / 100 if percent else number

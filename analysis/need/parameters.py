"""The parameter log: every value in force behind an estimate, its default, meaning and source."""

from __future__ import annotations

import pandas as pd

from analysis.places.england.editions import children_editions, with_children
from analysis.places.manifest import Tier
from analysis.places.place import Place
from analysis.places.sources import source_line
from analysis.scenario.need_settings import BASES, CHILDREN_PER_FAMILY, NeedSettings, default_settings

MEANINGS = {
    "children": "Edition of the children counted",
    "vintage": "Edition of the deprivation figures",
    "basis": "Index whose national rank places an area on the rate curve",
    "children_per_family": "Families are children divided by this",
    "seed": "Start of the simulation: the same seed gives the same ranges",
    "draws": "Number of model runs behind a range",
    "prevalence_sd": "How far authorities differ: relative standard deviation of each prevalence (Beta)",
    "gradient_sd": "Standard deviation of the logarithm of each gradient (log-normal)",
    "area_sd": "Standard deviation of an area's own effect, on the logit scale",
    "ward_share": "Share of the variance of that effect which an area has in common with its ward",
    "tier_correlation": "Correlation between tiers of prevalences, gradients and effects",
    "range_kind": "Which range: rate (how far the expected number could be off) or count (chance as well)",
    "interval": "Share of the model runs that a range holds",
    "top": "k in the chance of being among the k areas with most need (blank: a quarter of the areas)",
}


def parameter_log(place: Place, settings: NeedSettings) -> pd.DataFrame:
    """Every parameter of an estimate of need.

    Returns
    -------
    DataFrame
        Index `parameter` ("early_help_prevalence", "seed", ...); `value` and `default` as text,
        `changed`, `meaning`, `source`.
    """
    usual = default_settings(place)
    rows = []
    for tier in settings.tiers:
        own = next((t for t in usual.tiers if t.key == tier.key), tier)
        rows += [
            (
                f"{tier.key}_prevalence",
                f"{tier.prevalence:g}",
                f"{own.prevalence:g}",
                f"Share of all children in the place who need {tier.name.lower()}",
                own.prevalence_source if tier.prevalence == own.prevalence else "Chosen by the user",
            ),
            (
                f"{tier.key}_gradient",
                f"{tier.gradient:g}",
                f"{own.gradient:g}",
                "Rate in the most deprived tenth of neighbourhoods over the rate in the least deprived tenth",
                settings.gradient_source(tier, own),
            ),
        ]
    counted = with_children(place, settings.children)
    sources = {
        "children": source_line(counted, ["children", *counted.age_bands]),
        "vintage": source_line(place, [f"{place.vintage(settings.vintage).file}:imd_rank"]),
        "children_per_family": CHILDREN_PER_FAMILY.get(settings.children_per_family, "Chosen by the user"),
    }
    editions = children_editions(place)
    for name, meaning in MEANINGS.items():
        value, default = getattr(settings, name), getattr(usual, name)
        if name == "children":
            value, default = editions[value], editions[default]
        rows.append((name, _text(value), _text(default), meaning, sources.get(name, "")))
    log = pd.DataFrame(rows, columns=["parameter", "value", "default", "meaning", "source"])
    log.insert(3, "changed", log["value"] != log["default"])
    return log.set_index("parameter")


def gradient_words(settings: NeedSettings, tier: Tier) -> str:
    """A tier's gradient, and what it was fitted on if it was: such a one is marked as a scenario."""
    fitted = settings.fitted(tier.key)
    return f"{tier.gradient:g} times the rate in the most deprived areas" + (
        "" if fitted is None else f" ({fitted.words}: scenario)"
    )


def settings_line(place: Place, settings: NeedSettings) -> str:
    """The parameters that matter most, in one line to stand under a table."""
    tiers = "; ".join(
        f"{tier.name} {100 * tier.prevalence:.4g}% of children, {gradient_words(settings, tier)}"
        for tier in settings.tiers
    )
    return (
        f"{place.name}: {tiers}; {BASES.get(settings.basis, f'{settings.basis} index')} {settings.vintage}; "
        f"{settings.children_per_family:g} children a family; {settings.interval:.0%} {settings.range_kind} ranges from "
        f"{settings.draws:,} model runs, seed {settings.seed}"
    )


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

"""The numbers behind the page on data and method: checks, sources, decisions, parameters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.base.text import date_words, unmarked
from analysis.need.estimate import NeedEstimate
from analysis.need.parameters import parameter_log
from analysis.places.place import Place
from analysis.places.sources import sources_table
from analysis.render.number_words import number_word
from analysis.scenario.need_settings import COMPOSITE, NeedSettings
from analysis.targeting.recipe import IndexRecipe

SIGNS = {
    "passed": "✓ passed",
    "failed": "✗ failed",
    "note": "! note",
}


def checks_shown(checks: pd.DataFrame) -> pd.DataFrame:
    """Checks with their result by sign and word as the index, what failed first, then notes."""
    order = checks["result"].map({"failed": 0, "note": 1, "passed": 2})
    ordered = checks.loc[order.sort_values(kind="stable").index]
    shown = ordered.assign(
        result=ordered["result"].map(SIGNS), source=ordered["source"].str.removeprefix("Source: ")
    )
    return shown.reset_index().set_index("result")


def checks_sentence(place: Place, checks: pd.DataFrame) -> str:
    """How many checks ran and held, what did not, and that every figure has a source."""
    counts = checks["result"].value_counts()
    ok, failed, notes = (int(counts.get(result, 0)) for result in ("passed", "failed", "note"))
    sources = len(place.manifest.sources)
    start = f"**{ok} of {len(checks)} checks** on the figures of {unmarked(place.name)} passed"
    rest = []
    if failed:
        rest.append(f"**{number_word(failed)} failed**")
    if notes:
        rest.append(f"{number_word(notes)} {'is a note' if notes == 1 else 'are notes'} worth knowing")
    said = f"; {' and '.join(rest)}" if rest else ""
    return (
        f"{start}{said}. Figures come from **{number_word(sources)} published sources**, each with date and "
        "licence; what is modelled from them says so."
    )


def sources_shown(place: Place) -> pd.DataFrame:
    """Every source: what it is, who published it, when, under which licence, and the columns that it serves."""
    columns = ["title", "publisher", "vintage", "licence", "file", "columns", "note"]
    return sources_table(place)[columns].set_index("title")


@dataclass(frozen=True)
class DecisionFacts:
    """A decision of the council that the figures serve: heading, date in words, facts."""

    heading: str
    facts: tuple[str, ...]


def decisions(place: Place) -> list[DecisionFacts]:
    """Decision facts of `place.toml`, with the core offer, the named areas and the stated families as their own."""
    manifest = place.manifest
    found = [
        DecisionFacts(
            f"{decision.title} ({decision.body}"
            + (f", {date_words(decision.date)})" if decision.date else ")"),
            decision.facts,
        )
        for decision in manifest.decisions
    ]
    if manifest.priority is not None:
        named = tuple(
            f"{area.name}" + (f" (parts of {' and '.join(area.wards)})" if area.part else "")
            for area in manifest.priority.areas
        )
        found.append(DecisionFacts(f"{manifest.priority.title} ({manifest.priority.source})", named))
    if manifest.core_offer:
        found.append(DecisionFacts(f"Core offer ({manifest.core_offer_source})", manifest.core_offer))
    if manifest.family_statement is not None:
        said = manifest.family_statement
        found.append(
            DecisionFacts(
                f"Families, as published ({said.source})",
                (f"“{said.words}”, of {said.share_of_children:.0%} of the child population",),
            )
        )
    return found


def full_parameter_log(place: Place, settings: NeedSettings, recipe: IndexRecipe | None) -> pd.DataFrame:
    """`parameter_log` with the recipe of the user's own index where the estimate stands on it.

    Returns
    -------
    DataFrame
        Index `parameter`; `value`, `default`, `changed`, `meaning`, `source`.
    """
    log = parameter_log(place, settings)
    if settings.basis != COMPOSITE or recipe is None:
        return log
    rows = [
        (
            f"index_weight_{key}",
            f"{weight:g}",
            "",
            True,
            "Weight in the index; below 0: lower means more need",
        )
        for key, weight in recipe.signed_weights
    ]
    rows += [
        ("index_normalisation", recipe.normalisation, "", True, "How indicators are put on one scale"),
        ("index_aggregation", recipe.aggregation, "", True, "How indicators are put together"),
    ]
    columns = ["parameter", "value", "default", "changed", "meaning"]
    own = pd.DataFrame(rows, columns=columns).assign(source="Chosen by the user").set_index("parameter")
    return pd.concat([log, own])


def log_shown(log: pd.DataFrame) -> pd.DataFrame:
    """The parameter log with "changed" by word."""
    return log.assign(changed=log["changed"].map({True: "changed", False: "default"}))


def curve_table(estimate: NeedEstimate) -> pd.DataFrame:
    """The fitted curve of each tier: index `tier`; `prevalence`, `gradient`, `a`, `b`, `children`."""
    rows = []
    for tier in estimate.settings.tiers:
        curve = estimate.curves[tier.key]
        rows.append(
            (
                tier.name,
                tier.prevalence,
                tier.gradient,
                curve.a,
                curve.b,
                int(estimate.counts[tier.key].sum()),
            )
        )
    columns = ["tier", "prevalence", "gradient", "a", "b", "children"]
    return pd.DataFrame(rows, columns=columns).set_index("tier")

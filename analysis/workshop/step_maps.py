"""What the screen shows of a workshop's steps: each a map with its one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pandas as pd

from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.need.estimate import NeedEstimate
from analysis.options import words as options_words
from analysis.options.difference import LEAST_MINUTES
from analysis.options.difference_view import difference_map, difference_view
from analysis.options.files import option_text, parse_option
from analysis.options.option import Option
from analysis.options.reached import OptionReach, option_reach, option_status
from analysis.options.view import minute_colours, minute_legend
from analysis.places.england.editions import children_editions
from analysis.places.place import Level, Place
from analysis.reach.maps import served_words
from analysis.reach.sites import site_marks, symbol_rows
from analysis.render.layers import AreaPaint
from analysis.render.map_sheet import LegendRow, MapLegend
from analysis.render.theme import MISSING, percent, whole
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES
from analysis.scenario.need_settings import NeedSettings, available_bases, default_settings, with_tiers
from analysis.scenario.terms import DEFAULT_MINUTES, Terms, stamp_of
from analysis.scenario.travel import MODE_WORDS, MODES
from analysis.workshop.run import OptionChoice, Step
from analysis.workshop.state import State

KINDS_SEPARATOR = "; "


@dataclass(frozen=True, eq=False)
class ScreenMap:
    """A map of one step, ready to be drawn.

    Parameters
    ----------
    message : str
        One computed sentence, with `**` around what is bold.
    paint, legend
        As for any map.
    source : str
    sites : DataFrame or None
        Marks on the map.
    selected : str or None
        Area with a heavy outline.
    highlighted : tuple of str
    scenario : str
        The scenario in one line, "" where a step shows no plan.
    """

    message: str
    paint: AreaPaint
    legend: MapLegend
    source: str
    sites: pd.DataFrame | None = None
    selected: str | None = None
    highlighted: tuple[str, ...] = field(default_factory=tuple)
    scenario: str = ""


def option_choice(option: Option) -> OptionChoice:
    """An option as a workshop keeps it: its whole text, so that later changes do not reach the record."""
    detail: dict[str, object] = {
        "source": option.source,
        "note": option.note,
        "illustration": option.illustration,
        "text": option_text(option),
    }
    return OptionChoice(key=option.slug, name=option.name, detail=detail)


def kept_text(state: State, number: int) -> str:
    """Text of a workshop's option by its number from 1, as it stood when the workshop was created."""
    kept = state.options[number - 1]
    return str(kept["detail"].get("text", ""))


def parsed_option(text: str) -> Option:
    """Option from its kept text.

    Raises
    ------
    HubreachError
        If it was kept without a text, or the text cannot be used.
    """
    return parse_option(text, file="the workshop's option")


def step_parameters(state: State, step: Step) -> dict[str, Any]:
    """Parameters in force for a step: the workshop's, and over them the step's own."""
    return {**state.parameters, **step.parameters}


def step_settings(place: Place, parameters: Mapping[str, Any]) -> NeedSettings:
    """Settings of the estimate that parameters name, the place's defaults where they name none."""
    start = default_settings(place)
    vintage = str(parameters.get("vintage", start.vintage))
    if vintage not in place.vintages:
        vintage = start.vintage
    basis = str(parameters.get("basis", start.basis))
    if basis not in available_bases(place, vintage):
        basis = start.basis
    children = str(parameters.get("children", start.children))
    if children not in children_editions(place):
        children = start.children
    settings = NeedSettings(tiers=start.tiers, vintage=vintage, basis=basis, children=children)
    keys = [tier.key for tier in start.tiers]
    prevalence = {
        key: float(parameters[f"prevalence {key}"]) for key in keys if f"prevalence {key}" in parameters
    }
    gradient = {key: float(parameters[f"gradient {key}"]) for key in keys if f"gradient {key}" in parameters}
    return with_tiers(settings, prevalence, gradient)


def parameters_in_force(settings: NeedSettings, terms: Terms) -> dict[str, str | int | float]:
    """Parameters as a workshop keeps them, for its screen and its record: the scenario of the page it began on."""
    tiers = {f"prevalence {each.key}": each.prevalence for each in settings.tiers}
    tiers |= {f"gradient {each.key}": each.gradient for each in settings.tiers}
    named = {"tier": terms.tier, "vintage": settings.vintage, "basis": settings.basis, "ages": terms.ages}
    named |= {"children": settings.children} if settings.children else {}
    reach = {"minutes": terms.minutes or DEFAULT_MINUTES, "mode": terms.mode or "walk"}
    kinds = {"kinds": KINDS_SEPARATOR.join(terms.kinds)} if terms.kinds else {}
    return {**named, **reach, **kinds, **tiers}


def step_terms(parameters: Mapping[str, Any], tier: str) -> Terms:
    """Terms on which the workshop's options are shown."""
    mode, minutes, ages = (parameters.get(name) for name in ("mode", "minutes", "ages"))
    kinds = str(parameters.get("kinds", ""))
    return Terms(
        float(minutes) if isinstance(minutes, (int, float)) else DEFAULT_MINUTES,
        cast("Any", mode if mode in MODES else "walk"),
        kinds=tuple(kinds.split(KINDS_SEPARATOR)) if kinds else None,
        ages=str(ages) if ages in AGE_GROUPS else ALL_AGES,
        tier=tier,
    )


def step_tier(estimate: NeedEstimate, parameters: Mapping[str, Any]) -> str:
    """Tier that a step is about; the first of the place where it names none of its own."""
    tier = str(parameters.get("tier", ""))
    return tier if tier in estimate.tier_keys else estimate.tier_keys[0]


def need_step(estimate: NeedEstimate, parameters: Mapping[str, Any]) -> ScreenMap:
    """The map of need and its sentence."""
    tier = step_tier(estimate, parameters)
    level = str(parameters.get("level", "ward"))
    chosen: Level = cast("Level", level if level in {"ward", "lsoa", "locality"} else "ward")
    if chosen == "locality" and not estimate.place.manifest.localities:
        chosen = "ward"
    drawn = need_maps.need_map(estimate, tier, chosen)
    sheet = need_maps.need_map_sheet(estimate, drawn, tier)
    return ScreenMap(
        need_words.need_sentence(estimate, tier, chosen),
        drawn.paint,
        sheet.legend,
        need_words.source_sentence(estimate),
    )


def ward_step(estimate: NeedEstimate, ward: str, parameters: Mapping[str, Any]) -> ScreenMap:
    """One ward outlined on the map of neighbourhoods, with its number, range and rank."""
    tier = step_tier(estimate, parameters)
    drawn = need_maps.need_map(estimate, tier, "lsoa")
    sheet = need_maps.need_map_sheet(estimate, drawn, tier)
    message = need_words.area_sentence(estimate, tier, "ward", ward)
    return ScreenMap(message, drawn.paint, sheet.legend, need_words.source_sentence(estimate), selected=ward)


def option_step(estimate: NeedEstimate, option: Option, parameters: Mapping[str, Any]) -> ScreenMap:
    """Minutes to the nearest site of an option, and whom it reaches."""
    terms = step_terms(parameters, step_tier(estimate, parameters))
    reach = option_reach(estimate, option, terms)
    minutes = reach.served_nearest["nearest_minutes"]
    limit = reach.minutes
    marks = site_marks(reach.open_sites, estimate.place.kinds)
    rows = _minute_rows(reach, limit)
    wards = reach.by("ward")
    lost = wards["children"] - wards["children_covered"]
    paint = AreaPaint("lsoa", minute_colours(minutes, limit), _minute_tooltip(reach), lost)
    total, reached = (float(reach.summary[part].to_dict()["children"]) for part in ("total", "covered"))
    way, who = MODE_WORDS[reach.settings.mode].way, AGE_GROUPS[terms.ages].words
    message = (
        f"**{whole(reached)}** of {whole(total)} {who} (**{percent(reached / total if total else 0.0)}**) live within "
        f"{limit:g} minutes {way} of one of {len(reach.sites)} sites."
    )
    legend = MapLegend(
        f"Minutes to the nearest site{served_words(reach)}",
        rows,
        "children",
        symbol_rows(marks),
        stamp=stamp_of(option_status(option)),
    )
    return ScreenMap(message, paint, legend, need_words.source_sentence(estimate), marks, scenario=reach.line)


def _minute_rows(reach: OptionReach, limit: float) -> tuple[LegendRow, ...]:
    colours = minute_colours(reach.nearest["nearest_minutes"], limit)
    children = reach.demand["children"].groupby(colours).sum()
    legend = minute_legend(limit, missing=bool((colours == MISSING).any()))
    return tuple((colour, words, whole(float(children.get(colour, 0)))) for colour, words in legend)


def _minute_tooltip(reach: OptionReach) -> pd.DataFrame:
    names = reach.sites["name"].to_dict()
    lines = [
        f"{minutes:.0f} min to {names[site]}" if site else "no way to any site"
        for _, minutes, site in reach.served_nearest[["nearest_minutes", "nearest_site"]].itertuples()
    ]
    return pd.DataFrame(
        {"line1": reach.areas["ward_name"].astype(str), "line2": lines}, index=reach.areas.index
    )


def compare_step(
    estimate: NeedEstimate, pair: tuple[Option, Option], parameters: Mapping[str, Any]
) -> ScreenMap:
    """Minutes gained and lost from one option to the other, losers first."""
    terms = step_terms(parameters, step_tier(estimate, parameters))
    before, after = (option_reach(estimate, option, terms) for option in pair)
    view = difference_view(before, after, LEAST_MINUTES)
    message = options_words.difference_sentence(view)
    drawn = difference_map(view, "lsoa", message, need_words.source_sentence(estimate))
    return ScreenMap(
        message,
        drawn.paint,
        drawn.sheet.legend,
        drawn.sheet.source,
        drawn.sites,
        highlighted=drawn.lost,
        scenario=f"{before.option.name}: {before.line}. {after.option.name}: {after.line}",
    )

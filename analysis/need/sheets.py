"""The map of need as a sheet: words and legend, the same for screen, print and pack."""

from __future__ import annotations

from analysis.need import view as need_view
from analysis.need.estimate import NeedEstimate
from analysis.need.view import Measure, NeedMap
from analysis.need.words import parameters_sentence, source_sentence
from analysis.render.map_sheet import MapLegend, MapSheet, legend_rows
from analysis.scenario.levels import LEVEL_WORDS


def need_map_sheet(
    estimate: NeedEstimate, drawn: NeedMap, tier_key: str, measure: Measure = "number"
) -> MapSheet:
    """Words and legend of `analysis.need.view.need_map`."""
    tier = next(tier for tier in estimate.settings.tiers if tier.key == tier_key)
    level = drawn.paint.level
    many = LEVEL_WORDS[level].many
    title, _ = need_view.ranking_words(drawn.ranking, drawn.ranking, tier.name, level, measure)
    place = estimate.place
    date = place.manifest.children_title.split(", ")[-1]
    return MapSheet(
        name=f"{place.slug} map {tier_key} {level} {measure}",
        title=title,
        subtitle=f"{drawn.title}, by {LEVEL_WORDS[level].one}, {place.name}, {date}; modelled",
        source=f"{source_sentence(estimate)} {parameters_sentence(estimate)}",
        legend=MapLegend(
            drawn.title, tuple(legend_rows(drawn.scale, drawn.ranking["value"], drawn.unit)), many
        ),
    )

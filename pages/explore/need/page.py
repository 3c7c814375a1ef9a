"""How many children and families need early help, and where?"""

from __future__ import annotations

import streamlit as st

from analysis.need import figures as need_figures
from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.need.answer import (
    AreaProfile,
    Measure,
    area_profile,
    family_reconciliation,
    other_figures,
    pyramid,
)
from analysis.need.maps import NeedMap
from analysis.need.tables import wide_headings, wide_table
from analysis.places.place import Level
from analysis.render.figure_rows import shortened
from analysis.scenario.levels import LEVEL_WORDS
from analysis.scenario.need_settings import CHILDREN_PER_FAMILY, RANGE_KINDS
from pages.explore.need import beside, growth
from pages.shared import controls, state
from pages.shared.charts import Columns, show_chart, show_table
from pages.shared.context import PageContext, context
from pages.shared.layout import choices, map_columns, plain_markdown, question, source_line
from pages.shared.maps import show_area_map
from pages.shared.short_keys import adopt_address
from pages.shared.tabs import show_tabs

MOST_BARS = 22


def page() -> None:
    """Question, answer, map with ranking, the profile of an area, and tabs of what explains them."""
    now = context()
    level_now: Level = st.session_state.get(state.LEVEL) or "ward"
    question(
        f"Who needs early help in {now.place.name}, and where?",
        need_words.need_sentence(now.need, now.tier, level_now),
    )
    with choices("need-controls", now.viewport):
        level = controls.choose_level(now.place)
        adopt_address(state.MEASURE, need_words.MEASURES)
        measure = st.segmented_control(
            "Show",
            list(need_words.MEASURES),
            format_func=need_words.MEASURES.__getitem__,
            default="number",
            required=True,
            key=state.MEASURE,
            bind="query-params",
            help="Estimated children, the rate among 1,000 children, or how wide the range is for its size.",
        )
        with st.container(width=170):
            scheme = controls.choose_scheme()
    drawn = need_maps.need_map(now.need, now.tier, level, measure, scheme)
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, level)
    with left:
        _map(now, drawn, measure, area)
    with right:
        _ranking(now, drawn, level, measure, area)
    if area is not None:
        _profile(now, level, area)
    show_tabs(
        state.NEED_PART,
        {
            "The pyramid": lambda: _pyramids(now, level, area),
            "Families": lambda: _families(now),
            "On other deprivation figures": lambda: _other_figures(now, level),
            "In a future year": lambda: growth.show(now, level),
            "All figures": lambda: _table(now, level),
        },
        held=(state.COMPARE,),
    )
    _method(now)


def _map(now: PageContext, drawn: NeedMap, measure: Measure, area: str | None) -> None:
    show_area_map(
        "need",
        now.shapes,
        drawn.paint,
        now.map_frame(selected=area),
        need_maps.need_map_sheet(now.need, drawn, now.tier, measure),
        numbers=drawn.numbers,
    )
    source_line(
        plain_markdown(need_words.assumption_sentence(now.need, now.tier)),
        need_words.source_sentence(now.need),
        "Click an area to open its profile.",
    )


def _ranking(now: PageContext, drawn: NeedMap, level: Level, measure: Measure, area: str | None) -> None:
    shown = shortened(drawn.ranking, MOST_BARS, area)
    title, subtitle = need_words.ranking_words(drawn.ranking, shown, now.tier_name, level, measure)
    show_chart(
        "ranking",
        lambda style: need_figures.ranking_bars(
            shown,
            style,
            title=title,
            subtitle=subtitle,
            selected=area,
        ),
        drawn.numbers,
        source=need_words.assumed_source(now.need),
        name=f"{now.place.slug} {now.tier} {level} {measure}",
        on_point=controls.select_area,
    )


def _profile(now: PageContext, level: Level, area: str) -> None:
    profile = area_profile(now.need, level, area)
    with st.container(border=True, key="profile"):
        st.header(profile.name, anchor=False)
        st.markdown(need_words.area_sentence(now.need, now.tier, level, area))
        ages, tiers, domains = st.columns(3, gap="medium")
        with ages:
            show_chart(
                "ages",
                lambda style: need_figures.age_bars(
                    profile.ages,
                    style,
                    title=f"{profile.children:,} children",
                    subtitle=f"{now.place.manifest.children_title}, by age",
                ),
                profile.ages,
                source=need_words.source_sentence(now.need),
                name=f"{profile.name} ages",
            )
        with tiers:
            st.markdown(
                "**Tiers, with ranges**  \n:gray[estimated children; "
                f"{RANGE_KINDS['rate']}; {RANGE_KINDS['count']}]"
            )
            show_table(
                "profile-tiers",
                profile.tiers,
                ranges=("children", "low", "high", "count_low", "count_high"),
                source=need_words.assumed_source(now.need),
                name=f"{profile.name} tiers",
                hide_index=True,
                column_config=_tier_columns(now, level),
            )
        with domains:
            _domains(now, profile, level)


def _tier_columns(now: PageContext, level: Level) -> Columns:
    return {
        "tier": "Tier",
        "children": st.column_config.NumberColumn("Est.", format="localized"),
        "low": st.column_config.NumberColumn("from", format="localized"),
        "high": st.column_config.NumberColumn("to", format="localized"),
        "count_low": st.column_config.NumberColumn("count from", format="localized"),
        "count_high": st.column_config.NumberColumn("count to", format="localized"),
        "rate_per_1000": st.column_config.NumberColumn("per 1,000", format="%.0f"),
        "rank": "Rank",
        "p_top": st.column_config.NumberColumn(
            f"Chance of top {now.need.top_count(level)}", format="percent"
        ),
    }


def _domains(now: PageContext, profile: AreaProfile, level: Level) -> None:
    if profile.domains.empty:
        st.info("This place's files hold no deprivation figures by domain.", icon=":material/info:")
        return
    worst = str(profile.domains.sort_values("position")["domain"].iloc[-1])
    many = LEVEL_WORDS[level].many
    show_chart(
        "domains",
        lambda style: need_figures.domain_bars(
            profile.domains,
            style,
            title=f"Most deprived here on {worst.lower()}",
            subtitle=f"position among the {many} of {now.place.name}, Indices of {profile.domains_vintage}",
        ),
        profile.domains,
        source=need_words.source_sentence(now.need),
        name=f"{profile.name} domains",
    )


def _pyramids(now: PageContext, level: Level, area: str | None) -> None:
    left, right = st.columns(2, gap="medium")
    where = str(now.place.names(level)[area]) if area else now.place.name
    steps = pyramid(now.need, level, area) if area else pyramid(now.need)
    with left:
        show_chart(
            "pyramid",
            lambda style: need_figures.pyramid_bars(
                steps,
                style,
                title=f"{where}: {steps['children'].sum():,} children",
                subtitle="estimated children on each step, and share of all",
            ),
            steps,
            source=need_words.assumed_source(now.need),
            name=f"{where} pyramid",
        )
    with right:
        beside.show(now, need_words.assumed_source(now.need))


def _families(now: PageContext) -> None:
    reading = family_reconciliation(now.need)
    k = now.settings.children_per_family
    st.markdown(
        f"Families are children divided by **{k:g}**: {CHILDREN_PER_FAMILY[k]}. Their range holds every reading "
        f"({' and '.join(f'{each:g}' for each in CHILDREN_PER_FAMILY)} children a family)."
    )
    if reading is None:
        return
    show_table(
        "families",
        reading,
        source=need_words.source_sentence(now.need),
        name=f"{now.place.slug} families",
        column_config={
            "reading": "Reading",
            "children": st.column_config.NumberColumn("Children", format="localized"),
            "children_per_family": st.column_config.NumberColumn("Children a family", format="%.2f"),
            "families": st.column_config.NumberColumn("Families", format="localized"),
            "words": st.column_config.TextColumn("What it says", width="large"),
        },
    )


def _other_figures(now: PageContext, level: Level) -> None:
    """Wards that leave their range on another edition or basis."""
    found = other_figures(now.need, "ward" if level == "lsoa" else level)
    st.markdown(need_words.other_figures_sentence(found, now.need, now.tier))
    rows = found[found["tier"] == now.tier].drop(columns="tier")
    leaving = rows[rows["leaves"]].drop(columns="leaves")
    if len(leaving):
        show_table(
            "other-figures",
            leaving,
            ranges=("need", "low", "high", "other"),
            source=need_words.assumed_source(now.need),
            name=f"{now.place.slug} {now.tier} on other figures",
            column_config={
                "area_name": "Area",
                "vintage": "Edition",
                "basis": "Basis",
                "need": st.column_config.NumberColumn("Est. in use", format="localized"),
                "low": st.column_config.NumberColumn("from", format="localized"),
                "high": st.column_config.NumberColumn("to", format="localized"),
                "other": st.column_config.NumberColumn("On the other figures", format="localized"),
            },
        )


def _table(now: PageContext, level: Level) -> None:
    show_table(
        "need",
        wide_table(now.need, level),
        source=need_words.assumed_source(now.need),
        name=f"{now.place.slug} need by {level} {now.settings.vintage}",
        column_config=_need_columns(now),
    )
    source_line(need_words.assumed_source(now.need))


def _method(now: PageContext) -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "A tier's rate follows the national position of each neighbourhood on a curve, "
            "$r(z) = 1 / (1 + e^{-(a + b z)})$, whose total over the place is prevalence × children exactly and "
            "whose ratio between the most and the least deprived tenth of England is the gradient. Children are "
            "then made whole by largest remainder, so that neighbourhoods add up to wards and wards to the place. "
            f"Ranges come from {now.settings.draws:,} model runs with other prevalences, gradients and area "
            "effects, each benchmarked to its own total. Rates of intervention are not rates of need: a council "
            "that intervenes less does not need less. More on *Data and method*."
        )


def _need_columns(now: PageContext) -> Columns:
    """Headings and number formats of the table of need."""
    return {
        name: heading
        if name.startswith("area_")
        else st.column_config.NumberColumn(
            heading, format="percent" if name.endswith("_p_top") else "localized"
        )
        for name, heading in wide_headings(now.need).items()
    }


page()

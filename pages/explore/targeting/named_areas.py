"""The council's named priority areas against the figures: found, partly, missed, extra."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.places.manifest import Priority
from analysis.places.place import Place
from analysis.render import number_words
from analysis.targeting import figures as targeting_figures
from analysis.targeting import maps as targeting_maps
from analysis.targeting import tables as targeting_tables
from analysis.targeting import words as targeting_words
from analysis.targeting.named_areas import (
    NamedAreas,
    NamedAreasProblem,
    named_areas,
    on_other_editions,
    own_priority,
)
from pages.explore.targeting import parts
from pages.shared import controls, state
from pages.shared.address import keep_param, kept_param
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, plain_markdown, question, source_line
from pages.shared.maps import MapClicks, show_area_map

EXAMPLE = """[priority]
title = "Areas of greatest need, as the council named them"
source = "Cabinet, date, item"

[[priority.areas]]
name = "Name of the area"
wards = ["Ward", "Another ward"]
part = false   # true when only parts of these wards are meant
"""


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """The council's list, or one that the user chooses, against the figures; what to do where there is none."""
    with bar:
        view = _choose_view(now)
    if view is None:
        with head:
            question(
                parts.TITLE,
                f"No areas are named for {plain_markdown(now.place.name)} yet: choose some to test.",
            )
        _nothing_named(now)
        return
    _compared(now, view, head)


def _choose_view(now: PageContext) -> NamedAreas | None:
    """Controls, and what they say; None where there is no list."""
    listed = now.place.manifest.priority
    own = _choose_own(now.place) if listed is None else None
    listed = listed or own
    if listed is None:
        return None
    with st.container(width=250):
        top = _choose_cut(now.place, listed, is_own=own is not None)
    with st.container(width=250):
        share = parts.choose_share("Parts: share of need") if own is None else NamedAreasProblem.share
    return named_areas(now.need, NamedAreasProblem(top, share, (now.tier,), own))


def _compared(now: PageContext, view: NamedAreas, head: DeltaGenerator) -> None:
    """Answer, map with ranked wards, the list area by area, its parts."""
    with head:
        question(parts.TITLE, targeting_words.priority_sentence(view))
    left, right = map_columns()
    with right:
        area = controls.choose_area(now.place, "ward")
    with left:
        _map(now, view, area)
    with right:
        _ranking(now, view, area)
    _areas(now, view)
    _editions(now, view)
    _parts(now, view)
    _explained(view)


def _choose_own(place: Place) -> Priority | None:
    names, key = place.names("ward"), _list_key(place)
    kept = [code for code in kept_param(state.NAMED).split(",") if code in names.index]
    st.session_state.setdefault(key, kept)
    chosen = st.multiselect(
        "Wards to test",
        list(names.sort_values().index),
        format_func=names.__getitem__,
        key=key,
        on_change=_keep_list,
        args=(place,),
        placeholder="Choose wards",
        help="A list of your own, held against the figures as a council's list would be.",
    )
    return own_priority(place, chosen)


def _list_key(place: Place) -> str:
    return f"{state.NAMED}-{place.slug}"


def _keep_list(place: Place) -> None:
    """Put the list into the address (a bound widget that code changes does so one click late)."""
    keep_param(state.NAMED, ",".join(st.session_state[_list_key(place)]))


def _nothing_named(now: PageContext) -> None:
    """No list yet: a map to click one together, and how to keep the council's own."""
    left, right = map_columns()
    drawn = need_maps.need_map(now.need, now.tier, "ward")
    with left:
        show_area_map(
            "unnamed",
            now.shapes,
            drawn.paint,
            now.map_frame(),
            need_maps.need_map_sheet(now.need, drawn, now.tier),
            clicks=MapClicks(partial(_name_or_drop, now.place)),
        )
        source_line(need_words.source_sentence(now.need), "Click a ward to put it on your list.")
    with right:
        st.info(
            f"The folder of {plain_markdown(now.place.name)} names no priority areas of the council, so there is no list "
            "to hold against the figures. **Choose wards above or click them on the map** to test a list of your own.",
            icon=":material/info:",
        )
        st.markdown(
            f"To keep the council's list, add it to `{now.place.stated_in}`; it is shown here and on Home."
        )
        st.code(EXAMPLE, language="toml")


def _name_or_drop(place: Place, code: str | None) -> None:
    """Put a clicked ward on the user's list, or take it off."""
    key = _list_key(place)
    named = list(st.session_state.get(key, []))
    if code in named:
        named.remove(code)
    elif code is not None:
        named.append(code)
    st.session_state[key] = named
    _keep_list(place)


def _choose_cut(place: Place, priority: Priority, *, is_own: bool) -> int:
    wards = len(place.names("ward"))
    named = sum(len(area.wards) for area in priority.areas)
    return st.slider(
        "Wards with most need",
        1,
        wards,
        min(named, wards),
        key=f"{state.CUT}_own_{named}" if is_own else f"{state.CUT}_{place.slug}",
        bind="query-params",
        help=f"How many wards from the top of the figures. Default {min(named, wards)}: as many as the list names.",
    )


def _map(now: PageContext, view: NamedAreas, area: str | None) -> None:
    home = now.place.keys("ward")
    drawn = targeting_maps.named_map(now.need, view)
    clicked = partial(_name_or_drop, now.place) if view.is_own else controls.select_area
    show_area_map(
        "named",
        targeting_maps.signed_shapes(now.shapes, view),
        drawn.paint,
        now.map_frame(selected=area, highlighted=view.part_codes),
        drawn.sheet,
        numbers=view.wards,
        clicks=MapClicks(lambda code: clicked(home.get(code, code))),
    )
    source_line(
        need_words.source_sentence(now.need),
        f"{targeting_words.VERDICT_LEGEND}.",
        "Click a ward to put it on your list or take it off."
        if view.is_own
        else "Click an area to mark its ward.",
    )


def _ranking(now: PageContext, view: NamedAreas, area: str | None) -> None:
    show_chart(
        "verdicts",
        lambda style: targeting_figures.verdict_bars(
            view.wards,
            style,
            title=f"{len(view.names('found'))} wards named and high, {len(view.names('missed'))} named and lower, "
            f"{len(view.names('extra'))} high and not named",
            subtitle=f"all {len(view.wards)} wards, estimated children who may need {now.tier_name.lower()}; above the dashed line: "
            f"the {view.top} with most",
            top=view.top,
            selected=area,
        ),
        view.wards,
        source=parts.source(now, f"{view.title} ({view.source})."),
        name=f"{now.place.slug} named areas {now.tier}",
        on_point=controls.select_area,
    )


def _areas(now: PageContext, view: NamedAreas) -> None:
    st.header("Area by area", anchor=False)
    st.markdown(f"{plain_markdown(view.title)} ({plain_markdown(view.source)}).")
    number = st.column_config.NumberColumn
    show_table(
        "named",
        targeting_tables.areas_table(view),
        source=parts.source(now, f"{view.title} ({view.source})."),
        name=f"{now.place.slug} named areas one by one {now.tier}",
        height="content",
        column_order=["named_area", "verdict", "wards", "ranks", "need", "p_top", "part"],
        column_config={
            "named_area": "Named area",
            "verdict": "Verdict",
            "wards": st.column_config.TextColumn("Wards", width="large"),
            "ranks": "Ranks",
            "need": number(f"{now.tier_name} (est.)", format="localized"),
            "p_top": number(f"Chance of top {view.top}", format="%.1f%%"),
            "part": "Named",
        },
    )


def _parts(now: PageContext, view: NamedAreas) -> None:
    if view.parts is None:
        return
    table = targeting_tables.parts_table(view)
    where = number_words.listed(list(table["priority_area"].unique()))
    st.header(f"Which neighbourhoods are the {where[0].lower()}{where[1:]}?", anchor=False)
    inside = int(view.parts["inside"].sum())
    st.markdown(
        f"**{inside} of {len(table)} LSOAs** of these wards are meant, outlined on the map. "
        f"{targeting_words.part_rule(view.share)}"
    )
    show_table(
        "parts",
        table,
        source=parts.source(now, targeting_words.part_rule(view.share)),
        name=f"{now.place.slug} parts of named areas {now.tier}",
        hide_index=True,
        height="content",
        column_order=["area_name", "ward_name", "inside", "need", "rank"],
        column_config={
            "area_name": "LSOA",
            "ward_name": "Ward",
            "inside": "Meant",
            "need": st.column_config.NumberColumn(f"{now.tier_name} (est.)", format="localized"),
            "rank": "Rank in the place",
        },
    )


def _editions(now: PageContext, view: NamedAreas) -> None:
    if view.is_own:
        return
    elsewhere = on_other_editions(now.need, NamedAreasProblem(view.top, view.share, view.tiers))
    if elsewhere:
        with st.container(key="named-editions"):
            st.markdown(targeting_words.editions_sentence(view, elsewhere, now.place))


def _explained(view: NamedAreas) -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "\n".join(
                f"- **{targeting_words.VERDICT_SIGNS[v]}** {words}"
                for v, words in targeting_words.VERDICT_WORDS.items()
            )
            + "\n\nAn area is among the highest when all its wards are among those with most need; where the council named only parts "
            "of an area, when any of them is, and its estimate is of the neighbourhoods that the rule takes. "
            f"The chance of the top {view.top} is the share of model runs in which the ward is among the "
            f"{view.top} with most need: the least sure ward of an area counts, or, where parts are named, the surest. "
            "A list drawn up years ago may have been right for its day: figures and ward boundaries have changed since."
        )

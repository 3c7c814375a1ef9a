"""The card of the selected area, beside the map, as the library says it line by line."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analysis.places.place import AreaLevel
from analysis.reach.answer import ReachAnswer
from analysis.reach.area_tables import area_card, area_title, site_area
from analysis.render.number_words import with_source
from pages.shared import state
from pages.shared.downloads import csv_button
from pages.shared.short_keys import adopt_option

HEADINGS = {
    "need": "May need, estimated",
    "deprivation": "Deprivation (domains: rank here, 1 has most)",
    "nearest": "",
}


def show(view: ReachAnswer, level: AreaLevel, code: str, source: str, shown: Sequence[str] = ()) -> None:
    """The card, its download, and the two things that are done next with an area.

    Parameters
    ----------
    source : str
        For the download.
    shown : sequence of str
        Sentences about the area on what colours the map, in markdown.
    """
    card = area_card(view, level, code)
    with st.container(border=True, key="area-card"):
        st.html(_markup(*area_title(view.place, level, code), card))
        for sentence in shown:
            st.markdown(f":small[{sentence}]")
        given = {key: value for key, value in st.query_params.to_dict().items() if key != state.PLACE_AT}
        with st.container(horizontal=True, vertical_alignment="center", key="area-links"):
            # A link alone would lose to the level that another page was left at.
            if level != "msoa" and st.button(
                "Use in targeting",
                icon=":material/my_location:",
                type="tertiary",
                key="area-in-targeting",
                on_click=_choose_in_targeting,
                args=(level, code),
                help="The smallest set of areas at this level, with this one marked.",
            ):
                # What is bound to a widget comes back into the address by itself.
                st.switch_page("explore/targeting/page.py", query_params={})
            st.page_link(
                "plan/sites/page.py",
                label="Place a site here",
                icon=":material/add_location_alt:",
                query_params=given | {state.PLACE_AT: site_area(view, level, code)},
            )
            csv_button("area", with_source(card, source), f"{view.place.slug} {code}")


def _choose_in_targeting(level: AreaLevel, code: str) -> None:
    adopt_option(state.LOOK, "set")
    adopt_option(state.LEVEL, level)
    adopt_option(state.AREA, code)


def _markup(name: str, kind: str, card: pd.DataFrame) -> str:
    lines = card.to_dict("records")
    first, *ages = (line for line in lines if line["part"] == "children")
    body = [f"<h2>{html.escape(name)} <small>{html.escape(kind)}</small></h2>{_row(first)}"]
    if ages:
        counts = ", ".join(f"{html.escape(line['what'])}: <b>{line['said']}</b>" for line in ages)
        body.append(f"<p>Aged {counts}</p>")
    for part, heading in HEADINGS.items():
        of_part = [line for line in lines if line["part"] == part]
        plain = "".join(_row(line) for line in of_part if math.isnan(line["bar"]))
        bars = "".join(_bar(line) for line in of_part if not math.isnan(line["bar"]))
        barred = f"<ul>{bars}</ul>" if bars else ""
        body.append(f"<h3>{heading}</h3>{plain}{barred}" if heading else f"<hr>{plain}{barred}")
    return f"<section class='hr-card' aria-label='{html.escape(name, quote=True)}'>{''.join(body)}</section>"


def _row(line: Mapping[Any, Any]) -> str:
    what, said, note = (html.escape(str(line[name])) for name in ("what", "said", "note"))
    return f"<p>{what} <b>{said}</b>{f', {note}' if note else ''}</p>"


def _bar(line: Mapping[Any, Any]) -> str:
    what, said = (html.escape(str(line[name])) for name in ("what", "said"))
    ground = f"linear-gradient(90deg, var(--hr-bar) {line['bar']:.0f}%, transparent 0)"
    return (
        f"<li style='background: {ground} 0 100% / 100% 3px no-repeat'><span>{what}</span> <b>{said}</b></li>"
    )

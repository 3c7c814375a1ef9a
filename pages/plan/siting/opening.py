"""Any answer as an option: named, saved, and compared on the page Options."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.options.files import write_option
from analysis.options.option import Catchment, option_from_sites
from analysis.siting import words as siting_words
from analysis.siting.answer import option_name, planned_sites
from analysis.siting.models.model import Solution
from analysis.siting.problem import WITH_RADIUS, PlaceProblem
from pages.shared import state
from pages.shared.context import PageContext
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown
from pages.shared.sites_in_force import FAULT

NEWS = "hubreach_siting_news"


def open_as_option(
    now: PageContext, problem: PlaceProblem, solution: Solution, key: str, which: str = ""
) -> None:
    """A name and a button that saves these sites as an option, and a way to it.

    Parameters
    ----------
    key : str
        Which answer of the page it is.
    which : str, optional
        What tells its name from that of the best set.
    """
    start = option_name(problem, solution) + (f", {which}" if which else "")
    with st.container(key=f"option-{key}"):
        name = st.text_input(
            "Open this as an option",
            start,
            max_chars=120,
            key=f"siting-option-name-{key}-{slugify(start)}",
            help="Saved among your own options of this place; the same name again replaces it.",
        )

        def save() -> None:
            st.session_state.pop(NEWS, None)
            try:
                saved = _save(now, problem, solution, name)
            except HubreachError as error:
                lasting()[FAULT] = error
                return
            st.session_state[NEWS] = (key, saved, name)

        st.button(
            "Save as an option",
            icon=":material/save:",
            on_click=save,
            disabled=not name.strip(),
            key=f"siting-save-{key}",
        )
        _say_saved(key)


def _save(now: PageContext, problem: PlaceProblem, solution: Solution, name: str) -> str:
    terms, own = problem.terms, problem.travel.settings
    by_kind = {"outreach": terms.outreach_radius_minutes} if len(solution.kinds) else {}
    limited = terms.model in WITH_RADIUS
    catchment = Catchment(
        mode=own.mode,
        minutes=terms.radius_minutes if limited else Catchment().minutes,
        detour=own.detour,
        speed_kmh=own.speed_kmh,
        minutes_by_kind=by_kind,
    )
    option = option_from_sites(
        name,
        now.place.sites,
        planned_sites(problem, solution),
        source=siting_words.proof(solution),
        note=f"Chosen to {siting_words.model_words(problem)}",
        illustration=True,
        catchment=catchment,
        others="closed",
    )
    write_option(replace(option, name=name), now.place.slug, replace=True)
    return option.slug


def _say_saved(key: str) -> None:
    whose, slug, name = st.session_state.get(NEWS, ("", "", ""))
    if whose != key:
        return
    st.success(f"Saved as {plain_markdown(name)}.", icon=":material/check:")
    others = {name: value for name, value in st.query_params.to_dict().items() if name != state.OPTIONS}
    st.page_link(
        "plan/options/page.py",
        label="Compare it with today",
        icon=":material/compare:",
        query_params=[*others.items(), (state.OPTIONS, "today"), (state.OPTIONS, slug)],
    )

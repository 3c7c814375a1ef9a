"""What every view of options shares: which options, on what terms, with what changed for a look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.need import words as need_words
from analysis.options import words as options_words
from analysis.options.changes import SiteChanges, with_changes
from analysis.options.difference import LEAST_MINUTES
from analysis.options.files import TODAY, option_folders
from analysis.options.option import Option
from analysis.options.reached import OptionReach
from analysis.options.view import SideBySide, tiers_of
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES
from analysis.scenario.need_settings import NeedSettings
from analysis.scenario.terms import Terms
from pages.plan.options.what_if import changes_in_force, kept_library, show_what_if
from pages.shared import state
from pages.shared.charts import Columns
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown, show_error
from pages.shared.loading_options import load_option_reach, load_options, load_side_by_side
from pages.shared.short_keys import adopt_address, note_unread
from pages.shared.travel_in_force import choose_minutes, choose_mode

MOST_OPTIONS = 6
TITLE = "Which plan is better, for whom, and who loses?"


@dataclass(frozen=True, eq=False)
class Comparison:
    """The options of one run of the page.

    Parameters
    ----------
    now : PageContext
    known : dict of str to Option
        Every option of the place.
    options : tuple of Option
        Those compared, with what was changed for a look.
    terms : Terms
    changes : dict of str to SiteChanges
    least_minutes : float
        Smallest change of minutes that counts.
    bar : DeltaGenerator
        Row of controls, to which a view adds its own.
    """

    now: PageContext
    known: dict[str, Option]
    options: tuple[Option, ...]
    terms: Terms
    changes: dict[str, SiteChanges]
    least_minutes: float
    bar: DeltaGenerator

    @property
    def key(self) -> tuple[str, NeedSettings, str]:
        """First arguments of the cached functions."""
        return (self.now.place.slug, self.now.settings, self.now.index)

    @cached_property
    def view(self) -> SideBySide:
        """The options side by side."""
        return load_side_by_side(*self.key, self.options, self.terms)

    def reach(self, option: Option) -> OptionReach:
        """Whom an option reaches on the terms in force."""
        return load_option_reach(*self.key, option, self.terms)

    @property
    def names(self) -> dict[str, str]:
        """Name of each option compared, by slug."""
        return {option.slug: option.name for option in self.options}

    @property
    def source(self) -> str:
        """Sources and terms, for under a chart or in a download."""
        need = self.now.need
        return " ".join(
            [
                need_words.source_sentence(need),
                need_words.parameters_sentence(need),
                options_words.terms_sentence(self.view.reaches),
            ]
        )

    @property
    def age_note(self) -> str:
        """Where sites serve certain ages only and children of every age are counted, that this is so."""
        return options_words.age_note(self.view.reaches)

    @property
    def short_source(self) -> str:
        """What is in force, in one line."""
        return options_words.terms_sentence(self.view.reaches)


def choose_comparison(now: PageContext) -> Comparison:
    """Draw the controls that all views share; faults of options are shown and the rest still works."""
    known, faults = load_options(now.place.slug)
    if faults:
        show_error(HubreachError("Some saved options cannot be used; the others are here.", faults))
    library = kept_library(now.place.slug)
    library.tell_fault()
    library.read()
    changes = changes_in_force()
    chosen = _choose_options(now.place.slug, known)
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="options-controls")
    with bar:
        mode = choose_mode()
        with st.container(width=130):
            minutes = choose_minutes()
        with st.popover("More", icon=":material/tune:"):
            age, own, least = _choose_more()
        with st.popover("What if", icon=":material/edit_location_alt:"):
            show_what_if(now, known, chosen, changes)
    options = tuple(with_changes(known[slug], changes.get(slug, SiteChanges())) for slug in chosen)
    terms = Terms(None if own else minutes, None if own else mode, ages=age, tier=now.tier)
    comparison = Comparison(now, known, options, terms, changes, least, bar)
    if len(options) == 1:
        st.info(options_words.alone_words(options[0], others=len(known) - 1), icon=":material/info:")
    _show_problems(comparison)
    return comparison


def _choose_options(place_slug: str, known: dict[str, Option]) -> list[str]:
    given = st.query_params.get_all(state.OPTIONS)
    by_slug = {slugify(option.name): slug for slug, option in known.items()} | {slug: slug for slug in known}
    if state.OPTIONS not in st.session_state:
        there = [by_slug[slugify(name)] for name in given if slugify(name) in by_slug]
        note_unread(state.OPTIONS, [name for name in given if slugify(name) not in by_slug])
        start = there
    else:
        start = [slug for slug in st.session_state[state.OPTIONS] if slug in known]
    st.session_state[state.OPTIONS] = start[:MOST_OPTIONS] or _starting_options(place_slug, known)
    chosen: list[str] = st.multiselect(
        "Options",
        list(known),
        format_func=lambda slug: known[slug].name if slug in known else slug,
        key=state.OPTIONS,
        bind="query-params",
        max_selections=MOST_OPTIONS,
        placeholder="Choose two to six options",
        label_visibility="collapsed",
        help="Two to six plans. Those that come with the place, your own, and today's sites.",
    )
    return chosen or _starting_options(place_slug, known)


def _starting_options(place_slug: str, known: dict[str, Option]) -> list[str]:
    """Today's sites, then those that come with the place."""
    bundled = [path.stem for path in option_folders(place_slug)[0].glob("*.toml")]
    start = [slug for slug in known if slug in bundled] or [slug for slug in known if slug != TODAY.slug]
    return [TODAY.slug, *start][:MOST_OPTIONS]


def _choose_more() -> tuple[str, bool, float]:
    names = {key: "All ages" if key == ALL_AGES else group.short for key, group in AGE_GROUPS.items()}
    adopt_address(state.AGES, names)
    age = st.selectbox(
        "Age group",
        list(names),
        format_func=lambda key: names.get(key, key),
        key=state.AGES,
        bind="query-params",
        help="Counts children of these ages, and sites that serve all of them; a site that states no ages serves all.",
    )
    own = st.toggle(
        "Each option's own minutes and mode",
        key=state.OWN_TERMS,
        bind="query-params",
        help="Each option's file may state how far people are expected to come, by kind of site. Off: one limit for all.",
    )
    return age, own, _choose_least()


def _show_problems(comparison: Comparison) -> None:
    for reach in comparison.view.reaches:
        if reach.applied.problems:
            show_error(
                HubreachError(
                    f"Parts of {reach.option.name!r} do not fit {comparison.now.place.name}; the rest is compared.",
                    reach.applied.problems,
                )
            )


def choose_pair(comparison: Comparison) -> tuple[Option, Option] | None:
    """Which option is before and which after; None where there is only one, which `choose_comparison` says."""
    slugs = [option.slug for option in comparison.options]
    if len(slugs) < 2:
        return None
    decided = [option.slug for option in comparison.options if not option.illustration]
    first = (decided or slugs)[0]
    second = next(slug for slug in slugs if slug != first)
    names = comparison.names
    chosen = []
    for key, label, start in ((state.BEFORE, "Before", first), (state.AFTER, "After", second)):
        adopt_address(key, slugs)
        if st.session_state.get(key) not in slugs:
            st.session_state[key] = start
        with comparison.bar, st.container(width=175):
            chosen.append(
                st.selectbox(
                    label,
                    slugs,
                    format_func=lambda slug: names.get(slug, slug),
                    key=key,
                    bind="query-params",
                    help="Gains and losses are counted from the first option to the second.",
                )
            )
    by_slug = {option.slug: option for option in comparison.options}
    return by_slug[chosen[0]], by_slug[chosen[1]]


def _choose_least() -> float:
    """Smallest change of minutes that counts."""
    return float(
        st.number_input(
            "A change counts from (minutes)",
            0.0,
            30.0,
            LEAST_MINUTES,
            0.5,
            key=state.LEAST_MINUTES,
            bind="query-params",
            help="Where cover stays as it is, a change of minutes smaller than this counts as no change.",
        )
    )


def tier_heads(view: SideBySide, column: str) -> Columns:
    """Headings of the columns of tiers; `column` says how they are called, with {key} in it."""
    return {
        column.format(key=key): st.column_config.NumberColumn(
            f"{plain_markdown(name)} (est.)", format="localized"
        )
        for key, name in tiers_of(view.reaches[0]).items()
    }

"""Starting a workshop, or opening one again."""

from __future__ import annotations

import streamlit as st

from analysis.base.faults import Fault, HubreachError
from analysis.options.files import TODAY, option_folders
from analysis.workshop.retention import LONGEST_KEEP_DAYS, default_keep_days
from analysis.workshop.roles import SHORTEST_PASSWORD
from analysis.workshop.run import FEWEST_OPTIONS, MOST_OPTIONS, Run, Step, list_runs, read_run
from analysis.workshop.step_maps import option_choice, parameters_in_force
from analysis.workshop.store import shared_store
from analysis.workshop.workshops import create_workshop
from pages.consult.workshop import access
from pages.shared.context import PageContext
from pages.shared.lasting import lasting
from pages.shared.layout import plain_markdown, show_error
from pages.shared.loading_options import load_options
from pages.shared.scenario_in_force import scenario_in_force

BLANK = "(blank)"


def show(now: PageContext) -> None:
    """Two boxes: a new workshop, and one that is there already."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _new(now)
    with right:
        _again()


def _new(now: PageContext) -> None:
    st.header(f"Start one in {now.place.name}", anchor=False)
    known, faults = load_options(now.place.slug)
    if faults:
        show_error(HubreachError("Some saved options cannot be used; the others are here.", faults))
    runs = list_runs(now.place.slug)
    chosen = st.selectbox(
        "Run of steps",
        [*runs, BLANK],
        format_func=lambda name: (
            "Blank: one step, the rest as you go" if name == BLANK else _title(name, now)
        ),
        key="new-run",
        help="Ready-made runs come with the place; any of them can be changed while it goes on.",
    )
    bundled = {path.stem for path in option_folders(now.place.slug)[0].glob("*.toml")}
    start = [TODAY.slug, *(slug for slug in known if slug in bundled)]
    with st.form("new-workshop", border=True):
        options = st.multiselect(
            "Options, in their order",
            list(known),
            default=(start if len(start) >= FEWEST_OPTIONS else list(known))[:MOST_OPTIONS],
            format_func=lambda slug: known[slug].name,
            max_selections=MOST_OPTIONS,
            key=f"new-options-{now.place.slug}",
            help=f"{FEWEST_OPTIONS} to {MOST_OPTIONS}; kept as they stand now, whatever changes later.",
        )
        st.text_input("Title", key="new-title", placeholder="The run's own title", max_chars=300)
        password = st.text_input(
            "Password",
            type="password",
            key="new-password",
            placeholder="Leave empty for a secret link",
            help=f"At least {SHORTEST_PASSWORD} characters. Without one you get a link that only you know.",
        )
        days = st.number_input(
            "Days that answers are kept after closing",
            0,
            LONGEST_KEEP_DAYS,
            default_keep_days(),
            key="new-days",
            help="Then everything is deleted by itself. The phone says so before the first answer.",
        )
        if st.form_submit_button("Start the workshop", type="primary", icon=":material/play_arrow:"):
            _create(now, chosen, options, st.session_state["new-title"], password, int(days))


def _title(name: str, now: PageContext) -> str:
    try:
        return read_run(list_runs(now.place.slug)[name]).title
    except HubreachError:
        return f"{name} (cannot be read)"


def _create(
    now: PageContext, run_name: str, options: list[str], title: str, password: str, days: int
) -> None:
    known, _ = load_options(now.place.slug)
    terms = scenario_in_force(now).terms
    held = lasting()
    try:
        made = create_workshop(
            shared_store(),
            now.place,
            blank_run(now, title) if run_name == BLANK else read_run(list_runs(now.place.slug)[run_name]),
            [option_choice(known[slug]) for slug in options],
            title=title,
            password=password,
            keep_days=days,
            parameters=parameters_in_force(now.settings, terms),
        )
    except HubreachError as error:
        show_error(error)
        return
    link = "" if password else access.facilitator_link(made.workshop_id, made.secret)
    access.let_in(made.workshop_id, link, held)
    st.rerun()


def blank_run(now: PageContext, title: str) -> Run:
    """A run with a welcome and nothing else."""
    named = title.strip() or f"Workshop in {now.place.name}"
    return Run(
        title=named,
        purpose=f"To hear what people in {now.place.name} make of the options.",
        steps=(Step(kind="message", title=named),),
    )


def _again() -> None:
    st.header("Open one that you have", anchor=False)
    with st.form("open-workshop", border=True):
        given = st.text_input(
            "Secret link, or code on the screen",
            key="open-link",
            help="The link that was shown once, or the code.",
        )
        password = st.text_input(
            "Password", type="password", key="open-password", help="With the code; a link needs none."
        )
        if st.form_submit_button("Open", icon=":material/login:"):
            if not given.strip():
                fault = Fault(
                    "workshop", None, None, "neither link nor code", "Paste the link, or type the code"
                )
                show_error(HubreachError("Which workshop?", [fault]))
                return
            try:
                access.open_by(given, password)
            except HubreachError as error:
                show_error(error)
                return
            st.rerun()
    st.markdown(
        plain_markdown(
            "Phones need no account: people scan the code on the screen. Everything works in the hall's own network, with no "
            "way to the internet."
        )
    )

"""Addresses that people type: `?place=wirral` opens what `?place=Wirral` opens, and stays in the address.

The browser writes labels into the address; links that people type, and those of the command line, use keys.
A bound widget takes an unknown label for a mistake and deletes it. So the label is put in the key's place before the
widget is drawn, and the run begins anew at once, on the server: the browser has nothing to say in between.

A bound widget that code gives a value writes it into the address only from its second run on: what a callback chose
for a widget that is not yet drawn is said a second time, in a run that the browser asks for (`adopt_option`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from analysis.base.text import slugify
from analysis.render.number_words import listed
from pages.shared.state import PLACE, PLACE_AT

# What options were called in links of earlier versions, and what they are called now.
FORMER_LABELS = {"how-unsure": "uncertainty", "how-sure": "uncertainty"}
TIER_KEYS = {"p": "the prevalence", "g": "the gradient"}
ADOPTED, AGAIN, TAKEN, UNREAD, GIVEN = (
    f"hubreach_address_{name}" for name in ("adopted", "again", "taken", "unread", "given")
)
_COMPONENT = st.components.v2.component(
    "hubreach_short_keys",
    js="export default function ({ setTriggerValue }) { setTriggerValue('again', true); }",
)


def adopt_address(key: str, options: Iterable[str]) -> None:
    """Let an address name an option by its short key; call it before the widget is drawn.

    Parameters
    ----------
    key : str
        Of the widget, and of the address.
    options : iterable of str
        A mapping of keys to the labels that the widget shows has an address that names neither told
        (`tell_unread`).
    """
    taken: dict[str, str] = st.session_state.get(TAKEN, {})
    if key in taken:
        # Also where the widget's own label is another, so that it takes none from the address.
        st.session_state[key] = taken.pop(key)
        return
    again: dict[str, str] = st.session_state.get(AGAIN, {})
    if key in again:
        option = again.pop(key)
        # What the user chose in the meantime stays.
        if st.session_state.get(key, option) == option:
            st.session_state[key] = option
        return
    given = st.query_params.get(key)
    if given is None or key in st.session_state:
        return
    labels = _labels(options)
    if given in labels:
        return
    short = {slugify(label): each for label, each in labels.items()} | {
        slugify(each): each for each in options
    }
    asked = slugify(given)
    adopted = short.get(FORMER_LABELS.get(asked, asked))
    if adopted is None:
        # For certain it is none only where all labels are told.
        if isinstance(options, Mapping) and len(labels) == len(options):
            st.session_state.setdefault(UNREAD, {})[key] = given, None
        return
    label = next((label for label, option in labels.items() if option == adopted), None)
    if label is None:
        adopt_option(key, adopted)
        return
    begin_anew(key, label, adopted)


def begin_anew(key: str, label: str, option: str) -> None:
    """Put a label into the address in place of what stands there, and begin the run anew with it.

    Raises
    ------
    RerunException
        Always: it ends this run.
    """
    st.session_state.setdefault(TAKEN, {})[key] = option
    st.query_params[key] = label
    st.rerun()


def note_unknown(key: str, labels: Iterable[str]) -> None:
    """Have an address whose list names what is not among the labels told (`tell_unread`); call it before the widget."""
    if key in st.session_state:
        return
    unknown = [given for given in st.query_params.get_all(key) if given not in set(labels)]
    if unknown:
        note_unread(key, unknown)


def note_unread(key: str, unknown: Sequence[str]) -> None:
    """Have values of the address that are not known here told (`tell_unread`); with none, tell nothing more of the key."""
    unread = st.session_state.setdefault(UNREAD, {})
    if unknown:
        unread[key] = ", ".join(f"{each:.60}" for each in unknown), None
    else:
        unread.pop(key, None)


def adopt_option(key: str, option: str) -> None:
    """Set a widget that is bound to the address, before it is drawn: the address follows in the browser's next run."""
    st.session_state[key] = option
    # No label as it stands: the widget takes it out of the address.
    st.session_state.setdefault(ADOPTED, {})[key] = option


def _labels(options: Iterable[str]) -> dict[str, str]:
    """Option by its label, as far as labels are told."""
    if not isinstance(options, Mapping):
        return {}
    return {label: each for each, label in options.items() if isinstance(label, str)}


def keep_adopted() -> None:
    """Have the browser ask for one more run where this one adopted keys; call it last."""
    adopted = st.session_state.pop(ADOPTED, None)
    if adopted:
        st.session_state[AGAIN] = adopted
        _COMPONENT(key="short_keys", on_again_change=lambda: None, height=0)


def note_address() -> None:
    """Keep the address that was opened; call it before any widget, which takes out of it what it cannot use."""
    st.session_state.setdefault(GIVEN, st.query_params.to_dict())


def _compare_numbers() -> None:
    """Find numbers of the address that are none, or that their widgets do not take."""
    given: dict[str, str] = st.session_state.get(GIVEN, {})
    for key in [key for key in given if key in st.session_state]:
        shown = st.session_state[key]
        if isinstance(shown, float | int) and not isinstance(shown, bool):
            text = given.pop(key)
            if not _is_number(text) or float(text) != shown:
                st.session_state.setdefault(UNREAD, {})[key] = text, shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def address_words(key: str) -> str:
    """What a key of the address stands for.

    >>> address_words("p_early_help"), address_words("at"), address_words("look")
    ('the prevalence of early help', 'the area of a new site', 'look')
    """
    start, _, tier = key.partition("_")
    if tier and start in TIER_KEYS:
        return f"{TIER_KEYS[start]} of {tier.replace('_', ' ')}"
    return "the area of a new site" if key == PLACE_AT else key.replace("_", " ")


def tell_unread() -> None:
    """Say what of the address is not known here, until another choice is made there, or it is closed."""
    _compare_numbers()
    unread: dict[str, tuple[str, Any]] = st.session_state.get(UNREAD, {})
    for key, (given, shown) in list(unread.items()):
        now = st.session_state.get(key)
        if shown is None:
            unread[key] = given, now
        elif now not in (None, shown):
            del unread[key]
    if not unread:
        return
    parts = [f"{address_words(key)} “{given}”" for key, (given, _) in unread.items()]
    # A number in its place is known, but its field may not take it.
    numbers = all(_is_number(given) for given, _ in unread.values())
    what = "not possible here" if numbers else "not known here"
    added = " A place is added on the page Add a place." if PLACE in unread else ""
    with st.container(horizontal=True, vertical_alignment="center", key="unread"):
        st.warning(
            f"The link asks for {listed(parts)}: {what}, so this page is not what was sent.{added}",
            icon=":material/link_off:",
        )
        st.button("Close", icon=":material/close:", key="unread-close", on_click=unread.clear)

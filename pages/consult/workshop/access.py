"""Who is the facilitator in this window: a secret link or a password, kept for the session only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from analysis.base.faults import Fault, HubreachError
from analysis.workshop.roles import guesses, read_code
from analysis.workshop.screens import screen_key, tickets
from analysis.workshop.store import shared_store
from analysis.workshop.workshops import find_by_code, find_by_invite, is_facilitator
from pages.shared import state
from pages.shared.lasting import lasting
from pages.shared.layout import show_error

OPEN, LINK, TROUBLE = (f"hubreach_workshop_{name}" for name in ("open", "link", "trouble"))


def opened() -> str | None:
    """Id of the workshop that this session may drive."""
    kept: str | None = lasting().get(OPEN)
    return kept


def let_in(workshop_id: str, link: str = "", held: dict[str, Any] | None = None) -> None:
    """Take this session for the facilitator's; a new workshop's link is shown once.

    `held` is what `lasting` gave before work that took time, so that no run that is stopped loses the link.
    """
    kept = lasting() if held is None else held
    kept[OPEN], kept[LINK] = workshop_id, link


def leave() -> None:
    """Drive no workshop in this session any more."""
    kept = lasting()
    kept[OPEN] = kept[LINK] = None


def base_url() -> str:
    """Address of this dashboard as the facilitator's browser knows it, with a `/` at its end."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    folder = parts.path.rsplit("/workshop", 1)[0].rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{folder}/"


def facilitator_link(workshop_id: str, secret: str) -> str:
    """Link that opens the facilitator's page of a workshop."""
    query = urlencode({state.WORKSHOP: workshop_id, state.FACILITATOR: secret})
    return f"{base_url()}workshop?{query}"


def screen_link(workshop_id: str, *, dark: bool) -> str:
    """Link of the screen: its key shows what the hall sees, its ticket lets this one window drive."""
    held = f"hubreach_ticket_{workshop_id}_{dark}"
    if held not in st.session_state:
        st.session_state[held] = tickets.issue(workshop_id)
    query = {
        state.WORKSHOP: workshop_id,
        state.SCREEN_KEY: screen_key(shared_store(), workshop_id),
        state.TICKET: st.session_state[held],
    }
    theme = "&embed=true&embed_options=dark_theme" if dark else ""
    return f"{base_url()}screen?{urlencode(query)}{theme}"


def adopt_link() -> None:
    """Open the workshop that the address names; the secret leaves the address at once."""
    secret = st.query_params.pop(state.FACILITATOR, "")
    if secret:
        workshop_id = st.query_params.get(state.WORKSHOP, "")
        attempt(lambda: open_with(workshop_id, secret))


def open_with(workshop_id: str, secret: str) -> None:
    """Let the session in if the secret fits.

    Raises
    ------
    HubreachError
        If it does not, or wrong ones came too often.
    """
    if not is_facilitator(shared_store(), workshop_id, secret, caller()):
        raise refused()
    let_in(workshop_id)


def open_by(given: str, password: str) -> None:
    """Open a workshop by its secret link, or by its join code and password.

    Raises
    ------
    HubreachError
        If neither fits.
    """
    query = parse_qs(urlsplit(given.strip()).query)
    if state.FACILITATOR in query:
        open_with(query.get(state.WORKSHOP, [""])[0], query[state.FACILITATOR][0])
        return
    guesses.check_code(caller())
    invite = find_by_code(shared_store(), read_code(given))
    workshop_id = find_by_invite(shared_store(), invite) if invite else None
    if workshop_id is None:
        guesses.wrong_code(caller())
        raise refused()
    open_with(workshop_id, password)


def caller() -> str:
    """Who asks, as the server sees it."""
    return st.context.ip_address or "this machine"


def refused() -> HubreachError:
    """One answer for a wrong code and a wrong secret, so that neither is told apart."""
    fault = Fault("workshop", None, None, "link, code or password do not fit", "Check them and try again")
    return HubreachError("The workshop was not opened.", [fault])


def attempt(action: Callable[[], object]) -> None:
    """Do something in a callback; what goes wrong is shown when the page draws."""
    try:
        action()
    except HubreachError as error:
        st.session_state[TROUBLE] = error


def show_trouble() -> None:
    """What went wrong in the last callback, in one box."""
    error = st.session_state.pop(TROUBLE, None)
    if error is not None:
        show_error(error)

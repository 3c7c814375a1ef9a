"""Page settings, navigation and what follows the user from page to page: place, figures, assumptions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.preload import PAGES, imports
from pages.shared import projector
from pages.shared.catalogue import CATALOGUE, SCREEN, PageEntry
from pages.shared.context import choose_context, context
from pages.shared.layout import mark_door, page_style
from pages.shared.short_keys import keep_adopted, note_address, tell_unread

st.set_page_config(
    page_title="Hubreach",
    page_icon=str(Path(__file__).parent / "shared" / "icon.png"),
    layout="wide",
    initial_sidebar_state=264,
)
page_style()
note_address()


def listed(entry: PageEntry) -> st.Page:
    """A page as the navigation takes it."""
    return st.Page(
        entry.path,
        title=entry.title,
        icon=entry.icon,
        url_path=entry.url_path or None,
        default=not entry.url_path,
        visibility="hidden" if entry is SCREEN else "visible",
    )


def run_with_context(page: st.Page, pages: dict[PageEntry, st.Page]) -> None:
    """Run one of the dashboard's pages under the place and figures that the sidebar names."""
    choose_context()
    if not projector.is_on():
        page.run()
        return
    shown = [entry for entry in pages if entry.on_projector]
    here = next(entry for entry in pages if pages[entry] == page)
    projector.listen("pages")
    step = projector.asked_to_go()
    if step:
        at = shown.index(here) if here in shown else 0
        # What is bound to a widget comes back into the address by itself; it cannot be cleared, only left out.
        st.switch_page(pages[shown[min(max(at + step, 0), len(shown) - 1)]], query_params={})
    if here.on_projector:
        page.run()
    projector.finish(context().place.name, here, shown)


pages = {entry: listed(entry) for entry in (*CATALOGUE, SCREEN)}
doors: dict[str, list[st.Page]] = {}
for entry, each in pages.items():
    doors.setdefault(entry.door, []).append(each)
page = st.navigation(doors, position="top", expanded=True)
mark_door(list(doors).index(next(entry.door for entry in pages if pages[entry] == page)))
told = st.container(key="told")
imports.of(PAGES[page.url_path]).result()
try:
    if page == pages[SCREEN]:
        page.run()
    else:
        run_with_context(page, {entry: each for entry, each in pages.items() if entry is not SCREEN})
finally:
    # A page that stops with a message has read its address too.
    with told:
        tell_unread()
    keep_adopted()
    imports.of_all()

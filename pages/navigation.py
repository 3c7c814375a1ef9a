"""Page settings, navigation and what follows the user from page to page: place, figures, assumptions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.catalogue import CATALOGUE
from pages.shared.context import choose_context
from pages.shared.layout import page_style

st.set_page_config(
    page_title="Hubreach",
    page_icon=str(Path(__file__).parent / "shared" / "icon.png"),
    layout="wide",
    initial_sidebar_state=264,
)
page_style()

page = st.navigation(
    [
        st.Page(
            entry.path,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.url_path or None,
            default=not entry.url_path,
        )
        for entry in CATALOGUE
    ],
    position="top",
)
choose_context()
page.run()

"""Page settings, navigation and what follows the user from page to page: place, figures, assumptions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.context import choose_context
from pages.shared.layout import page_style

st.set_page_config(
    page_title="Hubreach",
    page_icon=str(Path(__file__).parent / "shared" / "icon.png"),
    layout="wide",
    initial_sidebar_state=264,
)
page_style()

PAGES = [
    st.Page("home.py", title="Home", icon=":material/home:", default=True),
    st.Page("need.py", title="Need", icon=":material/groups:", url_path="need"),
    st.Page("data_and_method.py", title="Data and method", icon=":material/fact_check:", url_path="method"),
]

page = st.navigation(PAGES, position="top")
choose_context()
page.run()

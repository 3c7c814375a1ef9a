"""The server: the dashboard's script and the light routes beside it. Start it with `make run`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from pages.routes import routes  # noqa: E402 - the path above makes the import possible from any folder

app = st.App(HERE / "pages" / "navigation.py", routes=routes())

"""The server: the dashboard's script and the light routes beside it. Start it with `make run`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

# The path above makes these imports possible from any folder.
from pages.consult.phone.endpoints import phone_routes  # noqa: E402
from pages.explore.england.shapes import shape_routes  # noqa: E402
from pages.preload import NAVIGATION, PreloadScripts, WaitForImports  # noqa: E402

app = st.App(
    NAVIGATION,
    routes=[*phone_routes(), *shape_routes()],
    middleware=[Middleware(WaitForImports), Middleware(PreloadScripts)],
)

"""The server: the dashboard's script and the light routes beside it. Start it with `make run`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

# The path above makes these imports possible from any folder.
from pages.headers import SafeHeaders  # noqa: E402
from pages.preload import (  # noqa: E402
    LIGHT_PATHS,
    NAVIGATION,
    LightRoute,
    PreloadScripts,
    WaitForImports,
    tell_unforeseen,
)

app = st.App(
    NAVIGATION,
    routes=[Route(path, LightRoute()) for path in LIGHT_PATHS],
    middleware=[Middleware(SafeHeaders), Middleware(WaitForImports), Middleware(PreloadScripts)],
    on_script_error=tell_unforeseen,
)

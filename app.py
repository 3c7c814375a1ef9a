"""The server: the dashboard's script and the light routes beside it. Start it with `make run`."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

# The path above makes these imports possible from any folder.
from pages.preload import PreloadScripts  # noqa: E402
from pages.routes import PHONE, routes  # noqa: E402

# What the first page imports, loaded while the browser still fetches the dashboard's own script.
AHEAD = (
    "analysis.report.findings",
    "pages.shared.charts",
    "pages.shared.maps",
    "pages.shared.context",
)
# What the first phone, the first picture and another scale need comes later, out of the first page's way.
LATER = (PHONE, "analysis.render.images", "analysis.render.printmap", "mapclassify")
LATER_SECONDS = 10.0


@asynccontextmanager
async def import_ahead(_: st.App) -> AsyncIterator[None]:
    """Import in the background as the server starts."""
    threading.Thread(target=lambda: [import_module(name) for name in AHEAD], daemon=True).start()
    later = threading.Timer(LATER_SECONDS, lambda: [import_module(name) for name in LATER])
    later.daemon = True
    later.start()
    yield
    later.cancel()


app = st.App(
    HERE / "pages" / "navigation.py",
    routes=routes(),
    lifespan=import_ahead,
    middleware=[Middleware(PreloadScripts)],
)

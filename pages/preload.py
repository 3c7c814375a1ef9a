"""What is loaded before anyone asks for it: the pages' modules, and in the browser the dashboard's large scripts."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shared.catalogue import CATALOGUE, SCREEN

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
# Drawing a map and a chart needs these; without a hint a browser learns of them when the first figures arrive.
LARGE = (
    "DeckGlJsonChart.*.js",
    "PlotlyChart.*.js",
    "webgl-device.*.js",
    "DataFrame.*.js",
    "arrowFormatUtils.*.js",
)


HERE = Path(__file__).parent
# Health checks and uploads, phones, England's shapes: all but Streamlit's page and its files.
OWN_CODE = re.compile("/_stcore/|^/join|^/shapes")
NAVIGATION = HERE / "navigation.py"


def import_for_pages() -> None:
    """Import what the pages import: a server that answers has nothing left to load, whoever comes first.

    A page is a script that Streamlit runs for each visit, and cannot itself be imported; what it imports is read
    from it.
    """
    for script in (NAVIGATION, *(HERE / entry.path for entry in (*CATALOGUE, SCREEN))):
        for node in ast.parse(script.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                __import__(node.module, fromlist=[alias.name for alias in node.names])


class WaitForImports:
    """ASGI middleware: what runs the product's own code waits until all of that is imported.

    Imports begin as the server starts. Meanwhile a browser gets Streamlit's page and scripts, which need none of
    it; the health check, the page's connection and the light routes are answered once there is nothing to load.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._imports: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in its time."""
        if self._imports is None:
            self._imports = asyncio.create_task(asyncio.to_thread(import_for_pages))
        if scope["type"] == "websocket" or (scope["type"] == "http" and OWN_CODE.search(scope["path"])):
            await asyncio.shield(self._imports)
        await self.app(scope, receive, send)


def preload_links(folder: Path = SCRIPTS) -> str:
    """The value of a Link header that names the large scripts; empty where this Streamlit has none so named."""
    names = sorted(path.name for pattern in LARGE for path in folder.glob(pattern))
    return ", ".join(f"<./static/js/{name}>; rel=modulepreload; crossorigin" for name in names)


class PreloadScripts:
    """ASGI middleware: tells the browser of the large scripts in the head of Streamlit's own page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.links = preload_links()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the header to the page that answers it."""
        if scope["type"] != "http" or not self.links:
            await self.app(scope, receive, send)
            return

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_dashboard(scope["path"], message):
                MutableHeaders(scope=message)["link"] = self.links
            await send(message)

        await self.app(scope, receive, with_links)


def _is_dashboard(path: str, message: Message) -> bool:
    """Whether a response is the dashboard's page: HTML, and not the phone's light page."""
    content = dict(message["headers"]).get(b"content-type", b"")
    return content.startswith(b"text/html") and path.count("/") == 1 and not path.startswith("/join")

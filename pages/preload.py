"""The dashboard's large scripts, asked for with the page and not only once the first chart is there."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
# Drawing a map and a chart needs these; without a hint a browser learns of them when the first figures arrive.
LARGE = (
    "DeckGlJsonChart.*.js",
    "PlotlyChart.*.js",
    "webgl-device.*.js",
    "DataFrame.*.js",
    "arrowFormatUtils.*.js",
)


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

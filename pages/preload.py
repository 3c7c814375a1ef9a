"""What is loaded before anyone asks for it: the pages' modules, and in the browser the dashboard's large scripts."""

from __future__ import annotations

import ast
import asyncio
import importlib
from concurrent.futures import Future, ThreadPoolExecutor
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
NAVIGATION = HERE / "navigation.py"
PAGES = {entry.url_path: HERE / entry.path for entry in (*CATALOGUE, SCREEN)}
LIGHT = HERE / "light.py"
LIGHT_PATHS = ("/healthz", "/join", "/join/{rest:path}", "/shapes/{rest:path}")
# The health check, which a browser makes too before it connects, and uploads; not Streamlit's page and its files.
CONNECTS = "/_stcore/"


def import_names(script: Path) -> None:
    """Import what a script imports: Streamlit runs it for each visit, and it cannot itself be imported."""
    for node in ast.parse(script.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            __import__(node.module, fromlist=[alias.name for alias in node.names])


class Imports:
    """What scripts import, by one thread: two that import at once can meet a module that is half there.

    A page waits for its own imports. Those of the others come before anyone visits, or after the first page.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "imports")
        self._of: dict[Path, Future[None]] = {}

    def of(self, script: Path) -> Future[None]:
        """Done once all that a script needs is imported; asking begins it."""
        if script not in self._of:
            self._of[script] = self._thread.submit(import_names, script)
        return self._of[script]

    def begin(self) -> Future[None]:
        """The navigation's, and unless a visitor is there by then, all others after it."""
        if not self._of:
            self.of(NAVIGATION).add_done_callback(lambda _: self.of_all() if len(self._of) == 1 else None)
        return self.of(NAVIGATION)

    def of_all(self) -> list[Future[None]]:
        """Done once nothing is left to import."""
        return [self.of(script) for script in (NAVIGATION, *PAGES.values(), LIGHT)]


imports = Imports()


class WaitForImports:
    """ASGI middleware: what runs the product's own code waits until what it needs is imported.

    Imports begin as the server starts. Meanwhile a browser gets Streamlit's page and scripts, which need none of
    it. Its connection and the health check are answered after the navigation's imports; a page is run after its own
    (`pages/navigation.py`), and so is a light route (`LightRoute`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in its time."""
        navigation = imports.begin()
        path = scope.get("path", "")
        if scope["type"] == "websocket" or CONNECTS in path:
            await _done(navigation)
        elif scope["type"] == "http" and path.strip("/") in PAGES:
            imports.of(PAGES[path.strip("/")])
        await self.app(scope, receive, send)


async def _done(imported: Future[None]) -> None:
    # Whoever leaves ends the own wait, not the imports.
    await asyncio.shield(asyncio.wrap_future(imported))


def tell_unforeseen(error: Exception) -> bool:
    """What Streamlit calls for an error of a script that nothing caught (`pages/shared/unforeseen.py`)."""
    told: bool = importlib.import_module("pages.shared.unforeseen").tell(error)
    return told


class LightRoute:
    """Endpoint of the paths that are answered without Streamlit (`pages/light.py`): no first page waits for them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer once the routes' own code is there."""
        await _done(imports.of(LIGHT))
        await importlib.import_module("pages.light").router(scope, receive, send)


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

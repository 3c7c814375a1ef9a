"""Light HTTP routes beside the dashboard, in the same process."""

from __future__ import annotations

import asyncio
from importlib import import_module

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.explore.england.shapes import shape_routes

PHONE = "pages.consult.phone.endpoints"


class PhonePages:
    """The phone's routes, imported with the first phone: the dashboard need not wait for them to start."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._opening = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request below /join."""
        async with self._opening:
            if self._app is None:
                endpoints = await asyncio.to_thread(import_module, PHONE)
                self._app = Router(endpoints.phone_routes())
        await self._app(scope, receive, send)


def routes() -> list[BaseRoute]:
    """Every route that `app.py` hands to `st.App`."""
    phones = PhonePages()
    return [Route("/join", phones), Route("/join/{rest:path}", phones), *shape_routes()]

"""The route of England's shapes: made once, compressed once, kept by the browser for good."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

HEADERS = {
    "Content-Encoding": "gzip",
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def shape_routes() -> list[BaseRoute]:
    """Route of the shapes, for `st.App(..., routes=...)`."""
    return [Route("/shapes/england/{name}", shapes)]


async def shapes(request: Request) -> Response:
    """Shapes by their name; the key in it is a digest, so that what it names never changes."""
    # Imported at the first request: a server that shows no map of England need not load it.
    from analysis.output.england_map import SERVED, served_file  # noqa: PLC0415

    name = request.path_params["name"]
    if not SERVED.fullmatch(name):
        return Response("There are no such shapes.", 404, media_type="text/plain")
    try:
        content = await run_in_threadpool(served_file(name).read_bytes)
    except FileNotFoundError:
        return Response("These shapes are not here any more: reload the page.", 404, media_type="text/plain")
    return Response(content, media_type="application/json", headers=HEADERS)

"""The route of England's shapes and pictures: made once, kept by the browser for good."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from analysis.national.shapes import shapes_file, shapes_folder

HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
KEY = r"(?P<key>[0-9a-f]{20})"
TILE = re.compile(rf"{KEY}-\d{{1,3}}-\d{{1,3}}(-lines)?\.json")
WHOLE = re.compile(rf"{KEY}-authorities\.json")
PICTURE = re.compile(rf"{KEY}-[0-9a-f]{{12}}\.png")
SEA = b'{"type":"FeatureCollection","features":[]}'


def shape_routes() -> list[BaseRoute]:
    """Route of the shapes, for `st.App(..., routes=...)`."""
    return [Route("/shapes/england/{name}", shapes)]


async def shapes(request: Request) -> Response:
    """Shapes by their name; the key in it is a digest, so that what it names never changes."""
    return await run_in_threadpool(_answer, request.path_params["name"])


def _answer(name: str) -> Response:
    tile = TILE.fullmatch(name)
    if PICTURE.fullmatch(name):
        return _file(shapes_folder() / name, "image/png")
    if tile is None and WHOLE.fullmatch(name) is None:
        return Response("There are no such shapes.", 404, media_type="text/plain")
    path = shapes_file(name)
    if tile is not None and not path.exists() and (shapes_folder() / f"{tile['key']}.json").exists():
        return Response(SEA, media_type="application/json", headers=HEADERS)
    return _file(path, "application/json", {"Content-Encoding": "gzip"})


def _file(path: Path, media_type: str, more: dict[str, str] | None = None) -> Response:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Response("These shapes are not here any more: reload the page.", 404, media_type="text/plain")
    return Response(content, media_type=media_type, headers=HEADERS | (more or {}))

"""HTTP for phones: one page, its state as events, and answers that are on disk before they are counted."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from analysis.base.faults import HubreachError
from analysis.base.unforeseen import keep_story
from analysis.workshop.ballots import Ballot, QuestionClosedError, cast, join, read_ballot, withdraw
from analysis.workshop.broadcast import Broadcast, Snapshot
from analysis.workshop.database import StoreUnavailable
from analysis.workshop.roles import TooManyGuessesError, guesses, participant_id, read_code
from analysis.workshop.state import read_outline
from analysis.workshop.store import Store, shared_store
from analysis.workshop.workshops import find_by_code
from pages.consult.phone.process import allow_many_connections, end_with_server, take_turns_often

FOLDER = Path(__file__).parent
ASSETS = {"phone.css": "text/css", "phone.js": "text/javascript", "ballot.js": "text/javascript"}
LARGEST_BODY_BYTES = 16_384
COMMIT_WAIT_SECONDS = 12.0
BEAT_SECONDS = 15.0
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FRESH = {"Cache-Control": "no-store"}
Endpoint = Callable[[Request], Awaitable[Response]]


class BadRequestError(HubreachError):
    """What was posted is no JSON object of a sensible size."""


def phone_routes(store: Store | None = None) -> list[BaseRoute]:
    """Routes of the phone page, for `st.App(..., routes=...)` or any Starlette app.

    Parameters
    ----------
    store : Store or None
        None opens `shared_store()` at the first request.
    """
    phones = Phones(store)
    api = "/join/api/{invite}"
    return [
        Route("/healthz", told(phones.health)),
        Route("/join", to_entrance),
        Route("/join/", page),
        Route("/join/static/{name}", asset),
        Route("/join/api/code", told(phones.find), methods=["POST"]),
        Route(f"{api}/state", told(phones.state)),
        Route(f"{api}/events", told(phones.events)),
        Route(f"{api}/map/{{question}}", told(phones.map)),
        Route(f"{api}/participants", told(phones.join), methods=["POST"]),
        Route(f"{api}/answers", told(phones.answer), methods=["POST"]),
        Route(f"{api}/withdrawals", told(phones.withdraw), methods=["POST"]),
        Route("/join/{code}", page),
    ]


# The first kind that an error is of says what its answer is: status, word, headers.
REFUSALS: dict[type[HubreachError], tuple[int, str, dict[str, str]]] = {
    StoreUnavailable: (503, "not_counted", {"Retry-After": "2"}),
    QuestionClosedError: (409, "closed", {}),
    TooManyGuessesError: (429, "wait", {"Retry-After": "60"}),
    BadRequestError: (400, "refused", {}),
    HubreachError: (422, "refused", {}),
}


def told(endpoint: Endpoint) -> Endpoint:
    """Turn what went wrong into a status and one sentence that a phone can show."""

    @wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HubreachError as error:
            return refusal(*next(said for kind, said in REFUSALS.items() if isinstance(error, kind)), error)
        except Exception as error:  # noqa: BLE001 - nobody in the hall sees what broke, its number leads to it
            said = f"This did not work (error {keep_story(error)}). Please try again."
            return refusal(500, "failed", {}, HubreachError(said))

    return wrapped


def refusal(status: int, word: str, headers: dict[str, str], error: HubreachError) -> Response:
    """Answer that says what is wrong: `status` for the page, `message` for the person."""
    remedies = [f"{fault.remedy}." for fault in error.faults]
    message = " ".join([error.headline, *dict.fromkeys(remedies)])
    return JSONResponse({"status": word, "message": message}, status, {**SAFE_HEADERS, **FRESH, **headers})


def fine(body: dict[str, Any]) -> Response:
    """JSON answer that is not stored on the way."""
    return JSONResponse(body, headers={**SAFE_HEADERS, **FRESH})


def gone() -> Response:
    """There is no such workshop, or no longer."""
    body = {
        "status": "gone",
        "message": "This workshop is not here (any more). Check the code on the screen.",
    }
    return JSONResponse(body, 404, {**SAFE_HEADERS, **FRESH})


async def posted(request: Request) -> dict[str, Any]:
    """The posted JSON object, read no further than is sensible; a form of another site cannot say that it is JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadRequestError("The answer is not sent as JSON.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise BadRequestError("The answer is too long.")
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("The answer cannot be read.") from None
    if not isinstance(read, dict):
        raise BadRequestError("The answer cannot be read.")
    return read


class Phones:
    """The endpoints of one server: one store, one broadcast."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._broadcast: Broadcast | None = None
        self._opening = asyncio.Lock()

    async def _ready(self) -> tuple[Store, Broadcast]:
        async with self._opening:
            if self._store is None:
                self._store = await asyncio.to_thread(shared_store)
            if self._broadcast is None:
                self._broadcast = Broadcast(self._store)
                end_with_server(self._broadcast)
                allow_many_connections()
                take_turns_often()
        return self._store, self._broadcast

    async def _snapshot(self, request: Request) -> tuple[Store, Snapshot | None]:
        store, broadcast = await self._ready()
        return store, await broadcast.snapshot(request.path_params["invite"])

    async def health(self, request: Request) -> Response:
        """200 where the store reads and writes, else 503: for a monitor or a proxy."""
        del request
        try:
            store, _ = await self._ready()
            await asyncio.to_thread(store.check)
        except HubreachError as error:
            return refusal(503, "failed", {"Retry-After": "2"}, error)
        return fine({"status": "ok", "store": store.database.url.get_backend_name()})

    async def find(self, request: Request) -> Response:
        """From the short code that a person typed to the invite; wrong codes are counted."""
        address = request.client.host if request.client else ""
        guesses.check_code(address)
        code = read_code(str((await posted(request)).get("code", "")))
        store, _ = await self._ready()
        invite = await asyncio.to_thread(find_by_code, store, code)
        if invite is None:
            guesses.wrong_code(address)
            return gone()
        return fine({"status": "found", "invite": invite})

    async def state(self, request: Request) -> Response:
        """What is asked now, once: for a phone whose events do not come through."""
        _, snapshot = await self._snapshot(request)
        if snapshot is None:
            return gone()
        return Response(snapshot.body, media_type="application/json", headers={**SAFE_HEADERS, **FRESH})

    async def events(self, request: Request) -> Response:
        """What is asked now and whenever it changes, as server-sent events with a beat between."""
        _, broadcast = await self._ready()
        invite = request.path_params["invite"]
        if await broadcast.snapshot(invite) is None:
            return gone()

        async def stream() -> AsyncIterator[str]:
            yield "retry: 2000\n\n"
            async for snapshot in broadcast.snapshots(invite, BEAT_SECONDS):
                if snapshot is None:
                    yield "event: beat\ndata: \n\n"
                else:
                    yield f"event: state\nid: {snapshot.version}\ndata: {snapshot.body}\n\n"

        headers = {**SAFE_HEADERS, **FRESH, "X-Accel-Buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    async def map(self, request: Request) -> Response:
        """Outlines for a question that is answered on a map."""
        store, snapshot = await self._snapshot(request)
        if snapshot is None:
            return gone()
        outline = await asyncio.to_thread(
            read_outline, store, snapshot.workshop_id, request.path_params["question"]
        )
        if outline is None:
            return gone()
        return JSONResponse(outline, headers={**SAFE_HEADERS, "Cache-Control": "private, max-age=86400"})

    async def join(self, request: Request) -> Response:
        """Count a phone among those who can answer."""
        store, snapshot = await self._snapshot(request)
        if snapshot is None:
            return gone()
        body = await posted(request)
        participant = participant_id(snapshot.workshop_id, str(body.get("participant", "")))
        await committed(store, lambda connection: join(connection, snapshot.workshop_id, participant))
        return fine({"status": "joined"})

    async def answer(self, request: Request) -> Response:
        """Count an answer: "counted" is said only after the commit."""
        store, snapshot = await self._snapshot(request)
        if snapshot is None:
            return gone()
        ballot: Ballot = read_ballot(snapshot.workshop_id, await posted(request))
        receipt = await committed(store, lambda connection: cast(connection, ballot))
        return fine(
            {
                "status": "counted",
                "answer_id": receipt.answer_id,
                "revision": receipt.revision,
                "value": receipt.value,
            }
        )

    async def withdraw(self, request: Request) -> Response:
        """Delete everything a person has answered, on their own wish."""
        store, snapshot = await self._snapshot(request)
        if snapshot is None:
            return gone()
        body = await posted(request)
        participant = participant_id(snapshot.workshop_id, str(body.get("participant", "")))
        await committed(store, lambda connection: withdraw(connection, participant))
        return fine({"status": "withdrawn"})


async def committed(store: Store, operation: Callable[[Any], Any]) -> Any:
    """Result of a change once it is on disk; nothing blocks the event loop meanwhile."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(store.submit(operation)), COMMIT_WAIT_SECONDS)
    except TimeoutError:
        raise StoreUnavailable("the database is slow to answer") from None


@cache
def content(name: str) -> tuple[bytes, str]:
    """Bytes of an asset, and a short hash of them."""
    read = (FOLDER / name).read_bytes()
    return read, hashlib.sha256(read).hexdigest()[:16]


@cache
def page_html() -> str:
    """The phone page, its assets named with their hashes so that browsers may keep them."""
    html = (FOLDER / "phone.html").read_text("utf-8")
    for name in ASSETS:
        html = html.replace(f"static/{name}", f"static/{name}?v={content(name)[1]}")
    return html


async def page(_request: Request) -> Response:
    """The phone page itself: the same for every code."""
    return Response(
        page_html(), media_type="text/html", headers={**SAFE_HEADERS, "Cache-Control": "no-cache"}
    )


async def asset(request: Request) -> Response:
    """Script or style of the phone page."""
    name = request.path_params["name"]
    if name not in ASSETS:
        return gone()
    headers = {**SAFE_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content(name)[0], media_type=ASSETS[name], headers=headers)


async def to_entrance(request: Request) -> Response:
    """From /join to /join/, so that relative links hold."""
    return RedirectResponse(str(request.url.path) + "/", headers=SAFE_HEADERS)

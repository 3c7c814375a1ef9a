"""Telling a thousand phones what is asked now: one query a moment for all of them, however many listen."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from analysis.workshop.database import StoreUnavailable
from analysis.workshop.retention import purge
from analysis.workshop.rows import NoSuchWorkshopError
from analysis.workshop.state import QuestionState, State, read_state, read_version
from analysis.workshop.store import Store
from analysis.workshop.words import standing_line
from analysis.workshop.workshops import find_by_invite

log = logging.getLogger(__name__)
WATCH_SECONDS = 0.25
FORGET_SECONDS = 120.0
PURGE_SECONDS = 3600.0
# A thousand phones are told within this time, so that answers get through between them.
SPREAD_SECONDS = 0.6


@dataclass(frozen=True)
class Snapshot:
    """What every phone in a workshop is shown, at one version; `body` is JSON."""

    workshop_id: str
    version: int
    body: str


@dataclass
class Channel:
    """One workshop that phones listen to."""

    snapshot: Snapshot
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    listeners: int = 0
    used_at: float = field(default_factory=time.monotonic)


class Broadcast:
    """The newest snapshot of each workshop in use, watched by one task of the server's event loop.

    Servers that share a PostgreSQL each watch for themselves, so a change made on one reaches the phones of
    all of them within `WATCH_SECONDS`.

    Parameters
    ----------
    store : Store
        Read in a worker thread, never in the event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._channels: dict[str, Channel] = {}
        self._opening = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None
        self._purged_at = float("-inf")
        self._closed = False

    async def snapshot(self, invite: str) -> Snapshot | None:
        """The newest snapshot for an invite, or None if there is no such workshop.

        Raises
        ------
        StoreUnavailable
            If the workshop is not known yet and the store cannot be reached.
        """
        channel = await self._channel(invite)
        return channel.snapshot if channel else None

    async def snapshots(self, invite: str, beat_seconds: float) -> AsyncIterator[Snapshot | None]:
        """Each new snapshot from now on, beginning with the newest; None as a heartbeat between them."""
        channel = await self._channel(invite)
        if channel is None:
            return
        channel.listeners += 1
        try:
            sent = -1
            while self._channels.get(invite) is channel and not self._closed:
                changed = channel.changed
                if channel.snapshot.version != sent:
                    if sent >= 0:
                        await asyncio.sleep(random.random() * SPREAD_SECONDS * channel.listeners / 1000)
                    sent = channel.snapshot.version
                    yield channel.snapshot
                    continue
                try:
                    async with asyncio.timeout(beat_seconds):
                        await changed.wait()
                except TimeoutError:
                    yield None
        finally:
            channel.listeners -= 1
            channel.used_at = time.monotonic()

    def close(self) -> None:
        """End every stream, so that the server can stop; to be called in the event loop's thread."""
        self._closed = True
        for channel in self._channels.values():
            channel.changed.set()

    async def _channel(self, invite: str) -> Channel | None:
        channel = self._channels.get(invite)
        if channel is None:
            async with self._opening:
                channel = self._channels.get(invite) or await self._open(invite)
        if channel is not None:
            channel.used_at = time.monotonic()
        return channel

    async def _open(self, invite: str) -> Channel | None:
        workshop_id = await asyncio.to_thread(find_by_invite, self._store, invite)
        if workshop_id is None:
            return None
        state = await asyncio.to_thread(read_state, self._store, workshop_id)
        channel = self._channels[invite] = Channel(snapshot_of(state))
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.get_running_loop().create_task(self._watch())
        return channel

    async def _watch(self) -> None:
        while self._channels and not self._closed:
            for invite, channel in list(self._channels.items()):
                await self._refresh(invite, channel)
            await self._purge()
            await asyncio.sleep(WATCH_SECONDS)

    async def _refresh(self, invite: str, channel: Channel) -> None:
        """Fetch a newer state if there is one; while the store is away, phones keep the last one."""
        if not channel.listeners and time.monotonic() - channel.used_at > FORGET_SECONDS:
            del self._channels[invite]
            return
        try:
            version = await asyncio.to_thread(read_version, self._store, channel.snapshot.workshop_id)
            if version == channel.snapshot.version:
                return
            state = await asyncio.to_thread(read_state, self._store, channel.snapshot.workshop_id)
        except NoSuchWorkshopError:
            del self._channels[invite]
        except StoreUnavailable as error:
            log.warning("phones keep the last state: %s", error)
            return
        else:
            channel.snapshot = snapshot_of(state)
        event, channel.changed = channel.changed, asyncio.Event()
        event.set()

    async def _purge(self) -> None:
        """Once an hour, delete the workshops whose days are over."""
        if time.monotonic() - self._purged_at < PURGE_SECONDS:
            return
        self._purged_at = time.monotonic()
        try:
            await asyncio.to_thread(purge, self._store)
        except StoreUnavailable as error:
            log.warning("workshops that are overdue will be deleted later: %s", error)


def snapshot_of(state: State) -> Snapshot:
    """What phones may know of a state: never the run to come, an answer, or a result."""
    step = state.step
    body = {
        "version": state.version,
        "title": state.title,
        "purpose": state.purpose,
        "keep_days": state.keep_days,
        "closed": state.is_closed,
        "standing": standing_line(state),
        "step": {"title": step.step.title, "text": step.step.text} if step else None,
        "asks_about_you": any(each.question.is_demographic for each in state.questions.values()),
        "questions": [] if state.is_closed else [_public(each) for each in state.open_questions],
    }
    return Snapshot(
        state.workshop_id, state.version, json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    )


def _public(state: QuestionState) -> dict[str, Any]:
    question = state.question
    shown = question.model_dump(
        mode="json", include={"kind", "prompt", "help", "items", "low_label", "high_label", "is_demographic"}
    )
    limits = {"dots": question.dots, "dots_per_item": question.dots_per_item, "limit": question.limit}
    return {"id": state.id, "has_map": state.has_map, **shown, **limits}

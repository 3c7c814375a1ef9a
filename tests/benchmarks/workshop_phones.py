"""Phones for the load on a workshop: each keeps its stream of events and answers what it says."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field


@dataclass
class Phone:
    """One phone: a stream of events, a connection to answer by, and what it was told."""

    number: int
    port: int
    invite: str
    spread_seconds: float
    seen: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, ready: asyncio.Semaphore, acknowledged: list[float]) -> None:
        """Follow the events, and answer each new question once after a moment's thought."""
        async with ready:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(request("GET", f"/join/api/{self.invite}/events"))
            while b"event: state" not in await reader.readline():
                pass
        while line := await reader.readline():
            if line.startswith(b"data: {"):
                for question in json.loads(line[6:])["questions"]:
                    if question["id"] not in self.seen:
                        self.seen.add(question["id"])
                        task = asyncio.create_task(self.answer(question["id"], acknowledged))
                        self.tasks.add(task)
                        task.add_done_callback(self.tasks.discard)
        writer.close()

    async def answer(self, question: str, acknowledged: list[float]) -> None:
        """Tap, and send again until it counts."""
        await asyncio.sleep(random.random() * self.spread_seconds)
        tapped = time.perf_counter()
        body = {
            "participant": key_of(self.number),
            "question": question,
            "answer_id": f"answer-{self.number}-{question[:8]}",
            "revision": int(time.time() * 1000),
            "value": {"north": 3, "south": self.number % 3},
        }
        while True:
            reused = self.reader is not None
            try:
                status = await self.post(json.dumps(body).encode())
            except (OSError, asyncio.IncompleteReadError):
                self.reader = status = None
                if reused:  # closed by the server when idle; a browser opens another at once
                    continue
            if status == 200:
                break
            self.retries += 1
            await asyncio.sleep(0.5)
        self.waits.append(time.perf_counter() - tapped)
        acknowledged.append(time.time())
        self.told[question] = self.told.get(question, 0) + 1

    async def post(self, body: bytes) -> int:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request("POST", f"/join/api/{self.invite}/answers", body))
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await self.reader.readexactly(length)
        return int(head.split(b" ")[1])


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """Bytes of an HTTP request that keeps its connection."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def key_of(number: int) -> str:
    return f"phone-{number:024d}"

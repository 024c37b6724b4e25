"""Server-sent events: who may watch, what they are told, and the one reader for all of them.

The page at PARTNERLOOP_URL is the only origin that may connect. A stream ends when its ticket
does; the page then asks for a new ticket with its session and connects again, telling by
Last-Event-ID what it knows, so that nothing is missed in between.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from partnerloop.core import clock, live

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

EVERY = 1.0  # seconds between two looks at the counters
SILENCE = 15.0  # seconds until a comment keeps the connection open through proxies
MOST_STREAMS = 2_000  # beyond this pages fall back to asking every ten seconds


@dataclass
class Board:
    """The counters last read, for the programs that somebody watches now."""

    watchers: Counter[int] = field(default_factory=Counter)
    counted: dict[int, dict[str, int]] = field(default_factory=dict)
    fresh: asyncio.Condition = field(default_factory=asyncio.Condition)
    reader: asyncio.Task[None] | None = None
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    async def look(self) -> None:
        """This will read the watched programs' counters once and wake the watchers."""
        programs = sorted(self.watchers)
        loop = asyncio.get_running_loop()
        self.counted = await loop.run_in_executor(self.thread, _read, programs)
        async with self.fresh:
            self.fresh.notify_all()

    async def keep_looking(self) -> None:
        """This will read as long as anybody watches; a failing database is tried again."""
        while self.watchers:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except DatabaseError:
                await asyncio.sleep(5)

    def enter(self, program_id: int) -> None:
        """This will count one more watcher of a program."""
        self.watchers[program_id] += 1
        if self.reader is None or self.reader.done():
            self.reader = asyncio.get_running_loop().create_task(self.keep_looking())

    def leave(self, program_id: int) -> None:
        """This will count one watcher less."""
        self.watchers[program_id] -= 1
        self.watchers += Counter()  # drops programs nobody watches


board = Board()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """This will answer one connection of the live port."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] == "/healthz":
        await _reply(send, 200, "ok")
    elif scope["method"] != "GET" or scope["path"] != "/live":
        await _reply(send, 404, "not here")
    elif headers.get(b"origin", settings.PARTNERLOOP_URL) != settings.PARTNERLOOP_URL:
        await _reply(send, 403, "another origin")
    elif board.watchers.total() >= MOST_STREAMS:
        await _reply(send, 503, "too many streams")
    else:
        await _stream(scope, headers, receive, send)


async def _stream(scope: Scope, headers: dict[bytes, str], receive: Receive, send: Send) -> None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        ticket, until = live.opened(query.get("ticket", [""])[0], at=clock.now())
    except live.TicketRefused:
        await _reply(send, 403, "the ticket has run out")
        return
    since = headers.get(b"last-event-id") or query.get("since", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS + _cors()})
    board.enter(ticket.program_id)
    telling = asyncio.ensure_future(_tell(ticket, since, until, send))
    leaving = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            telling.result()
    finally:
        telling.cancel()
        leaving.cancel()
        board.leave(ticket.program_id)


async def _tell(ticket: live.Ticket, since: str, until: datetime, send: Send) -> None:
    await _write(send, "retry: 3000\n\n")
    with suppress(DatabaseError):  # the next look tries again
        await board.look()
    while clock.now() < until:
        counted = board.counted.get(ticket.program_id, {})
        known = live.state(ticket.topics, counted)
        for topic in live.changed(since, topics=ticket.topics, counted=counted) if since else []:
            await _write(send, f"id: {known}\nevent: {topic}\ndata: {counted.get(topic, 0)}\n\n")
        since = known
        await _wait_for_news(ticket, known, send)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_for_news(ticket: live.Ticket, known: str, send: Send) -> None:
    def is_news() -> bool:
        return live.state(ticket.topics, board.counted.get(ticket.program_id, {})) != known

    try:
        async with asyncio.timeout(SILENCE), board.fresh:
            await board.fresh.wait_for(is_news)
    except TimeoutError:
        await _write(send, ": still here\n\n")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _read(programs: list[int]) -> dict[int, dict[str, int]]:
    close_old_connections()
    return live.counters(programs)


STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def _cors() -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", settings.PARTNERLOOP_URL.encode()),
        (b"vary", b"origin"),
        (b"x-content-type-options", b"nosniff"),
    ]


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _reply(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain"), *_cors()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode(), "more_body": False})

"""The event streams, spoken to as a server would: no network, a real database."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import connections

from partnerloop.config import streams
from partnerloop.core import clock, live, outbox
from partnerloop.core.models import LiveTopic

T = TypeVar("T")
WATCHED = live.Ticket(7, ("scorecard", "today"), "user:1")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look often, on a board of the test's own, whose thread gives its connection back."""
    monkeypatch.setattr(streams, "board", streams.Board())
    monkeypatch.setattr(streams, "EVERY", 0.02)
    monkeypatch.setattr(streams, "SILENCE", 0.1)
    yield
    streams.board.thread.submit(connections.close_all).result()
    streams.board.thread.shutdown()


@dataclass
class Visitor:
    """A browser that watches: what it sent, what came back, and when it goes away."""

    query: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    path: str = "/live"
    method: str = "GET"
    status: int = 0
    answered: dict[bytes, bytes] = field(default_factory=dict)
    got: str = ""
    is_over: bool = False

    async def visit(self, until: str = "") -> "Visitor":
        """Stay until `until` has come, or until the server ends it."""
        leaving = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await leaving.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status, self.answered = message["status"], dict(message["headers"])
                return
            self.got += message["body"].decode()
            self.is_over = not message["more_body"]
            if until and until in self.got:
                leaving.set()

        scope = {
            "method": self.method,
            "path": self.path,
            "query_string": self.query.encode(),
            "headers": self.headers,
        }
        async with asyncio.timeout(20):
            await streams.application(scope, receive, send)
        return self


def alone(told: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own: a browser test of the same session leaves its loop on ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, told).result()


def ticket(**changes: Any) -> str:
    at = clock.now() - changes.pop("age", timedelta(0))
    return f"ticket={live.signed(WATCHED, at=at)}"


@pytest.mark.parametrize(
    ("visitor", "status"),
    [
        (Visitor(), 403),
        (Visitor(query="ticket=nonsense"), 403),
        (Visitor(path="/"), 404),
        (Visitor(method="POST"), 404),
        (Visitor(headers=((b"origin", b"https://elsewhere.example"),)), 403),
        (Visitor(path="/healthz"), 200),
    ],
)
def test_it_opens_no_stream_without_a_ticket_and_our_own_page(
    visitor: Visitor, status: int
) -> None:
    alone(visitor.visit())
    assert visitor.status == status
    assert visitor.is_over
    assert visitor.answered[b"access-control-allow-origin"] == settings.PARTNERLOOP_URL.encode()


def test_a_ticket_runs_out_and_cannot_be_changed() -> None:
    old = alone(Visitor(query=ticket(age=timedelta(minutes=11))).visit())
    changed = alone(Visitor(query=ticket()[:-1] + "_").visit())
    assert (old.status, changed.status) == (403, 403)


@pytest.mark.django_db(transaction=True)
def test_a_change_of_a_watched_topic_arrives_with_its_counter() -> None:
    outbox.touch(7, "today")

    async def watch() -> Visitor:
        watching = asyncio.create_task(Visitor(query=ticket()).visit(until="data: 2"))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(touch_elsewhere, 8, "today")
        await asyncio.to_thread(touch_elsewhere, 7, "inbox")
        await asyncio.to_thread(touch_elsewhere, 7, "today")
        return await watching

    seen = alone(watch())
    assert seen.status == 200
    assert seen.answered[b"content-type"].startswith(b"text/event-stream")
    assert "id: scorecard.0-today.2\nevent: today\ndata: 2\n\n" in seen.got
    assert seen.got.count("event:") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["query", "header"])
def test_what_changed_before_it_connected_is_told_at_once(how: str) -> None:
    outbox.touch(7, "today", "scorecard")
    outbox.touch(7, "today")
    known = "scorecard.1-today.1"
    visitor = (
        Visitor(query=f"{ticket()}&since={known}")
        if how == "query"
        else Visitor(query=ticket(), headers=((b"last-event-id", known.encode()),))
    )
    alone(visitor.visit(until="data: 2"))
    assert "event: today" in visitor.got
    assert "event: scorecard" not in visitor.got


@pytest.mark.django_db(transaction=True)
def test_silence_is_kept_open_and_nothing_is_told() -> None:
    visitor = alone(Visitor(query=ticket()).visit(until=": still here\n\n: still here"))
    assert "event:" not in visitor.got
    assert visitor.got.startswith("retry: 3000\n\n")


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_with_its_ticket() -> None:
    age = live.LIFETIME - timedelta(seconds=1.5)
    visitor = alone(Visitor(query=ticket(age=age)).visit())
    assert visitor.status == 200
    assert visitor.is_over


@pytest.mark.django_db(transaction=True)
def test_who_leaves_is_no_longer_counted_and_the_reading_ends() -> None:
    async def watch() -> None:
        await asyncio.gather(*(Visitor(query=ticket()).visit(until=": still") for _ in range(5)))
        assert streams.board.watchers.total() == 0
        assert streams.board.reader is not None
        async with asyncio.timeout(5):
            await streams.board.reader

    alone(watch())


@pytest.mark.django_db(transaction=True)
def test_beyond_the_most_streams_a_page_is_told_to_ask_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 1)

    async def watch() -> tuple[Visitor, Visitor]:
        first = asyncio.create_task(Visitor(query=ticket()).visit(until=": still here"))
        await asyncio.sleep(0.05)
        second = await Visitor(query=ticket()).visit()
        return await first, second

    first, second = alone(watch())
    assert (first.status, second.status) == (200, 503)


def test_states_are_compared_topic_by_topic() -> None:
    counted = {"scorecard": 3, "today": 12}
    assert live.state(("today", "scorecard"), counted) == "scorecard.3-today.12"
    for since, changed in (
        ("scorecard.3-today.12", []),
        ("scorecard.3-today.1", ["today"]),
        ("today.12", ["scorecard"]),
        ("nonsense", ["scorecard", "today"]),
    ):
        assert live.changed(since, topics=counted, counted=counted) == changed


def touch_elsewhere(program_id: int, topic: str) -> None:
    outbox.touch(program_id, topic)
    assert LiveTopic.objects.filter(program_id=program_id, topic=topic).exists()
    connections.close_all()

"""Keeps the groups running until it is told to stop, then ends them within ten seconds."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from partnerloop.cli.supervision.group import Group
from partnerloop.cli.supervision.orphans import adopt_grandchildren

GRACE = 8.0
TICK = 0.2


def supervise(
    groups: Sequence[Group],
    *,
    stop: threading.Event,
    on_change: Callable[[str], None],
    on_tick: Callable[[], None],
) -> None:
    """This will run until `stop` is set; `on_change` gets the status line when it changes.

    Call it on the main thread: the kernel ends the children with the thread that started them.
    """
    adopt_grandchildren()
    try:
        while not stop.is_set():
            changes = [group.tend(now=time.monotonic()) for group in groups]
            if any(changes):
                on_change(status(groups))
            on_tick()
            stop.wait(TICK)
    finally:
        _end(groups)


def stop_on_signals(stop: threading.Event) -> None:
    """This will set `stop` at Ctrl-C and at a polite request to end."""

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    signal.signal(signal.SIGHUP, told)


def status(groups: Sequence[Group]) -> str:
    """This will say in one line what is up, what waits for its restart, and how often."""
    return " · ".join(
        f"{group.role.name} {'up' if group.is_up else 'restarting'}"
        + (f" (restarted {group.restarts}×)" if group.restarts else "")
        for group in groups
    )


def _end(groups: Sequence[Group]) -> None:
    for group in groups:
        group.ask_to_stop()
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and not all(group.has_stopped() for group in groups):
        time.sleep(0.05)
    for group in groups:
        group.end_now()

"""What the supervisor starts: `python -m partnerloop.cli.supervision.child web|live|...`."""

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from partnerloop.cli.django_setup import choose_settings, set_up_django
from partnerloop.cli.supervision.orphans import die_with_parent
from partnerloop.cli.supervision.supervisor import stop_on_signals


def serve_web() -> None:
    """This will serve the pages: few threads, because SQLite has one writer."""
    _serve(
        "partnerloop.config.wsgi:application",
        interface=Interfaces.WSGI,
        port=settings.PARTNERLOOP_PORT,
        workers=settings.PARTNERLOOP_WEB_WORKERS,
        blocking_threads=settings.PARTNERLOOP_WEB_THREADS,
        respawn_failed_workers=True,
    )


def serve_live() -> None:
    """This will serve only the event streams: thousands may wait in one process."""
    _serve(
        "partnerloop.config.asgi_live:application",
        interface=Interfaces.ASGINL,
        port=settings.PARTNERLOOP_LIVE_PORT,
        workers=1,
    )


def run_until_told(address: str) -> None:
    """This will call a `run(stop)` of the loop, which returns soon after `stop` is set."""
    stop = threading.Event()
    stop_on_signals(stop)
    set_up_django()
    run: Callable[[threading.Event], None] = import_module(address).run
    run(stop)


def prepare() -> None:
    """This will make the installation ready to serve, in a process that then goes away."""
    set_up_django()
    import_module("partnerloop.cli.prepare").prepare(wants_demo="--demo" in sys.argv)


ROLES: dict[str, Callable[[], None]] = {
    "prepare": prepare,
    "web": serve_web,
    "live": serve_live,
    "worker": partial(run_until_told, "partnerloop.loop.worker"),
    "scheduler": partial(run_until_told, "partnerloop.loop.schedule"),
}


def _serve(target: str, *, interface: Interfaces, port: int, **options: Any) -> None:
    Granian(
        target,
        address=settings.PARTNERLOOP_BIND,
        port=port,
        interface=interface,
        websockets=False,
        log_level=LogLevels.error,
        # a stream never ends by itself: do not wait for it
        workers_kill_timeout=5,
        **options,
    ).serve(target_loader=partial(_load, os.getpid(), target), wrap_loader=False)


def _load(parent: int, target: str) -> Any:
    # runs in the server's worker process, before it serves
    die_with_parent(parent)
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def main(role: str) -> None:
    """This will play one role until told to stop, and not outlive the supervisor."""
    if supervisor := os.environ.get("PARTNERLOOP_SUPERVISOR"):
        die_with_parent(int(supervisor))
    choose_settings()
    ROLES[role]()


if __name__ == "__main__":
    main(sys.argv[1])

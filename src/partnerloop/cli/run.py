"""`partnerloop run`: prepare, start everything, say where it answers, end it cleanly."""

import json
import os
import subprocess
import sys
import threading

import click
from django.conf import settings

from partnerloop import __version__
from partnerloop.cli.django_setup import choose_settings
from partnerloop.cli.supervision.group import Group, Role
from partnerloop.cli.supervision.lock import AlreadyRunning, held
from partnerloop.cli.supervision.ports import PortInUse, require_free
from partnerloop.cli.supervision.supervisor import stop_on_signals, supervise
from partnerloop.cli.welcome import Door, Welcome

ROLES = ("web", "live", "worker", "scheduler")
CHILD = (sys.executable, "-m", "partnerloop.cli.supervision.child")


@click.command()
@click.option("--demo", is_flag=True, help="With a demo program: 300 partners, twelve months.")
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    help="The web's port; live updates take the next. [default: 8000]",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(ROLES),
    help="Start only this part, on a machine of its own; may be repeated.",
)
def run(demo: bool, port: int | None, only: tuple[str, ...]) -> None:
    """Start everything: web, live updates, worker, scheduler. Ctrl-C ends it."""
    if port is not None:
        os.environ["PARTNERLOOP_PORT"] = str(port)
    choose_settings()
    roles = only or ROLES
    home = settings.PARTNERLOOP_HOME
    note = f"process {os.getpid()}, {settings.PARTNERLOOP_URL}"
    try:
        with held(home / "run.lock", note=note):
            require_free(settings.PARTNERLOOP_BIND, *_ports(roles))
            _run(roles, wants_demo=demo)
    except AlreadyRunning as running:
        raise click.ClickException(
            f"Partnerloop already runs on {home} ({running.holder}). "
            "End it first, or set PARTNERLOOP_HOME to another folder."
        ) from None
    except PortInUse as taken:
        raise click.ClickException(
            f"Port {taken.port} is in use by another program. "
            f"Choose another: partnerloop run --port {taken.free or 'NUMBER'}"
        ) from None
    except OSError as wrong:
        raise click.ClickException(
            f"{wrong.filename or home}: {wrong.strerror}. "
            "Set PARTNERLOOP_HOME to a folder you may write to."
        ) from None


def _ports(roles: tuple[str, ...]) -> list[int]:
    ports = {"web": settings.PARTNERLOOP_PORT, "live": settings.PARTNERLOOP_LIVE_PORT}
    return [port for role, port in ports.items() if role in roles]


def _run(roles: tuple[str, ...], *, wants_demo: bool) -> None:
    stop = threading.Event()
    stop_on_signals(stop)
    click.echo(f"Partnerloop {__version__}, everything it keeps is in {settings.PARTNERLOOP_HOME}")
    doors = _prepare(stop, wants_demo=wants_demo)
    if stop.is_set():
        return
    groups = [Group(role, environment=os.environ) for role in _expanded(roles)]
    welcome = Welcome(doors) if "web" in roles else None
    supervise(
        groups,
        stop=stop,
        on_change=click.echo,
        on_tick=welcome.greet_once if welcome else lambda: None,
    )
    click.echo("Partnerloop has ended.")


def _expanded(roles: tuple[str, ...]) -> list[Role]:
    workers = settings.PARTNERLOOP_JOB_WORKERS
    found: list[Role] = []
    for role in roles:
        times = workers if role == "worker" else 1
        names = [role] if times == 1 else [f"{role}-{n + 1}" for n in range(times)]
        found.extend(Role(name, (*CHILD, role)) for name in names)
    return found


def _prepare(stop: threading.Event, *, wants_demo: bool) -> list[Door]:
    # A process of its own: the supervisor stays small, it never loads Django's models.
    command = [*CHILD, "prepare", *(["--demo"] if wants_demo else [])]
    environment = {**os.environ, "PARTNERLOOP_SUPERVISOR": str(os.getpid())}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, process_group=0
    ) as preparing:
        while preparing.poll() is None and not stop.wait(0.05):
            pass
        if stop.is_set():
            preparing.terminate()
        printed, _ = preparing.communicate()
    if preparing.returncode and not stop.is_set():
        raise SystemExit(preparing.returncode)
    lines = printed.decode().splitlines()
    return [Door(**door) for door in json.loads(lines[-1])] if lines else []

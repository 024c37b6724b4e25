"""The first lines a newcomer reads: where it answers, and the links that let them in."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import click
from django.conf import settings

SLOW = 60.0


@dataclass(frozen=True)
class Door:
    """A link that lets somebody in, and who that is."""

    who: str
    url: str


@dataclass
class Welcome:
    """Prints the address once the web answers, and says so when it takes too long."""

    doors: Sequence[Door]
    began: float = field(default_factory=time.monotonic)
    done: bool = False

    def greet_once(self) -> None:
        """This will look whether the web answers, and greet at the first yes."""
        if self.done:
            return
        if _answers():
            self.done = True
            click.echo(greeting(self.doors))
        elif time.monotonic() - self.began > SLOW:
            self.done = True
            click.echo("The web has not answered for a minute; the lines above should say why.")


def greeting(doors: Sequence[Door]) -> str:
    """This will write the address and, aligned, one link per door."""
    width = max((len(door.who) for door in doors), default=0)
    lines = [f"  {door.who:<{width}}  {door.url}" for door in doors]
    head = ["One-time links:"] if doors else []
    return "\n".join([*head, *lines, f"Ready: {settings.PARTNERLOOP_URL}   (Ctrl-C ends it)"])


def _answers() -> bool:
    address = settings.PARTNERLOOP_BIND
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    connection = HTTPConnection(host, settings.PARTNERLOOP_PORT, timeout=1)
    try:
        # the name people use: others are refused
        name = urlsplit(settings.PARTNERLOOP_URL).netloc
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

"""Loads the demo program and times its main pages; run by `bench.pages` in a process of its own.

Times are processor time of the server (SQLite works in it), the middle of several requests by a
client in the same process. For the share of `release` the stack is looked at every few milliseconds
of processor time: a look counts for the gate while any of its code is running, with all that it
calls, queries included. Nothing is counted twice, and looking costs every line the same, where a
tracing profile would make code of many small calls seem slower than it is.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from types import FrameType

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from partnerloop.accounts.models import Membership, Role  # noqa: E402
from partnerloop.actions.models import FeedbackItem  # noqa: E402
from partnerloop.core import clock  # noqa: E402
from partnerloop.demo.loading import load  # noqa: E402
from partnerloop.demo.world import DEFAULT_SEED  # noqa: E402
from partnerloop.partners.models import Affiliation, Partner  # noqa: E402
from partnerloop.partners.visiting import portal_token  # noqa: E402
from partnerloop.programs.models import Program  # noqa: E402

GATE = f"{os.sep}partnerloop{os.sep}release{os.sep}"
TIMES = 7
EVERY = 0.001  # seconds of the processor; what the system makes of it is enough
LOOKS = 1000


def main(partners: int) -> None:
    """Print for each page its milliseconds and the share of the gate, as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    program = load(at=clock.now(), seed=DEFAULT_SEED, partners=partners).program
    settings.ALLOWED_HOSTS = ["testserver"]
    chief = (
        Membership.objects.of(program).filter(role=Role.CHIEF).select_related("user").earliest("pk")
    )
    member = Client()
    member.force_login(chief.user)
    rows = []
    for name, url in addresses(program).items():
        rows.append({"page": name, **timed(lambda url=url: fetched(member, url))})  # type: ignore[misc]
    print(json.dumps(rows))


def addresses(program: Program) -> dict[str, str]:
    """Return the main pages by name; partner and item are those looked at most: the first."""
    at = clock.now()
    place = f"/p/{program.slug}"
    partner = Partner.objects.of(program).active(at.date()).earliest("pk")
    item = FeedbackItem.objects.of(program).latest("received_at")
    job = Affiliation.objects.of(program).filter(partner=partner).select_related("contact").first()
    assert job is not None
    return {
        "home": f"{place}/",
        "partners": f"{place}/partners/",
        "partner": f"{place}/partners/{partner.pk}/",
        "inbox": f"{place}/inbox/",
        "inbox item": f"{place}/inbox/{item.pk}/",
        "pulses": f"{place}/pulses/",
        "coverage": f"{place}/pulses/coverage/",
        "contacts": f"{place}/people/contacts/",
        "contact": f"{place}/people/contacts/{job.contact_id}/",
        "settings": f"{place}/settings/",
        "what you will see": f"{place}/settings/visibility/",
        "portal": f"/portal/{portal_token(job.contact, partner, at=at)}/",
        "promise": f"/promise/{program.slug}",
    }


def fetched(client: Client, url: str) -> None:
    """Get a page whole."""
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}")


def timed(fetch: Callable[[], None]) -> dict[str, float]:
    """Return milliseconds, the middle of several, and the share of the gate over many more."""
    fetch()
    times = []
    for _ in range(TIMES):
        begun = time.process_time()
        fetch()
        times.append(time.process_time() - begun)
    return {"ms": median(times) * 1000, "release_share": _watched(fetch).share}


@dataclass(slots=True)
class Looks:
    """How often the stack was looked at, and how often code of the gate was running then."""

    all: int = 0
    inside: int = 0

    @property
    def share(self) -> float:
        return self.inside / max(1, self.all)

    def look(self, _: int, frame: FrameType | None) -> None:
        """Count one look at what is running."""
        self.all += 1
        while frame is not None:
            if GATE in frame.f_code.co_filename:
                self.inside += 1
                return
            frame = frame.f_back


def _watched(fetch: Callable[[], None]) -> Looks:
    """Fetch a page again and again until it was looked at often enough."""
    looks = Looks()
    usual = signal.signal(signal.SIGPROF, looks.look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        while looks.all < LOOKS:
            fetch()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, usual)
    return looks


if __name__ == "__main__":
    main(int(sys.argv[1]))

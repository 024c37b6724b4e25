"""Loads the demo program and times its main pages; run by `bench.pages` in a process of its own.

Times are processor time of the server (SQLite works in it), the middle of several requests by a
client in the same process. The share of `release` is taken from a profile: the time below each call
that enters the gate from outside, queries included.
"""

import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Callable
from statistics import median

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
    """Return milliseconds, the middle of several, and the share of the gate of one profiled."""
    fetch()
    times = []
    for _ in range(TIMES):
        begun = time.process_time()
        fetch()
        times.append(time.process_time() - begun)
    profile = cProfile.Profile(time.process_time)
    profile.runcall(fetch)
    stats = pstats.Stats(profile)
    return {"ms": median(times) * 1000, "release_share": _below_gate(stats) / total(stats)}


def total(stats: pstats.Stats) -> float:
    """Return all the seconds of a profile."""
    return float(stats.total_tt)  # type: ignore[attr-defined]


def _below_gate(stats: pstats.Stats) -> float:
    """Return the seconds below the calls that enter the gate from outside."""
    return float(
        sum(
            seconds[3]
            for (file, _, _), (_, _, _, _, callers) in stats.stats.items()  # type: ignore[attr-defined]
            if GATE in file
            for (caller, _, _), seconds in callers.items()
            if GATE not in caller
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))

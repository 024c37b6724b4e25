"""How often links of the last weeks were opened in the demo program, and by which mail scanners."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from numpy.random import Generator

from partnerloop.integrations.email.clicks import FEWEST
from partnerloop.integrations.models import ClickTotal
from partnerloop.pulses.models import Invitation

SHOWN = timedelta(weeks=13)
VISITED, TAPPED = 0.35, 0.2
SCANNING = 0.07
"""The part of the larger mail domains that open every link of a mail before anybody reads it."""
LINKS = 11


def write_visits(invitations: list[Invitation], *, at: datetime, rng: Generator) -> None:
    """This will count visits by pulse, mail domain and day; who answered has no part in them."""
    asked = [one for one in invitations if one.asked_at >= at - SHOWN]
    people: dict[str, set[int]] = defaultdict(set)
    for one in invitations:
        people[_domain(one)].add(one.contact_id)
    large = sorted(domain for domain, who in people.items() if domain and len(who) >= FEWEST)
    scanning = {domain for domain in large if rng.random() < SCANNING}
    mails: Counter[tuple[int, str, date]] = Counter()
    for one in asked:
        domain = _domain(one)
        known = domain if len(people[domain]) >= FEWEST else ""
        mails[one.pulse_id, known, one.asked_at.date()] += 1
    ClickTotal.objects.bulk_create(
        [
            ClickTotal(
                program_id=invitations[0].program_id,
                pulse_id=pulse,
                domain=domain,
                day=day,
                visits=int(rng.binomial(count, VISITED)),
                taps=LINKS * count if domain in scanning else int(rng.binomial(count, TAPPED)),
                bursts=count if domain in scanning else 0,
                traps=int(rng.binomial(count, 0.5)) if domain in scanning else 0,
            )
            for (pulse, domain, day), count in sorted(mails.items())
        ],
        batch_size=500,
    )


def _domain(one: Invitation) -> str:
    return one.contact.email.rpartition("@")[2].lower()

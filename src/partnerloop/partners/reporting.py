"""What other systems report of partners: events, which may be asked about, and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Lower

from partnerloop.partners.counting import tell_of_signals
from partnerloop.partners.models import Affiliation, Contact, LifecycleEvent, Partner, Signal
from partnerloop.programs.models import Program


class NoSuchPartner(LookupError):
    """No active partner of the program is known by this number or id."""


class NobodyThere(LookupError):
    """The person that an event names does not work for its partner."""


@dataclass(frozen=True, slots=True)
class Known:
    """A partner by our number, or by the id that another system knows it by."""

    number: int | None = None
    source: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Occurred:
    """Something that happened at a partner; `email` names whose work it was, if anybody's."""

    kind: str
    partner: Known
    at: datetime
    email: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A signal: something a partner did or that happened to it, with a figure."""

    kind: str
    partner: Known
    at: datetime
    value: Decimal


def keep_event(program: Program, occurred: Occurred, *, at: datetime) -> LifecycleEvent:
    """This will keep an event; the same one reported again is the one kept before."""
    partner = _numbers(program, [occurred.partner], at=at)[occurred.partner]
    event, _ = LifecycleEvent.objects.of(program).get_or_create(
        partner_id=partner,
        kind=occurred.kind,
        at=occurred.at,
        contact=_person(program, occurred.email, partner=partner, at=at),
        defaults={"program_id": program.pk, "received_at": at},
    )
    return event


@transaction.atomic
def keep_signals(program: Program, measured: Sequence[Measured], *, at: datetime) -> int:
    """This will keep signals and return how many; one sent again only corrects its figure."""
    partners = _numbers(program, [one.partner for one in measured], at=at)
    rows = {
        (partners[one.partner], one.kind, one.at): Signal(
            program_id=program.pk,
            partner_id=partners[one.partner],
            kind=one.kind,
            at=one.at,
            value=one.value,
        )
        for one in measured
    }
    Signal.objects.bulk_create(
        rows.values(),
        batch_size=500,
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["partner", "kind", "at"],
    )
    tell_of_signals(program.pk, {one.partner_id for one in rows.values()}, at=at)
    return len(rows)


def _numbers(program: Program, known: Sequence[Known], *, at: datetime) -> dict[Known, int]:
    active = Partner.objects.of(program).active(at.date())
    wanted = set(known)
    found: dict[Known, int] = {}
    numbers = [one.number for one in wanted if one.number is not None]
    for pk in active.filter(pk__in=numbers).values_list("pk", flat=True):
        found[Known(number=pk)] = pk
    values = [one.value for one in wanted if one.number is None]
    ids = active.filter(external_ids__kind="partner", external_ids__value__in=values)
    for pk, source, value in ids.values_list("pk", "external_ids__source", "external_ids__value"):
        found[Known(source=source, value=value)] = pk
    missing = [one for one in known if one not in found]
    if missing:
        first = missing[0]
        raise NoSuchPartner(str(first.number or f"{first.source}:{first.value}")[:200])
    return found


def _person(program: Program, email: str, *, partner: int, at: datetime) -> Contact | None:
    if not email:
        return None
    works = Affiliation.objects.of(program).current(at.date()).filter(partner=partner)
    rows = Contact.objects.of(program).filter(pk__in=works.values("contact"))
    person = rows.annotate(address=Lower("email")).filter(address=email.strip().lower()).first()
    if person is None:
        raise NobodyThere
    return person

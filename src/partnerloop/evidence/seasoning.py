"""Whose confidential answers count: contacts that nobody could have planted to unmask a colleague.

The rule: in the program 30 days before the ask (or imported before the first pulse by a member who
manages no partner), at a domain of the partner, not a shared or free mailbox, not entered or
re-addressed by a manager of that partner in the last 90 days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from partnerloop.core.clock import start_of
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    MailDomain,
    Partner,
    PartnerAssignment,
)
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse

Value = TypeVar("Value")
MANAGER_DISTANCE = timedelta(days=90)
SHARED_MAILBOXES = frozenset(
    "admin all contact help hello info mail marketing office orders partner partners purchasing "
    "sales service support team webmaster".split()
)
FREE_MAIL = frozenset(
    "aol.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com "
    "outlook.com proton.me protonmail.com qq.com t-online.de web.de yahoo.com yandex.ru".split()
)


@dataclass(frozen=True, slots=True)
class SeasoningRules:
    """What seasoning needs to know of a program, read once for many contacts."""

    program: Program
    first_pulse_at: datetime | None
    domains: dict[int, frozenset[str]]  # by partner
    managers: dict[int, frozenset[int]]  # member ids by partner
    all_managers: frozenset[int]


def rules_for(program: Program, *, partners: Iterable[int] | None = None) -> SeasoningRules:
    """Read what seasoning needs; for one page name its partner, for the tick leave it out."""
    domains = MailDomain.objects.of(program)
    assignments = PartnerAssignment.objects.of(program)
    everybody = frozenset(assignments.values_list("member_id", flat=True))
    if partners is not None:
        chosen = list(partners)
        domains = domains.filter(partner__in=chosen)
        assignments = assignments.filter(partner__in=chosen)
    first = Pulse.objects.of(program).launched().order_by("launched_at")
    return SeasoningRules(
        program=program,
        first_pulse_at=first.values_list("launched_at", flat=True).first(),
        domains=_grouped(domains.values_list("partner_id", "domain")),
        managers=_grouped(assignments.values_list("partner_id", "member_id")),
        all_managers=everybody,
    )


def is_seasoned(
    contact: Contact, *, partner: Partner | int, rules: SeasoningRules, on: date
) -> bool:
    """Return whether a contact's confidential answers may count for a partner on a day."""
    number = partner if isinstance(partner, int) else partner.pk
    return (
        _is_own_mailbox(contact.email, rules.domains.get(number, frozenset()))
        and _is_settled(contact, rules, on=on)
        and not _was_touched_by_manager(contact, rules.managers.get(number, frozenset()), on=on)
    )


def eligible_people(
    program: Program, *, on: date, rules: SeasoningRules, partners: Iterable[int] | None = None
) -> dict[int, int]:
    """Return how many seasoned people each partner has on a day: public, decides the promise."""
    people = Affiliation.objects.of(program).current(on).select_related("contact")
    if partners is not None:
        people = people.filter(partner__in=list(partners))
    found: dict[int, set[int]] = {}
    for one in people:
        if is_seasoned(one.contact, partner=one.partner_id, rules=rules, on=on):
            found.setdefault(one.partner_id, set()).add(one.contact_id)
    return {partner: len(contacts) for partner, contacts in found.items()}


def _is_own_mailbox(email: str, domains: frozenset[str]) -> bool:
    mailbox, _, domain = email.lower().rpartition("@")
    return domain in domains and domain not in FREE_MAIL and mailbox not in SHARED_MAILBOXES


def _is_settled(contact: Contact, rules: SeasoningRules, *, on: date) -> bool:
    settled_by = start_of(on) - timedelta(days=rules.program.seasoning_days)
    if max(contact.entered_at, contact.addressed_at) <= settled_by:
        return True
    first = rules.first_pulse_at
    return (
        first is not None
        and max(contact.entered_at, contact.addressed_at) <= first
        and contact.entered_by_id not in rules.all_managers
    )


def _was_touched_by_manager(contact: Contact, managers: frozenset[int], *, on: date) -> bool:
    since = start_of(on) - MANAGER_DISTANCE
    touches = (
        (contact.entered_by_id, contact.entered_at),
        (contact.addressed_by_id, contact.addressed_at),
    )
    return any(by in managers and at > since for by, at in touches)


def _grouped(pairs: Iterable[tuple[int, Value]]) -> dict[int, frozenset[Value]]:
    found: dict[int, set[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}

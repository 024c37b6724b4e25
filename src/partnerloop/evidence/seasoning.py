"""Whose confidential answers count: contacts that nobody could have planted to unmask a colleague.

The rule: in the program 30 days before the ask (or imported before the first pulse by a member who
manages no partner), at a domain of the partner, not a shared or free mailbox, not entered or
re-addressed by a manager of that partner in the last 90 days.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from partnerloop.core.clock import start_of
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    Cover,
    MailDomain,
    Partner,
    PartnerAssignment,
)
from partnerloop.programs.models import Program
from partnerloop.programs.prepared import Given, Prepared
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


NO_DOMAINS: frozenset[str] = frozenset()
MAILBOX = tuple(
    f"contact__{name}"
    for name in ("email", "entered_at", "entered_by", "addressed_at", "addressed_by")
)
PROGRAM = Given("program", models.BigIntegerField())
PARTNER = Given("partner", models.BigIntegerField())
DOMAINS = Prepared(
    lambda: (
        MailDomain.objects.of(PROGRAM).filter(partner=PARTNER).values_list("partner_id", "domain")
    )
)
PEOPLE = Prepared(
    lambda: (
        Affiliation.objects.of(PROGRAM)
        .current(Given("on", models.DateField()))
        .filter(partner=PARTNER)
        .values_list("contact_id", *MAILBOX)
    )
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What seasoning weighs of a contact; light, because a tick weighs everybody."""

    email: str
    entered_at: datetime
    entered_by_id: int | None
    addressed_at: datetime
    addressed_by_id: int | None


class SeasoningRules:
    """What seasoning needs to know of a program; what few contacts need is read when one does."""

    def __init__(self, program: Program, *, partners: Iterable[int] | None = None) -> None:
        self.program = program
        self._chosen = None if partners is None else list(partners)
        domains = MailDomain.objects.of(program)
        if self._chosen is not None:
            domains = domains.filter(partner__in=self._chosen)
        self.domains = _grouped(domains.values_list("partner_id", "domain"))

    @classmethod
    def of_partner(cls, program: Program, partner: int) -> Self:
        """Return the rules for one partner, as every visit of a link asks for them."""
        rules = cls.__new__(cls)
        rules.program, rules._chosen = program, [partner]
        rules.domains = _grouped(DOMAINS.ask(program=program.pk, partner=partner))
        return rules

    @classmethod
    def known(
        cls,
        program: Program,
        *,
        domains: dict[int, frozenset[str]],
        managers: dict[int, frozenset[int]],
        first_pulse_at: datetime,
    ) -> Self:
        """Return the rules for a world in memory: nothing is read."""
        rules = cls.__new__(cls)
        rules.program, rules.domains, rules.managers = program, domains, managers
        rules.all_managers = frozenset[int]().union(*managers.values())
        rules.first_pulse_at = first_pulse_at
        return rules

    @cached_property
    def managers(self) -> dict[int, frozenset[int]]:
        """Return who looks or looked after each partner or stood in for them, by member id."""
        assignments = PartnerAssignment.objects.of(self.program)
        if self._chosen is not None:
            assignments = assignments.filter(partner__in=self._chosen)
        looked = _grouped(assignments.values_list("partner_id", "member_id"))
        stood_in = self._stood_in
        return {
            partner: members.union(*(stood_in.get(one, frozenset()) for one in members))
            for partner, members in looked.items()
        }

    @cached_property
    def all_managers(self) -> frozenset[int]:
        """Return who looks or looked after any partner."""
        rows = PartnerAssignment.objects.of(self.program)
        looked = frozenset(rows.values_list("member_id", flat=True))
        return looked.union(*self._stood_in.values())

    @cached_property
    def _stood_in(self) -> dict[int, frozenset[int]]:
        return _grouped(Cover.objects.of(self.program).values_list("away_id", "cover_id"))

    @cached_property
    def first_pulse_at(self) -> datetime | None:
        """Return when the program first asked anybody."""
        first = Pulse.objects.of(self.program).launched().order_by("launched_at")
        return first.values_list("launched_at", flat=True).first()


def is_seasoned(
    contact: Contact, *, partner: Partner | int, rules: SeasoningRules, on: date
) -> bool:
    """Return whether a contact's confidential answers may count for a partner on a day."""
    number = partner if isinstance(partner, int) else partner.pk
    mailbox = Mailbox(
        email=contact.email,
        entered_at=contact.entered_at,
        entered_by_id=contact.entered_by_id,
        addressed_at=contact.addressed_at,
        addressed_by_id=contact.addressed_by_id,
    )
    return _is_seasoned(mailbox, number, rules, on=on)


def eligible_people(
    program: Program, *, on: date, rules: SeasoningRules, partners: Iterable[int] | None = None
) -> dict[int, int]:
    """Return how many seasoned people each partner has on a day: public, decides the promise."""
    people = Affiliation.objects.of(program).current(on)
    if partners is not None:
        people = people.filter(partner__in=list(partners))
    found: dict[int, set[int]] = defaultdict(set)
    # nothing but the domain is left to ask of most: nobody touched them for long
    touched = start_of(on) - max(MANAGER_DISTANCE, timedelta(days=program.seasoning_days))
    is_settled = Q(contact__entered_at__lte=touched, contact__addressed_at__lte=touched)
    rows = people.filter(is_settled).values_list("partner_id", "contact_id", "contact__email")
    for partner, contact, email in rows:
        if _is_own_mailbox(email, rules.domains.get(partner, NO_DOMAINS)):
            found[partner].add(contact)
    lately = people.exclude(is_settled)
    for partner, contact, *mailbox in lately.values_list("partner_id", "contact_id", *MAILBOX):
        if _is_seasoned(Mailbox(*mailbox), partner, rules, on=on):
            found[partner].add(contact)
    return {partner: len(contacts) for partner, contacts in found.items()}


def eligible_at(partner: int, *, on: date, rules: SeasoningRules) -> int:
    """Return how many seasoned people one partner has on a day, as every visit of a link asks."""
    people = PEOPLE.ask(program=rules.program.pk, partner=partner, on=on)
    return len(
        {
            contact
            for contact, *mailbox in people
            if _is_seasoned(Mailbox(*mailbox), partner, rules, on=on)
        }
    )


def _is_seasoned(mailbox: Mailbox, partner: int, rules: SeasoningRules, *, on: date) -> bool:
    return (
        _is_own_mailbox(mailbox.email, rules.domains.get(partner, NO_DOMAINS))
        and _is_settled(mailbox, rules, on=on)
        and not _was_touched_by_manager(mailbox, partner, rules, on=on)
    )


def _is_own_mailbox(email: str, domains: frozenset[str]) -> bool:
    mailbox, _, domain = email.lower().rpartition("@")
    return domain in domains and domain not in FREE_MAIL and mailbox not in SHARED_MAILBOXES


def _is_settled(contact: Mailbox, rules: SeasoningRules, *, on: date) -> bool:
    last_change = max(contact.entered_at, contact.addressed_at)
    if last_change <= start_of(on) - timedelta(days=rules.program.seasoning_days):
        return True
    first = rules.first_pulse_at
    return (
        first is not None
        and last_change <= first
        and contact.entered_by_id not in rules.all_managers
    )


def _was_touched_by_manager(
    contact: Mailbox, partner: int, rules: SeasoningRules, *, on: date
) -> bool:
    since = start_of(on) - MANAGER_DISTANCE
    touches = (
        (contact.entered_by_id, contact.entered_at),
        (contact.addressed_by_id, contact.addressed_at),
    )
    recent = [by for by, at in touches if by is not None and at > since]
    return bool(recent) and not rules.managers.get(partner, frozenset()).isdisjoint(recent)


def _grouped(pairs: Iterable[tuple[int, Value]]) -> dict[int, frozenset[Value]]:
    found: dict[int, set[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}

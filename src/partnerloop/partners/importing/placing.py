"""Placing the rows of each kind: found again or new, what differs noted, contradictions refused.

A placer first finds everything it needs and refuses a row that can't be used; only then it notes
anything, so that a refused row leaves no trace.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password

from partnerloop.accounts.models import Membership, Role
from partnerloop.partners.importing.ground import (
    PARTNER_FIELDS,
    Ground,
    People,
    Places,
    fold,
    users_by_email,
)
from partnerloop.partners.importing.rows import Problem, Row, Wrong
from partnerloop.partners.importing.writing import Known

SINGLE = ("type", "tier", "region", "country", "size", "stage")


class Placer(ABC):
    """Places the rows of one file, one after the other."""

    main: str  # the table of which each row is one

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.writer = ground.writer
        self.choices: dict[str, Any] = ground.run.choices

    @abstractmethod
    def place(self, row: Row) -> None:
        """Note what a row makes and changes, or raise `Wrong`."""

    def finish(self) -> list[Problem]:
        """Note what had to wait for the last row; return what could not be done."""
        return []


def claim(known: Known | None, row: Row, keys: Iterable[str]) -> None:
    """This will refuse a row that says something else of the same thing than an earlier row."""
    if known is None or known.claims is None:
        return
    for key in keys:
        value, said = row.values.get(key), known.claims.get(key)
        if value is not None and said is not None and said[0] != value:
            raise Wrong(key, f"“{value}” here, but “{said[0]}” in row {said[1]}.")


def claimed(known: Known, row: Row, keys: Iterable[str]) -> None:
    """This will remember what a row said, for later rows of the same thing."""
    told = known.claims = known.claims if known.claims is not None else {}
    for key in keys:
        if key in row.values:
            told.setdefault(key, (row.values[key], row.number))


class PartnerPlacer(Placer):
    """A partner per row."""

    main = "partner"
    said = ("name", "parent", "parent_id", *SINGLE, "manager", *PARTNER_FIELDS[1:])

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.places = Places(ground)
        self.waiting: list[tuple[Known, Row]] = []

    def place(self, row: Row) -> None:
        by_id = self.ground.ids.get(("partner", self.ground.run.source, row.text("id")))
        known = self.ground.partner_if_known(row, name="name", number="id")
        claim(known, row, self.said)
        values = {key: row.values[key] for key in PARTNER_FIELDS if key in row.values}
        self._check_days(known, values)
        member = self.places.member(row)
        if known is None:
            known = self.ground.make_partner(row.text("name"), **_without(values, "name"))
        else:
            if by_id is None:
                values.pop("name", None)  # found by its name, in whatever case
            elif values.get("name", known.values["name"]) != known.values["name"]:
                self.ground.named[fold(row.text("name"))].append(known)
            self.writer.change(known, **values)
        self.ground.link("partner", known, row.text("id"))
        self.places.settle(known, row, keys=SINGLE, member=member)
        claimed(known, row, self.said)
        if row.text("parent") or row.text("parent_id"):
            self.waiting.append((known, row))

    def finish(self) -> list[Problem]:
        problems = []
        for known, row in self.waiting:
            try:
                parent = self.ground.partner_of(row, name="parent", number="parent_id")
                self._check_parent(known, parent)
                self.writer.change(known, parent=parent)
            except Wrong as why:
                problems.append(Problem(row.number, why.column, f"{why.says} (No parent is set.)"))
        return problems

    def _check_days(self, known: Known | None, values: dict[str, Any]) -> None:
        held = known.values if known else {"joined_on": self.ground.on, "ended_on": None}
        joined, ended = ({**held, **values}[key] for key in ("joined_on", "ended_on"))
        if ended is None or joined <= ended:
            return
        if known is None and "joined_on" not in values:
            values["joined_on"] = ended  # it was a partner at least on its last day
            return
        raise Wrong("ended_on", f"{ended} lies before the day the partner joined, {joined}.")

    def _check_parent(self, known: Known, parent: Known) -> None:
        if parent is known:
            raise Wrong("parent", "A partner can't be its own parent.")
        is_parent = any(k.values["parent"] is known for k in self._all())
        if parent.values["parent"] is not None or is_parent:
            raise Wrong("parent", "A group has one level: a parent can't have a parent.")

    def _all(self) -> Iterable[Known]:
        return (known for same in self.ground.named.values() for known in same)


class ContactPlacer(Placer):
    """A person per row, with the partner they work for; that one is made if it is new."""

    main = "contact"
    said = ("language", "time_zone")

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.places = Places(ground)
        self.people = People(ground)
        self.seen: dict[tuple[Known, Known], int] = {}

    def place(self, row: Row) -> None:
        name = row.text("name") or f"{row.text('first_name')} {row.text('last_name')}".strip()
        role = row.text("role") or row.text("title") or str(self.choices.get("role") or "")
        if not role:
            raise Wrong("role", "Role can't be told. Give one, or choose one for all such rows.")
        partner = self.ground.partner_if_known(row, name="partner", number="partner_id")
        person = self.people.person(row)
        self._check_once(person, partner, row)
        named = Row(row.number, {**row.values, **({"name": name} if name else {})})
        claim(person, named, ("name", *self.said))
        claim(partner, row, SINGLE)
        member = self.places.member(row)
        if partner is None:
            partner = self.ground.make_partner(row.text("partner"))
        self.ground.link("partner", partner, row.text("partner_id"))
        self.places.settle(partner, row, keys=SINGLE, member=member)
        person = self._person(person, named)
        self._affiliate(person, partner, role)
        claimed(person, named, ("name", *self.said))
        claimed(partner, row, SINGLE)
        self.seen[person, partner] = row.number

    def _check_once(self, person: Known | None, partner: Known | None, row: Row) -> None:
        if person is None or partner is None or (person, partner) not in self.seen:
            return
        earlier = self.seen[person, partner]
        raise Wrong("email", f"Same person as row {earlier}. Row {earlier} is kept.")

    def _person(self, person: Known | None, row: Row) -> Known:
        email, given = row.text("email"), row.text("id")
        about = {key: row.text(key) for key in ("name", *self.said) if row.text(key)}
        by, at = self.ground.by, self.ground.at
        entered_by = by.pk if by else None
        if person is None:
            blank = {"language": "", "time_zone": "", "email": email}
            name = about.get("name") or called(email)
            person = self.writer.make(
                "contact",
                **{**blank, **about, "name": name},
                entered_at=at,
                entered_by_id=entered_by,
                addressed_at=at,
                addressed_by_id=entered_by,
            )
        else:
            if person.values.get("language_chosen_at"):
                about.pop("language", None)  # their own word goes before any file's
            alias = self.ground.ids.get(("contact", "email", email))
            if person.values["email"].lower() != email and alias is not person:
                # Whoever gives a person another address may be the one who reads it (seasoning).
                about |= {"email": email}
                self.writer.change(person, **about, addressed_at=at, addressed_by_id=entered_by)
            else:
                self.writer.change(person, **about)
        self.people.addressed[email] = person
        self.ground.link("contact", person, given)
        return person

    def _affiliate(self, person: Known, partner: Known, role: str) -> None:
        on, works = self.ground.on, self.people.works
        held = works.get((person, partner))
        if held is not None and held.values["role"] == role:
            return
        if held is not None:
            self.writer.change(held, until=on)
        works[person, partner] = self.writer.make(
            "affiliation", contact=person, partner=partner, role=role, since=on, until=None
        )


class MemberPlacer(Placer):
    """A member per row. Nobody is told by mail; owners are named by hand only."""

    main = "member"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.users = users_by_email()
        self.members: dict[Known, Known] = {}
        by_pk = {known.pk: known for known in self.users.values()}
        active = Membership.objects.of(ground.program_id).filter(ended_on__isnull=True)
        for pk, user, role in active.values_list("pk", "user_id", "role"):
            self.members[by_pk[user]] = Known("member", pk, {"role": role})

    def place(self, row: Row) -> None:
        email, role = row.text("email"), row.text("role")
        user = self.users.get(email)
        member = self.members.get(user) if user else None
        claim(user, row, ("name", "role"))
        if member and member.values["role"] == Role.OWNER:
            raise Wrong("role", f"{email} is an owner. An owner's role is changed by hand.")
        if member and self.ground.by and member.pk == self.ground.by.pk:
            raise Wrong("role", "This is you: somebody else has to change your role.")
        if user is None:
            user = self.users[email] = self.writer.make(
                "user",
                email=email,
                name=row.text("name"),
                password=make_password(None),
                created_at=self.ground.at,
            )
        if member is None:
            self.members[user] = self.writer.make(
                "member", user=user, role=role, since=self.ground.on
            )
        else:
            self.writer.change(member, role=role)
        claimed(user, row, ("name", "role"))


def called(email: str) -> str:
    """This will make a name of an address, for people whose name no column tells.

    >>> called("claire.ormond@alder.example")
    'Claire Ormond'
    """
    words = re.findall(r"[^\W\d_]+", email.partition("@")[0])
    return " ".join(words).title()[:200] or email[:200]


def _without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}

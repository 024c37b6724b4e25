"""What a program has already, read once per import, and how a file's rows find it again.

A row is found by the id that the file's source has for it, else by its own natural key: a person by
e-mail, a partner by name only where exactly one is called so.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from partnerloop.accounts.models import Membership, User
from partnerloop.partners.importing.rows import Row, Wrong
from partnerloop.partners.importing.writing import TABLES, Known, Writer
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    ExternalId,
    ImportRun,
    MailDomain,
    Partner,
    PartnerAssignment,
    SegmentAttribute,
)

BY_NAME, BY_EMAIL = "name", "email"  # sources of aliases: what a merged row was called
PARTNER_FIELDS = (
    "name",
    "language",
    "time_zone",
    "currency",
    "joined_on",
    "ended_on",
    "ended_reason",
)
# Forms of companies: "Alder GmbH" and "Alder" are rarely two partners.
FORMS = frozenset(
    "ab ag as bv co company corp corporation gbr gmbh group groupe inc kg limited llc llp ltd mbh "
    "nv oy plc pty sa sarl sas se sl spa srl und and".split()
)


class Ground:
    """The rows of a program that a file can mean, by what it can call them."""

    def __init__(self, run: ImportRun, *, by: Membership | None, at: datetime) -> None:
        self.run, self.by, self.at = run, by, at
        self.on: date = at.date()
        self.program_id = run.program_id
        self.writer = Writer()
        self.found_by_name: set[int] = set()
        self.twins: dict[str, str] = run.choices.get("twins", {})
        self.partners: dict[int, Known] = {}
        self.named: dict[str, list[Known]] = defaultdict(list)
        self.ids: dict[tuple[str, str, str], Known] = {}
        self.has_id: set[Known] = set()
        self._read_partners()
        self.read_ids("partner", self.partners)
        self.alike: dict[str, Known] = {
            similar(known.values["name"]): known for known in self.partners.values()
        }

    # --- partners -----------------------------------------------------------------------------
    def partner_of(self, row: Row, *, name: str = "partner", number: str = "partner_id") -> Known:
        """Return the partner that a row means, or raise `Wrong`."""
        known = self.partner_if_known(row, name=name, number=number)
        if known is None:
            called = f"is called “{row.text(name)}”" if row.text(name) else "is named here"
            raise Wrong(name, f"No partner {called}. Import the partners first.")
        return known

    def partner_if_known(self, row: Row, *, name: str, number: str) -> Known | None:
        """Return the partner that a row means, or None where it names a new one."""
        given, called = row.text(number), row.text(name)
        if given and (known := self.ids.get(("partner", self.run.source, given))):
            return known
        if called:
            return self._partner_called(called, blame=name, has_id=bool(given))
        if given:
            says = (
                f"No partner has the id “{given}” ({self.run.source}). Import the partners first."
            )
            raise Wrong(number, says)
        return None

    def _partner_called(self, name: str, *, blame: str, has_id: bool) -> Known | None:
        same = self.named.get(fold(name), [])
        if alias := self.ids.get(("partner", BY_NAME, fold(name))):
            return alias  # merged into it, or told to be the same
        if has_id:  # one that this source knows by another id is another partner
            same = [known for known in same if known not in self.has_id]
        if len(same) > 1:
            raise Wrong(blame, f"{len(same)} partners are called “{name}”. Give the partner's id.")
        if same:
            self.found_by_name.add(id(same[0]))
            return same[0]
        return self._twin(name, blame=blame, has_id=has_id)

    def _twin(self, name: str, *, blame: str, has_id: bool) -> Known | None:
        like = self.alike.get(similar(name))
        if like is None or (has_id and like in self.has_id):
            return None
        told = self.twins.get(fold(name))
        if told == "other":
            return None
        if told == "same":
            self.ids["partner", BY_NAME, fold(name)] = like
            self.writer.make(
                "external_id", kind="partner", source=BY_NAME, value=fold(name), partner=like
            )
            return like
        old = like.values["name"]
        raise Wrong(blame, f"Looks like “{old}”, which you already have.", offer=name)

    def make_partner(self, name: str, **values: Any) -> Known:
        """Note a new partner; it can be found from now on."""
        blank = dict.fromkeys(PARTNER_FIELDS, "")
        start = {**blank, "joined_on": self.on, "ended_on": None, "parent": None}
        made = self.writer.make(
            "partner", **{**start, **values, "name": name, "created_at": self.at}
        )
        self.named[fold(name)].append(made)
        return made

    def link(self, kind: str, known: Known, number: str) -> None:
        """Note the id that the file's source has for a row."""
        key = (kind, self.run.source, number)
        if number and key not in self.ids:
            self.ids[key] = known
            self.has_id.add(known)
            self.writer.make(
                "external_id", kind=kind, source=self.run.source, value=number, **{kind: known}
            )

    # --- reading ------------------------------------------------------------------------------
    def _read_partners(self) -> None:
        rows = Partner.objects.of(self.program_id).values_list("pk", "parent_id", *PARTNER_FIELDS)
        parents: dict[int, int] = {}
        for pk, parent, *fields in rows.iterator():
            values = dict(zip(PARTNER_FIELDS, fields, strict=True))
            known = self.partners[pk] = Known("partner", pk, {**values, "parent": None})
            self.named[fold(values["name"])].append(known)
            if parent:
                parents[pk] = parent
        for pk, parent in parents.items():
            self.partners[pk].values["parent"] = self.partners[parent]

    def read_ids(self, kind: str, rows: dict[int, Known]) -> None:
        """Read by what ids the file's source, and earlier merges, know rows of a kind."""
        found = ExternalId.objects.of(self.program_id).filter(
            kind=kind, source__in=(self.run.source, BY_NAME, BY_EMAIL)
        )
        for source, value, pk in found.values_list("source", "value", f"{kind}_id").iterator():
            if pk in rows:
                self.ids[kind, source, value] = rows[pk]
                if source == self.run.source:
                    self.has_id.add(rows[pk])

    def rows_of(self, table: str, *fields: str) -> Iterator[tuple[Any, ...]]:
        """Read the fields of all rows of a table of this program, each with its key first."""
        rows = TABLES[table]._default_manager.of(self.program_id)  # type: ignore[attr-defined]
        yield from rows.values_list("pk", *fields).iterator()


class Places:
    """What partners are and who looks after them, with its history."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        program, on, partners = ground.program_id, ground.on, ground.partners
        self.attributes: dict[tuple[Known, str], Known] = {}
        self.tags: set[tuple[Known, str]] = set()
        attributes = SegmentAttribute.objects.of(program).current(on)
        for pk, partner, key, value in attributes.values_list("pk", "partner_id", "key", "value"):
            if key == "tag":
                self.tags.add((partners[partner], value))
            else:
                held = Known("attribute", pk, {"value": value, "until": None})
                self.attributes[partners[partner], key] = held
        self.domains = {
            (partners[partner], domain.lower())
            for partner, domain in MailDomain.objects.of(program).values_list(
                "partner_id", "domain"
            )
        }
        self.assigned: dict[Known, dict[int, Known]] = defaultdict(dict)
        assignments = PartnerAssignment.objects.of(program).current(on)
        for pk, partner, member in assignments.values_list("pk", "partner_id", "member_id"):
            self.assigned[partners[partner]][member] = Known("assignment", pk, {"until": None})
        self.members = _members_by_name(program)

    def member(self, row: Row) -> int | None:
        """Return the member a row names as manager, or raise `Wrong`."""
        given = row.text("manager")
        found = self.members.get(given.casefold(), set())
        if given and len(found) != 1:
            how = "Several members are" if found else "No member is"
            raise Wrong("manager", f"{how} called “{given}”. Use the e-mail address of a member.")
        return next(iter(found), None)

    def settle(self, partner: Known, row: Row, *, keys: Iterable[str], member: int | None) -> None:
        """Note what a partner is from today, its domain and its manager."""
        make, change, on = self.ground.writer.make, self.ground.writer.change, self.ground.on
        for key in keys:
            value = row.text(key)
            held = self.attributes.get((partner, key))
            if not value or (held is not None and held.values["value"] == value):
                continue
            if held is not None:
                change(held, until=on)
            self.attributes[partner, key] = make(
                "attribute", partner=partner, key=key, value=value, since=on, until=None
            )
        for tag in row.get("tags", tuple) or ():
            if (partner, tag) not in self.tags:
                self.tags.add((partner, tag))
                make("attribute", partner=partner, key="tag", value=tag, since=on, until=None)
        domain = row.text("domain")
        if domain and (partner, domain) not in self.domains:
            self.domains.add((partner, domain))
            make("domain", partner=partner, domain=domain)
        if member is not None:
            self._assign(partner, member)

    def _assign(self, partner: Known, member: int) -> None:
        make, change, on = self.ground.writer.make, self.ground.writer.change, self.ground.on
        held = self.assigned[partner]
        if member in held:
            return
        if len(held) == 1:  # one manager hands over; several share, and nobody is taken away
            ((_, old),) = held.items()
            change(old, until=on)
            held.clear()
        held[member] = make("assignment", partner=partner, member=member, since=on, until=None)


class People:
    """Contacts and where they work."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.people: dict[int, Known] = {}
        self.addressed: dict[str, Known] = {}
        columns = "name email language language_chosen_at time_zone addressed_at addressed_by_id"
        fields = columns.split()
        for pk, *values in (
            Contact.objects.of(ground.program_id).values_list("pk", *fields).iterator()
        ):
            known = self.people[pk] = Known("contact", pk, dict(zip(fields, values, strict=True)))
            self.addressed[known.values["email"].lower()] = known
        ground.read_ids("contact", self.people)
        self.works: dict[tuple[Known, Known], Known] = {}
        rows = Affiliation.objects.of(ground.program_id).current(ground.on)
        for pk, contact, partner, role in rows.values_list(
            "pk", "contact_id", "partner_id", "role"
        ).iterator():
            key = (self.people[contact], ground.partners[partner])
            self.works[key] = Known("affiliation", pk, {"role": role, "until": None})

    def person(self, row: Row) -> Known | None:
        """Return the person a row means, or None for a new one."""
        ids, source, email = self.ground.ids, self.ground.run.source, row.text("email")
        known = ids.get(("contact", source, row.text("id")))
        owner = ids.get(("contact", BY_EMAIL, email)) or self.addressed.get(email)
        if known is not None and owner is not None and owner is not known:
            raise Wrong("email", f"{email} belongs to another contact. Merge the two first.")
        return known or owner


def fold(name: str) -> str:
    """This will return what a name is compared by: itself, whatever its case."""
    return name.casefold()[:200]


def similar(name: str) -> str:
    """This will return a company's name without its form, for telling who may be the same.

    >>> similar("Groupe Fontenay S.A.S.") == similar("Fontenay SAS")
    True
    """
    words = re.findall(r"\w+", name.casefold().replace(".", ""))
    return " ".join([word for word in words if word not in FORMS] or words)


def _members_by_name(program_id: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    members = Membership.objects.of(program_id).filter(ended_on__isnull=True)
    for pk, email, name in members.values_list("pk", "user__email", "user__name"):
        for called in (email, name, email.partition("@")[0]):
            found[called.casefold()].add(pk)
    return found


def users_by_email() -> dict[str, Known]:
    """This will read who may sign in at all, by address."""
    return {
        email.lower(): Known("user", pk, {"email": email})
        for pk, email in User.objects.values_list("pk", "email").iterator()
    }

"""Saving checked rows in one transaction: new ones made, known ones changed, history kept."""

from datetime import date, datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.partners.importing.checking import SEGMENTS, Check, name_key
from partnerloop.partners.importing.reading import Row
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    MailDomain,
    Partner,
    SegmentAttribute,
)


@transaction.atomic
def save(check: Check, *, by: Membership, at: datetime) -> None:
    """This will save the rows of a check that are right; the same file again changes nothing."""
    saving = Saving(by, at)
    for row in check.rows:
        partner = saving.partner(row)
        saving.segments(partner, row)
        saving.domain(partner, row)
        saving.affiliation(saving.contact(row), partner, row)
    record_audit(
        "partners.imported",
        at=at,
        actor=f"user:{by.user_id}",
        target=f"program:{by.program_id}",
        program_id=by.program_id,
        fields=(f"{len(check.rows)} rows",),
    )


class Saving:
    """One import under way: what the program had is read once, what is made is remembered."""

    def __init__(self, by: Membership, at: datetime) -> None:
        self.by, self.at = by, at
        self.program_id = by.program_id
        self.on: date = at.date()
        self.partners = {name_key(row.name): row for row in Partner.objects.of(self.program_id)}
        self.contacts = {row.email.lower(): row for row in Contact.objects.of(self.program_id)}
        self.places = {
            (row.partner_id, row.key): row
            for row in SegmentAttribute.objects.of(self.program_id).current(self.on)
            if row.key in SEGMENTS
        }
        self.domains = set(
            MailDomain.objects.of(self.program_id).values_list("partner_id", "domain")
        )
        self.works = {
            (row.contact_id, row.partner_id): row
            for row in Affiliation.objects.of(self.program_id).current(self.on)
        }

    def partner(self, row: Row) -> Partner:
        """Return the partner of a row, made if it is new."""
        key = name_key(row.partner)
        if key not in self.partners:
            self.partners[key] = Partner.objects.create(
                program_id=self.program_id,
                name=row.partner,
                joined_on=self.on,
                created_at=self.at,
            )
        return self.partners[key]

    def segments(self, partner: Partner, row: Row) -> None:
        """Write what the partner is from today where the row says something else."""
        for key in SEGMENTS:
            value = getattr(row, key)
            held = self.places.get((partner.pk, key))
            if not value or (held is not None and held.value == value):
                continue
            if held is not None:
                held.until = self.on
                held.save(update_fields=["until"])
            self.places[partner.pk, key] = SegmentAttribute.objects.create(
                program_id=self.program_id, partner=partner, key=key, value=value, since=self.on
            )

    def domain(self, partner: Partner, row: Row) -> None:
        """Write the mail domain of the partner."""
        if row.domain and (partner.pk, row.domain) not in self.domains:
            self.domains.add((partner.pk, row.domain))
            MailDomain.objects.create(
                program_id=self.program_id, partner=partner, domain=row.domain
            )

    def contact(self, row: Row) -> Contact:
        """Return the person of a row by their address, made if new, renamed if changed."""
        known = self.contacts.get(row.email)
        if known is None:
            made = Contact.objects.create(
                program_id=self.program_id,
                name=row.contact,
                email=row.email,
                language=row.language,
                entered_at=self.at,
                entered_by=self.by,
                addressed_at=self.at,
                addressed_by=self.by,
            )
            self.contacts[row.email] = made
            return made
        language = row.language or known.language
        if (known.name, known.language) != (row.contact, language):
            known.name, known.language = row.contact, language
            known.save(update_fields=["name", "language"])
        return known

    def affiliation(self, contact: Contact, partner: Partner, row: Row) -> None:
        """Write that the person works there, in this role, from today."""
        held = self.works.get((contact.pk, partner.pk))
        if held is not None and held.role == row.role:
            return
        if held is not None:
            held.until = self.on
            held.save(update_fields=["until"])
        self.works[contact.pk, partner.pk] = Affiliation.objects.create(
            program_id=self.program_id,
            contact=contact,
            partner=partner,
            role=row.role,
            since=self.on,
        )

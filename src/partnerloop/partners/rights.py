"""A person's own rows: what is kept of them, why it may be kept, and erasing it."""

from datetime import datetime
from typing import Any

from django.db.models.functions import Lower

from partnerloop.core.models import Event, Message
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    ExternalId,
    ImportedChange,
    ImportRun,
    LawfulBasis,
    LifecycleEvent,
)
from partnerloop.partners.stopping import suppress

Row = dict[str, Any]


def kept_of(contact: Contact) -> dict[str, list[Row]]:
    """Return what is kept of a person, apart from answers, as rows of plain words by table."""
    program = contact.program_id
    jobs = Affiliation.objects.of(program).filter(contact=contact).select_related("partner")
    numbers = ExternalId.objects.of(program).filter(contact=contact)
    happened = LifecycleEvent.objects.of(program).filter(contact=contact)
    bases = LawfulBasis.objects.of(program).filter(contact=contact).order_by("purpose")
    return {
        "contact": [
            {
                "name": contact.name,
                "email": contact.email,
                "language": contact.language,
                "time_zone": contact.time_zone,
                "entered_at": contact.entered_at.isoformat(),
                "stopped_at": contact.stopped_at.isoformat() if contact.stopped_at else "",
            }
        ],
        "works_for": [
            {
                "partner": job.partner.name,
                "role": job.role,
                "since": job.since.isoformat(),
                "until": job.until.isoformat() if job.until else "",
            }
            for job in jobs.order_by("since", "pk")
        ],
        "known_elsewhere": [{"source": one.source, "id": one.value} for one in numbers],
        "events": [
            {"kind": one.kind, "partner": one.partner.name, "at": one.at.isoformat()}
            for one in happened.select_related("partner").order_by("at")
        ],
        "lawful_basis": [
            {"purpose": one.purpose, "basis": one.basis, "since": one.since.isoformat()}
            for one in bases
        ],
        "mails": [
            {
                "purpose": mail.purpose,
                "subject": mail.subject,
                "created_at": mail.created_at.isoformat(),
            }
            for mail in _mails(contact.program_id, contact.email)
            if mail.purpose != Message.Purpose.REPLY
        ],
        "imports": [
            {"file": run.file_name, "at": run.created_at.isoformat()} for run in _imports(contact)
        ],
    }


def erase(contact: Contact, *, at: datetime) -> None:
    """Delete a person and what other rows hold of them; their address stays as a hash, unwritable.

    Files of imports that name them are deleted whole: thirty days early at most.
    """
    program, address, number = contact.program_id, contact.email, contact.pk
    suppress(address, at=at, reason="erased")
    _mails(program, address).delete()
    for event in Event.objects.filter(program_id=program):
        if event.payload.get("contact") == number:
            event.delete()
    for run in _imports(contact):
        shelf_of(run.pk).forget()
    _forget_changes(contact)
    contact.delete()


def _mails(program: int, address: str) -> Any:
    rows = Message.objects.filter(program_id=program).annotate(address=Lower("to"))
    return rows.filter(address=address.lower()).order_by("created_at")


def _imports(contact: Contact) -> list[ImportRun]:
    """Return the imports whose file is still kept and holds the person's address."""
    address = contact.email.lower()
    runs = ImportRun.objects.of(contact.program_id).order_by("created_at")
    return [
        run
        for run in runs
        if (shelf := shelf_of(run.pk)).is_there
        and any(address in cell.lower() for line in shelf.lines() for cell in line.cells)
    ]


def _forget_changes(contact: Contact) -> None:
    """Take a person out of what imports remember for their undo."""
    for change in ImportedChange.objects.of(contact.program_id):
        kept = [row for row in change.rows if not _is_about(row, change.table, contact)]
        if len(kept) != len(change.rows):
            change.rows = kept
            change.save(update_fields=["rows"])


def _is_about(row: list[Any], table: str, contact: Contact) -> bool:
    if table == "contact" and row[0] == contact.pk:
        return True
    return any(
        isinstance(part, dict)
        and (
            contact.pk in (part.get("contact"), part.get("contact_id"))
            or part.get("email") == contact.email
        )
        for part in row[1:]
    )

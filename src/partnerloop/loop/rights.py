"""Rights of a person over all rooms: a copy of what is kept, and erasing it.

A copy for the vendor holds what the vendor may see. What a person said confidentially is handed to
nobody but the person, by a link of their own.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from partnerloop.core.models import record_audit
from partnerloop.evidence import rights as evidence
from partnerloop.integrations.keys.repeating import forget_replies
from partnerloop.partners import rights as partners
from partnerloop.partners.models import Contact, LawfulBasis
from partnerloop.partners.stopping import recall_asks
from partnerloop.planning.waiting import waiting_of
from partnerloop.programs.models import Mode, Program, Suppression
from partnerloop.pulses.models import Invitation
from partnerloop.release import rights as release
from partnerloop.responses import rights as responses
from partnerloop.scores.refresh import rescore

Copy = dict[str, list[dict[str, Any]]]
SEEN_BY_VENDOR = (Mode.NAMED,)
OWN = (Mode.NAMED, Mode.CONFIDENTIAL)


def copy_for_vendor(contact: Contact) -> Copy:
    """Return what is kept of a person and may be seen by the vendor: no unnamed answer."""
    return _copy(contact, modes=SEEN_BY_VENDOR)


def copy_for_person(contact: Contact) -> Copy:
    """Return what is kept of a person, for that person alone."""
    found = _copy(contact, modes=OWN)
    found["drafts"] = [
        {"pulse": pulse, "question": question, "value": value}
        for pulse, question, value in responses.drafted_by(contact)
    ]
    return found


def as_json(found: Copy) -> str:
    """Return a copy as JSON."""
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_csv(found: Copy) -> str:
    """Return a copy as CSV, a line for each field: table, row, field, value.

    A value that a spreadsheet would take for a formula is led by an apostrophe.
    """
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["table", "row", "field", "value"])
    for table, rows in found.items():
        for number, row in enumerate(rows, start=1):
            lines.writerows([table, number, field, _tame(v)] for field, v in row.items())
    return out.getvalue()


def erase(contact: Contact, *, by: str, at: datetime) -> None:
    """Erase a person everywhere; no atom changes, and their address is never written to again."""
    program = Program.objects.get(pk=contact.program_id)
    number, address = contact.pk, contact.email
    with transaction.atomic():
        gone = responses.erase(contact)
        touched = evidence.erase(contact, named=gone.named_raters, confidential=gone.confidential)
        release.erase(program, named=gone.named_comments, unnamed=gone.unnamed_comments)
        partners.erase(contact, at=at)
        forget_replies(program, said_of=(contact.name, contact.email))
        rescore(program, touched, at=at)
        record_audit(
            "contact.erased",
            at=at,
            actor=by,
            target=f"contact:{number}",
            program_id=program.pk,
            fields=("name", "email"),
        )
    _remember(program, address)


def erase_again(*, at: datetime) -> int:
    """Erase those whom a restored backup brought back; return how many.

    Requests are kept as hashes in a file beside the database, so that no restore loses them.
    """
    count = 0
    wanted = _remembered()
    for program in Program.objects.filter(slug__in={slug for slug, _ in wanted}):
        hashes = {hashed for slug, hashed in wanted if slug == program.slug}
        for contact in Contact.objects.of(program):
            if Suppression.hash_of(contact.email) in hashes:
                erase(contact, by="system", at=at)
                count += 1
    return count


@transaction.atomic
def set_basis(contact: Contact, bases: Mapping[str, str], *, by: str, at: datetime) -> None:
    """Write down on which ground a person is written to, by purpose; nothing unknown is taken.

    Who objected to being asked is asked no more, and questions that still wait are recalled.
    """
    for purpose, basis in bases.items():
        if purpose not in LawfulBasis.Purpose.values or basis not in LawfulBasis.Basis.values:
            continue
        rows = LawfulBasis.objects.of(contact.program_id)
        if rows.filter(contact=contact, purpose=purpose, basis=basis).exists():
            continue
        rows.update_or_create(
            contact=contact,
            purpose=purpose,
            defaults={"program_id": contact.program_id, "basis": basis, "since": at.date()},
        )
        if (purpose, basis) == (LawfulBasis.Purpose.FEEDBACK, LawfulBasis.Basis.OBJECTED):
            recall_asks(contact)
        record_audit(
            "contact.basis_set",
            at=at,
            actor=by,
            target=f"contact:{contact.pk}",
            program_id=contact.program_id,
            fields=(purpose,),
        )


def rekey(program: Program, *, at: datetime) -> int:
    """Give everybody new pseudonyms and score anew with them; return how many."""
    with transaction.atomic():
        fresh = responses.rekey(program)
        evidence.rename(program, fresh)
        rescore(program, evidence.partners_with_names(program), at=at)
    return len(fresh)


def _copy(contact: Contact, *, modes: Iterable[Mode]) -> Copy:
    asks = Invitation.objects.of(contact.program_id).filter(contact=contact)
    found = partners.kept_of(contact)
    found["asked"] = [
        {"pulse": ask.pulse.name, "partner": ask.partner.name, "at": ask.asked_at.isoformat()}
        for ask in asks.select_related("pulse", "partner").order_by("asked_at")
    ]
    found["waiting"] = [
        {"pulse": ask.pulse.name, "due_on": ask.due_on.isoformat(), "state": ask.state}
        for ask in waiting_of(contact)
    ]
    sent = responses.sent_by(contact, modes=tuple(modes))
    found["answers"] = [
        {"day": one.day.isoformat(), "partner": one.partner, "mode": one.mode.value}
        | {"question": question, "value": "can't judge" if value is None else value}
        for one in sent
        for question, value in one.ratings
    ]
    found["words"] = [
        {"day": one.day.isoformat(), "partner": one.partner, "mode": one.mode.value}
        | {"question": question, "text": text}
        for one in sent
        for question, text in one.words
    ]
    found["told"] = [
        {"day": day.isoformat(), "partner": partner, "text": text}
        for day, partner, text in responses.told_by(contact)
    ]
    return found


def _tame(value: Any) -> str:
    told = str(value)
    return f"'{told}" if told[:1] in ("=", "+", "-", "@", "\t", "\r") else told


def _file() -> Path:
    return Path(settings.PARTNERLOOP_HOME) / "erased.txt"


def _remember(program: Program, address: str) -> None:
    with _file().open("a", encoding="utf-8") as file:
        file.write(f"{program.slug} {Suppression.hash_of(address)}\n")
    _file().chmod(0o600)


def _remembered() -> set[tuple[str, str]]:
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    pairs = (line.split() for line in lines)
    return {(pair[0], pair[1]) for pair in pairs if len(pair) == 2}

"""What erasing a person and renewing pseudonyms means for evidence: no atom ever changes."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from partnerloop.core import ids
from partnerloop.core.clock import start_of
from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Program


def waiting_answers(program: Program) -> set[UUID]:
    """Return the answers that wait for an atom, or were counted less than 35 days ago."""
    return set(PendingAnswer.objects.of(program).values_list("answer_id", flat=True))


def was_counted(program: Program, answer_ids: Iterable[UUID]) -> bool:
    """Return whether one of these values was counted in an atom."""
    rows = PendingAnswer.objects.of(program).filter(answer_id__in=list(answer_ids))
    return rows.filter(consumed_in__isnull=False).exists()


def withdraw(program: Program, answer_ids: Iterable[UUID]) -> bool:
    """Take waiting values back; return False, and change nothing, where one was counted."""
    wanted = list(answer_ids)
    if was_counted(program, wanted):
        return False
    PendingAnswer.objects.of(program).filter(answer_id__in=wanted).delete()
    return True


def erase(contact: Contact, *, named: Iterable[UUID], confidential: Iterable[UUID]) -> set[int]:
    """Delete a person's waiting values and unname their named ones; return the partners touched.

    A named value stays as the value of nobody: no name, a new pseudonym, the day without its hour.
    """
    program = contact.program_id
    PendingAnswer.objects.of(program).filter(pseudonym__in=list(confidential)).delete()
    rows = list(NamedAnswer.objects.of(program).filter(rater__in=list(named)))
    fresh = {rater: ids.random_id() for rater in {row.rater for row in rows}}
    for row in rows:
        row.contact, row.rater, row.at = None, fresh[row.rater], start_of(row.at.date())
    NamedAnswer.objects.of(program).bulk_update(rows, ["contact", "rater", "at"], batch_size=500)
    return {row.partner_id for row in rows}


def rename(program: Program, fresh: Mapping[UUID, UUID]) -> None:
    """Write new pseudonyms where old ones stood."""
    for old, new in fresh.items():
        PendingAnswer.objects.of(program).filter(pseudonym=old).update(pseudonym=new)
        NamedAnswer.objects.of(program).filter(rater=old).update(rater=new)


def partners_with_names(program: Program) -> list[int]:
    """Return the partners that have named evidence."""
    return list(NamedAnswer.objects.of(program).values_list("partner", flat=True).distinct())

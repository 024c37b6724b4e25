"""Opening feedback items: every released comment becomes one, with an owner and a due time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from partnerloop.actions.models import FeedbackItem, State, Transition
from partnerloop.partners.models import Department, PartnerAssignment
from partnerloop.programs.models import Program
from partnerloop.release.models import ReleasedComment


def open_items(
    program: Program, released: Iterable[ReleasedComment], *, at: datetime
) -> list[FeedbackItem]:
    """Open an item for each comment that has none yet; safe to repeat."""
    opened = []
    for comment in released:
        item, is_new = FeedbackItem.objects.of(program).get_or_create(
            comment=comment,
            defaults={
                "program": program,
                "partner_id": comment.partner_id,
                "owner_id": _owner(program, comment, at=at),
                "received_at": at,
                "due_at": at + timedelta(hours=program.answer_within_hours),
            },
        )
        if is_new:
            Transition.objects.create(
                program=program, feedback_item=item, state=State.RECEIVED, at=at
            )
            opened.append(item)
    return opened


def _owner(program: Program, comment: ReleasedComment, *, at: datetime) -> int | None:
    """Return who looks after the partner a comment names; an unnamed one belongs to nobody yet."""
    if comment.partner_id is None:
        return _first_lead(program)
    current = PartnerAssignment.objects.of(program).current(at.date())
    owners = current.filter(partner=comment.partner_id).order_by("since", "pk")
    return owners.values_list("member_id", flat=True).first() or _first_lead(program)


def _first_lead(program: Program) -> int | None:
    leads = Department.objects.of(program).filter(lead__isnull=False).order_by("key")
    return leads.values_list("lead_id", flat=True).first()

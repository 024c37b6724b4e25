"""The one reminder: four days after the invitation was sent, the same ask by the same link."""

from datetime import datetime
from uuid import UUID

from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.integrations.email.servers import really_sends
from partnerloop.loop.inviting import reminder_for
from partnerloop.planning.reminding import AFTER, TOO_LATE, to_remind
from partnerloop.programs.models import Program

BATCH = 500


def remind(program: Program, at: datetime) -> None:
    """Write the reminders that are due; a mail that was written once is never written again."""
    if not really_sends(program):
        return
    mailed = _mailed(program, at=at)
    pks = list(mailed)
    for start in range(0, len(pks), BATCH):
        due = to_remind(program, pks[start : start + BATCH], at=at)
        outbox.post(reminder_for(one, of=mailed[one.pk], at=at) for one in due)


def _mailed(program: Program, *, at: datetime) -> dict[UUID, Message]:
    """Return the invitations that were sent four days ago, and have had no reminder."""
    rows = Message.objects.filter(program_id=program.pk)
    sent = rows.filter(
        purpose=Message.Purpose.INVITATION, sent_at__lte=at - AFTER, sent_at__gt=at - TOO_LATE
    )
    reminders = rows.filter(purpose=Message.Purpose.REMINDER).values_list("key", flat=True)
    done = {_number(key) for key in reminders}
    return {_number(one.key): one for one in sent if _number(one.key) not in done}


def _number(key: str) -> UUID:
    return UUID(key.partition(":")[2])

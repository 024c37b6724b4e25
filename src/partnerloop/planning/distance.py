"""How far apart mails to one person are kept, whatever they are about."""

from datetime import date, datetime, timedelta

from django.db.models import Max

from partnerloop.planning.models import OtherMail
from partnerloop.programs.models import Program

APART = timedelta(days=3)


def other_mails_of_late(program: Program, *, at: datetime) -> dict[int, date]:
    """This will return who got a campaign or idea mail so lately that the next mail waits."""
    rows = OtherMail.objects.of(program).filter(at__gt=at - APART, at__lte=at)
    last = rows.order_by().values_list("contact_id").annotate(last=Max("at"))
    return {contact: when.date() for contact, when in last}

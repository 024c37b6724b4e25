"""What people are asked in a talk: chosen like everything else, and written down by a member."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from partnerloop.partners.models import Affiliation
from partnerloop.planning.budget import Asks, askable_at, asks_of
from partnerloop.planning.choosing import Chosen, choose
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse

APART = timedelta(days=7)  # sooner, the same person's answers would only weigh double


def questions_in_talk(
    pulse: Pulse, present: Sequence[Affiliation], *, at: datetime
) -> list[Chosen]:
    """This will choose what each person present is asked: one overall question, two others.

    What waits to be asked of them comes first. Nobody is left out who has a question: they talk
    anyway, and the contact budget only puts off their next ask.
    """
    asked = asks_of(pulse.program, at=at, contacts=[place.contact_id for place in present])
    people = [
        askable_at(place, asked.get(place.contact_id, Asks()), pulse.program) for place in present
    ]
    return choose(pulse, people, at=at).chosen


def lately_written_down(program: Program, contacts: Sequence[int], *, at: datetime) -> set[int]:
    """This will return whose answers were written down less than a week ago."""
    talks = (Pulse.Way.CHECK_IN, Pulse.Way.SESSION)
    rows = Invitation.objects.of(program).filter(pulse__way__in=talks, contact__in=contacts)
    return set(rows.filter(asked_at__gt=at - APART).values_list("contact_id", flat=True))

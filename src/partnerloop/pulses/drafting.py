"""Drafting a pulse: whom it is for and how it may be answered, before anybody is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.pulses.models import Pulse


@dataclass(frozen=True, slots=True)
class Draft:
    """What a pulse is to be. `audience` is a filter over partners; empty means all.

    `people_to_ask` are drawn among those who may be asked; None asks all of them.
    """

    name: str
    audience: Mapping[str, Sequence[str]]
    modes: Sequence[str]
    asks_open_question: bool
    people_to_ask: int | None = None
    questions: Sequence[str] = ()
    every_days: int | None = None
    objective: int | None = None


@transaction.atomic
def draft(wanted: Draft, *, by: Membership, at: datetime) -> Pulse:
    """This will keep a pulse that has not been sent; nobody is asked by it yet."""
    made = Pulse.objects.create(
        program_id=by.program_id,
        name=wanted.name,
        audience={key: list(values) for key, values in wanted.audience.items() if values},
        modes=list(wanted.modes),
        asks_open_question=wanted.asks_open_question,
        people_to_ask=wanted.people_to_ask,
        questions=list(wanted.questions),
        every_days=wanted.every_days,
        objective_id=wanted.objective,
        seed=_seed(by.program_id),
        created_at=at,
        created_by=by,
    )
    record_by(by, "pulse.drafted", target=f"pulse:{made.pk}", at=at)
    return made


def _seed(program_id: int) -> int:
    """Return the seed of the drafts that wait: drafting again does not draw again.

    Else one could draft until the wanted people come up, and no stored chance would be true.
    """
    waiting = Pulse.objects.of(program_id).filter(launched_at__isnull=True).order_by("-pk")
    found = waiting.values_list("seed", flat=True).first()
    return ids.random_seed() if found is None else found


def next_round(first: Pulse, *, at: datetime) -> Pulse:
    """This will make another round of a standing pulse, with a draw of its own; nobody is asked."""
    return Pulse.objects.create(
        program_id=first.program_id,
        name=f"{first.name[:100]} · {at:%d.%m.%Y}",
        audience=first.audience,
        modes=first.modes,
        asks_open_question=first.asks_open_question,
        people_to_ask=first.people_to_ask,
        questions=first.questions,
        objective_id=first.objective_id,
        created_at=at,
        created_by=first.created_by,
        first_round=first,
    )

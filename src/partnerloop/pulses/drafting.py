"""Drafting a pulse: whom it is for and how it may be answered, before anybody is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from partnerloop.accounts.models import Membership
from partnerloop.pulses.models import Pulse


@dataclass(frozen=True, slots=True)
class Draft:
    """What a pulse is to be. `audience` is a filter over partners; empty means all."""

    name: str
    audience: Mapping[str, Sequence[str]]
    modes: Sequence[str]
    asks_open_question: bool


def draft(wanted: Draft, *, by: Membership, at: datetime) -> Pulse:
    """This will keep a pulse that has not been sent; nobody is asked by it yet."""
    return Pulse.objects.create(
        program_id=by.program_id,
        name=wanted.name,
        audience={key: list(values) for key, values in wanted.audience.items() if values},
        modes=list(wanted.modes),
        asks_open_question=wanted.asks_open_question,
        created_at=at,
        created_by=by,
    )

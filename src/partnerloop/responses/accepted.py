"""What intake hands on: an accepted response as plain values, so that nobody reads the tables."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Mode


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person sent: a value per wording (None: "I can't judge"), words per wording."""

    mode: Mode | None
    ratings: dict[int, int | None] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """One stored value, raw as given; `value` is None for "I can't judge"."""

    id: UUID
    measure: str
    is_reversed: bool
    value: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored response. `rater` is the person's pseudonym for this mode and partner."""

    response_id: UUID
    program_id: int
    partner_id: int
    contact_id: int | None  # only of named people
    rater: UUID
    mode: Mode
    role: str
    place: Place
    day: date
    at: datetime
    answers: tuple[AcceptedAnswer, ...]
    comment_ids: tuple[UUID, ...]
    receipt_token: str
    is_change: bool

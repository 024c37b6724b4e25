"""Changing a program's settings: names freely, what protects respondents only towards stricter."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program


class WouldLoosen(ValueError):
    """A threshold was to be set below what respondents were promised; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Naming:
    """Who asks, in which language, at which time, counting in which money."""

    name: str
    vendor_name: str
    language: str
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Trust:
    """The modes on offer and the thresholds behind them."""

    modes_offered: list[str]
    company_minimum: int
    pool_people: int
    pool_companies: int
    dominance: Decimal
    blur: Decimal
    seasoning_days: int
    figure_age_days: int


@dataclass(frozen=True, slots=True)
class MailHours:
    """The hours of working days in which mails with questions may arrive, and days off."""

    mails_from_hour: int
    mails_until_hour: int
    holidays: list[str]


@dataclass(frozen=True, slots=True)
class Asking:
    """How often one person is asked at most, and in how many hours feedback is to be answered."""

    asks_every_days: int
    asks_a_year: int
    answer_within_hours: int


class OutOfBounds(ValueError):
    """A figure of asking that no program may have; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


LEAST_DAYS_BETWEEN = 7
MOST_ASKS_A_YEAR = 26
MOST_HOURS = 336
BOUNDS = {
    "asks_every_days": range(LEAST_DAYS_BETWEEN, 366),
    "asks_a_year": range(1, MOST_ASKS_A_YEAR + 1),
    "answer_within_hours": range(1, MOST_HOURS + 1),
}

# Which way is stricter: 1 means more, -1 means less.
STRICTER = {
    "company_minimum": 1,
    "pool_people": 1,
    "pool_companies": 1,
    "dominance": -1,
    "blur": 1,
    "seasoning_days": 1,
    "figure_age_days": -1,
}


def name(program: Program, naming: Naming, *, actor: str, at: datetime) -> None:
    """Change how a program is called, and the language, time and money it counts in."""
    _change(program, asdict(naming), action="program.named", actor=actor, at=at)


def set_hours(program: Program, hours: MailHours, *, actor: str, at: datetime) -> None:
    """Change when mails with questions may arrive."""
    _change(program, asdict(hours), action="program.mail_hours_set", actor=actor, at=at)


def set_asking(program: Program, asking: Asking, *, actor: str, at: datetime) -> None:
    """Change how often people are asked; the promise that they read says the new figures at once.

    What is due already keeps its time; what nobody may promise raises `OutOfBounds`.
    """
    for field, bounds in BOUNDS.items():
        if getattr(asking, field) not in bounds:
            raise OutOfBounds(field)
    _change(program, asdict(asking), action="program.asking_set", actor=actor, at=at)


def tighten(program: Program, trust: Trust, *, actor: str, at: datetime) -> None:
    """Change modes and thresholds; what would loosen a threshold raises `WouldLoosen`."""
    for field, way in STRICTER.items():
        if (getattr(trust, field) - getattr(program, field)) * way < 0:
            raise WouldLoosen(field)
    _change(program, asdict(trust), action="program.trust_set", actor=actor, at=at)


def finish_setup(program: Program, *, actor: str, at: datetime) -> None:
    """Note that a program has been set up; its first screen takes over from the three steps."""
    if program.setup_finished_at is None:
        _change(program, {"setup_finished_at": at}, action="program.set_up", actor=actor, at=at)


@transaction.atomic
def _change(
    program: Program, values: dict[str, object], *, action: str, actor: str, at: datetime
) -> None:
    changed = [field for field, value in values.items() if getattr(program, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(program, field, values[field])
    program.save(update_fields=changed)
    record_audit(
        action,
        at=at,
        actor=actor,
        target=f"program:{program.pk}",
        program_id=program.pk,
        fields=tuple(changed),
    )

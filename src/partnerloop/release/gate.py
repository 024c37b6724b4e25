"""What the gate gives out: a released figure with its basis, or a reason for hiding it.

These are the only shapes in which a figure reaches a page, a mail, an export or the API.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from partnerloop.partners.models import Partner


class Basis(StrEnum):
    """What a figure rests on; each has its own small print."""

    OWN = "own"  # named answers and atoms of the companies in scope
    INFERRED = "inferred"  # nobody rated this metric of late, the overall item speaks for it
    LIKE = "like"  # partners like this one: borrowed from the segment, drawn hollow


class Reason(StrEnum):
    """Why a figure is hidden, as a key; the sentence gives no head count."""

    NO_RECENT_ANSWERS = "no_recent_answers"
    TOO_FEW = "too_few"
    TOO_FEW_YET = "too_few_yet"  # a program's own metric, on which nobody has said enough so far
    NOT_YOURS = "not_yours"
    VEILED = "veiled"


REASONS = {
    Reason.NO_RECENT_ANSWERS: _("No recent answers."),
    Reason.TOO_FEW: _("Not enough answers in the last six months."),
    Reason.TOO_FEW_YET: _("Too few answers yet."),
    Reason.NOT_YOURS: _("This belongs to partners that you do not look after."),
    Reason.VEILED: _("One guess first, or skip it: then you see it."),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A released estimate in points 0-10 with its 90 % range ("likely") and its basis.

    `people` is a band such as "5-9", never a count. `week` is the week of the newest atom where
    confidential answers are part of it, else None. `coverage` is the share of the answers in scope
    that the figure contains, in whole per cent, where it is below 100.
    """

    measure: str
    mean: float
    low: float
    high: float
    basis: Basis
    people: str = ""
    confidential: bool = False
    week: date | None = None
    coverage: int | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that may not be shown, and why."""

    measure: str
    reason: Reason

    @property
    def sentence(self) -> str:
        """Return the reason for the reader."""
        return gettext(REASONS[self.reason])


Cell = Figure | Hidden


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One week of a trend: mean and 90 % range, points 0-10."""

    week: date
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is about: one partner, any set of partners, or the whole program."""

    partners: frozenset[int] | None
    is_single: bool = False

    @classmethod
    def program(cls) -> Self:
        """Return the scope of all partners."""
        return cls(partners=None)

    @classmethod
    def partner(cls, partner: Partner | int) -> Self:
        """Return the scope of one partner."""
        number = partner if isinstance(partner, int) else partner.pk
        return cls(partners=frozenset({number}), is_single=True)

    @classmethod
    def of(cls, partners: Iterable[int]) -> Self:
        """Return the scope of a set of partners, e.g. a segment."""
        return cls(partners=frozenset(partners))


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A row of the partners table: the released cells of one partner."""

    partner: Partner
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Words:
    """A released comment as a page shows it. A name and a role only of named people."""

    id: str
    text: str
    measure: str
    week: date
    source: str
    partner_id: int | None
    named: bool

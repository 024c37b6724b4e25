"""Guesses of managers: which wait, making one, and what became of those that were made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerloop.accounts.models import Membership, Role
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import partner_cells
from partnerloop.release.gate import Basis, Cell, Figure
from partnerloop.release.known import known_now
from partnerloop.release.models import Veil, VeilQuerySet
from partnerloop.release.veiling import lift, veiled

LOOK_BACK = timedelta(days=365)
HIGHEST = 10


class NoSuchVeil(LookupError):
    """Nothing is veiled there for this member, or it was lifted already."""


class NoGuess(ValueError):
    """A guess is a whole number from 0 to 10."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess, and the figure as it was then: points 0-10, the range holds with 90 %."""

    member: Membership
    partner: Partner
    measure: str
    at: datetime
    guess: int
    sureness: str
    mean: float
    low: float
    high: float

    @property
    def off(self) -> float:
        """Return guess minus figure, in points."""
        return self.guess - self.mean

    @property
    def is_inside(self) -> bool:
        """Return whether the guess lies inside the range, to the nearest point."""
        return self.low - 0.5 <= self.guess <= self.high + 0.5


def waiting(by: Membership, *, at: datetime, partner: Partner | None = None) -> list[Veil]:
    """Return the veils that wait for a member's guess, the oldest first."""
    if by.role != Role.MANAGER:
        return []
    seen = Partner.objects.of(by.program_id).active(at.date()).visible_to(by, at.date())
    rows = Veil.objects.of(by.program_id).open().filter(member=by, partner__in=seen)
    if partner is not None:
        rows = rows.filter(partner=partner)
    return list(rows.select_related("partner").order_by("since", "partner__name"))


def guess(
    number: str, value: int | None, *, sureness: str, by: Membership, at: datetime
) -> Partner:
    """Keep a guess, or None to skip it, and show the figure from now on; return its partner."""
    veil = next((one for one in waiting(by, at=at) if str(one.pk) == number), None)
    if veil is None:
        raise NoSuchVeil
    if value is not None and not 0 <= value <= HIGHEST:
        raise NoGuess(value)
    known = sureness if sureness in Veil.Sureness.values else ""
    lift(veil, guess=value, sureness=known, at=at, cell=_cell(veil, at=at))
    return veil.partner


def skip_all(by: Membership, *, at: datetime) -> int:
    """Lift all veils of a member without a guess; return how many there were."""
    return sum(lift(veil, guess=None, sureness="", at=at, cell=None) for veil in waiting(by, at=at))


def guesses_of(by: Membership, *, at: datetime) -> list[Guess]:
    """Return a member's own guesses of the last year: for that member alone."""
    rows = Veil.objects.of(by.program_id).guessed().filter(member=by)
    return _told(rows.filter(settled_at__gt=at - LOOK_BACK))


def gaps_at(partner: Partner, *, by: Membership, at: datetime) -> list[Guess]:
    """Return the newest guess at each metric of a partner: for who made it, and who runs it all."""
    rows = Veil.objects.of(by.program_id).guessed().filter(partner=partner)
    rows = rows.filter(settled_at__gt=at - LOOK_BACK)
    if not by.runs_program:
        # an older figure would lead the guess that waits
        over = veiled(by).get(partner.pk, frozenset())
        rows = rows.filter(member=by).exclude(measure__in=over)
    newest: dict[tuple[int, str], Guess] = {}
    for one in _told(rows):
        newest.setdefault((one.member.pk, one.measure), one)
    return list(newest.values())


def forget_guesses(program: Program, *, before: datetime) -> None:
    """Delete guesses, and words to skip one, that are too old to say anything."""
    Veil.objects.of(program).filter(settled_at__lt=before).delete()


def _told(rows: VeilQuerySet) -> list[Guess]:
    found = rows.select_related("member__user", "partner").order_by("-settled_at", "pk")
    return [
        Guess(
            member=one.member,
            partner=one.partner,
            measure=one.measure,
            at=one.settled_at,
            guess=one.guess,
            sureness=one.sureness,
            mean=one.mean,
            low=one.low,
            high=one.high,
        )
        for one in found
        if one.settled_at is not None
        and one.guess is not None
        and one.mean is not None
        and one.low is not None
        and one.high is not None
    ]


def _cell(veil: Veil, *, at: datetime) -> Cell | None:
    """Return the partner's own figure behind a veil, or None where it has none of its own."""
    known = known_now(veil.program, [veil.partner_id], at=at)
    cell = partner_cells(known[0], [veil.measure])[veil.measure] if known else None
    return cell if isinstance(cell, Figure) and cell.basis is not Basis.LIKE else None

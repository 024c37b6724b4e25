"""Looking after partners: standing in during a vacation, and handing partners over in one act."""

from datetime import date, datetime

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership, Role
from partnerloop.partners.models import Cover, HandOver, Partner, PartnerAssignment

LOOK_AFTER = (Role.OWNER, Role.CHIEF, Role.MANAGER)
LONGEST_COVER_DAYS = 366


class CannotCover(ValueError):
    """This member can't stand in for that one; the message says why."""


class CannotHandOver(ValueError):
    """These partners can't go there, or can't come back; the message says why."""


@transaction.atomic
def stand_in(
    away: Membership, *, cover: Membership, since: date, until: date, by: Membership, at: datetime
) -> Cover:
    """Let a member see and answer what another looks after, from a day to a day."""
    _check(away, cover, since=since, until=until, today=at.date())
    made = Cover.objects.create(
        program_id=away.program_id,
        away=away,
        cover=cover,
        since=since,
        until=until,
        created_at=at,
        created_by=by,
    )
    record_by(
        by, "cover.set", target=f"member:{away.pk}", at=at, fields=("cover", "since", "until")
    )
    return made


@transaction.atomic
def end_cover(cover: Cover, *, by: Membership, at: datetime) -> None:
    """End standing in at once; a second time changes nothing."""
    if cover.ended_at is None:
        cover.ended_at = at
        cover.save(update_fields=["ended_at"])
        record_by(by, "cover.ended", target=f"member:{cover.away_id}", at=at, fields=("ended_at",))


def stands_in_for(member: Membership, *, on: date) -> list[int]:
    """Return for which members somebody stands in on a day, by id."""
    rows = Cover.objects.of(member.program_id).current(on).filter(cover=member)
    return list(rows.values_list("away_id", flat=True))


@transaction.atomic
def hand_over(
    giver: Membership,
    *,
    taker: Membership,
    partners: list[int] | None = None,
    by: Membership,
    at: datetime,
) -> HandOver:
    """Give some or all partners of one member to another, from today."""
    if taker.pk == giver.pk or taker.program_id != giver.program_id:
        raise CannotHandOver("Choose somebody else to take them.")
    if taker.ended_on is not None or taker.role not in LOOK_AFTER:
        raise CannotHandOver(f"{taker.user.name} can't look after partners in this role.")
    on = at.date()
    current = PartnerAssignment.objects.of(giver.program_id).current(on)
    going = current.filter(member=giver, until__isnull=True).order_by("pk")
    if partners is not None:
        going = going.filter(partner__in=partners)
    rows = list(going)
    if not rows:
        raise CannotHandOver(f"{giver.user.name} looks after no partner that could be handed over.")
    has = set(current.filter(member=taker, until__isnull=True).values_list("partner", flat=True))
    current.filter(pk__in=[row.pk for row in rows]).update(until=on)
    made = [
        PartnerAssignment.objects.create(
            program_id=giver.program_id, partner_id=row.partner_id, member=taker, since=on
        ).pk
        for row in rows
        if row.partner_id not in has
    ]
    done = HandOver.objects.create(
        program_id=giver.program_id,
        giver=giver,
        taker=taker,
        at=at,
        by=by,
        ended=[row.pk for row in rows],
        made=made,
    )
    record_by(
        by, "partners.handed_over", target=f"member:{giver.pk}", at=at, fields=("assignments",)
    )
    return done


@transaction.atomic
def take_back(done: HandOver, *, by: Membership, at: datetime) -> None:
    """Undo a hand-over; a partner that somebody else has got since stays where it is."""
    rows = HandOver.objects.of(done.program_id).filter(pk=done.pk, undone_at__isnull=True)
    if not rows.update(undone_at=at):
        raise CannotHandOver("This was taken back already.")
    if done.giver.ended_on is not None:
        raise CannotHandOver(f"{done.giver.user.name} has left the program.")
    mine = PartnerAssignment.objects.of(done.program_id)
    for old in mine.filter(pk__in=done.ended):
        new = mine.filter(partner=old.partner_id, member=done.taker_id, pk__in=done.made)
        held = new.filter(until__isnull=True).first()
        if (new.exists() and held is None) or _has_again(old):
            continue
        if held is not None:
            held.until = max(at.date(), held.since)
            held.save(update_fields=["until"])
        old.until = None
        old.save(update_fields=["until"])
    record_by(
        by, "partners.taken_back", target=f"member:{done.giver_id}", at=at, fields=("assignments",)
    )


@transaction.atomic
def assign(partner: Partner, *, to: Membership, by: Membership, at: datetime) -> bool:
    """Let a member look after one more partner; return whether that was new."""
    if to.ended_on is not None or to.role not in LOOK_AFTER:
        raise CannotHandOver(f"{to.user.name} can't look after partners in this role.")
    current = PartnerAssignment.objects.of(partner.program_id).current(at.date())
    if current.filter(partner=partner, member=to).exists():
        return False
    PartnerAssignment.objects.create(
        program_id=partner.program_id, partner=partner, member=to, since=at.date()
    )
    record_by(
        by, "partner.assigned", target=f"partner:{partner.pk}", at=at, fields=("assignments",)
    )
    return True


@transaction.atomic
def take_away(partner: Partner, *, of: Membership, by: Membership, at: datetime) -> bool:
    """Let a member look after a partner no more; return whether they did."""
    current = PartnerAssignment.objects.of(partner.program_id).current(at.date())
    held = current.filter(partner=partner, member=of).first()
    if held is None:
        return False
    held.until = max(at.date(), held.since)
    held.save(update_fields=["until"])
    record_by(
        by, "partner.taken_away", target=f"partner:{partner.pk}", at=at, fields=("assignments",)
    )
    return True


def _has_again(old: PartnerAssignment) -> bool:
    rows = PartnerAssignment.objects.of(old.program_id).filter(until__isnull=True)
    return rows.filter(partner=old.partner_id, member=old.member_id).exists()


def _check(away: Membership, cover: Membership, *, since: date, until: date, today: date) -> None:
    if away.pk == cover.pk or away.program_id != cover.program_id:
        raise CannotCover("Choose somebody else to stand in.")
    if away.ended_on is not None or cover.ended_on is not None:
        raise CannotCover("One of the two has left the program.")
    if cover.role not in LOOK_AFTER:
        raise CannotCover(f"{cover.user.name} can't look after partners in this role.")
    if until < since:
        raise CannotCover("The last day lies before the first.")
    if until < today:
        raise CannotCover("These days are over.")
    if (until - since).days > LONGEST_COVER_DAYS:
        raise CannotCover("That is longer than a year: hand the partners over instead.")

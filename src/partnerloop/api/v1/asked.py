"""Asks that were made, asks that wait, and answering in words. Never who answered.

What a person began themselves is no ask, and stands nowhere here: it would say that they came.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field

from partnerloop.accounts.models import Membership, Role
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.v1.asks import router
from partnerloop.api.v1.shapes_of_asks import (
    GroupShape,
    MadeAskShape,
    MadeAsksShape,
    ResponseShape,
    WaitingAskShape,
    WaitingAsksShape,
)
from partnerloop.core import clock
from partnerloop.core.clock import start_of
from partnerloop.core.models import Message
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.models import Partner
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.reasons import HELD_UP, Asked
from partnerloop.planning.telling import why_asked
from partnerloop.pulses.models import Invitation, InvitationQuerySet, Wording
from partnerloop.release.coverage import coverage

Number = Annotated[int | None, Field(ge=1, le=2**62)]
OF_THEIR_OWN = (Asked.OWN, Asked.TALK)
BECAUSE = {key.value: str(words) for key, words in HELD_UP.items()}


@router.get("/asks", response=MadeAsksShape, auth=Bearer(KeyScope.ASKED))
def list_asks(
    request: HttpRequest,
    contact_id: Number = None,
    partner_id: Number = None,
    pulse_id: Number = None,
    since: date | None = None,
    cursor: str = "",
    limit: Limit = 50,
) -> MadeAsksShape:
    """Return asks with their reason and chance; `since` keeps those made on that day or later."""
    _program, member = caller_of(request)
    at = clock.now()
    wanted = {"contact": contact_id, "partner": partner_id, "pulse": pulse_id}
    given = {name: number for name, number in wanted.items() if number is not None}
    rows = _made(member, at=at).filter(**given)
    if since is not None:
        rows = rows.filter(asked_at__gte=start_of(since))
    rows = rows.select_related("pulse", "contact", "partner")
    of = f"asks.{member.program_id}.{sorted(given.items())}.{since}"
    found = sheet(rows, of=of, cursor=cursor, limit=limit)
    return MadeAsksShape(asks=_shapes(member, found.rows, at=at), next_cursor=found.next_cursor)


@router.get("/asks/waiting", response=WaitingAsksShape, auth=Bearer(KeyScope.ASKED))
def list_waiting(request: HttpRequest, cursor: str = "", limit: Limit = 50) -> WaitingAsksShape:
    """Return asks that events called for: what waits, what was asked, merged or overtaken."""
    _program, member = caller_of(request)
    at = clock.now()
    rows = WaitingAsk.objects.of(member.program_id).filter(partner__in=_seen(member, at=at))
    rows = rows.select_related("pulse", "event")
    of = f"asks.waiting.{member.program_id}"
    found = sheet(rows, of=of, cursor=cursor, limit=limit)
    shapes = [
        WaitingAskShape(
            id=one.pk,
            pulse_id=one.pulse_id,
            pulse=one.pulse.name,
            event=one.event.kind,
            contact_id=one.contact_id,
            partner_id=one.partner_id,
            due_on=one.due_on,
            state=WaitingAsk.State(one.state),
            held_up_by=one.reason,
            because=BECAUSE.get(one.reason, ""),
            ask_id=one.invitation_id,
            closed_on=one.closed_on,
        )
        for one in found.rows
    ]
    return WaitingAsksShape(waiting=shapes, next_cursor=found.next_cursor)


@router.get("/response", response=ResponseShape, auth=Bearer(KeyScope.ASKED))
def tell_response(request: HttpRequest) -> ResponseShape:
    """Return whom the asking reaches, group by group, and how many of them answer, in words."""
    program, member = caller_of(request)
    if not member.runs_program:
        raise Problem(403, "Response is for owners and channel chiefs.")
    told = coverage(program, at=clock.now())
    groups = {
        name.lower(): [
            GroupShape(
                label=one.label,
                people=one.people,
                mails_sent=one.sent,
                unreachable=one.unreachable,
                answering=one.answering,
            )
            for one in of_it
        ]
        for name, of_it in told.groups.items()
    }
    return ResponseShape(groups=groups, silent_companies=told.silent_companies)


def _seen(member: Membership, *, at: datetime) -> QuerySet[Partner]:
    if member.role in (Role.LEAD, Role.EXECUTIVE):
        told = "Who was asked is for those who look after them: owner, chief, partner manager."
        raise Problem(403, told)
    return Partner.objects.of(member.program_id).visible_to(member, at.date())


def _made(member: Membership, *, at: datetime) -> InvitationQuerySet:
    rows = Invitation.objects.of(member.program_id).filter(partner__in=_seen(member, at=at))
    return rows.exclude(reason__in=OF_THEIR_OWN)


def _shapes(member: Membership, asks: Sequence[Invitation], *, at: datetime) -> list[MadeAskShape]:
    waiting = _to_be_sent([one.pk for one in asks])
    wanted = {pk for one in asks for pk in one.asked}
    rows = Wording.objects.of(member.program_id).filter(pk__in=wanted)
    keys = dict(rows.values_list("pk", "question__key"))
    return [
        MadeAskShape(
            ask_id=one.pk,
            pulse_id=one.pulse_id,
            pulse=one.pulse.name,
            contact_id=one.contact_id,
            partner_id=one.partner_id,
            role=one.role,
            asked_at=one.asked_at,
            expires_at=one.expires_at,
            state=_state(one, waiting, at=at),
            questions=[keys[pk] for pk in one.asked if pk in keys],
            reason=one.reason,
            because=why_asked(one),
            propensity=one.propensity,
        )
        for one in asks
    ]


def _state(
    ask: Invitation, waiting: Collection[UUID], *, at: datetime
) -> Literal["to_be_sent", "open", "over"]:
    if ask.expires_at <= at:
        return "over"
    return "to_be_sent" if ask.pk in waiting else "open"


def _to_be_sent(asks: Sequence[UUID]) -> set[UUID]:
    """Return the asks whose mail still waits in the outbox."""
    keys = [f"invitation:{pk}" for pk in asks]
    rows = Message.objects.filter(key__in=keys, sent_at__isnull=True, finished_at__isnull=True)
    return {UUID(key.partition(":")[2]) for key in rows.values_list("key", flat=True)}

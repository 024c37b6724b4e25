"""What other systems report: events, which pulses may ask about, and signals beside the scores."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from partnerloop.accounts.models import Membership
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.problems import Problem
from partnerloop.api.repeating import Key, reply_once
from partnerloop.api.v1.shapes_of_events import (
    EventShape,
    KeptEventShape,
    KeptSignalsShape,
    PartnerNamed,
    SignalsShape,
)
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.occasions import happened
from partnerloop.partners.reporting import (
    Known,
    Measured,
    NobodyThere,
    NoSuchPartner,
    Occurred,
    keep_signals,
)

router = Router(tags=["events"])


@router.post("/events", response={201: KeptEventShape}, auth=Bearer(KeyScope.EVENTS))
def report_event(
    request: HttpRequest, response: HttpResponse, told: EventShape, idempotency_key: Key = ""
) -> Status[dict[str, Any]]:
    """Report that something happened at a partner. Pulses that wait for it ask, when it is time."""
    member = _runner(request)
    occurred = Occurred(
        kind=told.kind,
        partner=_known(told),
        at=told.at or clock.now(),
        email=told.contact_email,
    )

    def work() -> dict[str, Any]:
        with _told_plainly():
            taken = happened(member.program, occurred, at=clock.now())
        kept = taken.event
        shape = KeptEventShape(
            id=kept.pk, kind=kept.kind, partner_id=kept.partner_id, at=kept.at, asks=taken.asks
        )
        return shape.model_dump(mode="json")

    said = Asked(idempotency_key, "events", told.model_dump_json())
    return reply_once(request, response, said, work=work)


@router.post("/signals", response={201: KeptSignalsShape}, auth=Bearer(KeyScope.SIGNALS))
def report_signals(
    request: HttpRequest, response: HttpResponse, told: SignalsShape, idempotency_key: Key = ""
) -> Status[dict[str, Any]]:
    """Report up to a thousand signals at once: all of them are kept, or none."""
    member = _runner(request)

    def work() -> dict[str, Any]:
        measured = [
            Measured(
                one.kind, _known(one), one.at, Decimal(str(one.value)).quantize(Decimal("0.001"))
            )
            for one in told.signals
        ]
        with _told_plainly():
            kept = keep_signals(member.program, measured, at=clock.now())
        return KeptSignalsShape(kept=kept).model_dump(mode="json")

    said = Asked(idempotency_key, "signals", told.model_dump_json())
    return reply_once(request, response, said, work=work)


def _runner(request: HttpRequest) -> Membership:
    """Who picks what is reported picks who is asked: that is for those who run the program."""
    _program, member = caller_of(request)
    if not member.runs_program:
        raise Problem(403, "Owners and channel chiefs report; the member of this key is neither.")
    return member


def _known(told: PartnerNamed) -> Known:
    if told.partner is not None:
        return Known(source=told.partner.source, value=told.partner.id)
    return Known(number=told.partner_id)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Say who is not known here."""
    try:
        yield
    except NoSuchPartner as why:
        raise Problem(422, f"There is no active partner {why}.") from None
    except NobodyThere:
        raise Problem(422, "Nobody with this address works for this partner.") from None

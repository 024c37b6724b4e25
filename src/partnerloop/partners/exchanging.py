"""Rates of other currencies in the program's own, noted by hand; without one it is unknown."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.partners.models import ExchangeRate
from partnerloop.programs.models import Program


class NoRateNeeded(ValueError):
    """The currency is the program's own."""


@transaction.atomic
def note_rate(
    program: Program, currency: str, *, on: date, value: Decimal, by: Membership, at: datetime
) -> ExchangeRate:
    """Note what one unit of a currency was worth in the program's on a day; again corrects it.

    It holds from that day until the next one noted. Raises `NoRateNeeded`.
    """
    if currency == program.currency:
        raise NoRateNeeded(f"{currency} is the program's own currency: it needs no rate.")
    rate, _is_new = ExchangeRate.objects.of(program).update_or_create(
        program=program, base=currency, quote=program.currency, on=on, defaults={"value": value}
    )
    _note("rate.noted", rate, by=by, at=at)
    return rate


@transaction.atomic
def forget_rate(rate: ExchangeRate, *, by: Membership, at: datetime) -> None:
    """Remove a rate: amounts of its days take the one before, or are unknown again."""
    _note("rate.removed", rate, by=by, at=at)
    rate.delete()


def _note(action: str, rate: ExchangeRate, *, by: Membership, at: datetime) -> None:
    record_by(by, action, target=f"rate:{rate.base}-{rate.quote}", at=at, fields=("value",))

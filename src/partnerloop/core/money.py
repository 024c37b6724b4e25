"""Money: integer minor units and an ISO 4217 currency. No rate means "unknown", never a guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

# Digits after the point where they are not two (ISO 4217).
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added without a rate."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    @property
    def major(self) -> Decimal:
        """Return the amount in whole units of the currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` was worth `value` units of `quote` on a day."""

    base: str
    quote: str
    on: date
    value: Decimal


def exponent(currency: str) -> int:
    """Return how many digits after the point a currency has."""
    return EXPONENTS.get(currency, 2)


def from_major(amount: Decimal, currency: str) -> Money:
    """Return whole units as Money, rounded half to even at the currency's last digit."""
    minor = amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return Money(int(minor), currency)


def convert(money: Money, *, to: str, on: date, rates: Iterable[Rate]) -> Money | None:
    """Return `money` in another currency by the latest rate known on a day, or None: unknown."""
    if money.currency == to:
        return money
    known = [r for r in rates if r.on <= on and {r.base, r.quote} == {money.currency, to}]
    if not known:
        return None
    rate = max(known, key=lambda r: r.on)
    factor = rate.value if rate.base == money.currency else 1 / rate.value
    return from_major(money.major * factor, to)

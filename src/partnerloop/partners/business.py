"""What partners brought and cost, in the program's currency. Without a rate it is unknown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from partnerloop.core.money import Money, Rate, convert
from partnerloop.partners.models import Cost, CostKind, Deal, ExchangeRate, Partner, Revenue
from partnerloop.programs.models import Program

OPEN_STAGES = ("registered", "qualified", "proposed")


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one kind of cost came to; None is unknown."""

    name: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Business:
    """A partner's twelve months in money; None is unknown, never zero."""

    revenue: Money | None
    revenue_before: Money | None
    costs: Money | None
    cost_lines: tuple[CostLine, ...]
    pipeline: Money | None
    known_deals: int
    open_deals: int
    deals_without_amount: int
    won_deals: int


class Converter:
    """Turns amounts into one currency, with the rates of a program read once."""

    def __init__(self, program: Program) -> None:
        self.currency = program.currency
        self._by_currency: dict[str, list[Rate]] = defaultdict(list)
        rows = ExchangeRate.objects.of(program)
        for base, quote, on, value in rows.values_list("base", "quote", "on", "value"):
            if self.currency in (base, quote):
                other = quote if base == self.currency else base
                self._by_currency[other].append(Rate(base, quote, on, value))

    def total(self, amounts: Iterable[tuple[int, str, date]]) -> Money | None:
        """This will add amounts up; one that has no rate makes the whole unknown."""
        summed: Money | None = None
        for minor, currency, on in amounts:
            rates = self._by_currency.get(currency, [])
            amount = convert(Money(minor, currency), to=self.currency, on=on, rates=rates)
            if amount is None:
                return None
            summed = amount if summed is None else summed + amount
        return summed


def months_back(on: date, months: int) -> date:
    """This will return the first day of the month that lies `months` before that of `on`."""
    whole = on.year * 12 + on.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


def revenue_by_partner(program: Program, *, on: date) -> dict[int, Money | None]:
    """This will return each partner's revenue of the last twelve months; absent is unknown."""
    rows = (
        Revenue.objects.of(program)
        .filter(month__gt=months_back(on, 12), month__lte=on)
        .values_list("partner_id", "currency", "month")
        .annotate(minor=Sum("amount_minor"))
    )
    amounts: dict[int, list[tuple[int, str, date]]] = defaultdict(list)
    for partner_id, currency, month, minor in rows:
        amounts[partner_id].append((minor, currency, month))
    converter = Converter(program)
    return {partner_id: converter.total(sums) for partner_id, sums in amounts.items()}


def business_of(partner: Partner, *, on: date) -> Business:
    """This will return what a partner brought and cost, as far as it is known."""
    converter = Converter(partner.program)
    year, before = months_back(on, 12), months_back(on, 24)
    revenue = [
        (row.amount_minor, row.currency, row.month)
        for row in Revenue.objects.of(partner.program_id).filter(
            partner=partner, month__gt=before, month__lte=on
        )
    ]
    costs = list(
        Cost.objects.of(partner.program_id).filter(partner=partner, month__gt=year, month__lte=on)
    )
    deals = list(Deal.objects.of(partner.program_id).filter(partner=partner))
    open_deals = [deal for deal in deals if deal.stage in OPEN_STAGES]
    return Business(
        revenue=converter.total(row for row in revenue if row[2] > year),
        revenue_before=_whole_year(revenue, converter, first=months_back(on, 23), last=year),
        costs=converter.total(_amounts(costs)),
        cost_lines=_cost_lines(costs, converter),
        pipeline=converter.total(
            (deal.amount_minor, deal.currency, on)
            for deal in open_deals
            if deal.amount_minor is not None
        ),
        known_deals=len(deals),
        open_deals=len(open_deals),
        deals_without_amount=sum(deal.amount_minor is None for deal in open_deals),
        won_deals=sum(
            deal.stage == "won" and deal.closed_on is not None and year < deal.closed_on <= on
            for deal in deals
        ),
    )


def _whole_year(
    revenue: list[tuple[int, str, date]], converter: Converter, *, first: date, last: date
) -> Money | None:
    """Add up a year only if the record reaches back to its first month: else it would look low."""
    if min((month for _, _, month in revenue), default=last) > first:
        return None
    return converter.total(row for row in revenue if row[2] <= last)


def _cost_lines(costs: list[Cost], converter: Converter) -> tuple[CostLine, ...]:
    lines = []
    for kind in CostKind:
        rows = [cost for cost in costs if cost.kind == kind]
        if rows:
            lines.append(CostLine(kind.label, converter.total(_amounts(rows))))
    return tuple(lines)


def _amounts(costs: list[Cost]) -> list[tuple[int, str, date]]:
    return [(cost.amount_minor, cost.currency, cost.month) for cost in costs]

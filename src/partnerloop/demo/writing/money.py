"""The business of the demo program: end customers, deals, revenue, costs, exchange rates."""

from decimal import Decimal

from partnerloop.core.money import from_major
from partnerloop.demo.business import Amount
from partnerloop.demo.world import World
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.partners.models import Cost, Customer, Deal, ExchangeRate, Revenue
from partnerloop.programs.models import Program

BATCH = 500


def write_money(world: World, program: Program, ecosystem: Ecosystem) -> None:
    """This will write what partners sold, registered and cost."""
    _deals(world, program, ecosystem)
    Revenue.objects.bulk_create(
        [
            Revenue(
                program=program,
                partner=ecosystem.partners[one.company],
                month=one.month,
                amount_minor=_minor(world, one.company, one.amount),
                currency=_currency(world, one),
            )
            for one in world.business.revenue
        ],
        batch_size=BATCH,
    )
    Cost.objects.bulk_create(
        [
            Cost(
                program=program,
                partner=ecosystem.partners[one.company],
                month=one.month,
                kind=one.kind,
                amount_minor=_minor(world, one.company, one.amount),
                currency=_currency(world, one),
            )
            for one in world.business.costs
        ],
        batch_size=BATCH,
    )
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            program=program,
            base=rate.currency,
            quote="EUR",
            on=rate.on,
            value=Decimal(str(rate.value)),
        )
        for rate in world.business.rates
    )


def _deals(world: World, program: Program, ecosystem: Ecosystem) -> None:
    customers = Customer.objects.bulk_create(
        [
            Customer(program=program, partner=ecosystem.partners[one.company], name=one.name)
            for one in world.business.customers
        ],
        batch_size=BATCH,
    )
    Deal.objects.bulk_create(
        [
            Deal(
                program=program,
                partner=ecosystem.partners[deal.company],
                customer=customers[deal.customer],
                name=deal.name,
                stage=deal.stage,
                share=deal.share,
                amount_minor=_minor(world, deal.company, deal.amount),
                currency=world.companies[deal.company].country.currency,
                registered_at=deal.registered_at,
                registration_decided_at=deal.decided_at,
                closed_on=deal.closed_on,
            )
            for deal in world.business.deals
        ],
        batch_size=BATCH,
    )


def _minor(world: World, company: int, amount: int) -> int:
    return from_major(Decimal(amount), world.companies[company].country.currency).minor


def _currency(world: World, one: Amount) -> str:
    return world.companies[one.company].country.currency

"""The same evidence gives the same scores, in whatever order its rows were stored."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from partnerloop.core import ids
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.scores.models import Fit, PartnerScore
from partnerloop.scores.refresh import refit, refit_means
from tests.world import MONDAY, World, make_world

MEASURES = ("communication", "conflict", "partnerscore", "commitment")
AT_ONCE = MONDAY - timedelta(days=20)


def store(world: World, *, backwards: bool) -> None:
    """Store what people said, several at one moment, with row ids drawn anew each time."""
    partners = sorted(world.partners.items())
    said = [
        NamedAnswer(
            id=ids.random_id(),
            program=world.program,
            partner=partner,
            rater=UUID(int=10 * place + who),
            role="sales",
            measure=measure,
            value=(3 * place + 4 * who + n) % 11,
            at=AT_ONCE + timedelta(days=n // 3),
        )
        for place, (_, partner) in enumerate(partners)
        for who in range(3)
        for n, measure in enumerate(MEASURES)
    ]
    ledger = [
        Atom(
            program=world.program,
            kind=Atom.Kind.COMPANY,
            partner=partners[0][1],
            measure=measure,
            week=MONDAY.date(),
            band="3–4",
            value=Decimal(value),
            blur_sd=Decimal("0.5"),
            rule_version=1,
        )
        for measure in MEASURES[:2]
        for value in ("4.1", "7.3")
    ]
    NamedAnswer.objects.bulk_create(said[::-1] if backwards else said)
    Atom.objects.bulk_create(ledger[::-1] if backwards else ledger)


@pytest.mark.django_db
@pytest.mark.parametrize("learn", [refit, refit_means])
def test_rows_in_another_order_give_the_same_scores(learn) -> None:
    world, told, learnt = make_world(), [], []
    for backwards in (False, True):
        store(world, backwards=backwards)
        learn(world.program, at=MONDAY + timedelta(days=1))
        rows = PartnerScore.objects.of(world.program).order_by("partner")
        told.append([(row.partner_id, bytes(row.state), row.estimates) for row in rows])
        newest = Fit.objects.of(world.program).order_by("version").last()
        learnt.append(newest.parameters if newest else "")
        NamedAnswer.objects.of(world.program).delete()
        Atom.objects.of(world.program).delete()
    assert learnt[0] == learnt[1]
    assert told[0] == told[1]

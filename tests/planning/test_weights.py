"""Weights in use: of metrics in the composite, and of asks by the chance of their draw."""

from datetime import timedelta

import pytest

from partnerloop.planning.weights import weights_of
from partnerloop.pulses.models import Metric
from tests.world import MONDAY, make_world

pytestmark = pytest.mark.django_db


def test_the_seven_count_the_same_until_a_program_weighs_them() -> None:
    world = make_world()
    told = weights_of(world.program, at=MONDAY)
    assert len(told.shares) == 7
    assert told.are_equal
    assert sum(share for _, share in told.shares) == pytest.approx(1)
    Metric.objects.of(world.program).filter(key="conflict").update(weight=2)
    told = weights_of(world.program, at=MONDAY)
    assert not told.are_equal
    assert max(share for _, share in told.shares) == pytest.approx(2 / 8)


def test_chances_are_those_of_drawn_asks_of_thirteen_weeks() -> None:
    world = make_world()
    old = MONDAY - timedelta(weeks=14)
    chances = {"Ana Keller": 0.2, "Ben Okafor": 0.4, "Eva Lind": 1.0}
    for pulse_at, names in ((MONDAY - timedelta(weeks=1), chances), (old, {"Gita Rao": 0.01})):
        pulse = world.pulse(f"At {pulse_at:%d %m}", launched_at=pulse_at)
        for name, chance in names.items():
            asked = world.ask(name, pulse=pulse, at=pulse_at, keys=("ease",))
            asked.propensity = chance
            asked.save()
    told = weights_of(world.program, at=MONDAY)
    assert (told.least, told.most, told.drawn, told.everybody) == (0.2, 0.4, 2, 1)

"""The change of a list of metrics survives its worker: killed in the middle, nothing is lost."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connections

from partnerloop.core.models import Event, LiveTopic
from partnerloop.core.outbox import LEASE
from partnerloop.loop.worker import work_once
from partnerloop.pulses.measuring import METRICS_CHANGED
from partnerloop.scores import carrying
from partnerloop.scores.carrying import is_behind
from partnerloop.scores.models import Fit, PartnerScore
from partnerloop.scores.refresh import rebuild
from tests.own_metrics import own_metric
from tests.scores.test_row_order import store
from tests.world import MONDAY, World, make_world


def figures(world: World) -> dict[int, dict[str, list[float]]]:
    return dict(PartnerScore.objects.of(world.program).values_list("partner_id", "estimates"))


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_stores_is_followed_by_another() -> None:
    world = make_world()
    store(world, backwards=False)
    rebuild(world.program, at=MONDAY)
    before = figures(world)
    own_metric(world.program, weight="1")
    assert killed_at_the_end()
    assert figures(world) == before
    assert is_behind(world.program)
    assert not Fit.objects.of(world.program).exists()

    later = MONDAY + LEASE + timedelta(seconds=1)
    work_once("next", now=lambda: later)
    assert not is_behind(world.program)
    assert all("our_enablement" in told for told in figures(world).values())
    assert Event.objects.get(kind=METRICS_CHANGED).finished_at == later
    assert LiveTopic.objects.get(program_id=world.program.pk, topic="scorecard").counter == 1


def killed_at_the_end() -> bool:
    """Work in another process that dies with all rows written and nothing committed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        written = carrying.store

        def dying(rows) -> None:
            written(rows)
            os.kill(os.getpid(), signal.SIGKILL)

        carrying.store = dying
        work_once("killed", now=lambda: MONDAY)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)

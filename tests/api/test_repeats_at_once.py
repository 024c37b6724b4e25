"""The same request twice at the same moment: one of them works, all hear its answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from partnerloop.actions.models import FollowUp
from tests.api.conftest import feedback


@pytest.mark.django_db(transaction=True)
def test_four_repeats_at_once_answer_once(world, caller) -> None:
    item, ready = feedback(world, "Deal desk is slow."), Barrier(4)

    def repeat() -> tuple[int, str]:
        ready.wait(10)
        try:
            told = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
            return told.status_code, told.json().get("id", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        heard = [future.result() for future in [pool.submit(repeat) for _ in range(4)]]
    [written] = FollowUp.objects.of(world.program)
    assert heard == [(201, str(written.pk))] * 4

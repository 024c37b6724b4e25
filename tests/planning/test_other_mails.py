"""The second counter: two campaign or idea mails in 30 days, three days from everything else."""

from datetime import datetime, timedelta

import pytest

from partnerloop.loop.asking import launch
from partnerloop.partners.models import Topic
from partnerloop.partners.stopping import stop_asking
from partnerloop.partners.wishing import stop_topic, wait_until
from partnerloop.planning.budget import reach
from partnerloop.planning.models import OtherMail
from partnerloop.planning.other_mails import take_room
from partnerloop.planning.reasons import NotAsked
from tests.world import MONDAY, World


def write(world: World, key: str, *, day: int, topic: Topic = Topic.CAMPAIGNS) -> dict[str, str]:
    at = MONDAY + timedelta(days=day)
    everybody = {person.pk: name for name, person in world.people.items()}
    refused = take_room(world.program, list(everybody), topic=topic, key=key, at=at)
    return {everybody[pk]: reason.key for pk, reason in refused.items()}


def days(world: World) -> list[datetime]:
    ana = world.people["Ana Keller"]
    rows = OtherMail.objects.of(world.program).filter(contact=ana).order_by("at")
    return list(rows.values_list("at", flat=True))


def test_two_in_thirty_days_and_three_days_apart(world: World) -> None:
    wanted = [0, 2, 3, 10, 29, 30, 32, 33]
    refused = [day for day in wanted if write(world, f"mail {day}", day=day)]
    assert refused == [2, 10, 29, 32]
    assert [(at - MONDAY).days for at in days(world)] == [0, 3, 30, 33]


def test_the_same_mail_counts_once_whoever_sends_it_again(world: World) -> None:
    assert write(world, "autumn", day=0) == {}
    assert set(write(world, "autumn", day=5).values()) == {NotAsked.HAD_IT}
    assert len(days(world)) == 1


def test_it_keeps_away_from_asks_and_asks_keep_away_from_it(world: World) -> None:
    launch(world.pulse(), by=world.priya, at=MONDAY)
    assert set(write(world, "a", day=2).values()) == {NotAsked.WRITTEN}
    assert write(world, "a", day=13) == {}
    early = reach(world.pulse("Next"), at=MONDAY + timedelta(days=15))
    assert {left.reason.key for left in early.left} == {NotAsked.WRITTEN}
    assert not reach(world.pulse("Later"), at=MONDAY + timedelta(days=16)).left


@pytest.mark.parametrize("topic", [Topic.CAMPAIGNS, Topic.IDEAS])
def test_who_wants_none_of_them_gets_none(world: World, topic: Topic) -> None:
    stop_topic(world.people["Ana Keller"], Topic.CAMPAIGNS, at=MONDAY)
    stop_asking(world.people["Ben Okafor"], at=MONDAY)
    wait_until(world.people["Dan Novak"], (MONDAY + timedelta(days=9)).date(), at=MONDAY)
    refused = write(world, "autumn", day=0, topic=topic)
    assert refused.get("Ben Okafor") == NotAsked.STOPPED
    assert refused.get("Dan Novak") == NotAsked.SNOOZED
    assert ("Ana Keller" in refused) is (topic == Topic.CAMPAIGNS)

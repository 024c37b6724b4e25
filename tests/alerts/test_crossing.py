"""Signals against their limits: crossed once, back, again after 30 days; unknown is never below."""

from datetime import timedelta
from decimal import Decimal

import pytest

from partnerloop.alerts.crossing import cross
from partnerloop.alerts.limiting import LimitedAlready, Limiting, set_limit, stop_limit
from partnerloop.alerts.models import Alert, Crossing, SignalLimit
from partnerloop.alerts.watching import watch
from partnerloop.partners.models import Partner, Signal
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def limited(world: World, **changes) -> SignalLimit:
    told = {
        "kind": "portal_login",
        "count": "sum",
        "days": 30,
        "side": "below",
        "number": Decimal(1),
        "then": "alert",
        **changes,
    }
    return set_limit(Limiting(**told), by=world.priya, at=MONDAY)


def signal(world: World, partner: str, *, ago: float, value=1, kind: str = "portal_login") -> None:
    Signal.objects.create(
        program=world.program,
        partner=world.partners[partner],
        kind=kind,
        at=MONDAY - ago * DAY,
        value=value,
    )


def crossed(world: World, *, after: float = 0) -> list[tuple[str, Decimal]]:
    noted = cross(world.program, at=MONDAY + after * DAY)
    return [(one.partner.name, one.value) for one in noted]


def alerts(world: World) -> list[Alert]:
    return list(Alert.objects.of(world.program).filter(kind="signal").order_by("opened_on"))


def test_what_stays_away_is_noticed_and_what_never_came_is_unknown(world) -> None:
    limited(world)
    signal(world, "Birk", ago=31)
    signal(world, "Alder & Finch", ago=40)
    signal(world, "Alder & Finch", ago=2)
    assert crossed(world) == [("Birk", Decimal(0))]  # of Cedar nothing was ever received
    [alert] = alerts(world)
    assert (alert.measure, alert.crossing.value, alert.closed_on) == ("portal_login", 0, None)


def test_the_first_signals_of_a_kind_have_not_had_their_days_yet(world) -> None:
    limited(world, number=Decimal(5))
    signal(world, "Birk", ago=3)
    assert crossed(world) == []
    assert crossed(world, after=26) == []
    assert crossed(world, after=27) == [("Birk", Decimal(0))]


def test_it_crosses_once_until_it_was_back_and_thirty_days_passed(world) -> None:
    limited(world)
    signal(world, "Birk", ago=31)
    assert len(crossed(world)) == 1
    assert crossed(world) == []
    assert crossed(world, after=60) == []  # still across: the same crossing
    signal(world, "Birk", ago=-61)
    assert crossed(world, after=62) == []
    [alert] = alerts(world)
    assert alert.closed_on == (MONDAY + 62 * DAY).date()
    assert crossed(world, after=90) == []
    assert len(crossed(world, after=92)) == 1
    assert [one.closed_on is None for one in alerts(world)] == [False, True]


def test_it_does_not_cross_again_within_thirty_days(world) -> None:
    limited(world, kind="ticket", side="above", number=Decimal(3), days=2)
    signal(world, "Birk", ago=0, kind="ticket", value=4)
    assert len(crossed(world)) == 1
    assert crossed(world, after=5) == []
    assert alerts(world)[0].closed_on is not None
    signal(world, "Birk", ago=-10, kind="ticket", value=9)
    assert crossed(world, after=10) == []
    signal(world, "Birk", ago=-30, kind="ticket", value=9)
    assert crossed(world, after=30) == [("Birk", Decimal(9))]


@pytest.mark.parametrize(
    ("count", "number", "expected"),
    [
        ("sum", "11.9", [("Birk", Decimal(12))]),
        ("sum", "12", []),  # the number itself is right
        ("mean", "5.9", [("Birk", Decimal(6))]),
        ("mean", "6", []),
        ("last", "3.9", [("Birk", Decimal(4))]),
        ("last", "4", []),
    ],
)
def test_it_counts_what_the_limit_says_over_its_days(world, count, number, expected) -> None:
    limited(world, kind="days", count=count, side="above", number=Decimal(number))
    signal(world, "Birk", ago=9, kind="days", value=8)
    signal(world, "Birk", ago=1, kind="days", value=4)
    signal(world, "Birk", ago=45, kind="days", value=900)  # before its days
    signal(world, "Birk", ago=-2, kind="days", value=900)  # not yet
    assert crossed(world) == expected


@pytest.mark.parametrize("count", ["mean", "last"])
def test_a_mean_of_nothing_is_unknown_and_closes_what_is_open(world, count) -> None:
    limited(world, kind="days", count=count, side="above", number=Decimal(5))
    signal(world, "Birk", ago=1, kind="days", value=8)
    assert len(crossed(world)) == 1
    assert crossed(world, after=40) == []
    assert alerts(world)[0].closed_on == (MONDAY + 40 * DAY).date()


def test_a_partner_that_ended_is_left_out(world) -> None:
    limited(world)
    signal(world, "Birk", ago=31)
    birk = Partner.objects.of(world.program).filter(name="Birk")
    birk.update(ended_on=MONDAY.date() - DAY)
    assert crossed(world) == []


def test_only_those_asked_about_are_looked_at(world) -> None:
    limited(world)
    signal(world, "Birk", ago=31)
    signal(world, "Cedar", ago=31)
    cedar = world.partners["Cedar"].pk
    assert [one.partner_id for one in cross(world.program, at=MONDAY, partners=[cedar])] == [cedar]


def test_another_program_is_not_looked_at(world) -> None:
    theirs = make_world("contoso")
    limited(world)
    signal(theirs, "Birk", ago=31)
    assert crossed(world) == []
    assert crossed(theirs) == []


def test_stopping_closes_what_it_opened_and_lets_another_be_set(world) -> None:
    limit = limited(world)
    signal(world, "Birk", ago=31)
    crossed(world)
    with pytest.raises(LimitedAlready):
        limited(world, number=Decimal(2))
    stop_limit(limit, by=world.priya, at=MONDAY + DAY)
    assert alerts(world)[0].closed_on == (MONDAY + DAY).date()
    assert not Crossing.objects.of(world.program).filter(back_on=None).exists()
    assert crossed(world, after=40) == []
    limited(world, number=Decimal(2))


def test_watching_for_changes_leaves_it_open(world) -> None:
    limited(world)
    signal(world, "Birk", ago=31)
    crossed(world)
    watch(world.program, at=MONDAY + 70 * DAY)
    assert alerts(world)[0].closed_on is None


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("portal_login", "signal_portal_login_below"),
        ("Portal login", "signal_portal_login_below"),
        ("x" * 60, None),
        ("日本語", None),
    ],
)
def test_its_event_has_a_name_that_a_pulse_can_wait_for(world, kind, event) -> None:
    limit = limited(world, kind=kind)
    assert event is None or limit.event == event
    assert 0 < len(limit.event) <= 40
    assert limit.event.isascii()

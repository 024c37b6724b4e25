"""The page of limits: set one, see where it is crossed, stop it; and the way from a file to it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from partnerloop.accounts.models import Role
from partnerloop.alerts.models import Alert, SignalLimit
from partnerloop.core.models import AuditEntry
from partnerloop.partners.models import Signal
from tests.web.conftest import NOW

PAGE = "pulses/signals/"
WANTED = {
    "kind": "portal_login",
    "count": "sum",
    "days": "30",
    "side": "below",
    "number": "1",
    "then": "alert",
}


@pytest.fixture
def logged_in(pages) -> None:
    for days, partner in ((40, "Birk"), (40, "Cedar"), (2, "Cedar")):
        Signal.objects.create(
            program=pages.world.program,
            partner=pages.world.partners[partner],
            kind="portal_login",
            at=NOW - timedelta(days=days),
            value=3,
        )


def limits(pages) -> list[SignalLimit]:
    return list(SignalLimit.objects.of(pages.world.program))


def test_a_limit_holds_at_once_and_opens_an_alert(pages, chief, logged_in) -> None:
    assert chief.post(pages.url(PAGE), WANTED).status_code == 302
    [limit] = limits(pages)
    assert (limit.days, limit.side, limit.number) == (30, "below", Decimal(1))
    [alert] = Alert.objects.of(pages.world.program)
    assert alert.partner.name == "Birk"
    shown = chief.get(pages.url(PAGE)).text
    assert "sum over 30 days below 1" in shown
    assert AuditEntry.objects.filter(action="signal_limit.set").count() == 1


def test_it_may_be_set_before_the_first_signal_comes(pages, chief) -> None:
    own = {**WANTED, "kind": "::own", "own_kind": " seats ", "count": "last", "number": "2.5"}
    assert chief.post(pages.url(PAGE), own).status_code == 302
    assert [one.kind for one in limits(pages)] == ["seats"]
    assert "last value over 30 days below 2.5" in chief.get(pages.url(PAGE)).text


def test_it_says_which_pulse_asks_or_leads_to_making_one(pages, chief, logged_in) -> None:
    chief.post(pages.url(PAGE), {**WANTED, "then": "pulse"})
    link = pages.url("pulses/events/?event=signal_portal_login_below")
    shown = chief.get(pages.url(PAGE)).text
    assert "no pulse asks yet" in shown
    assert link in shown
    filled = chief.get(link).text
    assert 'value="signal_portal_login_below"' in filled
    asked = {
        "on_event": "own",
        "own_event": "signal_portal_login_below",
        "after_days": "0",
        "people_to_ask": "1",
        "questions": ["event_sell"],
    }
    assert chief.post(link, asked).status_code == 302
    assert "Signal portal login below, at once" in chief.get(pages.url(PAGE)).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "::own", "own_kind": " "}, "Write its name as your systems send it"),
        ({"kind": "::own", "own_kind": "x" * 61}, "A name has at most 60 letters."),
        ({"kind": ""}, "Choose a signal"),
        ({"days": "0"}, "One day is the least."),
        ({"days": "400"}, "A year, 366 days, is the most."),
        ({"days": "many"}, "Write a whole number of days"),
        ({"number": ""}, "Write the number that must not be crossed"),
        ({"number": "five"}, "Write a number, such as 5 or 2.5."),
        ({"number": "NaN"}, "Write a number, such as 5 or 2.5."),
        ({"number": "1e20"}, "No signal is that large."),
        ({"number": "0.0001"}, "Three digits after the point are enough."),
        ({"side": ""}, "Choose below or above."),
        ({"then": ""}, "Choose what follows."),
        ({"count": ""}, "Choose what is looked at"),
    ],
)
def test_what_does_not_fit_is_told(pages, chief, logged_in, wrong, says) -> None:
    answer = chief.post(pages.url(PAGE), {**WANTED, **wrong})
    assert answer.status_code == 400
    assert says in answer.text
    assert limits(pages) == []


def test_the_same_limit_is_set_once(pages, chief, logged_in) -> None:
    chief.post(pages.url(PAGE), WANTED)
    answer = chief.post(pages.url(PAGE), {**WANTED, "number": "2"})
    assert (answer.status_code, "Stop it first" in answer.text) == (400, True)


def test_it_stops_and_closes_its_alerts(pages, chief, logged_in) -> None:
    chief.post(pages.url(PAGE), WANTED)
    [limit] = limits(pages)
    assert chief.post(pages.url(f"{PAGE}{limit.pk}/stop/")).status_code == 302
    assert "sum over 30 days" not in chief.get(pages.url(PAGE)).text
    assert Alert.objects.of(pages.world.program).get().closed_on == NOW.date()
    assert AuditEntry.objects.filter(action="signal_limit.stopped").count() == 1
    assert chief.post(pages.url(f"{PAGE}0/stop/")).status_code == 404


def test_only_those_who_run_the_program_open_it(pages) -> None:
    manager = pages.as_member(pages.manager("Mara", of="Birk"))
    assert manager.get(pages.url(PAGE)).status_code == 403
    assert (
        pages.as_member(pages.member("Xo", Role.EXECUTIVE))
        .post(pages.url(PAGE), WANTED)
        .status_code
        == 403
    )


def test_the_page_of_events_leads_there(pages, chief) -> None:
    assert pages.url(PAGE) in chief.get(pages.url("pulses/events/")).text

"""Alerts leave with released figures only, for partners that the member sees."""

from datetime import timedelta
from decimal import Decimal

from partnerloop.accounts.models import Role
from partnerloop.alerts.limiting import Limiting, set_limit
from partnerloop.alerts.models import Alert
from partnerloop.loop.worker import work_once
from partnerloop.pulses.models import COMPOSITE
from tests.api.conftest import NOW, calling, member


def alert(world, partner: str, **fields) -> Alert:
    given = {
        "measure": COMPOSITE,
        "kind": "drop",
        "opened_on": NOW.date(),
        "before_on": NOW.date() - timedelta(days=90),
        "strength": 3.0,
        **fields,
    }
    return Alert.objects.create(program=world.program, partner=world.partners[partner], **given)


def told(caller) -> list[str]:
    return [one["id"] for one in caller.get("/alerts").json()["alerts"]]


def test_an_alert_whose_figure_is_hidden_is_not_told(world, caller) -> None:
    alert(world, "Birk")
    assert told(caller) == []


def test_open_fresh_alerts_come_with_their_figure(world, caller, heard) -> None:
    heard("Ana Keller", 3)
    here = alert(world, "Alder & Finch")
    alert(world, "Alder & Finch", kind="rise", closed_on=NOW.date())
    old = NOW.date() - timedelta(days=60)
    alert(world, "Alder & Finch", measure="communication", opened_on=old)
    assert told(caller) == [str(here.pk)]
    [one] = caller.get("/alerts").json()["alerts"]
    assert one["figure"]["low"] <= one["figure"]["value"] <= one["figure"]["high"]
    assert set(one) == {"id", "partner_id", "measure", "kind", "opened_on", "figure", "signal"}
    assert one["signal"] is None


def test_a_manager_hears_of_own_partners_only(world, heard) -> None:
    heard("Ana Keller", 3)
    alert(world, "Alder & Finch")
    assert told(calling(member(world, "Mara", Role.MANAGER, of="Birk"))) == []


def test_a_signal_across_its_limit_comes_with_value_and_limit(world, caller) -> None:
    wanted = Limiting("registration_days", "mean", 30, "above", Decimal(5), "alert")
    set_limit(wanted, by=world.priya, at=NOW)
    birk = world.partners["Birk"].pk
    said = [
        {"kind": "registration_days", "partner_id": birk, "at": at.isoformat(), "value": value}
        for at, value in ((NOW - timedelta(days=2), 9), (NOW - timedelta(days=40), 1))
    ]
    assert caller.post("/signals", {"signals": said}, key="one").status_code == 201
    work_once("test", now=lambda: NOW)
    [one] = caller.get("/alerts").json()["alerts"]
    assert (one["partner_id"], one["measure"], one["kind"]) == (birk, "registration_days", "signal")
    assert one["figure"] is None
    assert one["signal"] == {
        "value": 9.0, "count": "mean", "days": 30, "side": "above", "limit": 5.0
    }  # fmt: skip
    assert told(calling(member(world, "Mara", Role.MANAGER, of="Cedar"))) == []
    assert len(told(calling(member(world, "Mia", Role.MANAGER, of="Birk")))) == 1
    better = [{**said[0], "value": 4}]
    caller.post("/signals", {"signals": better}, key="two")
    work_once("test", now=lambda: NOW)
    assert told(caller) == []

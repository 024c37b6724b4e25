"""Alerts leave with released figures only, for partners that the member sees."""

from datetime import timedelta

from partnerloop.accounts.models import Role
from partnerloop.alerts.models import Alert
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
    assert set(one) == {"id", "partner_id", "measure", "kind", "opened_on", "figure"}


def test_a_manager_hears_of_own_partners_only(world, heard) -> None:
    heard("Ana Keller", 3)
    alert(world, "Alder & Finch")
    assert told(calling(member(world, "Mara", Role.MANAGER, of="Birk"))) == []

"""From a file of signals to an alert: by pages, as a channel chief and a machine do it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partnerloop.core import clock
from partnerloop.integrations.keys.issuing import issue
from partnerloop.loop.worker import work_once
from partnerloop.planning.models import WaitingAsk
from tests.world import make_world

pytestmark = pytest.mark.django_db
LIMIT = {"kind": "::own", "count": "sum", "days": "30", "side": "above", "number": "5"}


def test_a_file_of_tickets_opens_an_alert_and_asks_people_there() -> None:
    # Priya limits tickets before the first one comes: an alert, and a question to people there.
    world = make_world()
    world.program.setup_finished_at = world.program.created_at
    world.program.save()
    chief, home = Client(), f"/p/{world.program.slug}"
    chief.force_login(world.priya.user)
    for then in ("alert", "pulse"):
        given = {**LIMIT, "own_kind": "ticket", "then": then}
        assert chief.post(f"{home}/pulses/signals/", given).status_code == 302
    asking = {
        "on_event": "own",
        "own_event": "signal_ticket_above",
        "after_days": "0",
        "people_to_ask": "1",
        "questions": ["touch_technical_support"],
    }
    assert chief.post(f"{home}/pulses/events/", asking).status_code == 302

    # The tickets of the week come as a file.
    day = (clock.now() - timedelta(days=2)).date()
    rows = f"partner,signal,at,value\nBirk,ticket,{day} 09:00,4\nBirk,ticket,{day} 15:00,3\n"
    file = SimpleUploadedFile("signals.csv", rows.encode(), content_type="text/csv")
    columns = chief.post(f"{home}/start/import/", {"file": file}, follow=True)
    run = columns.redirect_chain[-1][0]
    named = {
        f"column-{place}": key for place, key in enumerate(("partner", "signal", "at", "value"))
    }
    chief.post(f"{run}columns/", named, follow=True)
    assert "Saved: 2 rows" in chief.post(f"{run}confirm/", follow=True).text
    while work_once("test", now=clock.now):
        pass

    # Its page says so beside the scores, a machine hears it, and one person there is to be asked.
    birk = world.partners["Birk"]
    page = chief.get(f"{home}/partners/{birk.pk}/").text
    assert "crossed, 7: sum over 30 days above 5" in page
    key = issue("hub", scopes=["alerts:read"], days=1, by=world.priya, at=clock.now()).secret
    heard = Client().get("/api/v1/alerts", headers={"Authorization": f"Bearer {key}"}).json()
    [alert] = heard["alerts"]
    assert (alert["partner_id"], alert["kind"], alert["signal"]["value"]) == (birk.pk, "signal", 7)
    [ask] = WaitingAsk.objects.of(world.program)
    assert (ask.partner, ask.event.kind) == (birk, "signal_ticket_above")

"""Ten thousand invitations through a worker that is killed five times: none is lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from partnerloop.core import ids, outbox
from partnerloop.core.models import Event, Message
from partnerloop.loop.worker import work_once
from partnerloop.partners.models import Contact
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import invitation_token
from tests.integrations.mail_server import Inbox, running
from tests.integrations.test_sending import connect
from tests.world import LONG_AGO, MONDAY, World, make_world

PEOPLE = 10_000
KILLED_AT = (500, 2500, 4500, 6500, 8500)  # mails that had arrived
WORKER = """
import sys
from datetime import datetime
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from partnerloop.loop.worker import work_once
at = datetime.fromisoformat(sys.argv[2])
while work_once("the one that is killed", now=lambda: at):
    pass
"""


@dataclass
class Counting(Inbox):
    """Keeps who got which mail, not ten thousand bodies."""

    numbers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.original_content, bytes)
        head = envelope.original_content.partition(b"\r\n\r\n")[0].decode()
        self.numbers += [
            line.partition(": ")[2]
            for line in head.splitlines()
            if line.lower().startswith("message-id")
        ]
        self.recipients += envelope.rcpt_tos
        return "250 accepted"


def invite(world: World) -> None:
    """Write the invitations of everybody and their events, as a launch does."""
    program = world.program
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), modes=["named"])
    people = Contact.objects.bulk_create(
        Contact(
            program=program,
            name=f"Person {number}",
            email=f"p{number}@alder.example",
            entered_at=LONG_AGO,
            addressed_at=LONG_AGO,
        )
        for number in range(PEOPLE)
    )
    first = world.ask("Ana Keller", pulse=world.pulse("Other"), at=MONDAY, keys=("partnerscore",))
    asks = [_ask(pulse.pk, contact, first) for contact in people]
    Invitation.objects.bulk_create(asks, batch_size=500)
    for start in range(0, PEOPLE, 200):
        numbers = [str(one.pk) for one in asks[start : start + 200]]
        payload = {"program": program.pk, "pulse": pulse.pk, "invitations": numbers}
        happening = outbox.Happening("pulse.launched", f"batch:{start}", program.pk, payload)
        outbox.publish(happening, at=MONDAY)


def _ask(pulse: int, contact: Contact, like: Invitation) -> Invitation:
    pk = ids.random_id()
    return Invitation(
        id=pk,
        program_id=contact.program_id,
        pulse_id=pulse,
        contact=contact,
        partner_id=like.partner_id,
        role="sales",
        token_hash=ids.token_hash(invitation_token(pk)),
        asked=like.asked,
        asked_at=MONDAY,
        expires_at=MONDAY + timedelta(days=28),
    )


def start_worker(at: datetime) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        "DJANGO_SETTINGS_MODULE": "partnerloop.config.settings",
        "PARTNERLOOP_HOME": str(settings.PARTNERLOOP_HOME),
    }
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen([sys.executable, "-c", WORKER, name, at.isoformat()], env=environment)


def wait_for(inbox: Inbox, count: int) -> None:
    until = time.monotonic() + 600
    while len(inbox.recipients) < count:
        assert time.monotonic() < until, f"only {len(inbox.recipients)} mails arrived"
        time.sleep(0.02)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_invitations_survive_five_kills() -> None:
    inbox = Counting()
    with running(inbox) as server:
        world = make_world()
        connect(world, server.port)
        invite(world)
        at, begun = MONDAY, time.monotonic()
        for enough in KILLED_AT:
            worker = start_worker(at)
            wait_for(inbox, enough)
            worker.send_signal(signal.SIGKILL)
            assert worker.wait() == -signal.SIGKILL
            at += outbox.LEASE + timedelta(seconds=1)  # what it held is free again
        while work_once("the next one", now=lambda: at):
            pass
        took = time.monotonic() - begun
    arrived = Counter(inbox.recipients)
    repeats = sum(arrived.values()) - len(arrived)
    sys.stdout.write(
        f"\n{len(arrived)} of {PEOPLE} arrived, {repeats} repeated, {len(KILLED_AT)} kills, "
        f"{took:.0f} s\n"
    )
    assert set(arrived) == {f"p{number}@alder.example" for number in range(PEOPLE)}
    assert repeats <= len(KILLED_AT)
    assert len(set(inbox.numbers)) == PEOPLE  # a mail that came twice says that it is the same one
    assert not Event.objects.filter(finished_at__isnull=True).exists()
    sent = Message.objects.filter(purpose=Message.Purpose.INVITATION, sent_at__isnull=False)
    assert sent.count() == PEOPLE

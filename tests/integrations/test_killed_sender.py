"""A sender that is killed loses no mail, and repeats at most the one in flight."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.integrations.email.sending import send_waiting
from tests.integrations.mail_server import Inbox, running
from tests.integrations.test_sending import connect
from tests.world import MONDAY, make_world

MAILS = 200
SENDER = """
import sys
from datetime import datetime
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from partnerloop.integrations.email.sending import send_waiting
at = datetime.fromisoformat(sys.argv[2])
while send_waiting("the one that is killed", at=at, limit=20):
    pass
"""


def start_sender(at: datetime) -> subprocess.Popen[bytes]:
    source = Path(__file__).parents[2] / "src"
    environment = {
        **os.environ,
        "PYTHONPATH": str(source),
        "DJANGO_SETTINGS_MODULE": "partnerloop.config.settings",
        "PARTNERLOOP_HOME": str(settings.PARTNERLOOP_HOME),
    }
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen([sys.executable, "-c", SENDER, name, at.isoformat()], env=environment)


def wait_for(inbox: Inbox, count: int) -> None:
    for _ in range(1200):
        if len(inbox.mails) >= count:
            return
        time.sleep(0.025)
    raise AssertionError(f"only {len(inbox.mails)} mails arrived")


@pytest.mark.django_db(transaction=True)
def test_a_killed_sender_loses_none_and_repeats_at_most_the_one_in_flight() -> None:
    with running() as server:
        program = connect(make_world(), server.port)
        outbox.post(
            Message(
                key=f"invitation:{number}",
                program_id=program.pk,
                purpose="invitation",
                to=f"p{number}@alder.example",
                subject="How good is it?",
                text="Answer here",
                created_at=MONDAY,
                available_at=MONDAY,
            )
            for number in range(MAILS)
        )
        kills, at = 0, MONDAY
        for enough in (30, 90):
            sender = start_sender(at)
            wait_for(server.inbox, enough)
            sender.send_signal(signal.SIGKILL)
            assert sender.wait() == -signal.SIGKILL
            kills += 1
            at += outbox.LEASE + timedelta(seconds=1)  # what it held is free again
        assert Message.objects.filter(finished_at__isnull=True).exists()
        while send_waiting("the next one", at=at, limit=50):
            pass
        arrived = Counter(server.inbox.recipients)
        twice = sum(arrived.values()) - MAILS
        assert set(arrived) == {f"p{number}@alder.example" for number in range(MAILS)}
        assert 0 <= twice <= kills
        by_id = Counter(str(mail["Message-ID"]) for mail in server.inbox.parsed())
        assert len(by_id) == MAILS  # a mail that came twice says that it is the same one
    assert Message.objects.filter(sent_at__isnull=False).count() == MAILS

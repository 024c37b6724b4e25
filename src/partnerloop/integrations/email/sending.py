"""Sending the mails that wait: each at least once, and twice only if we are killed in between."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.integrations.email.envelopes import wrapped
from partnerloop.integrations.email.failures import ERRORS, Failure, Kind, failure_of
from partnerloop.integrations.email.servers import connection_for, really_sends
from partnerloop.partners.stopping import suppress, suppressed
from partnerloop.programs.models import Program

# A lease lasts 60 s and one mail may take four timeouts of 10 s: nothing is begun after 20 s.
LONGEST_BATCH = 20.0
PAUSE = timedelta(minutes=5)
Purpose = Message.Purpose
# The address of one of these would tell who answered, or who has not yet.
TELLING = (Purpose.REMINDER, Purpose.RECEIPT, Purpose.REPLY)
TO_MEMBERS = (Purpose.SIGN_IN, Purpose.NOTICE, Purpose.TEST)
# What is emptied of a mail that has left: a shelf of mails would tell who answered.
BARE: dict[str, Any] = {"to_name": "", "subject": "", "text": "", "html": "", "headers": {}}
FREE: dict[str, Any] = {"leased_until": None, "leased_by": ""}


def send_waiting(worker: str, *, at: datetime, limit: int) -> int:
    """This will take up to `limit` waiting mails, send them program by program, and count them."""
    by_program: dict[int | None, list[Message]] = defaultdict(list)
    taken = outbox.lease(Message, worker=worker, at=at, limit=limit)
    for message in taken:
        by_program[message.program_id].append(message)
    programs = Program.objects.in_bulk([pk for pk in by_program if pk is not None])
    until = time.monotonic() + LONGEST_BATCH
    for pk, messages in by_program.items():
        program = programs.get(pk) if pk is not None else None
        if program is None or not really_sends(program):
            outbox.finish(messages, at=at)  # they stay here, for the page of the local outbox
        else:
            Batch(program, worker=worker, at=at, until=until).send(messages)
    return len(taken)


@dataclass
class Batch:
    """The mails of one program, sent over one connection."""

    program: Program
    worker: str
    at: datetime
    until: float
    connection: BaseEmailBackend | None = None

    def send(self, messages: Sequence[Message]) -> None:
        """This will send what may be sent, and mark each mail as soon as the server has it."""
        if not self.program.sender_address:
            self._pause(NO_SENDER)
            return
        blocked = _blocked(messages)
        try:
            for place, message in enumerate(messages):
                if time.monotonic() > self.until:
                    self._put_back(messages[place:])
                    return
                if not self._is_ours(message):
                    continue
                failure = BLOCKED if message.pk in blocked else self._deliver(message)
                if failure and failure.kind is Kind.DOWN:
                    self._pause(failure.reason)
                    return
                self._note(message, failure)
        finally:
            self._hang_up()

    def _is_ours(self, message: Message) -> bool:
        """Somebody may have asked us to stop since the batch was taken; the row is gone then."""
        mine = Message.objects.filter(pk=message.pk, leased_by=self.worker)
        return mine.filter(finished_at__isnull=True).exists()

    def _deliver(self, message: Message) -> Failure | None:
        try:
            if self.connection is None:
                self.connection = connection_for(self.program)
                self.connection.open()
            self.connection.send_messages([wrapped(message, program=self.program)])
        except ERRORS as error:
            failure = failure_of(error, host=self.program.smtp_host, port=self.program.smtp_port)
            if failure.kind is not Kind.REFUSED:
                self._hang_up()
            return failure
        return None

    def _note(self, message: Message, failure: Failure | None) -> None:
        row = Message.objects.filter(pk=message.pk)
        finish = partial(row.update, finished_at=self.at, leased_until=None, leased_by="", **BARE)
        if failure is None:
            finish(sent_at=self.at, to="", failure="")
        elif failure.kind is Kind.LATER and message.attempts < outbox.MAX_ATTEMPTS:
            outbox.give_back(message, at=self.at, reason=failure.reason)
        else:
            if failure.is_dead_mailbox:
                suppress(message.to, at=self.at, reason="bounced")
            address = "" if message.purpose in TELLING else message.to
            finish(failure=failure.reason[:300], to=address)

    def _pause(self, reason: str) -> None:
        """Nothing of this program can be sent now: let all of it wait, and lose no try by it."""
        waiting = Message.objects.filter(program_id=self.program.pk, finished_at__isnull=True)
        waiting.filter(leased_by=self.worker).update(attempts=F("attempts") - 1, **FREE)
        waiting.filter(leased_until__isnull=True, available_at__lte=self.at).update(
            available_at=self.at + PAUSE, failure=reason[:300]
        )

    def _put_back(self, messages: Sequence[Message]) -> None:
        mine = Message.objects.filter(pk__in=[m.pk for m in messages], leased_by=self.worker)
        mine.update(attempts=F("attempts") - 1, **FREE)

    def _hang_up(self) -> None:
        if self.connection is None:
            return
        connection, self.connection = self.connection, None
        with contextlib.suppress(OSError):  # the other side may have hung up first
            connection.close()


def _blocked(messages: Sequence[Message]) -> set[UUID]:
    """Say which mails go to addresses that must not be written to; members may always sign in."""
    outward = [message for message in messages if message.purpose not in TO_MEMBERS]
    stopped = suppressed(message.to for message in outward)
    return {message.pk for message in outward if message.to in stopped}


NO_SENDER = "No sender address is set."
BLOCKED = Failure(Kind.REFUSED, "This address is not written to: it bounced or was blocked.")

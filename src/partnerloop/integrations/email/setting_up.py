"""Setting a program's mail server: saved sealed, noted, and the local outbox emptied."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core.models import Message
from partnerloop.integrations.email.sending import BARE
from partnerloop.integrations.email.servers import really_sends
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import seal


@dataclass(frozen=True)
class MailSettings:
    """What the settings page asks for. No password means: keep the one that is saved."""

    host: str
    port: int
    security: str
    user: str
    password: str | None
    sender_name: str
    sender_address: str
    reply_address: str


def set_mail(program: Program, *, given: MailSettings, by: Membership, at: datetime) -> None:
    """This will save how a program sends, and send what waits by the new way."""
    program.smtp_host = given.host.strip()
    program.smtp_port = given.port
    program.smtp_security = given.security
    program.smtp_user = given.user.strip()
    if given.password is not None:
        program.smtp_password_sealed = seal(given.password)
    program.sender_name = given.sender_name.strip()
    program.sender_address = given.sender_address.strip()
    program.reply_address = given.reply_address.strip()
    program.mail_tested_at = None
    with transaction.atomic():
        program.save(update_fields=FIELDS)
        _retry_now(program, at=at)
        if really_sends(program):
            forget_local_mails(program)
        record_by(by, "program.mail_set", target=f"program:{program.pk}", at=at, fields=FIELDS)


def forget_local_mails(program: Program) -> None:
    """This will empty the mails that were kept here: once mails are sent, nobody reads them."""
    kept = Message.objects.filter(
        program_id=program.pk, finished_at__isnull=False, sent_at__isnull=True, failure=""
    )
    kept.update(to="", **BARE)


def _retry_now(program: Program, *, at: datetime) -> None:
    waiting = Message.objects.filter(program_id=program.pk, finished_at__isnull=True)
    waiting.filter(leased_until__isnull=True).update(available_at=at, failure="")


FIELDS = (
    "smtp_host",
    "smtp_port",
    "smtp_security",
    "smtp_user",
    "smtp_password_sealed",
    "sender_name",
    "sender_address",
    "reply_address",
    "mail_tested_at",
)

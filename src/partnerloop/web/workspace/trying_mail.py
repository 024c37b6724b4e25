"""Trying a program's mail: the server is asked, then one mail goes to the reader."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from partnerloop.accounts.models import Membership
from partnerloop.core import ids
from partnerloop.core.models import Message, record_audit
from partnerloop.core.outbox import post
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.checking import Finding, check
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import Sender, TestMail
from partnerloop.integrations.email.rendering import render_test
from partnerloop.integrations.email.servers import really_sends, server_of
from partnerloop.programs.sealing import SealBroken


def try_mail(member: Membership, *, at: datetime) -> Finding:
    """This will ask the server whether it takes our mails, and post one to the reader."""
    program = member.program
    if program.sends_mail:
        try:
            finding = check(server_of(program))
        except SealBroken:
            return Finding(False, "The saved password can't be opened any more: enter it again.")
        if not finding.works:
            return finding
    program.mail_tested_at = at
    with transaction.atomic():
        program.save(update_fields=["mail_tested_at"])
        post([_letter(member, at=at)])
        record_audit(
            "program.mail_tried",
            at=at,
            actor=f"user:{member.user_id}",
            target=f"program:{program.pk}",
            program_id=program.pk,
            fields=("mail_tested_at",),
        )
    if not really_sends(program):
        return Finding(True, "No mail server is set: the test lies on the outbox page.")
    return Finding(True, f"A test mail is on its way to {member.user.email}.")


def _letter(member: Membership, *, at: datetime) -> Message:
    program = member.program
    mail = render_test(
        TestMail(
            sender=Sender(
                program.vendor_name, language=spoken(member.user.language, program.language)
            ),
            program=program.name,
            server=program.smtp_host or "the local outbox",
            url=settings.PARTNERLOOP_URL + reverse("settings", args=[program.slug]),
        )
    )
    return message_of(
        mail,
        to=member.user.email,
        to_name=member.user.name,
        purpose=Message.Purpose.TEST,
        key=f"mail-test:{ids.random_id()}",
        program_id=program.pk,
        at=at,
    )

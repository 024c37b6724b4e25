"""The mail with a sign-in link: a message in the outbox, sent by the program's mail server."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from partnerloop.accounts.models import Membership, SignInLink, User
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import ids
from partnerloop.core.models import Message
from partnerloop.core.outbox import post
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import Sender, SignInMail
from partnerloop.integrations.email.noticing import membership_with_mail
from partnerloop.integrations.email.rendering import render_sign_in

MOST_AT_A_TIME = 3
LIFETIME = timedelta(minutes=15)


def mail_link(user: User, *, onward: str, at: datetime) -> None:
    """This will post a sign-in link to a member, at most three within its lifetime."""
    member = membership_with_mail(user)
    waiting = SignInLink.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at)
    if member is None or waiting.count() >= MOST_AT_A_TIME:
        return
    with transaction.atomic():
        token = make_link(user, at=at, lifetime=LIFETIME)
        address = settings.PARTNERLOOP_URL + reverse("sign-in-link", args=[token])
        query = f"?{urlencode({'next': onward})}" if onward else ""
        post([_letter(member, url=address + query, at=at)])


def _letter(member: Membership, *, url: str, at: datetime) -> Message:
    language = spoken(member.user.language, member.program.language)
    mail = render_sign_in(
        SignInMail(
            sender=Sender(member.program.vendor_name, language=language),
            url=url,
            minutes=LIFETIME.seconds // 60,
            name=member.user.name,
        )
    )
    return message_of(
        mail,
        to=member.user.email,
        to_name=member.user.name,
        purpose=Message.Purpose.SIGN_IN,
        key=f"sign-in:{ids.random_id()}",
        program_id=member.program_id,
        at=at,
    )

"""The mail with a sign-in link: a message in the outbox, sent by the program's mail server."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from partnerloop.accounts.models import Membership, SignInLink, User
from partnerloop.accounts.signing_in import make_link
from partnerloop.core import ids
from partnerloop.core.models import Message
from partnerloop.core.outbox import post

MOST_AT_A_TIME = 3
LIFETIME = timedelta(minutes=15)


def mail_link(user: User, *, onward: str, at: datetime) -> None:
    """This will post a sign-in link to a member, at most three within its lifetime."""
    waiting = SignInLink.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at)
    member = (
        Membership.objects.across_programs()
        .filter(user=user, ended_on__isnull=True)
        .select_related("program")
        .order_by("program__smtp_host", "pk")
        .last()
    )
    if member is None or waiting.count() >= MOST_AT_A_TIME:
        return
    with transaction.atomic():
        address = reverse("sign-in-link", args=[make_link(user, at=at, lifetime=LIFETIME)])
        query = f"?{urlencode({'next': onward})}" if onward else ""
        shown = {"user": user, "link": f"{settings.PARTNERLOOP_URL}{address}{query}"}
        letter = Message(
            key=f"sign-in:{ids.random_id()}",
            program_id=member.program_id,
            purpose=Message.Purpose.SIGN_IN,
            to=user.email,
            to_name=user.name,
            subject="Your sign-in link for Partnerloop",
            text=render_to_string("mail/sign_in.txt", shown),
            created_at=at,
            available_at=at,
        )
        post([letter])

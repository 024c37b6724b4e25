"""Notices to members: how they sign in was changed, or a webhook stopped."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core import ids
from partnerloop.core.models import Message
from partnerloop.core.outbox import post
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import NoticeMail, Sender
from partnerloop.integrations.email.rendering import RenderedMail, render_notice
from partnerloop.programs.models import Program


class AccountChange(StrEnum):
    """What was changed about how somebody signs in; named as the audit log names it."""

    PASSWORD_SET = "account.password_set"  # noqa: S105 - a name, not a password
    APP_SET = "account.app_set"
    APP_REMOVED = "account.app_removed"
    CODES_RENEWED = "account.codes_renewed"
    PASSKEY_ADDED = "account.passkey_added"
    PASSKEY_REMOVED = "account.passkey_removed"
    RESET = "account.second_step_reset"


def mail_account_notice(user: User, change: AccountChange, *, at: datetime) -> None:
    """This will tell a user that somebody, they or another, changed how they sign in.

    The mail holds no link that lets anybody in. Without a membership there is no mail server.
    """
    member = membership_with_mail(user)
    if member is None:
        return
    language = spoken(user.language, member.program.language)
    zone = user.time_zone or member.program.time_zone
    with override(language):
        mail = render_notice(
            NoticeMail(
                sender=Sender(member.program.vendor_name, language=language),
                title=_title(change),
                sentences=(_when(at, zone), *_advice()),
                url=f"{settings.PARTNERLOOP_URL}/account/",
                action=gettext("Open your account"),
                name=user.name,
            )
        )
    # As sign-in mails these never lie on the outbox page: they are nobody else's business.
    post([_message(mail, member, purpose=Message.Purpose.SIGN_IN, key="account", at=at)])


def mail_webhook_stopped(
    program: Program, *, host: str, why: str, path: str, key: str, at: datetime
) -> None:
    """This will tell those who answer for a program that one of its webhooks stopped."""
    posted = []
    for member in _answering_for(program):
        language = spoken(member.user.language, program.language)
        with override(language):
            mail = render_notice(
                NoticeMail(
                    sender=Sender(program.vendor_name, language=language),
                    title=gettext("The webhook at {host} stopped").format(host=host),
                    sentences=(
                        why,
                        gettext("What waits for it is kept. Put the receiver right, then resume."),
                    ),
                    url=f"{settings.PARTNERLOOP_URL}{path}",
                    action=gettext("Look at the webhook"),
                    name=member.user.name,
                )
            )
        posted.append(_message(mail, member, purpose=Message.Purpose.NOTICE, key=key, at=at))
    post(posted)


def membership_with_mail(user: User) -> Membership | None:
    """Return a membership whose program has a mail server, if there is one."""
    found = Membership.objects.across_programs().filter(user=user, ended_on__isnull=True)
    return found.select_related("user", "program").order_by("program__smtp_host", "pk").last()


def _title(change: AccountChange) -> str:
    return {
        AccountChange.PASSWORD_SET: gettext("Your password was set"),
        AccountChange.APP_SET: gettext("An app for codes was added to your account"),
        AccountChange.APP_REMOVED: gettext("Codes of an app are asked for no more"),
        AccountChange.CODES_RENEWED: gettext("Your recovery codes were renewed"),
        AccountChange.PASSKEY_ADDED: gettext("A passkey was added to your account"),
        AccountChange.PASSKEY_REMOVED: gettext("A passkey was removed from your account"),
        AccountChange.RESET: gettext("Your second step was taken away"),
    }[change]


def _when(at: datetime, zone: str) -> str:
    with timezone.override(ZoneInfo(zone)):
        when = date_format(timezone.localtime(at), "j F Y, H:i")
    return gettext("It happened on {when} ({zone}).").format(when=when, zone=zone)


def _advice() -> Sequence[str]:
    return (
        gettext("Was it you? Then there is nothing to do."),
        gettext(
            "If not: open your account, sign out everywhere else, set a new password, and tell"
            " those who run the program."
        ),
    )


def _answering_for(program: Program) -> Sequence[Membership]:
    """Return the owners, or the channel chiefs where there is no owner."""
    rows = Membership.objects.of(program).filter(ended_on__isnull=True, user__is_active=True)
    rows = rows.select_related("user", "program").order_by("pk")
    owners = list(rows.filter(role=Role.OWNER))
    return owners or list(rows.filter(role=Role.CHIEF))


def _message(
    mail: RenderedMail, to: Membership, *, purpose: Message.Purpose, key: str, at: datetime
) -> Message:
    return message_of(
        mail,
        to=to.user.email,
        to_name=to.user.name,
        purpose=purpose,
        key=f"{key}:{to.user_id}:{ids.random_id()}",
        program_id=to.program_id,
        at=at,
    )

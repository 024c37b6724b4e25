"""Pages that say one thing: a link that leads nowhere, is closed, or has been used."""

from django.utils.translation import gettext

from partnerloop.web.respond.pages import Letterhead, Links, NoticePage


def unknown_link(*, language: str = "en") -> NoticePage:
    """Return what is shown for a link nobody knows, without saying whether it ever was one."""
    return NoticePage(
        Letterhead("Partnerloop", language=language),
        title=gettext("This link doesn’t lead anywhere"),
        text=gettext(
            "It may have been cut off in the mail, or what it led to was erased. Open the link in "
            "the mail again; if that doesn’t help, ask the person who sent it."
        ),
    )


def expired_link(letterhead: Letterhead, *, links: Links | None = None) -> NoticePage:
    """Return what is shown when a pulse is over: nothing is lost, and there is another way."""
    ways = links or Links()
    text = gettext("They were open until the pulse ended.")
    if ways.tell_us_now:
        text += " " + gettext("What you want to say still counts: tell us now.")
    return NoticePage(
        letterhead, title=gettext("These questions are closed"), text=text, links=ways
    )


def spent_link(letterhead: Letterhead, *, links: Links | None = None) -> NoticePage:
    """Return what is shown for a link whose answer can no longer be changed by it."""
    return NoticePage(
        letterhead,
        title=gettext("This link has been used"),
        text=gettext(
            "What was sent by it is in, and this link leads to it no more. If you kept your "
            "private receipt, open that: it shows what became of your words."
        ),
        links=links or Links(),
    )

"""Letters as mails: a subject, a true text part and an HTML part with inline styles.

Pure functions of the letter: nothing here reads the database or the clock.
"""

from dataclasses import dataclass
from pathlib import Path

from django.template import Context, Engine
from django.utils.translation import gettext, override

from partnerloop.integrations.email.letters import (
    InvitationMail,
    MembershipMail,
    NoticeMail,
    OwnLinkMail,
    PortalMail,
    ReceiptMail,
    RecordedNotice,
    ReplyNotice,
    SignInMail,
    TestMail,
)

Letter = (
    InvitationMail
    | ReceiptMail
    | RecordedNotice
    | ReplyNotice
    | SignInMail
    | MembershipMail
    | PortalMail
    | NoticeMail
    | OwnLinkMail
    | TestMail
)

LONGEST_SUBJECT = 200

_TEMPLATES = [str(Path(__file__).parent / "templates")]
_LIBRARIES = {"i18n": "django.templatetags.i18n"}
_html = Engine(dirs=_TEMPLATES, libraries=_LIBRARIES)
_text = Engine(dirs=_TEMPLATES, libraries=_LIBRARIES, autoescape=False)


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail ready to be put into a Message."""

    subject: str
    text: str
    html: str


def render_invitation(letter: InvitationMail) -> RenderedMail:
    """Return the mail that asks: its first question is its subject."""
    return _rendered("invitation", letter, subject=letter.question.text)


def render_receipt(letter: ReceiptMail) -> RenderedMail:
    """Return the mail with the private receipt."""
    with override(letter.sender.language):
        subject = gettext("Your receipts: what becomes of what you say")
    return _rendered("receipt", letter, subject=subject)


def render_reply_notice(letter: ReplyNotice) -> RenderedMail:
    """Return the mail that tells of an answer."""
    with override(letter.sender.language):
        subject = gettext("{vendor} answered what you said").format(vendor=letter.sender.vendor)
    return _rendered("reply", letter, subject=subject)


def render_recorded(letter: RecordedNotice) -> RenderedMail:
    """Return the mail that tells of answers that a member wrote down."""
    with override(letter.sender.language):
        subject = gettext("What {author} wrote down in your name").format(author=letter.author)
    return _rendered("recorded", letter, subject=subject)


def render_own_link(letter: OwnLinkMail) -> RenderedMail:
    """Return the mail with the questions that a person asked for."""
    with override(letter.sender.language):
        subject = gettext("Your questions from {vendor}").format(vendor=letter.sender.vendor)
    return _rendered("own_link", letter, subject=subject)


def render_sign_in(letter: SignInMail) -> RenderedMail:
    """Return the mail with a sign-in link."""
    with override(letter.sender.language):
        subject = gettext("Your sign-in link for {vendor}").format(vendor=letter.sender.vendor)
    return _rendered("sign_in", letter, subject=subject)


def render_membership(letter: MembershipMail) -> RenderedMail:
    """Return the mail that invites a person to become a member."""
    with override(letter.sender.language):
        subject = gettext("Join {program} of {vendor}").format(
            program=letter.program, vendor=letter.sender.vendor
        )
    return _rendered("membership", letter, subject=subject)


def render_portal(letter: PortalMail) -> RenderedMail:
    """Return the mail with a link to a partner's own pages."""
    with override(letter.sender.language):
        subject = gettext("{partner} with {vendor}: your pages").format(
            partner=letter.partner, vendor=letter.sender.vendor
        )
    return _rendered("portal", letter, subject=subject)


def render_notice(letter: NoticeMail) -> RenderedMail:
    """Return the mail that tells a member what they should know; its title is its subject."""
    return _rendered("notice", letter, subject=letter.title)


def render_test(letter: TestMail) -> RenderedMail:
    """Return the mail that proves the settings."""
    with override(letter.sender.language):
        subject = gettext("Test: {program} can send mail").format(program=letter.program)
    return _rendered("test", letter, subject=subject)


def _rendered(name: str, letter: Letter, *, subject: str) -> RenderedMail:
    # One line, whatever a program wrote into its name: a line break would start a new header.
    line = " ".join(subject.split())[:LONGEST_SUBJECT]
    with override(letter.sender.language):
        text = _text.get_template(f"{name}.txt").render(
            Context({"mail": letter, "subject": line}, autoescape=False)
        )
        html = _html.get_template(f"{name}.html").render(Context({"mail": letter, "subject": line}))
    return RenderedMail(subject=line, text=_tidy(text), html=html)


def _tidy(text: str) -> str:
    # Optional paragraphs leave blank lines behind; a reader should not see that they were optional.
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"

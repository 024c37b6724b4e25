"""The letter of an invitation, filled and put into an envelope."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from partnerloop.core import ids
from partnerloop.core.models import Message
from partnerloop.core.speaking import direction, spoken
from partnerloop.integrations.email.envelopes import in_thread_of, one_click_stop
from partnerloop.integrations.email.letters import FirstQuestion, FootLinks, InvitationMail, Sender
from partnerloop.integrations.email.rendering import render_invitation
from partnerloop.integrations.email.servers import really_sends
from partnerloop.planning.addressing import last_asked, to_the_person
from partnerloop.planning.quiet import hours_of, next_moment, zone_of
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import answer_url, invitation_token, less_url, now_url, stop_url
from partnerloop.pulses.wording import with_vendor

USUAL = 2  # ratings after the first question: worth a word instead of a figure


def message_for(invitation: Invitation, *, at: datetime) -> Message:
    """This will write the mail that asks; its key makes it the only one of this invitation."""
    token = invitation_token(invitation.pk)
    letter = _letter(invitation, token, name=invitation.contact.name)
    message = _message(letter, invitation, at=at)
    message.key = f"invitation:{invitation.pk}"
    message.purpose = Message.Purpose.INVITATION
    message.subject_ref = f"pulse:{invitation.pulse_id}"
    message.to = invitation.contact.email
    message.to_name = invitation.contact.name
    message.headers = one_click_stop(stop_url(token))
    if really_sends(invitation.program):
        message.available_at = _good_moment(invitation, at=at)
    return message


def reminder_for(invitation: Invitation, *, of: Message, at: datetime) -> Message:
    """This will write the one reminder: the same ask and link, in the thread of the first."""
    with override(_language(invitation)):
        note = gettext("This is our only reminder. If you would rather not answer, do nothing.")
    token = invitation_token(invitation.pk)
    letter = replace(_letter(invitation, token, name=invitation.contact.name), reminder=note)
    message = _message(letter, invitation, at=at)
    message.key = f"reminder:{invitation.pk}"
    message.purpose = Message.Purpose.REMINDER
    message.subject_ref = f"pulse:{invitation.pulse_id}"
    message.to = invitation.contact.email
    message.to_name = invitation.contact.name
    message.headers = {
        **one_click_stop(stop_url(token)),
        **in_thread_of(of, program=invitation.program),
    }
    return message


def _good_moment(invitation: Invitation, *, at: datetime) -> datetime:
    """Return when the mail may arrive: in the reader's working hours, while the pulse is open."""
    program = invitation.program
    zone = zone_of(invitation.contact, program=program)
    moment = next_moment(hours_of(program), zone=zone, at=at)
    return moment if moment < invitation.expires_at else at


def test_message(draft: Invitation, *, to: str, name: str, at: datetime) -> Message:
    """This will write the same mail to oneself. Its token belongs to no stored invitation."""
    letter = replace(
        _letter(draft, invitation_token(draft.pk), name=name),
        reminder=gettext(
            "This is a test to yourself: nobody was asked, and its links lead nowhere."
        ),
    )
    message = _message(letter, draft, at=at)
    message.key = f"test:{ids.random_id()}"
    message.purpose = Message.Purpose.TEST
    message.subject_ref = f"pulse:{draft.pulse_id}"
    message.to = to
    message.to_name = name
    message.subject = gettext("Test: {subject}").format(subject=message.subject)
    return message


def _message(letter: InvitationMail, invitation: Invitation, *, at: datetime) -> Message:
    mail = render_invitation(letter)
    return Message(
        program_id=invitation.program_id,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        created_at=at,
        available_at=at,
    )


def _letter(invitation: Invitation, token: str, *, name: str) -> InvitationMail:
    program = invitation.program
    questions = asked_questions(program.pk, invitation.asked)
    first, language = questions[0], _language(invitation)
    with override(language):
        return InvitationMail(
            sender=_sender(program, language),
            question=FirstQuestion(
                text=with_vendor(first.text, vendor=program.vendor_name),
                low=first.low,
                high=first.high,
                language=first.language,
            ),
            answer_url=answer_url(token),
            rest=_rest(questions[1:]),
            name=name,
            modes=_modes(invitation.pulse.modes),
            why=to_the_person(
                role=invitation.role,
                partner=invitation.partner.name,
                last=last_asked(invitation.contact, before=invitation.asked_at),
            ),
            links=FootLinks(
                tell_us_now=now_url(token),
                less_often=less_url(token),
                stop=stop_url(token),
                privacy=f"{settings.PARTNERLOOP_URL}/promise/{program.slug}",
            ),
        )


def _language(invitation: Invitation) -> str:
    """Return the language around the questions: theirs, where there are words of ours in it."""
    first = asked_questions(invitation.program_id, invitation.asked)[0]
    person = (invitation.contact.language, invitation.partner.language)
    return spoken(first.language, *person, invitation.program.language)


def _sender(program: Program, language: str) -> Sender:
    return Sender(
        vendor=program.vendor_name,
        address=program.reply_address or program.sender_address,
        language=language,
        direction=direction(language),
    )


def _rest(questions: list[AskedQuestion]) -> str:
    """Say how much more there is, truly: "Two more ratings and one line, under a minute."."""
    ratings = sum(question.is_rated for question in questions)
    parts = []
    if ratings == USUAL:
        parts.append(gettext("two more ratings"))
    elif ratings:
        more = ngettext("one more rating", "{count} more ratings", ratings)
        parts.append(more.format(count=ratings))
    if ratings < len(questions):
        parts.append(gettext("one line of text"))
    if not parts:
        return ""
    told = gettext(" and ").join(parts)
    return gettext("{parts}, under a minute.").format(parts=told[:1].upper() + told[1:])


def _modes(modes: list[str]) -> str:
    """Say who may know it was you, and that a reply is no way to stay unknown."""
    reply = gettext("If you reply to this mail instead, people there read it with your name.")
    return f"{_choice(modes)} {reply}"


def _choice(modes: list[str]) -> str:
    if len(modes) > 1:
        return gettext("You decide there who may know it was you.")
    if modes == [Mode.NAMED]:
        return gettext("Your answer is seen with your name.")
    return gettext("Your answer is never shown with your name.")

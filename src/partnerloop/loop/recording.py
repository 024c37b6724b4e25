"""Writing down a talk: a check-in with people of one partner, or an advisory or focus group.

The answers pass through the vendor's hands, so they are named, and each person gets a mail with
which to look at them and change them: nobody is quoted behind their back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.core import ids, outbox
from partnerloop.core.models import Message
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import FootLinks, RecordedNotice, Sender
from partnerloop.integrations.email.rendering import render_recorded
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.hearing import hear_visitor
from partnerloop.loop.receiving import receive
from partnerloop.partners.models import Affiliation
from partnerloop.partners.stopping import suppressed
from partnerloop.planning.reasons import Asked
from partnerloop.planning.talking import lately_written_down, questions_in_talk
from partnerloop.planning.waiting import settle
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.tokens import answer_url, invitation_token, now_url
from partnerloop.pulses.wording import languages_for, words_for
from partnerloop.responses.accepted import Submission

MAY_CHANGE = timedelta(days=28)
MOST_PRESENT = 30


class NobodyPresent(Exception):
    """A talk without people who said something is none."""


class WrittenDownLately(Exception):
    """The same person's answers were written down less than a week ago."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What one person present is asked: wordings, in order."""

    place: Affiliation
    wordings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person present said: ratings by wording, and words of their own."""

    place: Affiliation
    asked: tuple[int, ...]
    ratings: Mapping[int, int | None]
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was written down of this person."""
        return not self.ratings and not self.words.strip()


def questions_for(
    present: Sequence[Affiliation], *, way: Pulse.Way, by: Membership, at: datetime
) -> list[Questions]:
    """This will return what to ask the people present, in the words of who writes it down."""
    program = by.program
    unsent = Pulse(
        program=program,
        way=way,
        modes=[Mode.NAMED],
        asks_open_question=False,
        seed=crc32(f"{program.pk}:{at.date()}".encode()),
    )
    chosen = questions_in_talk(unsent, present, at=at)
    wanted = {question.pk for each in chosen for question in each.questions}
    languages = (by.user.language or program.language, *languages_for(program))
    words = words_for(wanted, program=program, languages=languages)
    where = {place.contact_id: place for place in present}
    return [
        Questions(
            where[each.person.contact_id],
            tuple(words[question.pk].pk for question in each.questions),
        )
        for each in chosen
    ]


@transaction.atomic
def record(
    name: str, said: Sequence[Statement], *, way: Pulse.Way, by: Membership, at: datetime
) -> Pulse:
    """This will store a talk: a named answer for each person, their words, and a mail to each."""
    program = by.program
    if Mode.NAMED not in program.modes_offered:
        raise NoModeOffered
    heard = [one for one in said if not one.is_empty]
    if not heard:
        raise NobodyPresent
    # one at a time in a program: two members who write the same talk down would count it twice
    Program.objects.select_for_update().get(pk=program.pk)
    if lately_written_down(program, [one.place.contact_id for one in heard], at=at):
        raise WrittenDownLately
    pulse = Pulse.objects.create(
        program=program,
        name=name[:120],
        way=way,
        modes=[Mode.NAMED.value],
        asks_open_question=False,
        created_at=at,
        created_by=by,
        launched_at=at,
        launched_by=by,
        closes_at=at + MAY_CHANGE,
    )
    asks = [_ask(pulse, one, at=at) for one in heard]
    settle(program, asks, at=at)
    for ask, one in zip(asks, heard, strict=True):
        _store(ask, one, at=at)
    _tell(pulse, asks, by=by, at=at)
    record_by(by, "talk.written_down", target=f"pulse:{pulse.pk}", at=at)
    return pulse


def _ask(pulse: Pulse, one: Statement, *, at: datetime) -> Invitation:
    pk = ids.random_id()
    return Invitation.objects.create(
        id=pk,
        program_id=pulse.program_id,
        pulse=pulse,
        contact=one.place.contact,
        partner=one.place.partner,
        role=one.place.role,
        token_hash=ids.token_hash(invitation_token(pk)),
        asked=list(one.asked),
        asked_at=at,
        expires_at=at + MAY_CHANGE,
        reason=Asked.TALK,
    )


def _store(ask: Invitation, one: Statement, *, at: datetime) -> None:
    if one.ratings:
        receive(ask, Submission(Mode.NAMED, dict(one.ratings)), at=at)
    if one.words.strip():
        hear_visitor(one.place.contact, one.place.partner, one.words, at=at)


def _tell(pulse: Pulse, asks: Sequence[Invitation], *, by: Membership, at: datetime) -> None:
    """Mail each person what was written down in their name; these mails are no asks."""
    blocked = suppressed(ask.contact.email for ask in asks)
    outbox.post(_notice(ask, by=by, at=at) for ask in asks if ask.contact.email not in blocked)


def _notice(ask: Invitation, *, by: Membership, at: datetime) -> Message:
    program, contact = by.program, ask.contact
    letter = RecordedNotice(
        sender=Sender(
            vendor=program.vendor_name,
            address=program.reply_address or program.sender_address,
            language=spoken(contact.language, ask.partner.language, program.language),
        ),
        url=answer_url(invitation_token(ask.pk)),
        author=by.user.name,
        name=contact.name,
        links=FootLinks(tell_us_now=now_url(invitation_token(ask.pk))),
    )
    mail = render_recorded(letter)
    return message_of(
        mail,
        to=contact.email,
        to_name=contact.name,
        purpose=Message.Purpose.RECEIPT,
        key=f"recorded:{ask.pk}",
        program_id=program.pk,
        at=at,
    )

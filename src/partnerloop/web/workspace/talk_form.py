"""The two steps of writing a talk down: who was there, then what each of them said."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models.functions import Lower

from partnerloop.accounts.models import Membership
from partnerloop.loop.hearing import LONGEST
from partnerloop.loop.recording import Questions, Statement
from partnerloop.partners.models import Affiliation, Partner
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.wording import with_vendor
from partnerloop.web.components import Scale0to10

SALT = "partnerloop.talk"
FOR = timedelta(days=1)
CANNOT_JUDGE = "none"
VALUES = {str(value): value for value in range(11)}
ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


class CannotBeRead(Exception):
    """The form was changed, is older than a day, or names people that the member sees no more."""


@dataclass(frozen=True, slots=True)
class Block:
    """What one person present is asked, as the page shows it."""

    place: Affiliation
    scales: Sequence[Scale0to10]
    words_name: str
    words: str
    error: str = ""


def places_seen(member: Membership, *, at: datetime) -> Any:
    """This will return where people work now, at partners that the member sees."""
    seen = Partner.objects.of(member.program_id).active(at.date()).visible_to(member, at.date())
    works = Affiliation.objects.of(member.program_id).current(at.date()).filter(partner__in=seen)
    return works.select_related("contact", "partner").order_by("contact__name", "pk")


def by_addresses(text: str, places: Any) -> tuple[list[Affiliation], list[str]]:
    """This will find people by their addresses; those that nobody seen has come second."""
    wanted = list(dict.fromkeys(address.lower() for address in ADDRESS.findall(text)))
    rows = places.annotate(address=Lower("contact__email")).filter(address__in=wanted)
    found: dict[str, Affiliation] = {}
    for place in rows:
        found.setdefault(place.contact.email.lower(), place)
    unknown = [address for address in wanted if address not in found]
    return [found[address] for address in wanted if address in found], unknown


def sealed(name: str, asked: Sequence[Questions]) -> str:
    """This will carry to the second step who was there and what they are asked, unchangeable."""
    people = [[one.place.pk, list(one.wordings)] for one in asked]
    return signing.dumps([name, people], salt=SALT)


def unsealed(token: str, places: Any) -> tuple[str, list[Questions]]:
    """This will return what `sealed` carried, or raise `CannotBeRead`."""
    try:
        name, people = signing.loads(token, salt=SALT, max_age=FOR)
    except (signing.BadSignature, ValueError):
        raise CannotBeRead from None
    rows = {place.pk: place for place in places.filter(pk__in=[pk for pk, _ in people])}
    if len(rows) != len(people):
        raise CannotBeRead
    return name, [Questions(rows[pk], tuple(wordings)) for pk, wordings in people]


def blocks(
    asked: Sequence[Questions], fields: Mapping[str, str], member: Membership
) -> list[Block]:
    """This will show what to ask each person, with what was filled in."""
    vendor = member.program.vendor_name
    return [
        Block(
            place=one.place,
            scales=[
                _scale(one.place, question, fields, vendor)
                for question in asked_questions(member.program_id, one.wordings)
                if question.is_rated
            ],
            words_name=_words_name(one.place),
            words=fields.get(_words_name(one.place), ""),
            error=_too_long(fields.get(_words_name(one.place), "")),
        )
        for one in asked
    ]


def statements(
    asked: Sequence[Questions], fields: Mapping[str, str], member: Membership
) -> list[Statement]:
    """This will read what each person said; what is no number from 0 to 10 is left out."""
    said = []
    for one in asked:
        ratings: dict[int, int | None] = {}
        for question in asked_questions(member.program_id, one.wordings):
            given = fields.get(_rating_name(one.place, question), "")
            if question.is_rated and given == CANNOT_JUDGE:
                ratings[question.wording_id] = None
            elif question.is_rated and given in VALUES:
                ratings[question.wording_id] = VALUES[given]
        words = fields.get(_words_name(one.place), "").strip()
        said.append(Statement(one.place, one.wordings, ratings, words))
    return said


def _scale(
    place: Affiliation, question: AskedQuestion, fields: Mapping[str, str], vendor: str
) -> Scale0to10:
    name = _rating_name(place, question)
    return Scale0to10(
        name=name,
        question=with_vendor(question.text, vendor=vendor),
        low=question.low,
        high=question.high,
        chosen=fields.get(name, ""),
    )


def _rating_name(place: Affiliation, question: AskedQuestion) -> str:
    return f"p{place.contact_id}-q{question.wording_id}"


def _words_name(place: Affiliation) -> str:
    return f"p{place.contact_id}-words"


def _too_long(words: str) -> str:
    if len(words.strip()) <= LONGEST:
        return ""
    over = len(words.strip()) - LONGEST
    return f"That is {over} characters too long; shorten it to {LONGEST}."

"""Seeing a pulse before it is sent: who is asked what, who is not, and what to expect."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from partnerloop.partners.models import Affiliation, Contact
from partnerloop.partners.segmenting import Place, matching, places
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.answerable import Burden, burden
from partnerloop.planning.answering import Share, usual_share
from partnerloop.planning.budget import Asks, Left, Reach, asks_of, reach, refusal
from partnerloop.planning.choosing import Chosen, choose
from partnerloop.planning.distance import other_mails_of_late
from partnerloop.planning.reasons import HEADINGS, NotAsked, Reason, sentence
from partnerloop.pulses.models import Metric, Pulse, Question
from partnerloop.pulses.wording import with_vendor, words_for

SAMPLE = 8
SEGMENT_KEYS = ("type", "tier", "region")


@dataclass(frozen=True)
class Count:
    """How many people belong to one group of the preview."""

    label: str
    people: int


@dataclass(frozen=True)
class LeftOut:
    """Why a number of people are not asked, with the sentence of one of them."""

    key: NotAsked
    heading: str
    people: int
    example: str


@dataclass(frozen=True)
class SampleRow:
    """What one person would be asked, in their words."""

    contact_id: int
    name: str
    partner: str
    role: str
    questions: list[str]
    reason: str


@dataclass(frozen=True)
class Named:
    """One person that a pulse drew."""

    name: str
    partner: str
    role: str


@dataclass(frozen=True)
class Preview:
    """A pulse before it is sent. `drawn` names everybody where only some are asked."""

    people: int
    could_be_asked: int
    drawn: list[Named]
    fingerprint: str
    partners: int
    share: Share
    by_role: list[Count]
    by_dimension: list[Count]
    by_segment: dict[str, list[Count]]
    sample: list[SampleRow]
    left_out: list[LeftOut]
    burden: Sequence[Burden]

    @property
    def expected_answers(self) -> int:
        return round(self.people * self.share.value)

    @property
    def not_asked(self) -> int:
        return sum(row.people for row in self.left_out)


@dataclass(frozen=True)
class Plan:
    """Who would be asked what by a pulse at a moment."""

    chosen: list[Chosen]
    left: list[Left]
    could_be_asked: int

    @property
    def fingerprint(self) -> str:
        """Return a short mark of the people, by which a launch knows that they are the same."""
        people = ",".join(str(pk) for pk in sorted(one.person.contact_id for one in self.chosen))
        return hashlib.sha256(people.encode()).hexdigest()[:16]


def plan(pulse: Pulse, *, at: datetime) -> Plan:
    """This will choose people and questions; sending does exactly what was previewed."""
    found: Reach = reach(pulse, at=at)
    choice = choose(pulse, found.askable, at=at)
    return Plan(
        chosen=choice.chosen,
        left=[*found.left, *choice.left],
        could_be_asked=choice.could_be_asked,
    )


def preview(pulse: Pulse, *, at: datetime) -> Preview:
    """This will say who is asked what, who is not and why, and how many answers to expect."""
    planned = plan(pulse, at=at)
    names = dict(Metric.objects.of(pulse.program_id).values_list("key", "name"))
    share = usual_share(pulse.program, at=at)
    return Preview(
        people=len(planned.chosen),
        could_be_asked=planned.could_be_asked,
        drawn=_drawn(planned),
        fingerprint=planned.fingerprint,
        partners=len({chosen.person.partner_id for chosen in planned.chosen}),
        share=share,
        by_role=_counted(chosen.person.role for chosen in planned.chosen),
        by_dimension=_counted(
            names.get(question.measure) or _labelled(question)
            for chosen in planned.chosen
            for question in chosen.rated
        ),
        by_segment=_by_segment(pulse, planned.chosen, on=at.date()),
        sample=_sample(pulse, planned.chosen),
        left_out=_left_out(planned.left),
        burden=burden(pulse.program, _open_topics(planned.chosen), share=share.value),
    )


def why_not(contact: Contact, *, pulse: Pulse, at: datetime) -> str | None:
    """Return in one sentence why a person is not asked by a pulse now, or None: they would be."""
    reason = _why_not(contact, pulse=pulse, at=at)
    return sentence(reason, name=contact.name) if reason else None


def _why_not(contact: Contact, *, pulse: Pulse, at: datetime) -> Reason | None:
    program = pulse.program
    works = Affiliation.objects.of(program).current(at.date()).filter(contact=contact)
    audience = matching(program, pulse.audience, on=at.date())
    everybody = matching(program, {}, on=at.date())
    reason = refusal(
        program,
        asked=asks_of(program, at=at, pulse=pulse, contact_id=contact.pk).get(contact.pk, Asks()),
        stopped_at=contact.stopped_at,
        blocked=bool(suppressed([contact.email])),
        wishes=wishes_of(program, contact_id=contact.pk).get(contact.pk, NONE),
        written=other_mails_of_late(program, at=at).get(contact.pk),
        at=at,
    )
    if not works.filter(partner__in=everybody).exists():
        return Reason(NotAsked.NO_PARTNER)
    if not works.filter(partner__in=audience).exists():
        return Reason(NotAsked.OUTSIDE)
    if reason is None and pulse.people_to_ask is not None:
        return _not_drawn(contact, pulse=pulse, at=at)
    return reason


def _not_drawn(contact: Contact, *, pulse: Pulse, at: datetime) -> Reason | None:
    """Return that a person was passed over, or None. What was sent is not drawn again."""
    if pulse.launched_at is not None:
        return Reason(NotAsked.NOT_DRAWN)
    left = plan(pulse, at=at).left
    return next((each.reason for each in left if each.contact_id == contact.pk), None)


def _drawn(planned: Plan) -> list[Named]:
    if len(planned.chosen) == planned.could_be_asked:
        return []
    people = (chosen.person for chosen in planned.chosen)
    return sorted(
        (Named(one.name, one.partner_name, one.role) for one in people),
        key=lambda one: (one.partner, one.name),
    )


def _open_topics(chosen: list[Chosen]) -> Counter[str]:
    """Count the people who are asked for words, by what the words are about."""
    return Counter(
        next(q.measure for q in each.questions if q.kind == Question.Kind.OPEN)
        for each in chosen
        if any(q.kind == Question.Kind.OPEN for q in each.questions)
    )


def _by_segment(pulse: Pulse, chosen: list[Chosen], *, on: date) -> dict[str, list[Count]]:
    where = places(pulse.program, on=on)
    nowhere = Place()
    found = {}
    for key in SEGMENT_KEYS:
        values = (where.get(each.person.partner_id, nowhere).get(key) for each in chosen)
        found[key] = _counted(str(value) if value else "" for value in values)
    return found


def _labelled(question: Question) -> str:
    """Return a short name of what is asked beside the dimensions: "Touchpoint: portal"."""
    about = (question.about or question.key).replace("_", " ")
    return f"{question.get_purpose_display()}: {about}"


def _counted(labels: Iterable[str]) -> list[Count]:
    counted = Counter(labels)
    return [Count(label, people) for label, people in sorted(counted.items())]


def _sample(pulse: Pulse, chosen: list[Chosen]) -> list[SampleRow]:
    """Take people evenly over the whole list, so that the sample is not only one company."""
    step = max(1, len(chosen) // SAMPLE)
    return [_row(pulse, each) for each in chosen[::step][:SAMPLE]]


def _row(pulse: Pulse, chosen: Chosen) -> SampleRow:
    person = chosen.person
    words = words_for(
        [question.pk for question in chosen.questions],
        program=pulse.program,
        languages=person.languages,
    )
    vendor = pulse.program.vendor_name
    return SampleRow(
        contact_id=person.contact_id,
        name=person.name,
        partner=person.partner_name,
        role=person.role,
        questions=[with_vendor(words[q.pk].text, vendor=vendor) for q in chosen.questions],
        reason=sentence(chosen.reason, name=person.name),
    )


def _left_out(left: list[Left]) -> list[LeftOut]:
    grouped: dict[NotAsked, list[Left]] = {}
    for each in left:
        if isinstance(each.reason.key, NotAsked):
            grouped.setdefault(each.reason.key, []).append(each)
    return [
        LeftOut(
            key=key,
            heading=str(HEADINGS[key]),
            people=len(people),
            example=sentence(people[0].reason, name=people[0].name),
        )
        for key, people in sorted(grouped.items(), key=lambda pair: -len(pair[1]))
    ]

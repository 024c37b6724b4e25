"""The coming four weeks: asks, answers to expect, ranges that should narrow, who is reached.

From asks, wishes and how sure the model is; no figure and no answer is in it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from partnerloop.core.clock import week_of
from partnerloop.engine.narrowing import LIKELY, composite_variance, narrowed
from partnerloop.partners.models import Affiliation, Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.planning.answering import Share, usual_share
from partnerloop.planning.budget import Askable, reach
from partnerloop.planning.knowing import knowledge_of
from partnerloop.planning.models import WaitingAsk
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse

WEEKS = 4
FEWEST_PARTNERS = 5  # below, an average range would be that of some partner
NOWHERE = "not known"


@dataclass(frozen=True, slots=True)
class Round:
    """A pulse that is asked on a day, as far as one knows now."""

    pulse: Pulse
    on: date


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the plan: which pulses, how many asks and answers to expect."""

    begins: date
    pulses: tuple[str, ...]
    asks: int
    after_events: int
    answers: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A role or region: how many people work there, and how many of them are asked."""

    label: str
    people: int
    asked: int

    @property
    def share(self) -> int:
        """Return the part that is asked, in whole per cent."""
        return round(100 * self.asked / self.people) if self.people else 0


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Half the usual range of PartnerScore, now and when the answers are in, points to 0.1."""

    partners: int
    now: float
    then: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the coming weeks hold."""

    weeks: list[Week]
    share: Share
    by_role: list[Reached]
    by_region: list[Reached]
    narrowing: Narrowing | None

    @property
    def asks(self) -> int:
        return sum(week.asks for week in self.weeks)

    @property
    def answers(self) -> int:
        return sum(week.answers for week in self.weeks)


@dataclass
class _Chances:
    """How likely each person is asked, and on which days, as the plan goes through the weeks."""

    distance: int
    people: dict[int, Askable] = field(default_factory=dict)
    asked: dict[int, list[tuple[date, float]]] = field(default_factory=lambda: defaultdict(list))

    def free(self, contact: int, *, on: date) -> float:
        """Return the chance that no earlier ask of the plan is in the way."""
        free = 1.0
        for day, chance in self.asked.get(contact, ()):
            if abs((on - day).days) < self.distance:
                free *= 1.0 - chance
        return free

    def add(self, person: Askable, *, on: date, chance: float) -> None:
        self.people.setdefault(person.contact_id, person)
        self.asked[person.contact_id].append((on, chance))

    def total(self, contact: int) -> float:
        """Return the chance of being asked at all."""
        missed = 1.0
        for _, chance in self.asked[contact]:
            missed *= 1.0 - chance
        return 1.0 - missed


def outlook(program: Program, rounds: Sequence[Round], *, at: datetime) -> Outlook:
    """This will look four weeks ahead; nobody is drawn, everybody has their chance."""
    begins = week_of(at.date())
    ends = begins + timedelta(weeks=WEEKS)
    chances = _Chances(program.asks_every_days)
    asks: dict[date, float] = defaultdict(float)
    names: dict[date, list[str]] = defaultdict(list)
    for one in sorted(rounds, key=lambda each: (each.on, each.pulse.pk)):
        if one.on < ends:
            asks[week_of(one.on)] += _round(one, chances, at=at)
            names[week_of(one.on)].append(one.pulse.name)
    events = _after_events(program, begins=begins, ends=ends, on=at.date())
    share = usual_share(program, at=at)
    return Outlook(
        weeks=[
            Week(
                begins=week,
                pulses=tuple(names[week]),
                asks=round(asks[week]) + events[week],
                after_events=events[week],
                answers=round((asks[week] + events[week]) * share.value),
            )
            for week in (begins + timedelta(weeks=number) for number in range(WEEKS))
        ],
        share=share,
        by_role=_reached(program, chances, key="role", at=at),
        by_region=_reached(program, chances, key="region", at=at),
        narrowing=_narrowing(program, chances, response=share.value, at=at),
    )


def _round(one: Round, chances: _Chances, *, at: datetime) -> float:
    """Spread the asks of a round over those who may be asked on its day; return how many."""
    when = max(at, at + timedelta(days=(one.on - at.date()).days))
    # a round is a pulse of its own: whoever had the first one may get it
    fresh = Pulse(program=one.pulse.program, audience=one.pulse.audience)
    able = [
        (person, free)
        for person in reach(fresh, at=when).askable
        if (free := chances.free(person.contact_id, on=one.on)) > 0
    ]
    room = sum(free for _, free in able)
    if not room:
        return 0.0
    wanted = min(one.pulse.people_to_ask or room, room)
    for person, free in able:
        chances.add(person, on=one.on, chance=min(free * wanted / room, 1.0))
    return wanted


def _after_events(program: Program, *, begins: date, ends: date, on: date) -> Counter[date]:
    """Count the asks that wait and whose day comes; what is overdue is taken as asked now."""
    waiting = WaitingAsk.objects.of(program).filter(state=WaitingAsk.State.WAITING)
    days = waiting.filter(due_on__lt=ends).values_list("due_on", flat=True)
    return Counter(week_of(max(day, on)) for day in days)


def _reached(program: Program, chances: _Chances, *, key: str, at: datetime) -> list[Reached]:
    active = Partner.objects.of(program).active(at.date())
    works = Affiliation.objects.of(program).current(at.date()).filter(partner__in=active)
    where = places(program, on=at.date())
    people: dict[str, set[int]] = defaultdict(set)
    for contact, partner, role in works.values_list("contact_id", "partner_id", "role"):
        people[_label(role, partner, where, key=key)].add(contact)
    asked: dict[str, float] = defaultdict(float)
    for contact, person in chances.people.items():
        label = _label(person.role, person.partner_id, where, key=key)
        asked[label] += chances.total(contact)
    return [
        Reached(label, len(there), min(round(asked[label]), len(there)))
        for label, there in sorted(people.items())
    ]


def _label(role: str, partner: int, where: Mapping[int, Place], *, key: str) -> str:
    if key == "role":
        return role
    return str(where.get(partner, Place()).get("region") or NOWHERE)


def _narrowing(
    program: Program, chances: _Chances, *, response: float, at: datetime
) -> Narrowing | None:
    """Average over the partners that are asked; none where they are few."""
    of_partner: dict[int, list[Askable]] = defaultdict(list)
    for person in chances.people.values():
        of_partner[person.partner_id].append(person)
    if len(of_partner) < FEWEST_PARTNERS:
        return None
    firsts = [people[0] for people in of_partner.values()]
    knowledge = knowledge_of(program, firsts, where=places(program, on=at.date()), at=at)
    model = knowledge.fitted.model
    variances = composite_variance(knowledge.known, layout=model.layout).tolist()
    now = sum(LIKELY * variance**0.5 for variance in variances) / len(variances)
    then = sum(
        narrowed(
            variance,
            asks=[chances.total(person.contact_id) for person in people],
            response=response,
            hyper=model.hyper,
        )
        for variance, people in zip(variances, of_partner.values(), strict=True)
    ) / len(variances)
    return Narrowing(len(variances), round(now, 1), round(then, 1))

"""A year of asking in the demo program: the standing pulse, its invitations, what came back."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from partnerloop.core import ids
from partnerloop.core.clock import start_of
from partnerloop.demo.asking import OPEN_DAYS, Ask, Reply
from partnerloop.demo.comments import Level, Voice, level_of
from partnerloop.demo.world import World
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.demo.writing.staff import Staff
from partnerloop.partners.models import Objective
from partnerloop.partners.segmenting import Place
from partnerloop.planning.reasons import Asked
from partnerloop.programs.models import MODES_OFFERED_TODAY, Mode, Program
from partnerloop.pulses.bank import BankQuestion
from partnerloop.pulses.drafting import next_round
from partnerloop.pulses.models import Invitation, Pulse, Wording
from partnerloop.pulses.tokens import invitation_token
from partnerloop.responses.accepted import Accepted
from partnerloop.responses.past import PastResponse, PastRound, store_past, store_past_anonymous

BATCH = 500
NEWEST_ROUND = timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a comment is about, and how its writer feels about it."""

    metric: str
    level: Level


@dataclass(frozen=True, slots=True)
class Asking:
    """The invitations of the year, what was accepted, and the topic of each comment."""

    invitations: list[Invitation]
    accepted: list[Accepted]
    rounds: list[PastRound]
    topics: dict[UUID, Topic]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The newest words of each question, by language."""

    words: dict[tuple[str, str], int]

    @classmethod
    def of(cls, program: Program) -> "Shelf":
        rows = Wording.objects.of(program).order_by("version")
        found = rows.values_list("question__key", "language", "pk")
        return cls({(key, language): pk for key, language, pk in found})

    def wording(self, question: BankQuestion, language: str) -> int:
        """Return the words in a language, or in English where there are none."""
        return self.words.get((question.key, language)) or self.words[question.key, "en"]


def write_asks(
    world: World,
    staff: Staff,
    ecosystem: Ecosystem,
    *,
    objective: Objective,
    voice: Voice,
    new_id: Callable[[], UUID],
) -> Asking:
    """This will write the standing pulse, whom it asked what, and every response."""
    first = _pulse(world, staff, objective)
    newest = _newest_round(world, first)
    since = newest.launched_at or world.at
    shelf = Shelf.of(staff.program)
    invitations = [
        _invitation(
            world,
            ask,
            newest if ask.asked_at >= since else first,
            ecosystem,
            shelf,
            new_id=new_id,
        )
        for ask in world.asks.rows
    ]
    _mark_first(invitations)
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    pairs = zip(world.asks.rows, invitations, strict=True)
    answered = [(ask, invitation) for ask, invitation in pairs if ask.reply]
    answered.sort(key=lambda pair: pair[0].reply.at if pair[0].reply else pair[0].asked_at)
    sent = [_response(world, ask, invitation, voice=voice) for ask, invitation in answered]
    known = [pair for pair in sent if pair[0].mode != Mode.ANONYMOUS]
    hidden = [pair for pair in sent if pair[0].mode == Mode.ANONYMOUS]
    accepted = store_past(staff.program, [response for response, _ in known], new_id=new_id)
    topics = {
        comment: topic
        for one, (_, topic) in zip(accepted, known, strict=True)
        if topic
        for comment in one.comment_ids
    }
    rounds, told = _write_hidden(staff.program, hidden, new_id=new_id)
    return Asking(invitations, accepted, rounds, topics | told)


def _write_hidden(
    program: Program,
    hidden: list[tuple[PastResponse, Topic | None]],
    *,
    new_id: Callable[[], UUID],
) -> tuple[list[PastRound], dict[UUID, Topic]]:
    """Write what was said anonymously, and return the topic of each comment beside its rounds."""
    by_round = sorted(hidden, key=lambda pair: pair[0].invitation.round)
    told: dict[UUID, Topic] = {}
    rounds = []
    for _, group in groupby(by_round, key=lambda pair: pair[0].invitation.round):
        pairs = list(group)
        stored = store_past_anonymous(
            program,
            [response for response, _ in pairs],
            label="one of your partners",
            rng=random.Random(str(new_id())),
            new_id=new_id,
        )
        topics = [topic for _, topic in pairs if topic]
        for one in stored:
            told |= dict(zip(one.comment_ids, topics, strict=True))
        rounds += stored
    return rounds, told


def _pulse(world: World, staff: Staff, objective: Objective) -> Pulse:
    begun = start_of(world.first_day)
    return Pulse.objects.create(
        program=staff.program,
        name="Standing partner pulse",
        modes=[mode.value for mode in MODES_OFFERED_TODAY],
        created_at=begun - timedelta(days=5),
        created_by=staff.chief,
        launched_at=begun,
        launched_by=staff.chief,
        every_days=world.scenario.asked_every,
        objective=objective,
    )


def _newest_round(world: World, first: Pulse) -> Pulse:
    """Begin a round three weeks ago: the next one falls into the weeks that the plan shows."""
    begun = start_of(world.today) - NEWEST_ROUND
    made = next_round(first, at=begun)
    made.launched_at, made.launched_by = begun, first.launched_by
    made.closes_at = world.at + timedelta(days=OPEN_DAYS)
    made.save(update_fields=["launched_at", "launched_by", "closes_at"])
    return made


def _invitation(
    world: World,
    ask: Ask,
    pulse: Pulse,
    ecosystem: Ecosystem,
    shelf: Shelf,
    *,
    new_id: Callable[[], UUID],
) -> Invitation:
    pk = new_id()
    language = world.companies[world.people[ask.person].company].country.language
    return Invitation(
        id=pk,
        program_id=pulse.program_id,
        pulse=pulse,
        round=ask.round,
        contact=ecosystem.contacts[ask.person],
        partner=ecosystem.partners[ask.company],
        role=world.people[ask.person].role,
        token_hash=ids.token_hash(invitation_token(pk)),
        asked=[shelf.wording(question, language) for question in ask.asked],
        asked_at=ask.asked_at,
        expires_at=ask.asked_at + timedelta(days=OPEN_DAYS),
        reason=Asked.TURN,
        propensity=1.0,  # the standing pulse asks everybody whose turn it is
        cell="all",
    )


def _mark_first(invitations: Iterable[Invitation]) -> None:
    met: set[int] = set()
    for invitation in invitations:
        if invitation.contact_id not in met:
            invitation.reason = Asked.FIRST
            met.add(invitation.contact_id)


def _response(
    world: World, ask: Ask, invitation: Invitation, *, voice: Voice
) -> tuple[PastResponse, Topic | None]:
    assert ask.reply is not None, "only answered asks become responses"
    words, topic = _words(ask, invitation, voice=voice)
    response = PastResponse(
        invitation=invitation,
        mode=_mode(ask.reply),
        ratings=dict(zip(invitation.asked, ask.reply.values, strict=False)),
        words=words,
        place=_place(world, ask.company),
        at=ask.reply.at,
    )
    return response, topic


def _mode(reply: Reply) -> Mode:
    if reply.named:
        return Mode.NAMED
    return Mode.ANONYMOUS if reply.anonymous else Mode.CONFIDENTIAL


def _words(
    ask: Ask, invitation: Invitation, *, voice: Voice
) -> tuple[dict[int, str], Topic | None]:
    """Return what somebody writes to the open question, which comes last."""
    assert ask.reply is not None, "only answered asks have words"
    metric = ask.asked[-1].measures
    value = ask.reply.oriented[[question.measures for question in ask.asked].index(metric)]
    if not ask.reply.writes or value is None:
        return {}, None
    level = level_of(value)
    text = voice.comment(metric, level, partner=ask.company, month=ask.reply.at.month)
    return ({}, None) if text is None else ({invitation.asked[-1]: text}, Topic(metric, level))


def _place(world: World, company: int) -> Place:
    one = world.companies[company]
    return Place(
        type=one.type,
        tier=one.tier,
        region=one.country.region,
        country=one.country.code,
        size=one.size,
        stage=one.stage,
    )

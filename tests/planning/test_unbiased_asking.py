"""Unbiased asking, a promise of the product: judged on a demo world over 90 days of weekly pulses,
and not moved by anything that is hidden.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from partnerloop.core.clock import week_of
from partnerloop.demo.loading import LoadedDemo, load
from partnerloop.engine.interface import State
from partnerloop.evidence.models import PendingAnswer
from partnerloop.loop.asking import launch
from partnerloop.partners.segmenting import places
from partnerloop.planning.budget import Askable, reach
from partnerloop.planning.drawing import Drawn, draw
from partnerloop.planning.history import history_of
from partnerloop.planning.knowing import knowledge_of
from partnerloop.planning.preview import plan
from partnerloop.programs.models import Program
from partnerloop.pulses.bank import DIMENSIONS
from partnerloop.pulses.models import Invitation, Pulse, Wording
from partnerloop.release.models import HeldComment
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.participation import Participation
from partnerloop.scores.modelling import segment_label
from partnerloop.scores.models import PartnerScore

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
FIRST_MONDAY = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)  # all may be asked again by then
WEEKS, WEEKLY = 13, 0.2  # a fifth of the contacts a week
ANSWERING = 0.3
SEEN = AT + timedelta(days=20)


@dataclass
class Season:
    """A quarter of asking: the chance of everybody in each week, and what was asked."""

    people: dict[int, Askable] = field(default_factory=dict)
    cell: dict[int, tuple[str, str]] = field(default_factory=dict)
    missed: dict[int, float] = field(default_factory=lambda: defaultdict(lambda: 1.0))
    single: list[float] = field(default_factory=list)
    dimensions: Counter[str] = field(default_factory=Counter)
    silent: frozenset[int] = frozenset()

    @property
    def chance(self) -> dict[int, float]:
        """Tell with which chance each was asked at least once."""
        return {contact: 1 - missed for contact, missed in self.missed.items()}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadedDemo]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(at=AT, partners=60)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def season(demo: LoadedDemo) -> Season:
    """Ask a part of them each week through the real door; three in ten answer."""
    # The year before asked everybody as often as a year allows; that is the budget's doing.
    demo.program.asks_a_year = 100
    demo.program.save(update_fields=["asks_a_year"])
    season, rng = Season(), np.random.default_rng(3)
    season.silent = silent_third(demo)
    for week in range(WEEKS):
        at = FIRST_MONDAY + timedelta(weeks=week)
        pulse = Pulse.objects.create(
            program=demo.program,
            name=f"Week {week}",
            people_to_ask=round(WEEKLY * len(demo.contact_ids)),
            seed=week,
            created_at=at,
        )
        note(season, pulse, at=at)
        launch(pulse, by=demo.staff.chief, at=at)
        answer(season, pulse, at=at, rng=rng)
    return season


def note(season: Season, pulse: Pulse, *, at: datetime) -> None:
    """Write down everybody's chance in one week, and how far they lie apart in a cell."""
    people = reach(pulse, at=at).askable
    drawn, labels = chances(pulse, people, at=at)
    cells: dict[tuple[str, str], list[float]] = defaultdict(list)
    for person, label, chance, reason in zip(
        people, labels, drawn.chances.tolist(), drawn.reasons, strict=True
    ):
        season.people[person.contact_id] = person
        season.cell[person.contact_id] = (person.role, label)
        season.missed[person.contact_id] *= 1 - chance
        if reason.key == "drawn":
            cells[person.role, label].append(chance)
    season.single += [max(row) / min(row) for row in cells.values()]


def chances(pulse: Pulse, people: list[Askable], *, at: datetime) -> tuple[Drawn, list[str]]:
    where = places(pulse.program, on=at.date())
    drawn = draw(
        pulse,
        people,
        knowledge=knowledge_of(pulse.program, people, where=where, at=at),
        history=history_of(pulse.program, at=at),
        where=where,
        at=at,
    )
    return drawn, [segment_label(where[person.partner_id]) for person in people]


def answer(season: Season, pulse: Pulse, *, at: datetime, rng: np.random.Generator) -> None:
    measures = dict(
        Wording.objects.of(pulse.program)
        .filter(question__kind="rated", question__is_overall=False)
        .values_list("pk", "question__measure")
    )
    asks = list(Invitation.objects.of(pulse.program).filter(pulse=pulse).order_by("contact_id"))
    for ask in asks:
        season.dimensions.update(measures[one] for one in ask.asked if one in measures)
    heard = [ask for ask in asks if rng.random() < ANSWERING]
    week = week_of(at.date())
    Participation.objects.bulk_create(
        Participation(program_id=pulse.program_id, invitation=ask, week=week) for ask in heard
    )


def silent_third(demo: LoadedDemo) -> frozenset[int]:
    """Name those who answered least in the year before, which the draw does not look at."""
    asked, heard = Counter[int](), Counter[int]()
    asks = Invitation.objects.of(demo.program)
    asked.update(asks.values_list("contact_id", flat=True))
    rows = Participation.objects.of(demo.program)
    heard.update(rows.values_list("invitation__contact_id", flat=True))
    order = sorted(asked, key=lambda one: ((heard[one] + 1) / (asked[one] + 3), one))
    return frozenset(order[: len(order) // 3])


@pytest.mark.django_db
class TestAQuarter:
    def test_nobody_who_may_be_asked_has_no_chance(self, season: Season) -> None:
        assert min(season.chance.values()) > 0.3

    def test_within_a_role_and_segment_chances_differ_by_half_at_most(self, season) -> None:
        cells: dict[tuple[str, str], list[float]] = defaultdict(list)
        for contact, chance in season.chance.items():
            cells[season.cell[contact]].append(chance)
        assert max(max(row) / min(row) for row in cells.values()) <= 1.5
        assert max(season.single) <= 1.5

    def test_the_silent_third_is_asked_as_much_as_the_others(self, season: Season) -> None:
        chance = season.chance
        silent = [chance[one] for one in season.silent if one in chance]
        assert np.mean(silent) >= 0.9 * np.mean(list(chance.values()))

    def test_every_dimension_is_asked_equally_often(self, season: Season) -> None:
        mean = sum(season.dimensions.values()) / len(DIMENSIONS)
        assert max(abs(season.dimensions[key] / mean - 1) for key in DIMENSIONS) <= 0.12

    def test_no_dimension_of_a_company_of_three_waits_longer_than_half_a_year(
        self, demo: LoadedDemo, season: Season
    ) -> None:
        at = FIRST_MONDAY + timedelta(weeks=WEEKS)
        history = history_of(demo.program, at=at)
        staff = Counter(person.partner_id for person in season.people.values())
        waits = [
            history.days_without(key, partner=partner, at=at)
            for partner, people in staff.items()
            for key in DIMENSIONS
            if people >= 3
        ]
        assert max(waits) <= 182


@pytest.mark.django_db
class TestWhatIsHidden:
    """No chosen person, question, chance or reason changes with what may not be known."""

    @pytest.fixture
    def pulse(self, demo: LoadedDemo) -> Pulse:
        return Pulse.objects.create(
            program=demo.program, name="Hidden", people_to_ask=120, seed=9, created_at=AT
        )

    def test_other_values_and_words_of_what_waits_change_no_plan(self, demo, pulse) -> None:
        before = repr(plan(pulse, at=SEEN)).encode()
        shuffle_what_waits(demo.program)
        assert repr(plan(pulse, at=SEEN)).encode() == before
        assert len(plan(pulse, at=SEEN).chosen) == 120

    def test_all_that_waits_taken_away_changes_no_plan(self, demo, pulse) -> None:
        before = repr(plan(pulse, at=SEEN)).encode()
        hidden = Response.objects.of(demo.program).filter(mode="confidential")
        for rows in (
            PendingAnswer.objects.of(demo.program),
            HeldComment.objects.of(demo.program),
            Comment.objects.of(demo.program).filter(response__in=hidden),
            Answer.objects.of(demo.program).filter(response__in=hidden),
        ):
            assert rows.exists()
            rows.delete()
        assert repr(plan(pulse, at=SEEN)).encode() == before

    def test_the_scores_themselves_change_no_plan(self, demo, pulse) -> None:
        """How wide a range is decides; where it lies does not."""
        before = repr(plan(pulse, at=SEEN)).encode()
        for score in PartnerScore.objects.of(demo.program):
            state = State.from_bytes(bytes(score.state))
            score.state = replace(state, mean=state.mean * 0.5).to_bytes()
            score.save(update_fields=["state"])
        assert repr(plan(pulse, at=SEEN)).encode() == before


def shuffle_what_waits(program: Program) -> None:
    """Give every waiting value and every word that is not released another one."""
    rng = np.random.default_rng(4)
    waiting = list(PendingAnswer.objects.of(program))
    assert waiting
    for row in waiting:
        row.value = int(rng.integers(11))
        row.save(update_fields=["value"])
    hidden = Response.objects.of(program).filter(mode="confidential")
    Answer.objects.of(program).filter(response__in=hidden, value__isnull=False).update(value=10)
    Comment.objects.of(program).filter(response__in=hidden).update(text="Quite other words.")

"""Figures of single questions: wide enough or hidden, of ledger and named answers alone."""

from datetime import timedelta

import pytest

from partnerloop.core.clock import week_of
from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.evidence.tick import tick
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode
from partnerloop.release.gate import Figure, Hidden, Reason
from partnerloop.release.items import item_figures
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World, company, make_world, person

PORTAL = "touch_portal"
SOON = MONDAY + timedelta(hours=6)
LATER = MONDAY + timedelta(days=9)


@pytest.fixture
def say(world: World):
    """Let somebody answer the question on the portal."""

    def saying(name: str, value: int, *, mode: Mode = Mode.NAMED, at=MONDAY) -> None:
        pulse = world.pulse(
            name=f"{name} {at}",
            modes=["named", "confidential"],
            launched_at=MONDAY - timedelta(days=400),
            closes_at=MONDAY + timedelta(days=400),
        )
        ask = world.ask(name, pulse=pulse, at=at - timedelta(hours=1), keys=(PORTAL,))
        receive(ask, Submission(mode, {ask.asked[0]: value}, {}), at=at)

    return saying


def portal(world: World, *, at=SOON):
    return item_figures(world.program, by=world.priya, measures=[PORTAL], at=at)[PORTAL]


def wide(say) -> None:
    for name, value in (("Ana Keller", 8), ("Ben Okafor", 6), ("Eva Lind", 4), ("Finn Berg", 6)):
        say(name, value)
    say("Gita Rao", 3)


def test_each_company_counts_once(world: World, say) -> None:
    wide(say)
    figure = portal(world)
    assert isinstance(figure, Figure)
    assert figure.mean == pytest.approx((7 + 5 + 3) / 3)
    assert figure.low < figure.mean < figure.high
    assert figure.people == "5–9"


def test_the_last_word_of_a_person_counts(world: World, say) -> None:
    wide(say)
    say("Gita Rao", 9, at=MONDAY + timedelta(hours=2))
    assert portal(world).mean == pytest.approx((7 + 5 + 9) / 3)


def test_too_few_people_or_companies_are_hidden(world: World, say) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak", "Eva Lind"):
        say(name, 5)
    hidden = portal(world)
    assert isinstance(hidden, Hidden)
    assert hidden.reason is Reason.TOO_FEW


def test_what_is_old_no_longer_counts(world: World, say) -> None:
    wide(say)
    old = MONDAY + timedelta(days=world.program.figure_age_days + 1)
    assert isinstance(portal(world, at=old), Hidden)


def test_a_confidential_answer_moves_nothing_before_its_batch(world: World, say) -> None:
    company(world, "Dune", {"tier": "gold"})
    for name in ("Hans Iversen", "Ines Jung"):
        person(world, name, at="Dune", role="sales")
    for name in ("Eva Lind", "Finn Berg", "Gita Rao", "Hans Iversen", "Ines Jung"):
        say(name, 7)
    before = portal(world)
    assert isinstance(before, Figure)
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak"):
        say(name, 1, mode=Mode.CONFIDENTIAL, at=MONDAY + timedelta(hours=3))
    assert portal(world) == before
    tick(world.program, week=week_of(LATER.date()), key=b"k")
    counted = portal(world, at=LATER)
    assert counted.confidential
    assert counted.mean < before.mean
    PendingAnswer.objects.of(world.program).delete()
    assert portal(world, at=LATER) == counted


def test_another_programs_answers_are_not_there(world: World, say) -> None:
    wide(say)
    other = make_world("contoso")
    told = item_figures(world.program, by=other.priya, measures=[PORTAL], at=SOON)
    assert told[PORTAL].reason is Reason.NOT_YOURS
    NamedAnswer.objects.of(world.program).update(measure="touch_training")
    assert isinstance(portal(world), Hidden)

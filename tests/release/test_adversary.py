"""The built-in attack finds nothing for sure, and rises as soon as one rule is switched off."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from partnerloop.core.clock import week_of
from partnerloop.evidence.models import Atom, NamedAnswer, PendingAnswer
from partnerloop.evidence.tick import tick
from partnerloop.programs.models import Mode, Program
from partnerloop.release.adversary.accounts import SOLVED, seen_together
from partnerloop.release.adversary.attacking import attack
from partnerloop.release.adversary.ledger import ledger
from partnerloop.release.adversary.mutants import cut_by_account
from partnerloop.release.adversary.own import own_outcome
from partnerloop.release.adversary.probing import moved_figures
from partnerloop.release.adversary.rules import SWITCHES
from partnerloop.release.adversary.running import attacked
from partnerloop.release.adversary.trying import tried, tried_anonymous, tried_together
from partnerloop.release.adversary.worlds import BASE, simulate
from partnerloop.release.attacked import latest
from partnerloop.scores import refresh
from tests.own_metrics import answered, its_question, own_metric, settled
from tests.world import MONDAY

TICK = MONDAY + timedelta(weeks=1)
PEOPLE = ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak")


@pytest.mark.once
def test_nothing_is_sure_and_guesses_stay_near_an_honest_mean() -> None:
    """Base and ceiling worlds of 40 partners, with 0, 1 and all but one of a batch helping."""
    found = tried(Program(), worlds=2, seed=7)
    assert len(found) == 6
    assert [(row.world, row.helpers) for row in found if not row.holds] == []
    assert min(row.outcome.targets for row in found) >= 300


@pytest.mark.once
def test_anonymous_atoms_tell_nothing_for_sure_to_who_holds_dumps_and_logs() -> None:
    found = tried_anonymous(Program(), worlds=6, seed=7)
    assert [(row.world, row.helpers) for row in found if not row.holds] == []
    assert min(row.outcome.targets for row in found) >= 300


@pytest.mark.once
def test_several_accounts_together_find_nothing_for_sure() -> None:
    """Two managers with different segments, an executive and a key, a year of weekly looks."""
    found = tried_together(Program(), worlds=2, seed=7)
    assert [(row.world, row.helpers) for row in found if not row.holds] == []
    assert min(row.outcome.targets for row in found) >= 300


@pytest.mark.once
def test_accounts_solve_for_batches_that_none_of_them_was_shown() -> None:
    """Laid side by side, figures of groups tell batches that no account sees; and truly so."""
    world = simulate(BASE, rng=np.random.default_rng(7))
    whole = {tuple(line.members): line.value for line in ledger(world, Program()).lines}
    seen = seen_together(world, Program()).lines
    solved = [line for line in seen if not line.is_exact]
    assert solved
    assert len(seen) <= len(whole)
    off = [abs(line.value - whole[tuple(line.members)]) for line in solved]
    assert max(off) < 4 * SOLVED
    assert np.mean(off) < SOLVED


@pytest.mark.once
def test_one_account_alone_does_not_see_that_cells_follow_who_looks() -> None:
    """The mutant looks safe to any single account: several are needed to find it."""
    world = simulate(BASE, rng=np.random.default_rng(11))
    published = ledger(world, Program(blur=0))
    accounts, alone = cut_by_account(world.answers, published.lines)
    for lines in accounts:
        seen = attack(
            world.answers,
            hidden=published.taken,
            lines=lines,
            spreads=world.setting.spreads,
            helpers=np.array([], np.int64),
            only=alone,
        )
        assert seen.exact < 0.5


@pytest.mark.once
def test_rounds_of_one_person_without_blur_would_be_found_out() -> None:
    careless = Program(pool_people=1, blur=Decimal(0))
    alone, *_ = tried_anonymous(careless, worlds=3, seed=7, partners=2)
    assert alone.outcome.sure > 0
    assert not alone.holds


@pytest.mark.once
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.__name__)
def test_the_attack_rises_when_one_rule_is_off(switch) -> None:
    told = switch(BASE, np.random.default_rng(11))
    assert told.without >= told.at_least, told
    assert told.without > told.with_rule, told


@pytest.mark.once
@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_the_whole_attack_holds_over_many_worlds(seed) -> None:
    found = tried(Program(), worlds=10, seed=seed)
    found += tried_anonymous(Program(), worlds=10, seed=seed)
    found += tried_together(Program(), worlds=10, seed=seed)
    assert [row for row in found if not row.holds] == []


@pytest.mark.once
@pytest.mark.full
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_the_attack_rises_in_other_worlds_too(switch, seed) -> None:
    told = switch(BASE, np.random.default_rng(seed))
    assert told.rises, told


@pytest.mark.once
def test_the_worlds_ledger_keeps_the_rules() -> None:
    """What the attack runs on is the product's rule: no answer twice, no batch too small."""
    world = simulate(BASE, rng=np.random.default_rng(3))
    lines = ledger(world, Program()).lines
    members = np.concatenate([line.members for line in lines])
    assert len(members) == len(set(members.tolist()))
    for line in lines:
        people = world.answers.person[line.members]
        companies = set(world.answers.partner[line.members].tolist())
        assert len(set(people.tolist())) >= (3 if line.is_company else 5)
        assert len(companies) == 1 if line.is_company else len(companies) >= 3
        assert (world.answers.day[line.members] < line.day).all()


@pytest.fixture
def whispered(world, speak, request):
    """Four people of a company answer confidentially and are counted; two more wait.

    With "an own metric" as its parameter they also speak on one of the program's own.
    """
    own = ""
    if getattr(request, "param", "") == "an own metric":
        own = its_question(own_metric(world.program)).key
        settled(world.program)
    for name in PEOPLE:
        speak(name, 6, 5, 4, mode=Mode.CONFIDENTIAL)
        if own:
            answered(world, name, {own: 3}, mode=Mode.CONFIDENTIAL)
    tick(world.program, week=week_of(TICK.date()), key=b"key")
    speak("Eva Lind", 9, 2, 7)
    for name in PEOPLE[:2]:
        speak(name, 2, 9, 1, mode=Mode.CONFIDENTIAL, at=TICK)
        if own:
            answered(world, name, {own: 9}, mode=Mode.CONFIDENTIAL, at=TICK)
    refresh.refit_means(world.program, at=TICK)
    return world


@pytest.mark.parametrize("whispered", ["the seven", "an own metric"], indirect=True)
def test_the_own_answers_are_attacked_through_their_atoms(whispered) -> None:
    assert Atom.objects.of(whispered.program).exists()
    waiting = PendingAnswer.objects.of(whispered.program)
    outcome = own_outcome(whispered.program)
    assert outcome is not None
    assert 12 <= outcome.targets <= waiting.count()
    assert outcome.sure == 0


def test_a_program_without_confidential_answers_has_nothing_to_attack(world) -> None:
    assert own_outcome(world.program) is None


@pytest.mark.parametrize("whispered", ["the seven", "an own metric"], indirect=True)
def test_no_figure_follows_what_waits_and_poking_leaves_no_trace(whispered) -> None:
    rows = PendingAnswer.objects.of(whispered.program).order_by("pk")
    before = list(rows.values())
    assert moved_figures(whispered.program, at=TICK, rng=np.random.default_rng(1)) == 0
    assert list(rows.values()) == before


def test_a_product_that_scores_what_waits_is_found_out(whispered, monkeypatch) -> None:
    """Plant the weakness: the model reads waiting answers as if they were named."""
    honest = refresh.evidence_of

    def leaking(program, *, until, partners=None):
        found = honest(program, until=until, partners=partners)
        for row in PendingAnswer.objects.of(program).filter(consumed_in=None):
            found[row.partner_id].named.append(
                NamedAnswer(
                    id=row.pk,
                    rater=row.pseudonym,
                    role="sales",
                    measure=row.measure,
                    value=row.value,
                    at=TICK,
                )
            )
        return found

    monkeypatch.setattr(refresh, "evidence_of", leaking)
    assert moved_figures(whispered.program, at=TICK, rng=np.random.default_rng(1)) > 0


def test_a_run_is_kept_for_the_page_on_promises(whispered) -> None:
    found = attacked(whispered.program, worlds=1, seed=7, at=TICK)
    assert found.holds
    line = latest(whispered.program)
    assert line is not None
    assert line.sure == 0
    assert line.targets == sum(row.outcome.targets for row in found.worlds)
    assert line.alone <= line.most_help

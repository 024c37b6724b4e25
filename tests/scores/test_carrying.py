"""When the list of metrics changes, all scores are made anew, from all evidence, at once."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from partnerloop.evidence.models import NamedAnswer
from partnerloop.pulses.measuring import bring_metric_back, retire_metric, weigh
from partnerloop.scores import carrying
from partnerloop.scores.carrying import carry_over, is_behind
from partnerloop.scores.models import Fit, PartnerScore
from partnerloop.scores.refresh import advance, rebuild, refit, take_named
from tests.own_metrics import own_metric
from tests.scores.test_row_order import store
from tests.world import MONDAY, World, make_world

LATER = MONDAY + timedelta(days=3)
Figures = dict[int, dict[str, list[float]]]


@pytest.fixture
def world(db) -> World:
    world = make_world()
    store(world, backwards=False)
    refit(world.program, at=MONDAY)
    return world


def quiet() -> None:
    """Hold no lease."""


def figures(world: World) -> Figures:
    rows = PartnerScore.objects.of(world.program).values_list("partner_id", "estimates")
    return dict(rows)


def said(world: World, measure: str, value: int, at=LATER) -> NamedAnswer:
    return NamedAnswer.objects.create(
        id=UUID(int=value + 1000),
        program=world.program,
        partner=world.partners["Birk"],
        rater=UUID(int=77),
        role="sales",
        measure=measure,
        value=value,
        at=at,
    )


@pytest.mark.parametrize("fitted", [True, False])
def test_a_new_metric_without_answers_or_weight_leaves_all_other_figures_alone(db, fitted) -> None:
    world = make_world()
    store(world, backwards=False)
    if fitted:
        refit(world.program, at=MONDAY)
    else:
        rebuild(world.program, at=MONDAY)
    before = figures(world)
    own_metric(world.program)
    assert carry_over(world.program, at=MONDAY, beat=quiet)
    after = figures(world)
    for partner, told in before.items():
        assert {"our_enablement"} == set(after[partner]) - set(told)
        for measure, numbers in told.items():
            assert after[partner][measure] == pytest.approx(numbers, abs=1e-9)


def test_a_refit_with_a_metric_without_answers_learns_the_same_of_all_others(world: World) -> None:
    before = figures(world)
    own_metric(world.program)
    refit(world.program, at=MONDAY)
    after = figures(world)
    for partner, told in before.items():
        for measure, numbers in told.items():
            assert after[partner][measure] == pytest.approx(numbers, abs=0.02)


def test_until_it_is_worked_off_every_figure_is_the_earlier_one(world: World) -> None:
    before = figures(world)
    own_metric(world.program, weight="1")
    assert is_behind(world.program)
    take_named(world.partners["Birk"].pk, [said(world, "our_enablement", 2)], at=LATER)
    advance(world.program, at=MONDAY)
    now = figures(world)
    assert "our_enablement" not in now[world.partners["Birk"].pk]
    assert now[world.partners["Cedar"].pk] == before[world.partners["Cedar"].pk]


def test_answers_from_before_the_fit_knew_of_a_metric_count_in_it(world: World) -> None:
    own_metric(world.program)
    take_named(world.partners["Birk"].pk, [said(world, "our_enablement", 1)], at=LATER)
    carry_over(world.program, at=LATER, beat=quiet)
    assert not is_behind(world.program)
    birk, cedar = (figures(world)[world.partners[name].pk] for name in ("Birk", "Cedar"))
    assert birk["our_enablement"][0] < cedar["our_enablement"][0] - 0.3
    assert birk["our_enablement"][1] < cedar["our_enablement"][1]


def test_an_answer_that_comes_while_it_computes_is_not_lost(world: World) -> None:
    own_metric(world.program)
    came = []

    def answering() -> None:
        if not came:
            came.append(said(world, "our_enablement", 0))
            take_named(world.partners["Birk"].pk, came, at=LATER)

    carry_over(world.program, at=LATER, beat=answering)
    apart = figures(world)
    PartnerScore.objects.of(world.program).delete()
    rebuild(world.program, at=LATER)
    assert figures(world) == apart
    assert came


def test_doing_it_twice_changes_nothing_and_a_second_change_is_another_fit(world: World) -> None:
    metric = own_metric(world.program)
    assert carry_over(world.program, at=MONDAY, beat=quiet)
    once = figures(world)
    assert not carry_over(world.program, at=MONDAY, beat=quiet)
    assert figures(world) == once
    weigh(metric, Decimal("0.5"), by=None, at=MONDAY)
    assert carry_over(world.program, at=MONDAY, beat=quiet)
    assert [len(fit.metrics) for fit in Fit.objects.of(world.program).order_by("version")] == [
        7,
        8,
        8,
    ]
    assert figures(world) != once


def test_a_crash_before_the_end_leaves_no_trace(world: World, monkeypatch) -> None:
    before = figures(world)
    own_metric(world.program)

    def killed(rows) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "store", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_over(world.program, at=MONDAY, beat=quiet)
    assert figures(world) == before
    assert Fit.objects.of(world.program).count() == 1
    assert is_behind(world.program)
    assert carry_over(world.program, at=MONDAY, beat=quiet)


def test_retired_and_brought_back_it_is_what_it_was(world: World) -> None:
    before = figures(world)
    metric = own_metric(world.program)
    said(world, "our_enablement", 1, at=MONDAY - timedelta(days=1))
    carry_over(world.program, at=MONDAY, beat=quiet)
    with_it = figures(world)
    retire_metric(metric, by=None, at=MONDAY)
    carry_over(world.program, at=MONDAY, beat=quiet)
    assert figures(world) == before
    bring_metric_back(metric, by=None, at=MONDAY)
    carry_over(world.program, at=MONDAY, beat=quiet)
    assert figures(world) == with_it


def test_a_refit_keeps_what_it_measured_and_old_fits_keep_theirs(world: World) -> None:
    own_metric(world.program, weight="0.5")
    refit(world.program, at=LATER)
    first, second = Fit.objects.of(world.program).order_by("version")
    assert len(first.metrics) == 7
    assert second.metrics[-1] == ["our_enablement", 0.5]


def test_a_score_of_an_earlier_fit_is_caught_up_with_at_night(world: World) -> None:
    own_metric(world.program)
    rows = PartnerScore.objects.of(world.program).filter(partner=world.partners["Birk"])
    old = rows.get()
    carry_over(world.program, at=MONDAY, beat=quiet)
    old.save()
    advance(world.program, at=MONDAY)
    assert rows.get().fit_version == 2
    assert "our_enablement" in rows.get().estimates

"""The gate: what is shown of a partner and of many, what is hidden and why."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.clock import week_of
from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.evidence.tick import tick
from partnerloop.partners.models import PartnerAssignment
from partnerloop.programs.models import Mode
from partnerloop.release.figures import figures, score_rows
from partnerloop.release.gate import Basis, Figure, Hidden, Reason, Scope
from partnerloop.release.trends import trend
from partnerloop.responses.identities import Identity, Receipt
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.scores.refresh import advance, rebuild, refit, rescore, snapshot
from tests.world import MONDAY, World, company, person

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def cells(world: World, partner: str, *, at=MONDAY + DAY, by=None):
    scope = Scope.partner(world.partners[partner])
    return figures(world.program, by=by or world.priya, scope=scope, at=at)


def count(world: World, at) -> None:
    """Run the tick of a moment's week as the schedule does."""
    atoms = tick(world.program, week=week_of(at.date()), key=b"k")
    rescore(world.program, {atom.partner_id for atom in atoms if atom.partner_id}, at=at)


def test_a_named_answer_moves_the_score_at_once(world, speak):
    speak("Ana Keller", 8, 8, 2)
    first = cells(world, "Alder & Finch")["partnerscore"]
    speak("Ben Okafor", 2, 2, 9, at=MONDAY + timedelta(hours=1))
    second = cells(world, "Alder & Finch")["partnerscore"]
    assert isinstance(first, Figure)
    assert isinstance(second, Figure)
    assert second.mean < first.mean - 0.5
    assert second.people == "1–2"
    assert not second.confidential


def test_confidential_answers_move_nothing_until_they_are_counted_together(world, speak):
    speak("Ana Keller", 8, 8, 2)
    before = cells(world, "Alder & Finch")
    for number, name in enumerate(("Ben Okafor", "Claire Dubois", "Dan Novak")):
        at = MONDAY + timedelta(hours=number + 1)
        speak(name, 1, 1, 10, mode=Mode.CONFIDENTIAL, at=at)
        assert cells(world, "Alder & Finch") == before
    count(world, MONDAY + WEEK)
    after = cells(world, "Alder & Finch", at=MONDAY + WEEK)["partnerscore"]
    assert isinstance(after, Figure)
    assert after.mean < before["partnerscore"].mean - 1
    assert after.confidential
    assert after.week == (MONDAY + WEEK).date()


def test_a_metric_nobody_rated_is_inferred_and_a_silent_partner_is_like_others(world, speak):
    speak("Ana Keller", 8, 8, 2)
    rebuild(world.program, at=MONDAY + DAY)
    alder, cedar = cells(world, "Alder & Finch"), cells(world, "Cedar")
    assert alder["communication"].basis == Basis.OWN
    assert alder["commitment"].basis == Basis.INFERRED
    assert {cell.basis for cell in cedar.values()} == {Basis.LIKE}
    wide = cedar["partnerscore"].high - cedar["partnerscore"].low
    assert wide > alder["partnerscore"].high - alder["partnerscore"].low


def test_old_answers_say_so_instead_of_looking_fresh(world, speak):
    speak("Ana Keller", 8, 8, 2)
    later = MONDAY + 190 * DAY
    advance(world.program, at=later)
    shown = cells(world, "Alder & Finch", at=later)["partnerscore"]
    assert shown == Hidden("partnerscore", Reason.NO_RECENT_ANSWERS)
    assert not any(character.isdigit() for character in shown.sentence)


def test_a_figure_of_many_needs_five_people_of_three_companies(world, speak):
    everybody = Scope.program()
    names = ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg")
    for number, name in enumerate(names):
        speak(name, 7, 7, 3, at=MONDAY + timedelta(minutes=number))
    hidden = figures(world.program, by=world.priya, scope=everybody, at=MONDAY + DAY)
    assert hidden["partnerscore"] == Hidden("partnerscore", Reason.TOO_FEW)
    speak("Gita Rao", 7, 7, 3, at=MONDAY + timedelta(minutes=9))
    shown = figures(world.program, by=world.priya, scope=everybody, at=MONDAY + DAY)
    assert isinstance(shown["partnerscore"], Figure)
    assert shown["partnerscore"].people == "5–9"
    two = Scope.of(world.partners[name].pk for name in ("Alder & Finch", "Birk"))
    assert isinstance(
        figures(world.program, by=world.priya, scope=two, at=MONDAY + DAY)["partnerscore"], Hidden
    )


def test_one_company_above_half_hides_a_figure_of_many(world, speak):
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak", "Eva Lind", "Gita Rao"):
        speak(name, 7, 7, 3)
    shown = figures(world.program, by=world.priya, scope=Scope.program(), at=MONDAY + DAY)
    assert isinstance(shown["partnerscore"], Hidden)


def test_a_group_of_companies_counts_as_one(world, speak):
    for name in ("Dorn", "Esk"):
        company(world, name, {"type": "reseller", "tier": "silver", "region": "EMEA"})
        world.partners[name].parent = world.partners["Birk"]
        world.partners[name].save()
        person(world, f"{name} Person", at=name, role="sales")
    for name in ("Eva Lind", "Finn Berg", "Dorn Person", "Esk Person", "Gita Rao"):
        speak(name, 7, 7, 3)
    shown = figures(world.program, by=world.priya, scope=Scope.program(), at=MONDAY + DAY)
    assert isinstance(shown["partnerscore"], Hidden)


def test_a_manager_sees_own_partners_only_and_a_partner_itself_only(world, speak):
    speak("Ana Keller", 8, 8, 2)
    speak("Eva Lind", 5, 5, 5)
    user = User.objects.create_user("mo@northwind.example", name="Mo", at=MONDAY)
    mo = Membership.objects.create(
        program=world.program, user=user, role=Role.MANAGER, since=MONDAY.date()
    )
    PartnerAssignment.objects.create(
        program=world.program,
        partner=world.partners["Birk"],
        member=mo,
        since=MONDAY.date(),
    )
    assert isinstance(cells(world, "Birk", by=mo)["partnerscore"], Figure)
    assert cells(world, "Alder & Finch", by=mo)["partnerscore"].reason == Reason.NOT_YOURS
    assert [r.partner.name for r in score_rows(world.program, by=mo, at=MONDAY + DAY)] == ["Birk"]
    birk = world.partners["Birk"]
    assert isinstance(cells(world, "Birk", by=birk)["partnerscore"], Figure)
    assert cells(world, "Alder & Finch", by=birk)["partnerscore"].reason == Reason.NOT_YOURS
    everybody = figures(world.program, by=birk, scope=Scope.program(), at=MONDAY + DAY)
    assert {cell.reason for cell in everybody.values()} == {Reason.NOT_YOURS}


def test_the_trend_shows_the_weeks_that_were_known_then(world, speak):
    speak("Ana Keller", 8, 8, 2)
    snapshot(world.program, week=MONDAY.date())
    speak("Ana Keller", 2, 2, 9, at=MONDAY + WEEK)
    snapshot(world.program, week=(MONDAY + WEEK).date())
    scope = Scope.partner(world.partners["Alder & Finch"])
    points = trend(
        world.program, by=world.priya, scope=scope, measure="partnerscore", at=MONDAY + WEEK
    )
    assert [point.week for point in points] == [MONDAY.date(), (MONDAY + WEEK).date()]
    assert points[1].mean < points[0].mean


@pytest.fixture
def lively(world, speak) -> World:
    """Named and confidential answers, a tick, and confidential ones that still wait."""
    speak("Ana Keller", 8, 7, 2, words="Prices arrive late.")
    speak("Eva Lind", 4, 5, 6)
    for number, name in enumerate(("Ben Okafor", "Claire Dubois", "Dan Novak")):
        speak(name, 6 + number, 5, 3, mode=Mode.CONFIDENTIAL, words=f"Quiet words {number}")
    count(world, MONDAY + WEEK)
    speak("Ben Okafor", 1, 1, 9, mode=Mode.CONFIDENTIAL, at=MONDAY + WEEK + DAY)
    speak("Gita Rao", 0, 0, 10, mode=Mode.CONFIDENTIAL, at=MONDAY + WEEK + DAY)
    return world


def everything_shown(world: World, at):
    """Return all that the gate gives out, for comparing."""
    scopes = [Scope.program(), *(Scope.partner(p) for p in world.partners.values())]
    return [figures(world.program, by=world.priya, scope=scope, at=at) for scope in scopes]


def test_figures_can_be_rebuilt_with_the_confidential_tables_emptied(lively):
    at = MONDAY + WEEK + 2 * DAY
    refit(lively.program, at=at)
    before = everything_shown(lively, at)
    for table in (PendingAnswer, Answer, Comment, Receipt, Identity, Response):
        table.objects.across_programs().delete()
    refit(lively.program, at=at)
    assert everything_shown(lively, at) == before


def test_waiting_values_change_nothing_that_is_shown(lively):
    at = MONDAY + WEEK + 2 * DAY
    rebuild(lively.program, at=at)
    before = everything_shown(lively, at)
    PendingAnswer.objects.of(lively.program).update(value=10)
    rebuild(lively.program, at=at)
    assert everything_shown(lively, at) == before


def test_a_live_score_equals_its_full_recomputation(lively):
    at = MONDAY + WEEK + 2 * DAY
    advance(lively.program, at=at)
    live = everything_shown(lively, at)
    rebuild(lively.program, at=at)
    for cells_live, cells_full in zip(live, everything_shown(lively, at), strict=True):
        for measure, cell in cells_live.items():
            if isinstance(cell, Figure):
                assert cell.mean == pytest.approx(cells_full[measure].mean, abs=1e-3)


def test_erasing_a_named_person_is_the_only_way_a_past_answer_leaves_a_score(lively):
    at = MONDAY + WEEK + 2 * DAY
    before = everything_shown(lively, at)
    NamedAnswer.objects.of(lively.program).filter(contact=lively.people["Eva Lind"]).delete()
    rebuild(lively.program, at=at)
    assert everything_shown(lively, at) != before

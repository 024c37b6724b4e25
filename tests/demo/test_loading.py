"""The demo program in the database: what a newcomer finds, and what must not be there."""

from collections import Counter
from itertools import groupby

import pytest
from django.apps import apps
from django.db import connection, transaction

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.models import OPEN_STATES, FeedbackItem, FollowUp, State
from partnerloop.alerts.models import Alert, SignalLimit
from partnerloop.alerts.today import today
from partnerloop.demo.doors import guests
from partnerloop.demo.loading import DemoAlreadyLoaded, LoadedDemo, load
from partnerloop.demo.scenario import SHOWCASE
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.insights.guessing import record_of
from partnerloop.integrations.email.clicks import opened
from partnerloop.loop.recurring import coming_rounds, next_day
from partnerloop.partners.models import Affiliation, Contact, Need, Partner, Signal
from partnerloop.partners.objectives import has_approved, open_objectives
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.outlook import outlook
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses import asked
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from partnerloop.release.guessing import waiting
from partnerloop.release.models import ReleasedComment
from partnerloop.release.rates import WINDOW
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.scores import modelling
from tests.demo.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(demo: LoadedDemo) -> Membership:
    return Membership.objects.of(demo.program).get(role=Role.CHIEF)


def test_it_writes_every_partner_person_ask_and_response(demo: LoadedDemo) -> None:
    program = demo.program
    assert program.is_demo
    assert Partner.objects.of(program).count() == 40
    assert Contact.objects.of(program).count() == 320
    assert Invitation.objects.of(program).count() == len(demo.world.asks.rows)
    known = [ask for ask in demo.world.asks.answered if ask.reply and not ask.reply.anonymous]
    assert Response.objects.of(program).count() == len(known)
    assert not Response.objects.of(program).filter(mode="anonymous").exists()
    small = Counter(Affiliation.objects.of(program).values_list("partner", flat=True))
    assert sum(people <= 6 for people in small.values()) >= 0.55 * 40


def test_it_has_everybody_who_will_judge_it(demo: LoadedDemo) -> None:
    roles = Counter(Membership.objects.of(demo.program).values_list("role", flat=True))
    assert roles[Role.OWNER] == roles[Role.CHIEF] == roles[Role.EXECUTIVE] == 1
    assert roles[Role.MANAGER] >= 2
    assert roles[Role.LEAD] == 5


def test_its_objectives_have_sponsors_and_all_departments_agree(demo: LoadedDemo) -> None:
    objectives = open_objectives(demo.program)
    assert len(objectives) == 2
    assert all(one.sponsor for one in objectives)
    needs = Need.objects.of(demo.program)
    assert needs.count() == len(demo.staff.departments)
    assert all(has_approved(need, objectives) for need in needs)
    assert len({need.words for need in needs}) == needs.count()


def test_raw_answers_are_stored_as_given_and_evidence_the_right_way_round(
    demo: LoadedDemo,
) -> None:
    answers = Answer.objects.of(demo.program).filter(
        wording__question__is_reversed=True, response__mode=Mode.NAMED, value__isnull=False
    )
    raw = dict(answers.values_list("pk", "value"))
    turned = NamedAnswer.objects.of(demo.program).filter(pk__in=raw)
    assert len(raw) == turned.count() > 0
    assert all(row.value == 10 - raw[row.pk] for row in turned)


def test_confidential_answers_count_in_atoms_of_both_kinds(demo: LoadedDemo) -> None:
    kinds = Counter(Atom.objects.of(demo.program).values_list("kind", flat=True))
    assert kinds[Atom.Kind.COMPANY] > 0
    assert kinds[Atom.Kind.POOL] > 0


def test_no_partner_says_the_same_thing_twice(demo: LoadedDemo) -> None:
    rows = Comment.objects.of(demo.program).order_by("response__partner")
    said = rows.values_list("response__partner", "text")
    for _, texts in groupby(said, key=lambda row: row[0]):
        words = [text for _, text in texts]
        assert len(words) == len(set(words))


def test_unnamed_comments_are_released_without_person_and_partner(demo: LoadedDemo) -> None:
    unnamed = ReleasedComment.objects.of(demo.program).filter(contact__isnull=True)
    assert unnamed.exists()
    assert not unnamed.exclude(partner__isnull=True, role="").exists()
    assert not unnamed.filter(label="").exists()


def test_feedback_is_in_every_state_that_a_newcomer_should_see(demo: LoadedDemo) -> None:
    items = FeedbackItem.objects.of(demo.program)
    assert items.count() == ReleasedComment.objects.of(demo.program).count()
    states = Counter(items.values_list("state", flat=True))
    assert {State.ANSWERED, State.PLANNED, State.DONE, State.DECLINED} <= set(states)
    waiting = items.filter(state__in=OPEN_STATES)
    assert waiting.exists()
    assert waiting.filter(due_at__lt=AT).exists()
    spoken = FollowUp.objects.of(demo.program).filter(feedback_item__in=waiting)
    assert not spoken.exists()


def test_its_plan_shows_a_round_and_asks_after_events(demo: LoadedDemo) -> None:
    plan = outlook(demo.program, coming_rounds(demo.program, at=AT), at=AT)
    assert [week.pulses for week in plan.weeks if week.pulses] == [("Standing partner pulse",)]
    assert sum(week.after_events for week in plan.weeks) > 0
    assert plan.answers > 0
    assert plan.narrowing is not None
    assert plan.narrowing.then < plan.narrowing.now


def test_nothing_is_asked_by_itself_on_the_first_day(demo: LoadedDemo) -> None:
    assert all(next_day(one) > AT.date() for one in Pulse.objects.of(demo.program).standing())
    assert not WaitingAsk.objects.of(demo.program).due(AT.date()).exists()


def test_the_manager_of_the_story_has_guessed_and_two_figures_wait(demo: LoadedDemo) -> None:
    manager = guests(demo.program, at=AT).manager
    by = Membership.objects.of(demo.program).get(user=manager)
    told = record_of(by, at=AT)
    assert told.gap is not None
    assert told.gap.mean > 0
    waits = waiting(by, at=AT)
    assert len(waits) == 2
    assert SHOWCASE.name not in {one.partner.name for one in waits}


def test_visits_are_counted_by_domain_and_scanners_stand_out(demo: LoadedDemo) -> None:
    found = opened(demo.program, since=(AT - WINDOW).date())
    assert {one.has_scanner for one in found} == {True, False}
    asked = Counter(
        email.rpartition("@")[2]
        for email in Contact.objects.of(demo.program).values_list("email", flat=True)
    )
    assert all(asked[one.domain] >= 5 for one in found if one.domain)


def test_it_opens_on_a_week_with_findings(demo: LoadedDemo, chief: Membership) -> None:
    kinds = {change.kind for change in today(demo.program, by=chief, at=AT)}
    assert "growth" in kinds
    assert kinds & {"drop", "rise"}


@pytest.mark.full
def test_as_a_newcomer_loads_it_something_fell_of_late() -> None:
    demo = load(at=AT)
    chief = Membership.objects.of(demo.program).get(role=Role.CHIEF)
    kinds = {change.kind for change in today(demo.program, by=chief, at=AT)}
    assert {"drop", "growth"} <= kinds


def test_one_partner_is_committed_and_badly_served(demo: LoadedDemo, chief: Membership) -> None:
    partner = Partner.objects.of(demo.program).get(name=SHOWCASE.name)
    cells = figures(demo.program, by=chief, scope=Scope.partner(partner), at=AT)
    found = {measure: cell for measure, cell in cells.items() if isinstance(cell, Figure)}
    assert found["commitment"].mean > 7.5
    assert found["conflict"].mean < 4
    assert found["communication"].mean < 4
    assert 5 < found["cooperation"].mean < 7.5


def test_no_true_score_is_in_any_table(demo: LoadedDemo) -> None:
    """Truth has more digits than anything the product computes from answers could share."""
    scores = demo.world.truth.scores[-1].ravel()
    needles = {f"{score:.10f}"[:-1] for score in scores if 1 < score < 9.5}
    for model in apps.get_models():
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            written = "\n".join(str(row) for row in cursor.fetchall())
        assert not [needle for needle in needles if needle in written], model


def test_it_is_loaded_once(demo: LoadedDemo) -> None:
    with pytest.raises(DemoAlreadyLoaded):
        load(at=AT, partners=40)


def test_the_same_seed_and_day_tell_the_same_year() -> None:
    def told() -> tuple[object, ...]:
        with transaction.atomic():
            program = load(at=AT, partners=20, seed=11).program
            atoms = Atom.objects.of(program).order_by("week", "measure", "value", "kind")
            said = ReleasedComment.objects.of(program).order_by("comment_id")
            states = FeedbackItem.objects.of(program).order_by("comment__comment_id")
            found = (
                list(atoms.values_list("week", "measure", "value", "kind")),
                list(said.values_list("text", "label", "released_at")),
                list(states.values_list("state", "due_at")),
            )
            transaction.set_rollback(True)
        asked.forget()
        modelling.forget()
        return found

    Program.objects.filter(is_demo=True).update(slug="another")
    assert told() == told()


def test_its_systems_report_a_year_of_signals_and_one_limit_of_each_sort(demo: LoadedDemo) -> None:
    rows = Signal.objects.of(demo.program)
    assert set(rows.values_list("kind", flat=True)) == {"portal_login", "registration_days"}
    assert not rows.filter(at__gt=AT).exists()
    there = Partner.objects.of(demo.program).active(AT.date())
    assert set(there.values_list("pk", flat=True)) <= set(rows.values_list("partner", flat=True))
    limits = SignalLimit.objects.of(demo.program)
    assert sorted(limits.values_list("then", flat=True)) == ["alert", "pulse"]
    [alert] = Alert.objects.of(demo.program).filter(kind="signal", closed_on=None)
    assert (alert.measure, alert.crossing.value) == ("portal_login", 0)
    event = limits.get(then="pulse").event
    assert Pulse.objects.of(demo.program).listening(AT).filter(on_event=event).count() == 1

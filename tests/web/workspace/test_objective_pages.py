"""Objectives and the launch: set, approved, asked for; the checklist looks at what is there."""

from datetime import date

import pytest
from django.test import Client

from partnerloop.accounts.models import Role
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.core.models import AuditEntry
from partnerloop.partners.models import Affiliation, Need, Objective
from partnerloop.pulses.models import Pulse, Question
from partnerloop.pulses.proposals import PROPOSALS
from partnerloop.pulses.templates import template_of
from partnerloop.web.workspace.launch import launch_of, working_day
from tests.web.conftest import NOW


def set_one(pages, chief: Client, **changes: str) -> Objective:
    given = {"title": "Be easier to work with", "measure": "communication", "target": "7.5"}
    given |= {"due_on": "2027-03-01", "sponsor": str(pages.world.priya.pk), "template": "portal"}
    given |= {"questions": "touch_portal", **changes}
    assert chief.post(pages.url("objectives/new/"), given).status_code == 302
    return Objective.objects.of(pages.world.program).latest("pk")


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda one: one.key)
def test_a_proposal_fills_the_form_with_what_exists(pages, chief, proposal) -> None:
    form = chief.get(pages.url(f"objectives/new/?from={proposal.key}")).context["form"]
    assert form["title"].value() == proposal.title
    known = set(Question.objects.of(pages.world.program).values_list("key", flat=True))
    assert set(proposal.questions) <= known
    assert template_of(proposal.template) is not None
    posted = {"title": proposal.title, "measure": proposal.measure, "template": proposal.template}
    posted["questions"] = list(proposal.questions)
    assert chief.post(pages.url("objectives/new/"), posted).status_code == 302
    made = Objective.objects.of(pages.world.program).get()
    assert tuple(made.questions) == proposal.questions


def test_an_objective_is_shown_changed_and_closed(pages, chief) -> None:
    made = set_one(pages, chief)
    page = chief.get(pages.url("objectives/")).content.decode()
    assert "Be easier to work with" in page
    assert "Priya Raman" in page
    assert "target 7.5" in page
    path = pages.url(f"objectives/{made.pk}/")
    changed = {"title": "Be easy to work with", "measure": "", "target": "8"}
    refused = chief.post(path, changed)
    assert refused.status_code == 400
    assert "Say of which figure" in refused.content.decode()
    chief.post(path, {**changed, "target": ""})
    made.refresh_from_db()
    assert (made.title, made.target, made.sponsor) == ("Be easy to work with", None, None)
    assert "title" in AuditEntry.objects.get(action="objective.changed").fields
    chief.post(f"{path}close/")
    assert "No objective yet" in chief.get(pages.url("objectives/")).content.decode()
    assert chief.post(f"{path}vanish/").status_code == 404


def test_its_pulse_asks_what_the_objective_names_and_hangs_on_it(pages, chief) -> None:
    made = set_one(pages, chief)
    drafted = chief.post(pages.url(f"objectives/{made.pk}/pulse/"))
    pulse = Pulse.objects.of(pages.world.program).get()
    assert drafted["Location"] == pages.url(f"pulses/{pulse.pk}/")
    template = template_of("portal")
    assert (pulse.objective, pulse.questions) == (made, ["touch_portal"])
    assert pulse.every_days == template.every_days
    assert f"pulses/{pulse.pk}/" in chief.get(pages.url("objectives/")).content.decode()


def test_a_lead_tells_the_need_of_the_own_department_alone(pages, chief) -> None:
    lead = pages.member("Leo Lead", Role.LEAD)
    own = pages.department("product", lead=lead)
    other = pages.department("sales")
    browser = pages.as_member(lead)
    words = {"words": "Which feature would make you sell more?"}
    assert browser.post(pages.url(f"objectives/needs/{own.pk}/tell/"), words).status_code == 302
    assert browser.post(pages.url(f"objectives/needs/{other.pk}/tell/"), words).status_code == 403
    assert Need.objects.of(pages.world.program).get().words == words["words"]
    page = browser.get(pages.url("objectives/")).content.decode()
    assert words["words"] in page
    assert "New objective" not in page
    assert browser.get(pages.url("objectives/new/")).status_code == 403


def test_an_approval_ends_when_an_objective_changes(pages, chief, monkeypatch) -> None:
    made, product = set_one(pages, chief), pages.department("product")
    approve = pages.url(f"objectives/needs/{product.pk}/approve/")
    chief.post(approve)
    assert not Need.objects.of(pages.world.program).exists()
    chief.post(pages.url(f"objectives/needs/{product.pk}/tell/"), {"words": "What is missing?"})
    chief.post(approve)
    assert "approved</span>" in chief.get(pages.url("objectives/")).content.decode()
    monkeypatch.setattr("partnerloop.core.clock.now", lambda: NOW.replace(hour=20))
    chief.post(pages.url(f"objectives/{made.pk}/"), {"title": "Something else"})
    assert "Approve the objectives" in chief.get(pages.url("objectives/")).content.decode()


def agreed(pages, chief: Client) -> None:
    """Bring everything about that does not need a pulse."""
    pages.world.program.mail_tested_at = NOW
    pages.world.program.save()
    set_one(pages, chief)
    product = pages.department("product")
    chief.post(pages.url(f"objectives/needs/{product.pk}/tell/"), {"words": "What is missing?"})
    chief.post(pages.url(f"objectives/needs/{product.pk}/approve/"))


def test_the_checklist_ticks_itself_off(pages, chief) -> None:
    priya, program = pages.world.priya, pages.world.program
    assert [step.is_done for step in launch_of(priya).steps][:4] == [False] * 4
    assert "Launch in ten working days" in chief.get(pages.url()).content.decode()
    agreed(pages, chief)
    assert launch_of(priya).next.title == "The first pulse is drafted from a template"
    chief.post(pages.url("pulses/templates/portal/"))
    pulse = Pulse.objects.of(program).latest("pk")
    assert launch_of(priya).next.title == "A test of it was sent to yourselves"
    chief.post(pages.url(f"pulses/{pulse.pk}/send/"))
    assert launch_of(priya).next.title == "Partners are told what comes of it"
    page = chief.get(pages.url("launch/")).content.decode()
    assert "8 of 9 done" in page
    assert "Partners are told what comes of it" in chief.get(pages.url()).content.decode()


def test_the_checklist_is_gone_from_the_first_screen_when_all_is_done(
    pages, chief, say, work_through
) -> None:
    agreed(pages, chief)
    say("Ana Keller", {"ease": 3}, words="Nobody answers.")
    work_through()
    FeedbackItem.objects.of(pages.world.program).update(state=State.ANSWERED)
    assert launch_of(pages.world.priya).next is None
    assert "Launch in ten working days" not in chief.get(pages.url()).content.decode()


def test_without_people_nothing_is_ticked_that_needs_them(pages) -> None:
    Affiliation.objects.of(pages.world.program).delete()
    steps = {step.title: step.is_done for step in launch_of(pages.world.priya).steps}
    assert not steps["Partners and their people are in"]


def test_working_days_leave_out_weekends() -> None:
    assert working_day(1, since=date(2026, 11, 28)) == date(2026, 11, 30)
    assert working_day(10, since=date(2026, 11, 26)) == date(2026, 12, 9)

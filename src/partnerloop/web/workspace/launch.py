"""Launch in ten working days: a checklist that looks at what is there and ticks itself off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.core import clock
from partnerloop.core.models import AuditEntry
from partnerloop.core.words import counted
from partnerloop.partners.models import Affiliation, Department, Need, Partner
from partnerloop.partners.objectives import has_approved, open_objectives
from partnerloop.pulses.models import Pulse
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page

TOLD = (State.ANSWERED, State.PLANNED, State.DONE, State.DECLINED)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what is to be there, what is there now, by when, and where to do it."""

    title: str
    is_done: bool
    now: str
    due: date
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Launch:
    """The whole checklist."""

    steps: Sequence[Step]

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """Return the first step that is not done, None when all are."""
        return next((step for step in self.steps if not step.is_done), None)


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show how far the launch is."""
    shown = {"launch": launch_of(member), "today": timezone.localtime(clock.now()).date()}
    return page(request, member, "workspace/launch.html", shown, here="home")


def launch_of(member: Membership) -> Launch:
    """This will look at the program and say what is there and what is missing."""
    return Launch([*_agreed(member), *_asked(member)])


def working_day(number: int, *, since: date) -> date:
    """Return the day of a working week, the first being the day itself or the Monday after.

    >>> working_day(1, since=date(2026, 11, 28)), working_day(6, since=date(2026, 11, 26))
    (datetime.date(2026, 11, 30), datetime.date(2026, 12, 3))
    """
    day = since
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    for _ in range(number - 1):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def _agreed(member: Membership) -> list[Step]:
    program = member.program
    objectives = open_objectives(program)
    sponsored = [one for one in objectives if one.sponsor_id]
    departments = list(Department.objects.of(program).values_list("pk", flat=True))
    needs = {need.department_id: need for need in Need.objects.of(program)}
    agreeing = [key for key in departments if has_approved(needs.get(key), objectives)]
    all_told = bool(departments) and all(key in needs for key in departments)
    of_all = f"of {len(departments)}" if departments else "of no department yet"
    return [
        _step(
            member,
            1,
            "The program is named and its mail works",
            bool(program.mail_tested_at),
            "A test mail arrived." if program.mail_tested_at else "Its mail was not tested yet.",
            ("settings", "Test its mail"),
        ),
        _step(
            member,
            2,
            "Objectives are set, each with a sponsor",
            bool(objectives) and len(sponsored) == len(objectives),
            f"{counted(len(objectives), 'objective', 'objectives')}, {len(sponsored)} sponsored.",
            ("objectives", "Set objectives"),
        ),
        _step(
            member,
            4,
            "Each department added the one question it needs answered",
            all_told,
            f"{len(needs)} {of_all}. Marketing, sales, product and customer success, at least.",
            ("objectives" if departments else "departments", "Note their questions"),
        ),
        _step(
            member,
            4,
            "Departments approve the objectives",
            bool(departments) and len(agreeing) == len(departments),
            f"{len(agreeing)} {of_all}; whoever changes an objective asks them again.",
            ("objectives" if departments else "departments", "Ask for approval"),
        ),
    ]


def _asked(member: Membership) -> list[Step]:
    program, on = member.program, clock.now().date()
    partners = Partner.objects.of(program).active(on).count()
    contacts = Affiliation.objects.of(program).current(on).count()
    pulses = Pulse.objects.of(program).filter(way=Pulse.Way.MAIL)
    drafted, sent = pulses.exists(), pulses.launched().exists()
    tried = AuditEntry.objects.filter(program_id=program.pk, action="pulse.tried").exists()
    told = FeedbackItem.objects.of(program).filter(state__in=TOLD).exists()
    return [
        _step(
            member,
            5,
            "Partners and their people are in",
            bool(contacts),
            f"{counted(partners, 'partner', 'partners')}, {counted(contacts, 'person', 'people')}.",
            ("import", "Import them"),
        ),
        _step(
            member,
            6,
            "The first pulse is drafted from a template",
            drafted,
            "There is a draft, or more." if drafted else "Eight templates are ready.",
            ("pulse-templates", "Choose a template"),
        ),
        _step(
            member,
            7,
            "A test of it was sent to yourselves",
            tried or sent,
            "Sent." if tried or sent else "Look at it as a respondent does.",
            ("pulses", "Send a test"),
        ),
        _step(
            member,
            8,
            "The first pulse is sent",
            sent,
            "Sent." if sent else "Nobody has been asked yet.",
            ("pulses", "Send the pulse"),
        ),
        _step(
            member,
            10,
            "Partners are told what comes of it",
            told,
            "The first answer is out." if told else "Answer the first comment: that is the loop.",
            ("inbox", "Answer feedback"),
        ),
    ]


def _step(
    member: Membership, day: int, title: str, is_done: bool, now: str, where: tuple[str, str]
) -> Step:
    since = timezone.localtime(member.program.created_at).date()
    url = reverse(where[0], args=[member.program.slug])
    return Step(title, is_done, now, working_day(day, since=since), url, where[1])

"""The loops strip: what was asked, heard, understood, decided, told and done, and since when."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from partnerloop.accounts.models import Membership
from partnerloop.actions.health import Standing, standings
from partnerloop.actions.models import State
from partnerloop.core import words
from partnerloop.pulses.models import Pulse
from partnerloop.web.components import Loop, LoopStep
from partnerloop.web.metric_names import MetricNames, metric_names

STEPS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Heard", (State.RECEIVED,)),
    ("Understood", (State.ROUTED,)),
    ("Decided", (State.PLANNED,)),
    ("Told", (State.ANSWERED, State.DECLINED)),
    ("Done", (State.DONE,)),
)


def steps(member: Membership, *, at: datetime) -> list[LoopStep]:
    """This will lay out pulses and feedback by the step at which they stand."""
    found = standings(member.program, by=member, at=at)
    slug, names = member.program.slug, metric_names(member.program)
    return [
        LoopStep("Asked", _asked(member, at=at)),
        *(
            LoopStep(
                name,
                [_loop(one, slug=slug, at=at, names=names) for one in found if one.state in states],
            )
            for name, states in STEPS
        ),
    ]


def topic(measure: str, names: MetricNames) -> str:
    """This will name what a comment is about."""
    return names.name(measure) if measure in names else "In general"


def _asked(member: Membership, *, at: datetime) -> Sequence[Loop]:
    pulses = Pulse.objects.of(member.program).launched()
    running = pulses.filter(Q(closes_at__isnull=True) | Q(closes_at__gt=at))
    slug = member.program.slug
    return [
        Loop(
            title=pulse.name,
            url=reverse("pulse", args=[slug, pulse.pk])
            if member.runs_program
            else reverse("home", args=[slug]),
            line=ago(pulse.launched_at or at, at=at, verb="sent"),
        )
        for pulse in running.order_by("-launched_at")
    ]


def _loop(one: Standing, *, slug: str, at: datetime, names: MetricNames) -> Loop:
    title = one.title if one.state == State.ROUTED and one.title else topic(one.title, names)
    counted = words.counted(one.count, "comment", "comments")
    return Loop(
        title=title,
        url=f"{reverse('inbox', args=[slug])}?{urlencode({'state': one.state})}",
        line=f"{counted}, {ago(one.since, at=at, verb='oldest')}",
        blocked_by=f"{words.count(one.overdue)} overdue" if one.overdue else "",
    )


def ago(moment: datetime, *, at: datetime, verb: str) -> str:
    """This will say how long ago something was, in days."""
    days = (at - moment).days
    if days < 1:
        return f"{verb} today"
    return f"{verb} {words.counted(days, 'day', 'days')} ago"

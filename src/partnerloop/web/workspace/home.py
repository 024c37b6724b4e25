"""The first screen: the program's scorecard, what changed beyond chance, the loops."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.actions.health import health
from partnerloop.core import clock, words
from partnerloop.pulses.models import Pulse
from partnerloop.release.gate import Scope
from partnerloop.release.rates import response_rate
from partnerloop.scores.carrying import is_behind
from partnerloop.web import cards
from partnerloop.web.access import for_members
from partnerloop.web.workspace import changes, strip
from partnerloop.web.workspace.frame import fragment, page
from partnerloop.web.workspace.guessing import to_guess
from partnerloop.web.workspace.launch import Launch, launch_of


@require_safe
@for_members
def home(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show the program at a glance; a live page asks for one part of it again."""
    at = clock.now()
    if member.program.setup_finished_at is None and member.runs_program:
        return redirect("start", slug=member.program.slug)
    match request.headers.get("HX-Target"):
        case "scorecard":
            return fragment(request, member, "workspace/_scorecard.html", _scorecard(member, at))
        case "today":
            return fragment(request, member, "workspace/_today_again.html", _today(member, at))
        case _:
            return page(request, member, "workspace/home.html", _whole(member, at), here="home")


def _whole(member: Membership, at: datetime) -> dict[str, Any]:
    rate = response_rate(member.program, by=member, scope=Scope.program(), at=at)
    return {
        "day": words.long_day(timezone.localtime(at).date()),
        **_scorecard(member, at),
        **_today(member, at),
        "steps": strip.steps(member, at=at),
        "health": health(member.program, by=member, at=at),
        "response_rate": rate,
        "launch": _launch(member),
        "to_guess": to_guess(member, at=at),
    }


def _launch(member: Membership) -> Launch | None:
    """Return the checklist for those who run the program; a demo program was never launched."""
    return launch_of(member) if member.runs_program and not member.program.is_demo else None


def _scorecard(member: Membership, at: datetime) -> dict[str, Any]:
    shown = cards.scorecard(member.program, by=member, scope=Scope.program(), at=at)
    url = reverse("partners", args=[member.program.slug])
    prints = dict.fromkeys(metric.basis for metric in shown if metric.basis)
    return {
        "is_behind": is_behind(member.program),
        "cards": cards.score_cards(shown, url=url),
        "small_print": " ".join(f"{text}." for text in prints),
        "has_figures": any(metric.figure or metric.like for metric in shown),
    }


def _today(member: Membership, at: datetime) -> dict[str, Any]:
    found = changes.changes(member, at=at)
    was_asked = Pulse.objects.of(member.program).launched().exists()
    return {
        "changes": found,
        "headline": changes.headline(found) if was_asked else "Nobody has been asked yet",
        "was_asked": was_asked,
    }

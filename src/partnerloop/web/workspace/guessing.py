"""One guess before you look: a manager's veiled figures, and the own record of guesses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership, Role
from partnerloop.core import clock
from partnerloop.core.words import Figure, gap_words
from partnerloop.insights.guessing import record_of
from partnerloop.partners.models import Partner
from partnerloop.pulses.models import Question
from partnerloop.pulses.wording import languages_for, words_for
from partnerloop.release.guessing import (
    Guess,
    NoGuess,
    NoSuchVeil,
    gaps_at,
    guess,
    skip_all,
    waiting,
)
from partnerloop.release.models import Veil
from partnerloop.web.access import for_members, for_roles
from partnerloop.web.metric_names import MetricNames, metric_names
from partnerloop.web.workspace.frame import page

STEPS = tuple(str(step) for step in range(11))
SURENESS = Veil.Sureness.choices
for_guessers = for_roles(Role.MANAGER)


@dataclass(frozen=True, slots=True)
class ToGuess:
    """A veiled figure as its question is asked."""

    id: str
    partner: Partner
    metric: str
    question: str
    low: str
    high: str
    steps: tuple[str, ...] = STEPS


@dataclass(frozen=True, slots=True)
class Apart:
    """A guess beside the figure as it was then."""

    who: str
    partner: Partner
    metric: str
    guess: int
    range: str
    words: str
    on: datetime


@require_safe
@for_guessers
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list the figures that wait for a guess, and what became of earlier ones."""
    at = clock.now()
    record, names = record_of(member, at=at), metric_names(member.program)
    shown = {
        "waiting": to_guess(member, at=at),
        "record": record,
        "by_measure": [(names.name(key), gap) for key, gap in sorted(record.by_measure.items())],
        "newest": [apart(one, names) for one in record.newest],
        "sureness": SURENESS,
    }
    return page(request, member, "workspace/guesses.html", shown, here="partners")


@require_POST
@for_members
def settle(request: HttpRequest, member: Membership, veil_id: UUID) -> HttpResponse:
    """This will keep one guess, or that it was skipped, and show the figure."""
    given = request.POST.get("guess", "")
    value = None if given == "skip" else STEPS.index(given) if given in STEPS else -1
    try:
        partner = guess(
            str(veil_id),
            value,
            sureness=request.POST.get("sureness", ""),
            by=member,
            at=clock.now(),
        )
    except NoSuchVeil:
        raise Http404 from None
    except NoGuess:
        messages.error(request, "A guess is one of the numbers from 0 to 10.")
        return redirect("guesses", slug=member.program.slug)
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        return redirect(onward)
    return redirect("partner", slug=member.program.slug, partner_id=partner.pk)


@require_POST
@for_guessers
def show_all(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show all veiled figures without a guess."""
    skip_all(member, at=clock.now())
    return redirect("guesses", slug=member.program.slug)


def to_guess(member: Membership, *, at: datetime, partner: Partner | None = None) -> list[ToGuess]:
    """Return the veiled figures of a member, of one partner only if it is given."""
    veils = waiting(member, at=at, partner=partner)
    if not veils:
        return []
    program = member.program
    asked = Question.objects.of(program).filter(purpose=Question.Purpose.PREDICTION)
    about = {one.about: one.pk for one in asked.exclude(retired_at__lte=at)}
    words = words_for(about.values(), program=program, languages=languages_for(program))
    names, rows = metric_names(program), []
    for veil in veils:
        metric, wording = names.name(veil.measure), words.get(about.get(veil.measure, 0))
        text = wording.text if wording else f"What would {{partner}} say about {metric}?"
        filled = text.replace("{partner}", veil.partner.name)
        rows.append(
            ToGuess(
                id=str(veil.pk),
                partner=veil.partner,
                metric=metric,
                question=filled.replace("{vendor}", program.vendor_name),
                low=wording.low if wording else "very bad",
                high=wording.high if wording else "very good",
            )
        )
    return rows


def gaps(member: Membership, partner: Partner, *, at: datetime) -> list[Apart]:
    """Return guesses at a partner beside its figures, as far as this member may see them."""
    names = metric_names(member.program)
    return [apart(one, names) for one in gaps_at(partner, by=member, at=at)]


def apart(one: Guess, names: MetricNames) -> Apart:
    """Return a guess in words."""
    return Apart(
        who=one.member.user.name,
        partner=one.partner,
        metric=names.name(one.measure),
        guess=one.guess,
        range=f"{one.low:.1f} to {one.high:.1f}",
        words=gap_words(one.guess, Figure(one.mean, one.low, one.high)),
        on=one.at,
    )

"""The answer page of an invitation. Opening it stores nothing; only Send does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.core import clock
from partnerloop.evidence.offering import Offer, offer
from partnerloop.integrations.email.taps import stamp
from partnerloop.loop.following import follow_up, is_chosen_by_score
from partnerloop.loop.receiving import receive
from partnerloop.planning.addressing import last_asked, to_the_person
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import is_open
from partnerloop.responses.drafting import kept
from partnerloop.responses.intake import AlreadyAnswered, ModeNotOffered
from partnerloop.responses.standing import Standing, standing
from partnerloop.web.components import Choice, Choices, Entry, Scale0to10
from partnerloop.web.respond import guarding
from partnerloop.web.respond.cautioning import gives_away
from partnerloop.web.respond.drafting import fields_of, keep, told_again, waits_for_a_choice
from partnerloop.web.respond.drawing import drawn
from partnerloop.web.respond.dropped import to_thanks
from partnerloop.web.respond.forms import VALUES, Posted, field_name, read
from partnerloop.web.respond.framing import (
    address,
    foreign,
    letterhead,
    links,
    mode_label,
    said,
)
from partnerloop.web.respond.linking import by_link
from partnerloop.web.respond.more import ask_more, more_again, open_line
from partnerloop.web.respond.notices import expired_link, spent_link
from partnerloop.web.respond.pages import AnswerPage, FormError, OnlyMode, OpenQuestion, ThanksPage


# The token is the capability: no cookie is set, so there is no session that could be ridden.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show the questions of an invitation; on POST store what is filled in."""
    at = clock.now()
    if not is_open(invitation, at=at):
        page = expired_link(letterhead(invitation), links=links(token, invitation))
        return render(request, "respond/notice.html", {"page": page}, status=410)
    stands = standing(invitation)
    if stands.is_spent:
        page = spent_link(letterhead(invitation), links=links(token, invitation))
        return render(request, "respond/notice.html", {"page": page})
    if request.method == "POST":
        if not guarding.is_by_a_person(request, invitation, token, at=at):
            return guarding.once_more(
                request,
                token,
                letterhead=letterhead(invitation),
                links=links(token, invitation),
                at=at,
            )
        return _store(request, invitation, token, stands, at=at)
    guarding.looked(request, invitation, token, at=at)
    draft = fields_of(kept(invitation)) if stands.has_draft else {}
    fields = draft | _preselected(request, invitation)
    shown = Posted(read({}, []).submission, fields, ())
    return _page(request, invitation, token, stands, shown, at=at)


@never_cache
@require_safe
@by_link
def thanks(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Thank the person, and hand out the private receipt."""
    stands = standing(invitation)
    receipt = stands.receipt_token
    if receipt is None:
        return redirect("respond:answer", token=token)
    page = ThanksPage(
        letterhead=letterhead(invitation),
        counts_as=_counts_as(invitation, stands.mode),
        receipt_url=request.build_absolute_uri(reverse("respond:receipt", args=[receipt])),
        next_steps=_next_steps(invitation),
        links=links(token, invitation),
    )
    return render(request, "respond/thanks.html", {"page": page})


def _store(
    request: HttpRequest, invitation: Invitation, token: str, stands: Standing, *, at: datetime
) -> HttpResponse:
    questions = asked_questions(invitation.program_id, invitation.asked)
    posted = read(request.POST, questions)
    adds = request.POST.get("step") == "more"
    if posted.is_empty and adds:
        return redirect("respond:thanks", token=token)
    warns = gives_away(posted, invitation, stands) and "cautioned" not in request.POST
    if posted.errors or warns:
        if adds:
            return more_again(request, invitation, token, posted, at=at, status=422, cautions=warns)
        return _page(request, invitation, token, stands, posted, at=at, status=422, cautions=warns)
    if waits_for_a_choice(invitation, posted, stands, at=at):
        return _keep(request, invitation, token, stands, posted, at=at)
    follows = None if posted.submission.words else follow_up(questions, posted.submission.ratings)
    if follows is not None and posted.submission.mode == Mode.ANONYMOUS and not adds:
        return ask_more(request, invitation, token, follows, posted, at=at)
    try:
        received = receive(invitation, posted.submission, at=at)
    except ModeNotOffered:
        changed = FormError(gettext("Who may know it was you? Choose one of these."), field="mode")
        again = Posted(posted.submission, posted.fields, (changed,))
        return _page(request, invitation, token, stands, again, at=at, status=422)
    except AlreadyAnswered:
        return redirect("respond:answer", token=token)
    if received.mode == Mode.ANONYMOUS:
        # By its receipt alone: nothing leads from the invitation to an anonymous answer.
        return to_thanks(received.receipt_token)
    if follows is None or adds:
        return redirect("respond:thanks", token=token)
    return ask_more(request, invitation, token, follows, posted, at=at)


def _keep(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    stands: Standing,
    posted: Posted,
    *,
    at: datetime,
) -> HttpResponse:
    """Keep what is filled in for two days, and ask who may know it was them."""
    try:
        again = keep(invitation, posted, at=at)
    except AlreadyAnswered:
        return redirect("respond:answer", token=token)
    stands = replace(stands, has_draft=True)
    return _page(request, invitation, token, stands, again, at=at)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    stands: Standing,
    posted: Posted,
    *,
    at: datetime,
    status: int = 200,
    cautions: bool = False,
) -> HttpResponse:
    questions = asked_questions(invitation.program_id, invitation.asked)
    vendor = invitation.program.vendor_name
    earlier = stands.mode
    offered = offer(invitation, at=at)
    page = AnswerPage(
        letterhead=letterhead(invitation),
        action=address("answer", token),
        questions=[_scale(q, posted.fields, vendor) for q in questions if q.is_rated],
        open_question=_open(questions, posted, invitation, offered, cautions=cautions),
        line_follows=is_chosen_by_score(questions),
        modes=_modes(offered, posted.fields, earlier, last=stands.usual_mode),
        answering_as=gettext("Answering for {name} at {partner}.").format(
            name=invitation.contact.name, partner=invitation.partner.name
        ),
        why=to_the_person(
            role=invitation.role,
            partner=invitation.partner.name,
            last=last_asked(invitation.contact, before=invitation.asked_at),
        ),
        changing=_changing(stands, offered),
        drawn=stamp(token, at=at),
        errors=posted.errors,
        links=links(token, invitation),
    )
    response = HttpResponse(drawn(page), status=status)
    response["Referrer-Policy"] = "strict-origin"  # the score tapped stands in the address
    return response


def _scale(question: AskedQuestion, fields: Mapping[str, str], vendor: str) -> Scale0to10:
    name = field_name(question)
    return Scale0to10(
        name=name,
        question=said(question.text, vendor),
        low=question.low,
        high=question.high,
        chosen=fields.get(name, ""),
        hint=fields.get(f"{name}-hint", ""),
        language=foreign(question),
    )


def _open(
    questions: Sequence[AskedQuestion],
    posted: Posted,
    invitation: Invitation,
    offered: Offer,
    *,
    cautions: bool,
) -> OpenQuestion | None:
    question = next((q for q in questions if not q.is_rated), None)
    if question is None or is_chosen_by_score(questions):
        return None
    return open_line(question, posted, invitation, offered, cautions=cautions)


def _modes(
    offered: Offer, fields: Mapping[str, str], earlier: Mode | None, *, last: Mode | None
) -> Choices | OnlyMode | None:
    """Return the choice of modes; after the first answer its mode stays and there is none.

    The first time nothing is chosen; afterwards it is what this person chose last, if offered.
    """
    if earlier is not None:
        return None
    if len(offered.choices) == 1:
        only = offered.choices[0]
        promise = " ".join(filter(None, (only.sentence, only.more, offered.note)))
        return OnlyMode("mode", only.mode.value, promise)
    usual = last.value if last in offered.modes and last is not None else ""
    return Choices(
        name="mode",
        question=offered.asking["question"],
        choices=[Choice(c.mode.value, c.label, c.sentence, c.more) for c in offered.choices],
        chosen=fields.get("mode", usual),
        hint=offered.hint,
    )


def _preselected(request: HttpRequest, invitation: Invitation) -> dict[str, str]:
    """Return the value tapped in the mail for the first question; it only draws the page."""
    value = request.GET.get("q", "")
    questions = asked_questions(invitation.program_id, invitation.asked)
    first = next((q for q in questions if q.is_rated), None)
    if first is None or value not in VALUES:
        return {}
    picked = gettext("You picked {value} in the e-mail. Change it if you like.")
    name = field_name(first)
    return {name: value, f"{name}-hint": picked.format(value=value)}


def _changing(stands: Standing, offered: Offer) -> str:
    if stands.mode is None:
        return told_again(offered) if stands.has_draft else ""
    told = gettext("You answered before: {mode}. What you fill in now replaces it; the rest stays.")
    return told.format(mode=mode_label(stands.mode))


def _counts_as(invitation: Invitation, mode: Mode | None) -> str:
    vendor = invitation.program.vendor_name
    if mode == Mode.NAMED:
        told = gettext("They count as named: the people at {vendor} who look after you see them.")
    else:
        told = gettext("They count as confidential: {vendor} never sees that it was you.")
    return told.format(vendor=vendor)


def _next_steps(invitation: Invitation) -> list[Entry]:
    program = invitation.program
    answered = gettext(
        "Whatever you wrote gets an answer within {hours} hours of reaching the inbox"
    )
    return [
        Entry(gettext("Your answers are stored"), state="done"),
        Entry(answered.format(hours=program.answer_within_hours), state="now"),
        Entry(gettext("You see what came of it on your receipt"), state="later"),
    ]

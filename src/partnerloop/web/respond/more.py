"""The one open question that fits the score just given, as the answer to Send and nowhere else.

A page of its own address would let whoever else has the link read off how the person scored. What
is anonymous is stored once, so its ratings travel in the page until Send.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partnerloop.evidence.offering import Offer, offer
from partnerloop.integrations.email.taps import stamp
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.web.respond.cautioning import pointing_names
from partnerloop.web.respond.forms import Posted, field_name
from partnerloop.web.respond.framing import foreign, letterhead, links, said
from partnerloop.web.respond.pages import FormError, Letterhead, Links, OpenQuestion


@dataclass(frozen=True, slots=True)
class MorePage:
    """respond/more.html: one open question that fits the ratings, or finish.

    Without `done_url` nothing is stored yet, and `hidden` carries the ratings.
    """

    letterhead: Letterhead
    action: str
    open_question: OpenQuestion
    done_url: str = ""
    drawn: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    errors: Sequence[FormError] = ()
    links: Links = field(default_factory=Links)


def ask_more(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    question: AskedQuestion,
    posted: Posted,
    *,
    at: datetime,
    status: int = 200,
    cautions: bool = False,
) -> HttpResponse:
    """Show one open question; ratings that are not stored yet are carried along."""
    carried = posted.submission.mode == Mode.ANONYMOUS
    page = MorePage(
        letterhead=letterhead(invitation),
        action=reverse("respond:answer", args=[token]),
        open_question=open_line(
            question, posted, invitation, offer(invitation, at=at), cautions=cautions
        ),
        done_url="" if carried else reverse("respond:thanks", args=[token]),
        drawn=stamp(token, at=at),
        hidden=_carried(invitation, posted) if carried else (),
        errors=posted.errors,
        links=links(token, invitation),
    )
    return render(request, "respond/more.html", {"page": page}, status=status)


def more_again(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    posted: Posted,
    *,
    at: datetime,
    status: int,
    cautions: bool,
) -> HttpResponse:
    """Show the same open question once more, with what is to be looked at again."""
    asked = asked_questions(invitation.program_id, invitation.asked)
    lines = [question for question in asked if not question.is_rated]
    written = [question for question in lines if field_name(question) in posted.fields]
    question = (written or lines)[0]
    return ask_more(
        request, invitation, token, question, posted, at=at, status=status, cautions=cautions
    )


def open_line(
    question: AskedQuestion,
    posted: Posted,
    invitation: Invitation,
    offered: Offer,
    *,
    cautions: bool,
) -> OpenQuestion:
    """Return an open question as it is shown, with what was written and what is wrong with it."""
    name = field_name(question)
    return OpenQuestion(
        name,
        said(question.text, invitation.program.vendor_name),
        words=posted.fields.get(name, ""),
        error=next((error.text for error in posted.errors if error.field == name), ""),
        hint=offered.asking["words"],
        language=foreign(question),
        caution=offered.asking["caution"],
        cautions=cautions,
        watched="|".join(pointing_names(invitation)),
    )


def _carried(invitation: Invitation, posted: Posted) -> tuple[tuple[str, str], ...]:
    asked = asked_questions(invitation.program_id, invitation.asked)
    names = [field_name(question) for question in asked if question.is_rated]
    return tuple((name, posted.fields[name]) for name in (*names, "mode") if name in posted.fields)

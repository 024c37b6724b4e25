"""The steps of a visit: home, questions, one line more, thanks; and something of one's own."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from partnerloop.core.dates import written_day
from partnerloop.integrations.widget.visits import Visit
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.following import follow_up, is_chosen_by_score
from partnerloop.loop.hearing import hear_visitor
from partnerloop.loop.receiving import receive
from partnerloop.loop.requesting import begin_own, open_in_portal, promise_of, promise_to
from partnerloop.planning.reasons import Asked, Reason
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.responses.accepted import Submission
from partnerloop.responses.intake import AlreadyAnswered, InvitationExpired
from partnerloop.responses.standing import standing
from partnerloop.web.components import Scale0to10
from partnerloop.web.respond.forms import Posted, field_name, read
from partnerloop.web.respond.framing import foreign, said
from partnerloop.web.respond.pages import FormError, OpenQuestion
from partnerloop.web.respond.telling import wrong_with
from partnerloop.web.widget.framing import framed, sorry
from partnerloop.web.widget.pages import Around, DonePage, HomePage, LinePage, QuestionsPage

Step = Callable[..., HttpResponse]
WORDS = "words"


def home(request: HttpRequest, visit: Visit, where: Around, *, at: datetime) -> HttpResponse:
    """Show what one may do here; an ask that waits is shown at once. Nothing is stored."""
    ask = open_in_portal(visit.contact, visit.partner, at=at)
    vendor = visit.contact.program.vendor_name
    if ask is not None and standing(ask).mode is None:
        if ask.reason == Asked.REQUESTED:
            return _questions(request, where, ask, _nothing())
        told = gettext("You opened a few questions and have not sent them yet.")
        return framed(request, "home", HomePage(where, told, gettext("Go on")))
    if ask is not None:
        told = gettext("You answered the questions of {day}. You can still change it.")
        told = told.format(day=written_day(ask.asked_at.date()))
        return framed(request, "home", HomePage(where, told, gettext("Change my answers")))
    told = gettext("How is it going with {vendor}? A few ratings, under a minute.")
    shown = HomePage(where, told.format(vendor=vendor), gettext("Answer a few questions"))
    return framed(request, "home", shown)


def questions(request: HttpRequest, visit: Visit, where: Around, *, at: datetime) -> HttpResponse:
    """Lay out questions for whoever pressed the button: they start it, so it is no ask of ours."""
    try:
        ask = begin_own(visit.contact, visit.partner, at=at)
    except NoModeOffered:
        ask = None
    if ask is None or isinstance(ask, Reason):
        told = gettext("There are no questions for you at the moment. You can still tell us now.")
        return framed(request, "home", HomePage(where, told, ""))
    return _questions(request, where, ask, _nothing())


def send(request: HttpRequest, visit: Visit, where: Around, *, at: datetime) -> HttpResponse:
    """Store what is filled in, under the person's name, and ask for one line on what was rated."""
    ask = _ask(request, visit)
    if ask is None:
        return _closed(request, where)
    asked = asked_questions(ask.program_id, ask.asked)
    posted = read(request.POST, asked)
    adds = request.POST.get("line") == "more"
    if posted.is_empty and adds:
        return _done(request, where, ask)
    if posted.errors:
        if adds:
            line = next(one for one in asked if not one.is_rated)
            return _line(request, where, ask, line, posted)
        return _questions(request, where, ask, posted, status=422)
    given = Submission(Mode.NAMED, posted.submission.ratings, posted.submission.words)
    try:
        receive(ask, given, at=at)
    except (InvitationExpired, AlreadyAnswered):
        return _closed(request, where)
    follows = None if given.words or adds else follow_up(asked, given.ratings)
    return (
        _done(request, where, ask)
        if follows is None
        else _line(request, where, ask, follows, _nothing())
    )


def telling(request: HttpRequest, visit: Visit, where: Around, *, at: datetime) -> HttpResponse:
    """Show a line for something that can't wait."""
    return _telling(request, visit, where)


def tell(request: HttpRequest, visit: Visit, where: Around, *, at: datetime) -> HttpResponse:
    """Keep words of one's own, under the person's name."""
    words = request.POST.get(WORDS, "").replace("\0", "").strip()
    wrong = wrong_with(words)
    if wrong:
        return _telling(request, visit, where, words=words, error=wrong)
    heard = hear_visitor(visit.contact, visit.partner, words, at=at)
    return framed(
        request,
        "done",
        DonePage(
            where,
            title=gettext("Thank you. We have it."),
            told=gettext("You get an answer within {hours} hours.").format(
                hours=visit.contact.program.answer_within_hours
            ),
            receipt_url=_receipt(heard.receipt_token),
        ),
    )


STEPS: dict[str, Step] = {
    "home": home,
    "questions": questions,
    "send": send,
    "telling": telling,
    "tell": tell,
}


def _ask(request: HttpRequest, visit: Visit) -> Invitation | None:
    """Return the ask that a form names, if it is one of this person in the portal."""
    try:
        number = UUID(request.POST.get("ask", ""))
    except ValueError:
        return None
    rows = Invitation.objects.of(visit.contact.program_id).filter(
        pk=number,
        contact=visit.contact,
        partner=visit.partner,
        pulse__way=Pulse.Way.PORTAL,
    )
    return rows.select_related("program", "pulse", "contact", "partner").first()


def _nothing() -> Posted:
    return Posted(read({}, []).submission, {}, ())


def _questions(
    request: HttpRequest, where: Around, ask: Invitation, posted: Posted, *, status: int = 200
) -> HttpResponse:
    asked = asked_questions(ask.program_id, ask.asked)
    vendor = ask.program.vendor_name
    line = next((one for one in asked if not one.is_rated), None)
    answered = standing(ask).mode is not None
    page = QuestionsPage(
        where,
        ask=str(ask.pk),
        promise=promise_of(ask),
        questions=[_scale(one, posted, vendor) for one in asked if one.is_rated],
        open_question=None
        if line is None or is_chosen_by_score(asked)
        else _open(line, posted, vendor),
        changing=gettext("What you fill in now replaces what you sent before; the rest stays.")
        if answered
        else "",
        errors=posted.errors,
    )
    return framed(request, "questions", page, status=status)


def _scale(question: AskedQuestion, posted: Posted, vendor: str) -> Scale0to10:
    name = field_name(question)
    return Scale0to10(
        name=name,
        question=said(question.text, vendor),
        low=question.low,
        high=question.high,
        chosen=posted.fields.get(name, ""),
        language=foreign(question),
    )


def _open(question: AskedQuestion, posted: Posted, vendor: str) -> OpenQuestion:
    name = field_name(question)
    return OpenQuestion(
        name,
        said(question.text, vendor),
        words=posted.fields.get(name, ""),
        error=next((error.text for error in posted.errors if error.field == name), ""),
        hint=gettext("You may skip this. It is read with your name."),
        language=foreign(question),
    )


def _line(
    request: HttpRequest, where: Around, ask: Invitation, question: AskedQuestion, posted: Posted
) -> HttpResponse:
    page = LinePage(
        where,
        step="send",
        ask=str(ask.pk),
        title=gettext("One line more, if you like"),
        told=gettext("Your ratings are in. Leave it empty and you are done."),
        promise=promise_of(ask),
        open_question=_open(question, posted, ask.program.vendor_name),
        errors=posted.errors,
    )
    return framed(request, "line", page, status=422 if posted.errors else 200)


def _telling(
    request: HttpRequest, visit: Visit, where: Around, *, words: str = "", error: str = ""
) -> HttpResponse:
    hint = gettext("It is no survey and costs you no question.")
    page = LinePage(
        where,
        step="tell",
        ask="",
        title=gettext("Tell us now"),
        told="",
        promise=promise_to(visit.contact, visit.partner),
        open_question=OpenQuestion(
            WORDS, gettext("What should we know?"), words=words, error=error, hint=hint
        ),
        errors=(FormError(error, field=WORDS),) if error else (),
    )
    return framed(request, "line", page, status=422 if error else 200)


def _done(request: HttpRequest, where: Around, ask: Invitation) -> HttpResponse:
    receipt = standing(ask).receipt_token
    page = DonePage(
        where,
        title=gettext("Thank you. Your answers are in."),
        told=_counts_as(ask.program.vendor_name),
        receipt_url=_receipt(receipt) if receipt else "",
    )
    return framed(request, "done", page)


def _counts_as(vendor: str) -> str:
    told = gettext("They count as named: the people at {vendor} who look after you see them.")
    return told.format(vendor=vendor)


def _closed(request: HttpRequest, where: Around) -> HttpResponse:
    return sorry(
        request,
        where,
        title=gettext("These questions are closed"),
        told=gettext("Load the page of the portal again: there may be new ones."),
        status=410,
    )


def _receipt(token: str) -> str:
    return f"{settings.PARTNERLOOP_URL}/r/{token}"

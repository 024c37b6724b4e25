"""Trying the widget: what a partner would see, in our own page, and nothing is stored."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.speaking import spoken
from partnerloop.loop.requesting import promise_to_anybody
from partnerloop.planning.shelf import shelf_of
from partnerloop.pulses.wording import languages_for, words_for
from partnerloop.web.access import for_runners
from partnerloop.web.components import Scale0to10
from partnerloop.web.respond.framing import said
from partnerloop.web.respond.pages import Letterhead
from partnerloop.web.widget.framing import framed_by
from partnerloop.web.widget.pages import Around, DonePage, QuestionsPage

DIMENSIONS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show questions as the widget does; Send leads on, and stores nothing."""
    program = member.program
    around = Around(
        letterhead=Letterhead(program.vendor_name, language=spoken(program.language)),
        action=reverse("widget-preview", args=[program.slug]),
        is_preview=True,
    )
    if request.method == "POST":
        done = DonePage(around, "Thank you. Your answers are in.", "Here they would count by name.")
        return framed_by(request, "done", done, ["'self'"])
    page = QuestionsPage(
        around, ask="", promise=promise_to_anybody(program), questions=_questions(member)
    )
    return framed_by(request, "questions", page, ["'self'"])


def _questions(member: Membership) -> list[Scale0to10]:
    program = member.program
    shelf = shelf_of(program, at=clock.now())
    chosen = shelf.overall[:1] + [
        question for key in shelf.dimensions[:DIMENSIONS] for question in shelf.rated[key][:1]
    ]
    words = words_for([one.pk for one in chosen], program=program, languages=languages_for(program))
    return [
        Scale0to10(
            name=f"q{one.pk}",
            question=said(words[one.pk].text, program.vendor_name),
            low=words[one.pk].low,
            high=words[one.pk].high,
        )
        for one in chosen
    ]

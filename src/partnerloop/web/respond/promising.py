"""What we promise respondents: generated from a program's settings, so that it is always true."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from partnerloop.evidence.offering import promises
from partnerloop.programs.models import Program
from partnerloop.web.respond.pages import Letterhead, PromisedMode, PromisePage


@require_safe
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public promise of a program."""
    program = get_object_or_404(Program, slug=slug)
    page = PromisePage(
        letterhead=Letterhead(program.vendor_name, language=program.language),
        modes=[PromisedMode(str(o.mode.label), o.sentence) for o in promises(program)],
        promises=[
            gettext("Opening a link stores nothing; only Send does."),
            gettext("Every comment gets an answer that you can see on your receipt."),
            gettext("No page, export or mail shows that one person has answered confidentially."),
            gettext("A confidential value is deleted 35 days after it was counted."),
            gettext("You are asked at most once in {days} days and {times} times a year.").format(
                days=program.asks_every_days, times=program.asks_a_year
            ),
        ],
        limits=[
            gettext("Words can give a person away by style and content."),
            gettext("Colleagues who share their own answers can narrow down yours."),
            gettext("Whoever runs the server has technical access until values are deleted."),
        ],
        contact=program.reply_address or program.sender_address,
    )
    return render(request, "respond/promise.html", {"page": page})

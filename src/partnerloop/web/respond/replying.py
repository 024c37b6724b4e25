"""What a writer does on the receipt: write back, or let a confidential answer become anonymous."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.actions.replying import (
    NothingWritten,
    NotThereYet,
    TooManyReplies,
    reply_named,
    reply_unnamed,
)
from partnerloop.core import clock
from partnerloop.loop.moving import CannotBecomeAnonymous, become_anonymous, may_become_anonymous
from partnerloop.programs.models import Mode
from partnerloop.web.respond.dropped import to_thanks
from partnerloop.web.respond.linking import nowhere
from partnerloop.web.respond.pages import ConfirmPage, Letterhead, NoticePage
from partnerloop.web.respond.receipts import opened, show

LONGEST = 2000


# The token is the capability: no cookie is set, so there is no session that could be ridden.
@csrf_exempt
@never_cache
@require_POST
def reply(request: HttpRequest, token: str, comment_id: UUID) -> HttpResponse:
    """Add to a talk; unnamed words are scrubbed and shown with others once a day."""
    found = opened(token)
    if found is None or comment_id not in {said.comment_id for said in found.comments}:
        return nowhere(request)
    text = request.POST.get("reply", "")
    add = reply_named if found.mode == Mode.NAMED else reply_unnamed
    with translation.override(found.language):
        if len(text) > LONGEST:
            wrong = gettext("Shorten it to {longest} characters.").format(longest=LONGEST)
            return show(request, token, found, wrong=(comment_id, wrong))
        try:
            add(found.program, comment_id, text, at=clock.now())
        except NothingWritten:
            return show(request, token, found, wrong=(comment_id, gettext("Write something.")))
        except (NotThereYet, TooManyReplies):
            told = gettext("No more can be added here.")
            return show(request, token, found, wrong=(comment_id, told))
    return redirect("respond:receipt", token=token)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def anonymous(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then turn a confidential answer into an anonymous one."""
    found, at = opened(token), clock.now()
    if found is None:
        return nowhere(request)
    head = Letterhead(found.program.vendor_name, language=found.language)
    with translation.override(found.language):
        if request.method == "POST":
            try:
                fresh = become_anonymous(token, at=at)
            except CannotBecomeAnonymous:
                late = _too_late(head, token)
                return render(request, "respond/notice.html", {"page": late}, status=409)
            return to_thanks(fresh)
        if not may_become_anonymous(token, at=at):
            return render(request, "respond/notice.html", {"page": _too_late(head, token)})
        page = ConfirmPage(
            head,
            title=gettext("Make it anonymous"),
            text=gettext(
                "Your ratings and words are sealed without your name or company and count only in "
                "a large group. You can no longer change them, this receipt leads nowhere "
                "afterwards, and nobody can send you the new one again."
            ),
            action=reverse("respond:anonymous", args=[token]),
            button=gettext("Make it anonymous"),
            back_url=reverse("respond:receipt", args=[token]),
            back=gettext("Back to the receipt"),
        )
        return render(request, "respond/confirm.html", {"page": page})


def _too_late(head: Letterhead, token: str) -> NoticePage:
    return NoticePage(
        head,
        title=gettext("This can’t become anonymous any more"),
        text=gettext(
            "Something of it was counted or passed on already, or no large group was asked "
            "together with you. It stays confidential, as you were promised."
        ),
        url=reverse("respond:receipt", args=[token]),
        action=gettext("Back to the receipt"),
    )


def _nowhere(request: HttpRequest) -> HttpResponse:
    return nowhere(request)

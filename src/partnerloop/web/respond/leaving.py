"""Ways out: stop asking me (also by a mail program's one click), and "not you?"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.core import clock
from partnerloop.partners.models import Topic
from partnerloop.partners.stopping import stop_asking
from partnerloop.partners.wishing import stop_topic
from partnerloop.pulses.models import Invitation
from partnerloop.web.components import Choice, Choices
from partnerloop.web.respond.framing import letterhead, links
from partnerloop.web.respond.guarding import trapped
from partnerloop.web.respond.linking import by_link
from partnerloop.web.respond.pages import ConfirmPage, NoticePage


# RFC 8058: mail programs post here without cookie or token of ours; opening it only shows a button.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def stop(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show the button that stops all asking; on POST stop it."""
    vendor = invitation.program.vendor_name
    if request.method == "POST":
        done = _stopped(invitation, request.POST.get("topic", ""))
        return render(request, "respond/notice.html", {"page": done})
    page = ConfirmPage(
        letterhead(invitation),
        title=gettext("Stop asking me"),
        text=gettext("{vendor} keeps to it from now on.").format(vendor=vendor),
        action=reverse("respond:stop", args=[token]),
        button=gettext("Stop asking me"),
        back_url=reverse("respond:answer", args=[token]),
        back=gettext("Back to the questions"),
        choices=Choices(
            name="topic",
            question=gettext("What shall we stop?"),
            chosen="all",
            choices=[
                Choice("all", gettext("All of it: questions, campaigns, ideas")),
                Choice(Topic.QUESTIONS, gettext("Questions")),
                Choice(Topic.CAMPAIGNS, gettext("Campaigns")),
                Choice(Topic.IDEAS, gettext("Ideas and news")),
            ],
        ),
        links=links(token, invitation),
    )
    return render(request, "respond/confirm.html", {"page": page})


def _stopped(invitation: Invitation, topic: str) -> NoticePage:
    """Stop one topic, or all of them: a mail program's one click names none."""
    at = clock.now()
    told = {
        Topic.QUESTIONS: gettext("{vendor} will send you no more questions."),
        Topic.CAMPAIGNS: gettext("{vendor} will send you nothing about campaigns."),
        Topic.IDEAS: gettext("{vendor} will send you no ideas and no news."),
    }
    if topic in Topic.values:
        stop_topic(invitation.contact, Topic(topic), at=at)
        text = told[Topic(topic)]
    else:
        stop_asking(invitation.contact, at=at, origin="link")
        text = gettext("{vendor} will send you no questions, campaigns, ideas or news.")
    kept = gettext("What you already said stays and still gets its answer.")
    return NoticePage(
        letterhead(invitation),
        title=gettext("We won’t ask you again"),
        text=f"{text} {kept}".format(vendor=invitation.program.vendor_name),
    )


@never_cache
@require_safe
@by_link
def trap(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Answer who follows the link that no person sees; what it does is kept out for a minute."""
    trapped(invitation, token, at=clock.now())
    page = NoticePage(
        letterhead(invitation),
        title=gettext("Nothing to do here"),
        text=gettext("This link is for programs that open every link of a mail."),
        url=reverse("respond:answer", args=[token]),
        action=gettext("To the questions"),
    )
    return render(request, "respond/notice.html", {"page": page})


@never_cache
@require_safe
@by_link
def not_you(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Tell somebody who was forwarded a mail what to do, so nothing counts for the wrong one."""
    page = NoticePage(
        letterhead(invitation),
        title=gettext("This link belongs to {name}").format(name=invitation.contact.name),
        text=gettext(
            "Whatever is sent here counts as theirs, so please leave it to them. If you work "
            "for {partner} and want to be asked yourself, reply to the mail and say so."
        ).format(partner=invitation.partner.name),
        url=reverse("respond:answer", args=[token]),
        action=gettext("It is me: back to the questions"),
    )
    return render(request, "respond/notice.html", {"page": page})

"""Links and squares to hang somewhere: for a portal, a slide, a stand at a fair."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.linking import close_link, post_link, posted_url
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse
from partnerloop.web.access import for_runners
from partnerloop.web.squares import square
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.pulse_event_form import MOST_QUESTIONS
from partnerloop.web.workspace.pulse_form import items_of
from partnerloop.web.workspace.pulses import pulse_of


class LinkForm(forms.Form):
    """A name for colleagues, and what to ask besides the usual."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="For your colleagues, such as Stand at the fair; respondents don't see it.",
        error_messages={"required": "Give the link a name."},
    )
    questions = forms.MultipleChoiceField(
        label="Ask these",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Two at most; dimensions fill what that leaves free.",
    )

    def __init__(self, given: object, *, program: Program) -> None:
        super().__init__(given)  # type: ignore[arg-type]
        questions = self.fields["questions"]
        assert isinstance(questions, forms.MultipleChoiceField)
        questions.choices = items_of(program)

    def clean_questions(self) -> list[str]:
        """Take two at most: three ratings are a minute."""
        chosen: list[str] = self.cleaned_data["questions"]
        if len(chosen) > MOST_QUESTIONS:
            raise forms.ValidationError("Choose two at most: with the overall one that is three.")
        return chosen


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list the links that hang somewhere, and make one."""
    form = LinkForm(request.POST or None, program=member.program)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = post_link(told["name"], told["questions"], by=member, at=clock.now())
        except NoModeOffered:
            form.add_error(None, "Your program offers no answers by name, and these are by name.")
        else:
            return redirect("pulse-link", slug=member.program.slug, pulse_id=made.pk)
    rows = Pulse.objects.of(member.program).filter(way=Pulse.Way.LINK)
    shown = {"form": form, "posted": rows.order_by("closes_at", "-pk")}
    status = 400 if form.errors else 200
    return page(request, member, "workspace/pulse_links.html", shown, here="pulses", status=status)


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will show a link and its square, for all partners or for one of them."""
    pulse = _link_of(member, pulse_id)
    named = request.GET.get("partner", "").strip()
    partner = None
    if named:
        active = Partner.objects.of(member.program).active(clock.now().date())
        partner = active.filter(name__iexact=named).order_by("pk").first()
    url = posted_url(pulse, partner)
    shown = {
        "pulse": pulse,
        "url": url,
        "square": square(url),
        "named": named,
        "partner": partner,
        "is_unknown": bool(named) and partner is None,
        "is_closed": pulse.closes_at is not None and pulse.closes_at <= clock.now(),
    }
    return page(request, member, "workspace/pulse_link.html", shown, here="pulses")


@require_POST
@for_runners
def close(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will ask nobody any more by a link."""
    pulse = _link_of(member, pulse_id)
    close_link(pulse, by=member, at=clock.now())
    messages.success(request, "Closed. What was begun may still be answered.")
    return redirect("pulse-links", slug=member.program.slug)


def _link_of(member: Membership, pulse_id: int) -> Pulse:
    pulse = pulse_of(member, pulse_id)
    if pulse.way != Pulse.Way.LINK:
        raise Http404
    return pulse

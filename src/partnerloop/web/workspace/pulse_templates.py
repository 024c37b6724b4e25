"""Templates of pulses: take one, see whom it asks, send it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop.recurring import stop_repeating
from partnerloop.partners.segmenting import choices
from partnerloop.programs.models import MODES_OFFERED_TODAY
from partnerloop.pulses.drafting import draft
from partnerloop.pulses.models import Question
from partnerloop.pulses.templates import TEMPLATES, Template, template_of
from partnerloop.pulses.wording import languages_for, with_vendor, words_for
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.pulses import in_words, pulse_of


@dataclass(frozen=True, slots=True)
class Row:
    """A template as this program would use it."""

    template: Template
    audience: str
    questions: Sequence[str]


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show what each template asks of whom in this program."""
    segments = choices(member.program, on=clock.now().date())
    words = _words(member)
    rows = [
        Row(one, in_words(one.audience(segments)), [words[key] for key in one.questions])
        for one in TEMPLATES
    ]
    return page(request, member, "workspace/pulse_templates.html", {"rows": rows}, here="pulses")


@require_POST
@for_runners
def use(request: HttpRequest, member: Membership, step: str) -> HttpResponse:
    """This will draft the pulse of a template; its preview comes next."""
    template = template_of(step)
    if template is None:
        raise Http404
    at = clock.now()
    offered = [mode for mode in MODES_OFFERED_TODAY if mode in member.program.modes_offered]
    wanted = template.draft(choices(member.program, on=at.date()), modes=offered)
    drafted = draft(wanted, by=member, at=at)
    return redirect("pulse", slug=member.program.slug, pulse_id=drafted.pk)


@require_POST
@for_runners
def stop(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will ask no further round of a standing pulse."""
    pulse = pulse_of(member, pulse_id)
    stop_repeating(pulse, by=member, at=clock.now())
    messages.success(request, "No further round will be asked.")
    return redirect("pulse", slug=member.program.slug, pulse_id=pulse.pk)


def _words(member: Membership) -> dict[str, str]:
    program = member.program
    keys = dict(Question.objects.of(program).values_list("pk", "key"))
    wanted = {key for template in TEMPLATES for key in template.questions}
    asked = [pk for pk, key in keys.items() if key in wanted]
    found = words_for(asked, program=program, languages=languages_for(program))
    return {
        keys[pk]: with_vendor(wording.text, vendor=program.vendor_name)
        for pk, wording in found.items()
    }

"""Three steps to the first answer: name the program and test its mail, import, send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.models import AuditEntry
from partnerloop.partners.models import Affiliation, Partner
from partnerloop.programs.models import Program
from partnerloop.programs.tuning import finish_setup, name
from partnerloop.pulses.models import Pulse
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.forms import NamingForm
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def start(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show how far the program is, and what comes next."""
    program, on = member.program, clock.now().date()
    shown = {
        "is_named": _is_named(program),
        "partners": Partner.objects.of(program).active(on).count(),
        "contacts": Affiliation.objects.of(program).current(on).count(),
        "pulses": Pulse.objects.of(program).launched().count(),
    }
    return page(request, member, "workspace/start.html", shown, here="home")


def _is_named(program: Program) -> bool:
    """Return whether somebody named it, or went on without: the founding names it for a start."""
    if program.mail_tested_at or program.setup_finished_at:
        return True
    return AuditEntry.objects.filter(program_id=program.pk, action="program.named").exists()


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def name_program(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will ask how the program is called and where it counts."""
    form = NamingForm(request.POST or None, program=member.program)
    if request.method == "POST" and form.is_valid():
        name(member.program, form.naming, actor=f"user:{member.user_id}", at=clock.now())
        messages.success(request, "Named. Now see whether its mail works.")
        return redirect("start", slug=member.program.slug)
    status = 400 if form.errors else 200
    shown = {"form": form}
    return page(request, member, "workspace/start_name.html", shown, here="home", status=status)


@require_POST
@for_runners
def finish(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will leave the three steps behind; they stay reachable."""
    finish_setup(member.program, actor=f"user:{member.user_id}", at=clock.now())
    return redirect("home", slug=member.program.slug)

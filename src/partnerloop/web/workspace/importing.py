"""Importing partners: a file is chosen, checked, and saved only when the reader confirms.

Between check and confirmation the text travels in the page itself: nothing is kept on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock, words
from partnerloop.partners.importing.checking import Check, check
from partnerloop.partners.importing.reading import COLUMNS, UnreadableFile, decoded
from partnerloop.partners.importing.saving import save
from partnerloop.partners.models import Partner
from partnerloop.web.access import for_runners
from partnerloop.web.components import Step
from partnerloop.web.workspace.frame import page

MOST_PROBLEMS = 100
EXAMPLE = (
    "partner,domain,type,tier,region,country,contact,email,role,language\n"
    "Alder & Finch,alderfinch.example,integrator,Gold,EMEA,GB,"
    "Ana Keller,ana@alderfinch.example,technical,en\n"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Which of the three stages is open."""

    number: int

    @property
    def steps(self) -> Sequence[Step]:
        names = ("File", "Check", "Saved")
        states = [
            "done" if n < self.number else "now" if n == self.number else "later" for n in range(3)
        ]
        return [Step(name, state) for name, state in zip(names, states, strict=True)]  # type: ignore[arg-type]


@require_safe
@for_runners
def upload(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will ask for a file."""
    return _ask(request, member)


@require_POST
@for_runners
def check_file(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will say what the file would change, row by row where something is wrong."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _ask(request, member, error="Choose a CSV file first.")
    try:
        text = decoded(file.read(1_000_001))
        checked = check(member.program, text, on=clock.now().date())
    except UnreadableFile as why:
        return _ask(request, member, error=str(why))
    shown = {"stage": Stage(1), "file_name": file.name, "text": text, **_shown(checked)}
    return page(request, member, "workspace/import_check.html", shown, here="import")


@require_POST
@for_runners
def confirm(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will check the same text again and save what is right."""
    at = clock.now()
    try:
        checked = check(member.program, request.POST.get("text", ""), on=at.date())
    except UnreadableFile as why:
        return _ask(request, member, error=str(why))
    save(checked, by=member, at=at)
    people = words.counted(checked.contacts.new + checked.contacts.changed, "person", "people")
    firms = words.counted(checked.partners.new + checked.partners.changed, "partner", "partners")
    messages.success(request, f"Saved: {firms} and {people} new or changed.")
    is_set_up = member.program.setup_finished_at is not None
    return redirect("partners" if is_set_up else "start", slug=member.program.slug)


def _ask(request: HttpRequest, member: Membership, *, error: str = "") -> HttpResponse:
    shown = {
        "stage": Stage(0),
        "error": error,
        "columns": COLUMNS,
        "example": EXAMPLE,
        "has_partners": Partner.objects.of(member.program).exists(),
    }
    status = 400 if error else 200
    return page(request, member, "workspace/import.html", shown, here="import", status=status)


def _shown(checked: Check) -> dict[str, object]:
    return {
        "check": checked,
        "problems": checked.problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(checked.problems) - MOST_PROBLEMS),
        "sample": checked.rows[:5],
    }

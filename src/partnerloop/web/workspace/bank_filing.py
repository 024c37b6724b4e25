"""The questions as one text file: take it away, or load one after seeing what it changes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.models import record_audit
from partnerloop.core.words import counted
from partnerloop.pulses.filing.loading import UnusableFile, check, load
from partnerloop.pulses.filing.reading import LARGEST
from partnerloop.pulses.filing.writing import write
from partnerloop.pulses.models import Wording
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.bank_words import name_of
from partnerloop.web.workspace.frame import page


class UnusableUpload(ValueError):
    """What was sent is no text; the message says what to send instead."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def file(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will take a file, say what it would change, and save it when that is confirmed."""
    if request.method != "POST":
        return _page(request, member, {})
    try:
        text = _sent(request)
    except UnusableUpload as why:
        return _page(request, member, {"error": str(why)}, status=400)
    if request.POST.get("step") == "save":
        try:
            saved = load(member.program, text, by=member, at=clock.now())
        except UnusableFile as why:
            messages.error(request, str(why))
        else:
            told = counted(len(saved.all_changes), "change", "changes")
            messages.success(request, f"Saved: {told}.")
            return redirect("bank", slug=member.program.slug)
    checked = check(member.program, text)
    shown = {"text": text, "checked": checked, "language": name_of(checked.language)}
    return _page(request, member, shown, status=400 if checked.problems else 200)


@require_safe
@for_runners
def download(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will write all questions with their newest words in one language."""
    language = request.GET.get("language", "")
    if language not in _languages(member):
        raise Http404
    record_audit(
        "bank.exported",
        at=clock.now(),
        actor=f"user:{member.user_id}",
        target=f"bank:{language}",
        program_id=member.program_id,
    )
    response = HttpResponse(
        write(member.program, language=language), content_type="application/toml; charset=utf-8"
    )
    name = f"{member.program.slug}-questions.{language}.toml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sent(request: HttpRequest) -> str:
    """Return the text of the file that was chosen, else what stands in the form."""
    chosen = request.FILES.get("file")
    if chosen is None:
        text = request.POST.get("text", "")
        if not text.strip():
            raise UnusableUpload("Choose a file first.")
        return text.replace("\r\n", "\n")
    if (chosen.size or 0) > LARGEST:
        raise UnusableUpload("The file is larger than a megabyte: this is no file of questions.")
    try:
        return str(chosen.read(), encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableUpload("This is not a text file in UTF-8.") from None


def _languages(member: Membership) -> list[str]:
    rows = Wording.objects.of(member.program).order_by("language")
    return list(rows.values_list("language", flat=True).distinct())


def _page(
    request: HttpRequest, member: Membership, shown: dict[str, object], *, status: int = 200
) -> HttpResponse:
    languages = [(code, name_of(code)) for code in _languages(member)]
    return page(
        request,
        member,
        "workspace/bank/file.html",
        {"languages": languages, **shown},
        here="pulses",
        status=status,
    )

"""People and their rights: a copy, the ground for writing, erasing; for owner and chief."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop import rights
from partnerloop.partners.models import Affiliation, Contact, LawfulBasis
from partnerloop.web.access import for_runners
from partnerloop.web.components import Choice, Pills
from partnerloop.web.workspace.frame import page

SHOWN = 50
WRITERS = {"json": rights.as_json, "csv": rights.as_csv}


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will find people by name or address."""
    words = request.GET.get("q", "").strip()[:100]
    found = Contact.objects.of(member.program).none()
    if words:
        rows = Contact.objects.of(member.program)
        found = rows.filter(name__icontains=words) | rows.filter(email__icontains=words)
    shown = {"words": words, "people": found.order_by("name", "pk")[:SHOWN]}
    return page(request, member, "workspace/people.html", shown, here="settings")


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, contact_id: int) -> HttpResponse:
    """This will show a person's rights."""
    return _show(request, member, _contact(member, contact_id))


@require_safe
@for_runners
def copy(request: HttpRequest, member: Membership, contact_id: int, kind: str) -> HttpResponse:
    """This will hand out what is kept of a person: what the vendor may see of it."""
    if kind not in WRITERS:
        raise Http404
    told = WRITERS[kind](rights.copy_for_vendor(_contact(member, contact_id)))
    mime = {"json": "application/json", "csv": "text/csv; charset=utf-8"}[kind]
    response = HttpResponse(told, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="person-{contact_id}.{kind}"'
    return response


@require_POST
@for_runners
def ground(request: HttpRequest, member: Membership, contact_id: int) -> HttpResponse:
    """This will write down on which ground a person is written to."""
    contact = _contact(member, contact_id)
    given = {purpose: request.POST.get(purpose, "") for purpose in LawfulBasis.Purpose.values}
    rights.set_basis(contact, given, by=f"user:{member.user_id}", at=clock.now())
    messages.success(request, "The grounds are written down.")
    return redirect("person", slug=member.program.slug, contact_id=contact.pk)


@require_POST
@for_runners
def erase(request: HttpRequest, member: Membership, contact_id: int) -> HttpResponse:
    """This will erase a person, when their address was typed."""
    contact = _contact(member, contact_id)
    if request.POST.get("address", "").strip().lower() != contact.email.lower():
        told = "Type the person’s address as it stands above, so that nobody is erased by mistake."
        return _show(request, member, contact, error=told)
    rights.erase(contact, by=f"user:{member.user_id}", at=clock.now())
    messages.success(request, "Erased. The address is never written to again.")
    return redirect("people", slug=member.program.slug)


def _contact(member: Membership, contact_id: int) -> Contact:
    contact = Contact.objects.of(member.program).filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def _show(
    request: HttpRequest, member: Membership, contact: Contact, *, error: str = ""
) -> HttpResponse:
    jobs = Affiliation.objects.of(member.program).filter(contact=contact)
    bases = dict(
        LawfulBasis.objects.of(member.program)
        .filter(contact=contact)
        .values_list("purpose", "basis")
    )
    shown = {
        "contact": contact,
        "jobs": jobs.select_related("partner").order_by("since", "pk"),
        "grounds": [_ground(purpose, bases) for purpose in LawfulBasis.Purpose],
        "error": error,
    }
    status = 400 if error else 200
    return page(request, member, "workspace/person.html", shown, here="settings", status=status)


def _ground(purpose: LawfulBasis.Purpose, bases: dict[str, str]) -> Pills:
    return Pills(
        name=purpose.value,
        question=str(purpose.label),
        choices=[Choice(one.value, str(one.label)) for one in LawfulBasis.Basis],
        chosen=bases.get(purpose.value, ""),
    )

"""Contacts: the list, one person with asks and budget, and changing what is known of them.

What tells who answered is on none of these pages: no reminder, no receipt, no reply, no answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership, Role
from partnerloop.core import clock
from partnerloop.loop.readdressing import change_contact
from partnerloop.partners.contacting import AddressTaken, NotThere, begin_at, enter, leave
from partnerloop.partners.models import Affiliation, Contact, ContactRole, Partner
from partnerloop.planning.telling import standing
from partnerloop.web import exporting
from partnerloop.web.access import for_roles, partner_of
from partnerloop.web.components import Pager
from partnerloop.web.exporting import Sheet
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.people_forms import ContactForm, PlaceForm
from partnerloop.web.workspace.people_shown import local_time

A_PAGE = 50
for_keepers = for_roles(Role.OWNER, Role.CHIEF, Role.MANAGER)


@require_safe
@for_keepers
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the people of the partners that a member sees."""
    at = clock.now()
    q, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    role = role if role in ContactRole.values else ""
    places = _places(member, at=at)
    chosen = places.filter(role=role) if role else places
    rows = seen(member, at=at)
    if role:
        rows = rows.filter(pk__in=chosen.values("contact"))
    if q:
        there = places.filter(partner__name__icontains=q).values("contact")
        rows = rows.filter(Q(name__icontains=q) | Q(email__icontains=q) | Q(pk__in=there))
    shown_places = places.select_related("partner").order_by("partner__name")
    rows = rows.prefetch_related(
        Prefetch("affiliations", queryset=shown_places, to_attr="places")
    ).order_by("name", "pk")
    if to := exporting.wanted(request):
        return exporting.exported(request, member, _sheet(rows), to=to, at=at)
    sheet = Paginator(rows, A_PAGE).get_page(request.GET.get("page", "1"))
    shown = {
        "sheet": sheet,
        "pager": pager(sheet, label="Pages of contacts", kept={"q": q, "role": role}),
        "q": q,
        "role": role,
        "roles": ContactRole.choices,
    }
    return page(request, member, "workspace/people/contacts.html", shown, here="members")


@require_safe
@for_keepers
def show(request: HttpRequest, member: Membership, contact_id: int) -> HttpResponse:
    """This will show one person: places, budget, asks, and why they were or were not asked."""
    return _page(request, member, _contact(member, contact_id), {})


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will enter a person who works at a partner."""
    at, given = clock.now(), _given(request)
    wanted = request.GET.get("partner", "")
    partner = int(wanted) if wanted.isdecimal() and len(wanted) < 12 else 0
    form = ContactForm(given)
    place = PlaceForm(given, member=member, on=at.date(), partner=partner)
    if request.method == "POST" and form.is_valid() and place.is_valid():
        told = place.cleaned_data
        try:
            made = enter(
                form.particulars, partner=told["partner"], role=told["role"], by=member, at=at
            )
        except AddressTaken as why:
            form.add_error("email", str(why))
        else:
            messages.success(request, f"{made.name} is entered.")
            return redirect("contact", slug=member.program.slug, contact_id=made.pk)
    shown = {"form": form, "place": place}
    status = 400 if request.method == "POST" else 200
    where = "workspace/people/contact_form.html"
    return page(request, member, where, shown, here="members", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def edit(request: HttpRequest, member: Membership, contact_id: int) -> HttpResponse:
    """This will change a person's particulars."""
    contact = _contact(member, contact_id)
    start = {key: getattr(contact, key) for key in ("name", "email", "language", "time_zone")}
    form = ContactForm(_given(request), start=start)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(contact, form.particulars, by=member, at=clock.now())
        except AddressTaken as why:
            form.add_error("email", str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("contact", slug=member.program.slug, contact_id=contact.pk)
    shown = {"form": form, "contact": contact}
    status = 400 if request.method == "POST" else 200
    where = "workspace/people/contact_form.html"
    return page(request, member, where, shown, here="members", status=status)


@require_POST
@for_keepers
def act(request: HttpRequest, member: Membership, contact_id: int, step: str) -> HttpResponse:
    """This will let a person begin at a partner, or leave one."""
    contact, at = _contact(member, contact_id), clock.now()
    if step == "place":
        form = PlaceForm(request.POST, member=member, on=at.date())
        if not form.is_valid():
            return _page(request, member, contact, {"place": form}, status=400)
        told = form.cleaned_data
        begin_at(contact, told["partner"], role=told["role"], by=member, at=at)
        messages.success(request, f"{contact.name} works at {told['partner']} from today.")
    elif step == "leave":
        given = request.POST.get("partner", "")
        partner = partner_of(member, int(given) if given.isdecimal() and len(given) < 12 else 0)
        try:
            leave(contact, partner, by=member, at=at)
        except NotThere:
            raise Http404 from None
        messages.success(request, f"{contact.name} works at {partner} no more.")
        if not seen(member, at=at).filter(pk=contact.pk).exists():
            return redirect("contacts", slug=member.program.slug)
    else:
        raise Http404
    return redirect("contact", slug=member.program.slug, contact_id=contact.pk)


def seen(member: Membership, *, at: datetime) -> QuerySet[Contact]:
    """This will return whom a member may see: those who work at partners that the member sees.

    Who runs the program sees people without a partner as well.
    """
    rows = Contact.objects.of(member.program_id)
    if member.runs_program:
        return rows
    return rows.filter(pk__in=_places(member, at=at).values("contact"))


def pager(sheet: Any, *, label: str, kept: dict[str, str]) -> Pager | None:
    """This will return the links between the pages of a list, with its filters kept."""
    if not sheet.has_other_pages():
        return None
    told: dict[str, str | int] = {key: value for key, value in kept.items() if value}

    def at(number: int) -> str:
        return f"?{urlencode({**told, 'page': number})}"

    return Pager(
        label=label,
        showing=f"{sheet.start_index()}–{sheet.end_index()} of {sheet.paginator.count}",
        previous_url=at(sheet.previous_page_number()) if sheet.has_previous() else "",
        next_url=at(sheet.next_page_number()) if sheet.has_next() else "",
    )


def _sheet(rows: QuerySet[Contact]) -> Sheet:
    """Return the list as it leaves: one row a person, their places in one cell."""
    people = list(rows)
    return Sheet(
        key="contacts",
        title="Contacts",
        columns=("Name", "E-mail", "Works at", "Language", "Time zone", "Entered", "Asking"),
        rows=(
            (
                one.name,
                one.email,
                "; ".join(f"{place.partner.name} ({place.role})" for place in _held(one)),
                one.language,
                one.time_zone,
                one.entered_at.date(),
                "stopped" if one.stopped_at else "",
            )
            for one in people
        ),
        count=len(people),
    )


def _held(contact: Contact) -> list[Affiliation]:
    return getattr(contact, "places", [])


def _places(member: Membership, *, at: datetime) -> Any:
    """Return where people work now, as far as the member sees those partners."""
    partners = Partner.objects.of(member.program_id).visible_to(member, at.date())
    return Affiliation.objects.of(member.program_id).current(at.date()).filter(partner__in=partners)


def _contact(member: Membership, contact_id: int) -> Contact:
    rows = seen(member, at=clock.now()).select_related("entered_by__user", "addressed_by__user")
    found = rows.select_related("program").filter(pk=contact_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    member: Membership,
    contact: Contact,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    partners: Sequence[Partner] = list(
        Partner.objects.of(member.program_id).visible_to(member, at.date())
    )
    places = Affiliation.objects.of(member.program_id).filter(contact=contact, partner__in=partners)
    around = {
        "contact": contact,
        "standing": standing(contact, among=partners, at=at),
        "places": places.select_related("partner").order_by("-since", "-pk"),
        "today": at.date(),
        "local_time": local_time(contact, at=at),
        "place": PlaceForm(None, member=member, on=at.date()),
        **shown,
    }
    return page(
        request, member, "workspace/people/contact.html", around, here="members", status=status
    )


def _given(request: HttpRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None

"""Merging partners, or people, that are in here twice: likely pairs, a preview, one act, undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners import alike
from partnerloop.partners.merging import (
    CannotBeMerged,
    CannotBeUndone,
    merge_contacts,
    merge_partners,
    undo_merge,
)
from partnerloop.partners.models import Affiliation, Contact, Merge, Partner
from partnerloop.web.access import for_runners
from partnerloop.web.components import Column, Row, Table
from partnerloop.web.workspace.frame import page

COLUMNS = (Column("Pair"), Column("Why"))


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list likely pairs and the latest merges, and find any other pair by name."""
    program, on = member.program, clock.now().date()
    one, other = (request.GET.get(key, "").strip()[:320] for key in ("one", "other"))
    error = ""
    if one or other:
        address = _address_of(member, one, other)
        if address:
            return redirect(address)
        error = "These are not two partners by name, or two people by mail address, in here."
    shown = {
        "partners": _table(member, alike.alike_partners(program, on=on), "merge-partners"),
        "contacts": _table(member, alike.alike_contacts(program, on=on), "merge-contacts"),
        "merges": alike.latest_merges(program),
        "one": one,
        "other": other,
        "error": error,
    }
    status = 400 if error else 200
    return page(request, member, "workspace/merging.html", shown, here="partners", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def partners(
    request: HttpRequest, member: Membership, partner_id: int, other_id: int
) -> HttpResponse:
    """This will preview merging two partners, and merge them when one is chosen to stay."""
    return _two(request, member, PARTNERS, (partner_id, other_id))


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def contacts(
    request: HttpRequest, member: Membership, contact_id: int, other_id: int
) -> HttpResponse:
    """This will preview merging two people, and merge them when one is chosen to stay."""
    return _two(request, member, CONTACTS, (contact_id, other_id))


@require_POST
@for_runners
def undo(request: HttpRequest, member: Membership, merge_id: int) -> HttpResponse:
    """This will part what was merged."""
    merge = Merge.objects.of(member.program).filter(pk=merge_id).first()
    if merge is None:
        raise Http404
    try:
        undo_merge(merge, by=member, at=clock.now())
        messages.success(request, "Parted again. What changed since stays where it is now.")
    except CannotBeUndone as why:
        messages.warning(request, str(why))
    return redirect("merging", slug=member.program.slug)


Side = TypeVar("Side", Partner, Contact)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Side]):
    """What can be merged: how one is found, merged, and told from the other."""

    find: Callable[[Membership, int], Side]
    merge: Callable[..., Merge]
    facts: Callable[[Side], list[str]]


def _two(
    request: HttpRequest, member: Membership, kind: Kind[Side], numbers: tuple[int, int]
) -> HttpResponse:
    """Show two of a kind side by side, and merge them when one is chosen to stay."""
    pair = [kind.find(member, number) for number in numbers]
    error = ""
    if request.method == "POST":
        kept, gone = _chosen(request, pair)
        try:
            kind.merge(gone, into=kept, by=member, at=clock.now())
        except CannotBeMerged as why:
            error = str(why)
        else:
            messages.success(request, f"Merged into {kept.name}. You can undo it below.")
            return redirect("merging", slug=member.program.slug)
    shown = {
        "sides": [(one, kind.facts(one)) for one in pair],
        "error": error,
        "are_partners": isinstance(pair[0], Partner),
    }
    status = 400 if error else 200
    return page(request, member, "workspace/merge.html", shown, here="partners", status=status)


def _chosen(request: HttpRequest, pair: list[Side]) -> tuple[Side, Side]:
    one, other = pair
    return (other, one) if request.POST.get("keep") == str(other.pk) else (one, other)


def _table(member: Membership, pairs: Sequence[alike.Pair], name: str) -> Table | None:
    if not pairs:
        return None
    slug = member.program.slug
    rows = [
        Row(
            name=f"{pair.one} and {pair.other}",
            cells=[pair.why],
            url=reverse(name, args=[slug, pair.one.pk, pair.other.pk]),
        )
        for pair in pairs
    ]
    return Table("Likely pairs", COLUMNS, rows)


def _address_of(member: Membership, one: str, other: str) -> str | None:
    program = member.program
    if "@" in one and "@" in other:
        people = [Contact.objects.of(program).filter(email__iexact=each) for each in (one, other)]
        keys, name = [found.values_list("pk", flat=True).first() for found in people], "contacts"
    else:
        firms = [
            Partner.objects.of(program).filter(name__iexact=each).order_by("ended_on", "pk")
            for each in (one, other)
        ]
        keys, name = [found.values_list("pk", flat=True).first() for found in firms], "partners"
    if None in keys or keys[0] == keys[1]:
        return None
    return reverse(f"merge-{name}", args=[program.slug, *keys])


def _partner(member: Membership, number: int) -> Partner:
    found = Partner.objects.of(member.program).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _contact(member: Membership, number: int) -> Contact:
    found = Contact.objects.of(member.program).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _moving(partner: Partner) -> list[str]:
    return alike.what_moves(partner) or ["nothing yet"]


def _about(contact: Contact) -> list[str]:
    places = Affiliation.objects.of(contact.program_id).current(clock.now().date())
    rows = places.filter(contact=contact).select_related("partner")
    works = [f"{place.get_role_display()} at {place.partner.name}" for place in rows]
    return [contact.email, *works]


PARTNERS = Kind(_partner, merge_partners, _moving)
CONTACTS = Kind(_contact, merge_contacts, _about)

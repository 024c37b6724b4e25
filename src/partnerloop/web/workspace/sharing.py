"""Mailing a partner's people the link to their own page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.models import Membership, Role
from partnerloop.core import clock
from partnerloop.integrations.email.servers import really_sends
from partnerloop.loop.letting_in import send_portal_link
from partnerloop.partners.models import Affiliation
from partnerloop.web.access import for_members, partner_of


@require_POST
@for_members
def share(request: HttpRequest, member: Membership, partner_id: int) -> HttpResponse:
    """This will mail one person of a partner the link to the partner's own page."""
    if member.role == Role.EXECUTIVE:
        raise PermissionDenied("Executives read; links are sent by those who run the program.")
    partner, at = partner_of(member, partner_id), clock.now()
    works = Affiliation.objects.of(member.program).current(at.date()).filter(partner=partner)
    chosen = request.POST.get("contact", "")
    place = (
        works.filter(contact=int(chosen) if chosen.isdecimal() and len(chosen) < 12 else 0)
        .select_related("contact", "partner", "program")
        .first()
    )
    if place is None:
        raise Http404
    send_portal_link(place, actor=f"user:{member.user_id}", at=at)
    where = place.contact.name if really_sends(member.program) else "the outbox page"
    messages.success(request, f"The link went to {where}.")
    return redirect("partner", slug=member.program.slug, partner_id=partner.pk)

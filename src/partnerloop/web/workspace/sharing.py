"""Mailing a partner's people the link to their own page."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.models import Membership, Role
from partnerloop.core import clock, ids, words
from partnerloop.core.models import Message, record_audit
from partnerloop.core.outbox import post
from partnerloop.integrations.email.letters import PortalMail, Sender
from partnerloop.integrations.email.rendering import render_portal
from partnerloop.integrations.email.servers import really_sends
from partnerloop.partners.models import Affiliation
from partnerloop.partners.visiting import LIFETIME, portal_url
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
    post([_letter(place, at=at)])
    record_audit(
        "portal.link_sent",
        at=at,
        actor=f"user:{member.user_id}",
        target=f"partner:{partner.pk}",
        program_id=member.program_id,
    )
    where = place.contact.name if really_sends(member.program) else "the outbox page"
    messages.success(request, f"The link went to {where}.")
    return redirect("partner", slug=member.program.slug, partner_id=partner.pk)


def _letter(place: Affiliation, *, at: datetime) -> Message:
    program, contact, partner = place.program, place.contact, place.partner
    language = contact.language or partner.language or program.language
    mail = render_portal(
        PortalMail(
            sender=Sender(program.vendor_name, language=language),
            url=portal_url(contact, partner, at=at),
            partner=partner.name,
            valid_until=words.day((at + LIFETIME).date()),
            name=contact.name,
        )
    )
    return Message(
        key=f"portal:{ids.random_id()}",
        program_id=program.pk,
        purpose=Message.Purpose.PORTAL,
        to=contact.email,
        to_name=contact.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        created_at=at,
        available_at=at,
    )

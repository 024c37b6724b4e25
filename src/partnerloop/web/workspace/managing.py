"""Who looks after one partner: a manager more, or one less, from the partner's own page."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.models import Membership
from partnerloop.actions.handing_over import take_away
from partnerloop.core import clock
from partnerloop.partners.looking_after import LOOK_AFTER, CannotHandOver, assign
from partnerloop.partners.models import Partner, PartnerAssignment
from partnerloop.web.access import for_runners, partner_of
from partnerloop.web.workspace.people_forms import active


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, partner_id: int, step: str) -> HttpResponse:
    """This will give a partner to a member, or take it away from one."""
    partner = partner_of(member, partner_id)
    chosen = request.POST.get("member", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 12 else 0
    one = active(member.program).filter(pk=number).first()
    if step not in ("give", "take") or not isinstance(one, Membership):
        raise Http404
    try:
        _say(request, partner, one, _done(step, partner, one, by=member), step=step)
    except CannotHandOver as why:
        messages.error(request, str(why))
    return redirect("partner", slug=member.program.slug, partner_id=partner.pk)


def choices(partner: Partner, *, by: Membership, at: datetime) -> dict[str, list[Membership]]:
    """This will return who looks after a partner, and who could; nothing to who may not decide."""
    if not by.runs_program:
        return {}
    current = PartnerAssignment.objects.of(partner.program_id).current(at.date())
    held = set(current.filter(partner=partner).values_list("member_id", flat=True))
    members = list(active(by.program))
    return {
        "looking_after": [one for one in members if one.pk in held],
        "could": [one for one in members if one.pk not in held and one.role in LOOK_AFTER],
    }


def _done(step: str, partner: Partner, one: Membership, *, by: Membership) -> bool:
    at = clock.now()
    if step == "give":
        return assign(partner, to=one, by=by, at=at)
    return take_away(partner, of=one, by=by, at=at)


def _say(
    request: HttpRequest, partner: Partner, one: Membership, is_new: bool, *, step: str
) -> None:
    does = "looks after" if step == "give" else "no longer looks after"
    told = f"{one.user.name} {does} {partner.name}."
    (messages.success if is_new else messages.info)(request, told)

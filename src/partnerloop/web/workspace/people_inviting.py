"""Inviting members: by mail, for a role, once; sent again or taken back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.inviting import (
    CannotBeInvited,
    InvitationNotOpen,
    MayNotInvite,
    invite,
    resend_invitation,
    revoke_invitation,
    unanswered,
)
from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.email.inviting import mail_invitation
from partnerloop.integrations.email.servers import really_sends
from partnerloop.web.access import for_runners


@require_POST
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will invite an address."""
    at, email = clock.now(), request.POST.get("email", "")[:254]
    try:
        made = invite(
            member.program, email=email, role=request.POST.get("role", ""), by=member, at=at
        )
    except CannotBeInvited as why:
        messages.error(request, str(why))
    except MayNotInvite:
        raise PermissionDenied("Only an owner invites somebody with this role.") from None
    else:
        mail_invitation(made, at=at)
        _say_how_it_goes(request, member, made.invitation.email)
    return redirect("members", slug=member.program.slug)


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, invitation_id: UUID, step: str) -> HttpResponse:
    """This will send an invitation again, or take it back."""
    at = clock.now()
    invitation = unanswered(member.program).filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404
    try:
        if step == "again":
            mail_invitation(resend_invitation(invitation, by=member, at=at), at=at)
            _say_how_it_goes(request, member, invitation.email)
        elif step == "revoke":
            revoke_invitation(invitation, by=member, at=at)
            messages.success(request, "Taken back: its link opens nothing.")
        else:
            raise Http404
    except MayNotInvite:
        raise PermissionDenied("Only an owner invites somebody with this role.") from None
    except InvitationNotOpen:
        messages.error(request, "This invitation was accepted or taken back already.")
    return redirect("members", slug=member.program.slug)


def _say_how_it_goes(request: HttpRequest, member: Membership, email: str) -> None:
    if really_sends(member.program):
        messages.success(request, f"The invitation to {email} is on its way.")
        return
    messages.warning(
        request,
        f"{email} is invited, but no mail leaves yet: set the mail server in the settings and send"
        f" it again, or have “partnerloop sign-in-link {email}” run on the server, which prints"
        " the link.",
    )

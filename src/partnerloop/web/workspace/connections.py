"""API keys and webhooks of a program: made here, ended here."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.keys.issuing import Issued, issue, keys_of, revoke
from partnerloop.integrations.models import ApiKey, WebhookEndpoint
from partnerloop.integrations.webhook.endpoints import Added, add
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.exporting import Sheet
from partnerloop.web.workspace.connecting import EndpointForm, KeyForm
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.sheets_people import of_keys, of_webhooks


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list keys and webhooks, and make one; its secret is in this answer only."""
    if to := exporting.wanted(request):
        table = _table(member, request.GET.get("table", ""))
        return exporting.exported(request, member, table, to=to, at=clock.now())
    part = request.POST.get("part", "") if request.method == "POST" else ""
    key_form = KeyForm(request.POST if part == "key" else None)
    hook_form = EndpointForm(request.POST if part == "hook" else None)
    if part == "key" and key_form.is_valid():
        return _once(request, member, {"issued": _issued(key_form, member)})
    if part == "hook" and hook_form.is_valid():
        return _once(request, member, {"added": _added(hook_form, member)})
    status = 400 if request.method == "POST" else 200
    return _index(request, member, {"key_form": key_form, "hook_form": hook_form}, status=status)


@require_POST
@for_runners
def revoke_key(request: HttpRequest, member: Membership, key_id: int) -> HttpResponse:
    """This will end a key at once."""
    key = ApiKey.objects.of(member.program).filter(pk=key_id).first()
    if key is None:
        raise Http404
    revoke(key, by=member, at=clock.now())
    messages.success(request, f"{key.name} opens nothing from now on.")
    return redirect("connections", slug=member.program.slug)


def _issued(form: KeyForm, member: Membership) -> Issued:
    told = form.cleaned_data
    return issue(
        told["name"], scopes=told["scopes"], days=int(told["days"]), by=member, at=clock.now()
    )


def _added(form: EndpointForm, member: Membership) -> Added:
    told = form.cleaned_data
    return add(told["url"], events=told["events"], by=member, at=clock.now())


def _once(request: HttpRequest, member: Membership, secret: dict[str, Any]) -> HttpResponse:
    empty = {"key_form": KeyForm(None), "hook_form": EndpointForm(None)}
    response = _index(request, member, {**empty, **secret}, status=200)
    patch_cache_control(response, no_store=True)
    return response


def _index(
    request: HttpRequest, member: Membership, shown: dict[str, Any], *, status: int
) -> HttpResponse:
    told = {
        "keys": _keys(member, at=clock.now()),
        "endpoints": _endpoints(member),
        **shown,
    }
    return page(request, member, "workspace/connections.html", told, here="settings", status=status)


def _table(member: Membership, wanted: str) -> Sheet:
    if wanted == "webhooks":
        return of_webhooks(_endpoints(member))
    return of_keys(_keys(member, at=clock.now()))


def _keys(member: Membership, *, at: datetime) -> list[tuple[ApiKey, str]]:
    return [(key, _state(key, at=at)) for key in keys_of(member.program)]


def _endpoints(member: Membership) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.of(member.program).order_by("created_at", "pk")


def _state(key: ApiKey, *, at: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "works" if key.works(at) else "expired"

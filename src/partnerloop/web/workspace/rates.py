"""Exchange rates: what amounts of other currencies are worth in the program's own."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.exchanging import NoRateNeeded, forget_rate, note_rate
from partnerloop.partners.models import ExchangeRate
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.exporting import Sheet
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.people_contacts import pager

A_PAGE = 50


class RateForm(forms.Form):
    """What one unit of a currency was worth, from which day on."""

    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        help_text="Three letters, such as USD.",
        error_messages={
            "required": "Which currency?",
            "invalid": "Write the three letters of the currency, such as USD.",
        },
    )
    value = forms.DecimalField(
        min_value=Decimal("0.00000001"),
        max_digits=18,
        decimal_places=8,
        error_messages={
            "required": "How much is one unit worth?",
            "invalid": "Write a number, such as 0.92.",
            "min_value": "A rate is above 0.",
        },
    )
    on = forms.DateField(
        label="From this day on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="It holds until the next rate noted. Amounts before the first rate stay unknown.",
        error_messages={"required": "From which day on?", "invalid": "Write a day: 2026-01-31."},
    )

    def __init__(self, given: Mapping[str, Any] | None, *, own: str, on: date) -> None:
        super().__init__(given, initial={"on": on})
        self.fields["value"].label = f"One unit in {own}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the rates, and note one."""
    at, program = clock.now(), member.program
    given = request.POST if request.method == "POST" else None
    form = RateForm(given, own=program.currency, on=at.date())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            note_rate(
                program, told["currency"], on=told["on"], value=told["value"], by=member, at=at
            )
        except NoRateNeeded as why:
            form.add_error("currency", str(why))
        else:
            messages.success(request, f"Amounts in {told['currency']} are counted by it.")
            return redirect("rates", slug=program.slug)
    rows = ExchangeRate.objects.of(program).order_by("base", "-on")
    if to := exporting.wanted(request):
        return exporting.exported(request, member, _sheet(rows), to=to, at=at)
    sheet = Paginator(rows, A_PAGE).get_page(request.GET.get("page", "1"))
    shown = {
        "sheet": sheet,
        "pager": pager(sheet, label="Pages of rates", kept={}),
        "form": form,
    }
    status = 400 if request.method == "POST" else 200
    return page(request, member, "workspace/rates.html", shown, here="settings", status=status)


@require_POST
@for_runners
def remove(request: HttpRequest, member: Membership, rate_id: int) -> HttpResponse:
    """This will remove a rate."""
    rate = ExchangeRate.objects.of(member.program).filter(pk=rate_id).first()
    if rate is None:
        raise Http404
    forget_rate(rate, by=member, at=clock.now())
    messages.success(request, "The rate is gone.")
    return redirect("rates", slug=member.program.slug)


def _sheet(rows: QuerySet[ExchangeRate]) -> Sheet:
    return Sheet(
        key="rates",
        title="Rates",
        columns=("Currency", "Worth", "In", "From"),
        rows=[(one.base, one.value, one.quote, one.on) for one in rows],
        count=len(rows),
    )

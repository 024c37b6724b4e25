"""No address lets a member of one program see or touch another: each is tried with foreign ids."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from partnerloop.accounts.inviting import invite
from partnerloop.actions.models import FeedbackItem, State
from partnerloop.alerts.limiting import Limiting, set_limit
from partnerloop.core.models import Message
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import WebhookDelivery
from partnerloop.integrations.webhook.endpoints import add
from partnerloop.partners.merging import merge_contacts
from partnerloop.partners.models import Department, ExchangeRate, ImportRun
from partnerloop.partners.objectives import Aim, set_objective
from partnerloop.pulses.models import Question
from partnerloop.release.models import ReleasedComment, Veil
from tests.own_metrics import ENABLEMENT, own_metric
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db

# Addresses of a program that everybody may open, and why.
PUBLIC = {
    "respond:promise": "what respondents are promised, in general",
    "sign-on": "leads to a program's provider; 404 where there is none",
    "sign-on-back": "lets in by what the provider said, never by itself",
    "widget:loader": "a script that is the same for every program",
    "widget:frame": "opened by a token that the program's own portal signed; tests/web/widget",
    "respond:find": "a form that says the same whoever asks",
}
# Arguments that choose a step, not a row.
STEPS = {"step": ("answer", "route", "plan", "done", "decline", "merge")}


def walked(patterns, *, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Walk all named addresses with the names of their arguments."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            outer = tuple(pattern.pattern.converters)
            for name, arguments in walked(pattern.url_patterns, space=inner):
                yield name, outer + arguments
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", tuple(pattern.pattern.converters)


ROUTES = sorted(
    (name, arguments)
    for name, arguments in walked(get_resolver().url_patterns)
    if "slug" in arguments and name not in PUBLIC
)


@pytest.fixture
def ours() -> World:
    return make_world("northwind")


@pytest.fixture
def theirs() -> World:
    return make_world("contoso")


def foreign_rows(theirs: World) -> dict[str, int | UUID]:
    """Make one row of each kind that an address names. A new kind needs a line here."""
    pulse = theirs.pulse("Theirs", launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28))
    comment = ReleasedComment.objects.create(
        program=theirs.program,
        comment_id=UUID(int=1),
        text="Theirs alone.",
        week=MONDAY.date(),
        released_at=MONDAY,
        label="one of your partners",
    )
    feedback = FeedbackItem.objects.create(
        program=theirs.program,
        comment=comment,
        state=State.RECEIVED,
        received_at=MONDAY,
        due_at=MONDAY,
    )
    mail = Message.objects.create(
        key="theirs",
        program_id=theirs.program.pk,
        purpose=Message.Purpose.INVITATION,
        to="ana@alder.example",
        subject="Theirs",
        text="Theirs alone.",
        created_at=MONDAY,
        available_at=MONDAY,
        finished_at=MONDAY,
    )
    run = ImportRun.objects.create(
        program=theirs.program, kind="partners", file_name="theirs.csv", created_at=MONDAY
    )
    merge = merge_contacts(
        theirs.people["Ben Okafor"], into=theirs.people["Dan Novak"], by=theirs.priya, at=MONDAY
    )
    key = issue("Theirs", scopes=["program:read"], days=1, by=theirs.priya, at=MONDAY).key
    hook = "https://hooks.contoso.example"
    endpoint = add(hook, events=["alert.opened"], by=theirs.priya, at=MONDAY).endpoint
    delivery = WebhookDelivery.objects.create(
        program=theirs.program,
        endpoint=endpoint,
        key="theirs",
        event_type="alert.opened",
        body="{}",
        created_at=MONDAY,
        available_at=MONDAY,
    )
    department = Department.objects.create(program=theirs.program, key="theirs", name="Theirs")
    invited = invite(
        theirs.program, email="new@contoso.example", role="manager", by=theirs.priya, at=MONDAY
    )
    rate = ExchangeRate.objects.create(
        program=theirs.program, base="USD", quote="EUR", on=MONDAY.date(), value=1
    )
    objective = set_objective(theirs.program, Aim("Theirs"), by=theirs.priya, at=MONDAY)
    veil = Veil.objects.create(
        program=theirs.program,
        member=theirs.priya,
        partner=theirs.partners["Birk"],
        measure="conflict",
        since=MONDAY.date(),
    )
    limit = set_limit(
        Limiting("portal_login", "sum", 30, "below", Decimal(1), "alert"),
        by=theirs.priya,
        at=MONDAY,
    )
    metric = own_metric(theirs.program, meaning=replace(ENABLEMENT, name="Theirs"))
    return {
        "key": metric.key,
        "veil_id": veil.pk,
        "rate_id": rate.pk,
        "limit_id": limit.pk,
        "member_id": theirs.priya.pk,
        "department_id": department.pk,
        "invitation_id": invited.invitation.pk,
        "key_id": key.pk,
        "contact_id": theirs.people["Ana Keller"].pk,
        "kind": "json",
        "endpoint_id": endpoint.pk,
        "delivery_id": delivery.pk,
        "partner_id": theirs.partners["Birk"].pk,
        "pulse_id": pulse.pk,
        "item_id": feedback.pk,
        "mail_id": mail.pk,
        "run_id": run.pk,
        "other_id": theirs.partners["Cedar"].pk,
        "merge_id": merge.pk,
        "objective_id": objective.pk,
        "question_id": Question.objects.of(theirs.program).earliest("pk").pk,
        "language": "en",
    }


def statuses(client: Client, name: str, arguments: dict) -> set[int]:
    """Try an address by GET and POST, with every step that it knows."""
    chosen = [key for key in arguments if key in STEPS]
    variants = [
        {**arguments, **dict.fromkeys(chosen, step)} for step in (STEPS["step"] if chosen else [""])
    ]
    urls = [reverse(name, kwargs=variant) for variant in variants]
    return {
        response.status_code
        for url in urls
        for response in (client.get(url), client.post(url, {"text": "ours", "to": "1"}))
    }


def test_there_are_addresses_to_try() -> None:
    assert len(ROUTES) > 15


@pytest.mark.parametrize(("name", "arguments"), ROUTES)
def test_another_program_is_not_there_for_a_member(name, arguments, client, ours, theirs) -> None:
    client.force_login(ours.priya.user)
    rows = {"slug": theirs.program.slug, **foreign_rows(theirs), "step": "answer"}
    given = {argument: rows[argument] for argument in arguments}
    assert statuses(client, name, given) - {405} == {404}


@pytest.mark.parametrize(
    ("name", "arguments"), [route for route in ROUTES if set(route[1]) - {"slug", *STEPS}]
)
def test_a_row_of_another_program_is_not_there_under_ours(
    name, arguments, client, ours, theirs
) -> None:
    client.force_login(ours.priya.user)
    rows = {"slug": ours.program.slug, **foreign_rows(theirs), "step": "answer"}
    given = {argument: rows[argument] for argument in arguments}
    assert statuses(client, name, given) - {405} == {404}


@pytest.mark.parametrize(("name", "arguments"), ROUTES)
def test_who_is_not_signed_in_sees_nothing(name, arguments, client, theirs) -> None:
    rows = {"slug": theirs.program.slug, **foreign_rows(theirs), "step": "answer"}
    given = {argument: rows[argument] for argument in arguments}
    assert statuses(client, name, given) - {405} <= {302, 401, 403, 404}

"""Every change that the pages of people, partners and settings make stands in the audit log.

The table below does each of them once; an address that takes a POST and is in neither table fails.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.urls import get_resolver, reverse

from partnerloop.accounts.inviting import invite
from partnerloop.core.models import AuditEntry
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import WebhookDelivery
from partnerloop.integrations.webhook.endpoints import add
from partnerloop.integrations.widget.keys import make_secret
from partnerloop.integrations.widget.origins import allow
from partnerloop.partners.looking_after import hand_over, stand_in
from partnerloop.partners.merging import merge_contacts
from partnerloop.partners.models import Department, ExchangeRate
from tests.web.conftest import NOW, Pages
from tests.web.test_tenants import walked

DAY = NOW.date()
# What takes a POST below these addresses and changes nothing, or is tried elsewhere.
ELSEWHERE = {
    "check-in": "writes answers down, by name: they are their own record",
    "widget-preview": "keeps nothing",
    "mail-domain": "asks DNS and keeps nothing",
    "single-sign-on": "tests/web/accounts/test_sign_on.py, with a provider",
}
BELOW = ("people/", "partners/", "settings/")


@dataclass(frozen=True)
class Change:
    """One post, and the action that the log names it by."""

    name: str
    action: str
    given: dict[str, Any]
    step: str = ""


def text(**told: Any) -> dict[str, str]:
    return {key: str(value) for key, value in told.items()}


SETTINGS = {
    "naming": (
        "program.named",
        text(name="North", vendor_name="N", language="de", time_zone="UTC", currency="EUR"),
    ),
    "mail": ("program.mail_set", text(host="", port=25, security="none", sender_name="Team")),
    "hours": ("program.mail_hours_set", text(mails_from_hour=9, mails_until_hour=17)),
    "asking": (
        "program.asking_set",
        text(asks_every_days=20, asks_a_year=9, answer_within_hours=24),
    ),
    "trust": (
        "program.trust_set",
        text(
            modes_offered="named", company_minimum=4, pool_people=5, pool_companies=3,
            dominance="0.5", blur="1.5", seasoning_days=30, figure_age_days=182,
        ),
    ),
}  # fmt: skip
CHANGES = [
    *(
        Change("settings", action, {"part": part, **{f"{part}-{k}": v for k, v in given.items()}})
        for part, (action, given) in SETTINGS.items()
    ),
    Change("settings-mail-test", "program.mail_tried", {}),
    Change("rates", "rate.noted", {"currency": "CHF", "value": "1", "on": "2026-01-01"}),
    Change("rate-remove", "rate.removed", {}),
    Change(
        "connections",
        "api_key.issued",
        {"part": "key", "key-name": "BI", "key-scopes": "partners:read", "key-days": "30"},
    ),
    Change(
        "connections",
        "webhook.added",
        {
            "part": "hook",
            "hook-url": "https://hooks.example.org",
            "hook-events": "alert.opened",
        },
    ),
    Change("key-revoke", "api_key.revoked", {}),
    Change("webhook-act", "webhook.paused", {}, "pause"),
    Change("webhook-act", "webhook.resumed", {}, "resume"),
    Change("webhook-act", "webhook.removed", {}, "remove"),
    Change("delivery-replay", "webhook.sent_again", {}),
    Change(
        "widget-settings",
        "widget.origin_allowed",
        {"part": "origin", "origin": "https://portal.example"},
    ),
    Change("widget-settings", "widget.key_made", {"part": "secret"}),
    Change("widget-origin", "widget.origin_forbidden", {"origin": "https://old.example"}),
    Change("widget-key", "widget.key_ended", {}),
    Change("member-invite", "member.invited", {"email": "a@b.example", "role": "lead"}),
    Change("member-invitation-act", "member.invitation_sent_again", {}, "again"),
    Change("member-invitation-act", "member.invitation_revoked", {}, "revoke"),
    Change("member-act", "member.role_changed", {"role": "lead"}, "role"),
    Change("member-act", "member.ended", {}, "end"),
    Change(
        "member-act",
        "cover.set",
        {"cover": "priya", "since": str(DAY), "until": str(DAY)},
        "cover",
    ),
    Change("member-act", "cover.ended", {"row": "cover"}, "end-cover"),
    Change(
        "member-act",
        "partners.handed_over",
        {"taker": "priya", "partners": "partner"},
        "hand-over",
    ),
    Change("member-act", "partners.taken_back", {"row": "handed"}, "take-back"),
    Change(
        "departments",
        "department.made",
        text(**{"department-name": "Product", "department-weekly_capacity": 3}),
    ),
    Change(
        "department",
        "department.changed",
        text(**{"department-name": "Help", "department-weekly_capacity": 3}),
    ),
    Change(
        "contact-new",
        "contact.entered",
        {
            "contact-name": "Hal Moe",
            "contact-email": "hal@birk.example",
            "place-partner": "partner",
            "place-role": "sales",
        },
    ),
    Change(
        "contact-edit",
        "contact.changed",
        {"contact-name": "Eva Lind-Berg", "contact-email": "eva@birk.example"},
    ),
    Change(
        "contact-act", "contact.placed", {"place-partner": "other", "place-role": "sales"}, "place"
    ),
    Change("contact-act", "contact.left", {"partner": "partner"}, "leave"),
    Change("person-ground", "contact.basis_set", {"feedback": "consent"}),
    Change("person-erase", "contact.erased", {"address": "address"}),
    Change("partner-share", "portal.link_sent", {"contact": "contact"}),
    Change("partner-managers", "partner.assigned", {"member": "priya"}, "give"),
    Change("partner-managers", "partner.taken_away", {"member": "manager"}, "take"),
    Change("merge-partners", "partners.merged", {"keep": "partner"}),
    Change("merge-contacts", "contacts.merged", {"keep": "contact"}),
    Change("merge-undo", "merge.undone", {}),
]


@pytest.fixture
def rows(pages: Pages) -> dict[str, Any]:
    """Rows of each kind, by the names of arguments and by the words of the table."""
    world, by = pages.world, pages.world.priya
    mona = pages.manager("Mona Hale", of="Birk")
    giver = pages.manager("Gus Lee", of="Cedar")
    cover = stand_in(mona, cover=by, since=DAY, until=DAY, by=by, at=NOW)
    handed = hand_over(giver, taker=by, by=by, at=NOW)
    hook = add("https://hooks.example.org", events=["alert.opened"], by=by, at=NOW).endpoint
    delivery = WebhookDelivery.objects.create(
        program=world.program, endpoint=hook, key="1", event_type="alert.opened", body="{}",
        created_at=NOW, available_at=NOW, finished_at=NOW,
    )  # fmt: skip
    merge = merge_contacts(
        world.people["Ben Okafor"], into=world.people["Dan Novak"], by=by, at=NOW
    )
    rate = ExchangeRate.objects.create(
        program=world.program, base="USD", quote="EUR", on=DAY, value=1
    )
    allow("https://old.example", by=by, at=NOW)
    department = Department.objects.create(program=world.program, key="support", name="Support")
    invited = invite(world.program, email="new@b.example", role="lead", by=by, at=NOW)
    key = issue("Old", scopes=["partners:read"], days=30, by=by, at=NOW - timedelta(days=1)).key
    eva = world.people["Eva Lind"]
    return {
        "slug": world.program.slug,
        "member_id": mona.pk,
        "giver": giver.pk,
        "invitation_id": invited.invitation.pk,
        "department_id": department.pk,
        "contact_id": eva.pk,
        "partner_id": world.partners["Birk"].pk,
        "endpoint_id": hook.pk,
        "delivery_id": delivery.pk,
        "key_id": key.pk,
        "rate_id": rate.pk,
        "widget_key": make_secret(by=by, at=NOW).key.pk,
        "merge_id": merge.pk,
        "priya": by.pk,
        "manager": mona.pk,
        "partner": world.partners["Birk"].pk,
        "other": world.partners["Cedar"].pk,
        "contact": eva.pk,
        "address": eva.email,
        "cover": cover.pk,
        "handed": handed.pk,
    }


def address(change: Change, rows: dict[str, Any], pages: Pages) -> str:
    names = dict(walked(get_resolver().url_patterns))[change.name]
    given = {name: rows[name] for name in names if name in rows} | (
        {"step": change.step} if change.step else {}
    )
    if change.name == "widget-key":
        given["key_id"] = rows["widget_key"]
    if change.name == "merge-partners":
        given["other_id"] = rows["other"]
    if change.name == "merge-contacts":
        given["other_id"] = pages.world.people["Finn Berg"].pk
    if change.step in ("take-back", "role", "end"):  # who looks after partners keeps the role
        given["member_id"] = rows["giver"]
    return reverse(change.name, kwargs=given)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: f"{one.name} {one.action}")
def test_the_change_stands_in_the_log_with_who_made_it(pages, chief, rows, change) -> None:
    given = {key: str(rows.get(value, value)) for key, value in change.given.items()}
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    answer = chief.post(address(change, rows, pages), given)
    assert answer.status_code in (200, 302), answer.text[-2000:]
    noted = AuditEntry.objects.exclude(pk__in=before)
    assert [one.action for one in noted if one.action == change.action], list(
        noted.values_list("action", flat=True)
    )
    for one in noted:
        assert one.actor == f"user:{pages.world.priya.user_id}"
        assert one.program_id == pages.world.program.pk
        assert "@" not in f"{one.target} {one.fields}"


UUIDS = {"invitation_id", "endpoint_id", "delivery_id"}


def somewhere(name: str, arguments: tuple[str, ...]) -> str:
    """Return an address of this name that leads to no row."""
    words = {"slug": "northwind", "step": "none", "kind": "json"}
    nothing = "00000000-0000-4000-8000-000000000000"
    given = {one: words.get(one, nothing if one in UUIDS else 0) for one in arguments}
    return reverse(name, kwargs=given)


def test_no_address_that_takes_a_change_is_left_out(pages, chief) -> None:
    routes = [
        (name, arguments)
        for name, arguments in walked(get_resolver().url_patterns)
        if "slug" in arguments and not {"run_id", "item_id", "mail_id", "veil_id"} & set(arguments)
    ]
    found = {name: somewhere(name, arguments) for name, arguments in routes}
    ours = {
        name: url
        for name, url in found.items()
        if url.removeprefix("/p/northwind/").startswith(BELOW)
    }
    taking = {name for name, url in ours.items() if chief.post(url).status_code != 405}
    assert taking == {change.name for change in CHANGES} | set(ELSEWHERE)

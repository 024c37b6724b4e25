"""Settings: names change freely, secrets stay sealed, promises only get stricter."""

from decimal import Decimal

import pytest

from partnerloop.core.models import AuditEntry, Message
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import unseal
from partnerloop.programs.tuning import (
    Asking,
    OutOfBounds,
    Trust,
    WouldLoosen,
    set_asking,
    tighten,
)
from tests.web.conftest import NOW

NAMING = {
    "part": "naming",
    "naming-name": "Northwind Partners",
    "naming-vendor_name": "Northwind",
    "naming-language": "de",
    "naming-time_zone": "Europe/Berlin",
    "naming-currency": "CHF",
}
MAIL = {
    "part": "mail",
    "mail-sender_name": "Northwind partner team",
    "mail-sender_address": "hello@northwind.example",
    "mail-reply_address": "",
    "mail-host": "smtp.northwind.example",
    "mail-port": "587",
    "mail-security": "starttls",
    "mail-user": "hello",
    "mail-password": "correct horse",
}
TRUST = {
    "part": "trust",
    "trust-modes_offered": ["named", "confidential"],
    "trust-company_minimum": "3",
    "trust-pool_people": "5",
    "trust-pool_companies": "3",
    "trust-dominance": "0.50",
    "trust-blur": "1.5",
    "trust-seasoning_days": "30",
    "trust-figure_age_days": "182",
}
ASKING = {
    "part": "asking",
    "asking-asks_every_days": "21",
    "asking-asks_a_year": "10",
    "asking-answer_within_hours": "72",
}


def kept(pages) -> Program:
    return Program.objects.get(pk=pages.world.program.pk)


def test_names_and_money_can_change(pages, chief) -> None:
    assert chief.post(pages.url("settings/"), NAMING).status_code == 302
    assert (kept(pages).vendor_name, kept(pages).currency) == ("Northwind", "CHF")
    assert AuditEntry.objects.get(action="program.named").actor.startswith("user:")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"naming-name": ""}, "Give the program a name."),
        ({"naming-currency": "euro"}, "Write the three letters"),
        ({"naming-time_zone": "Mars/Olympus"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(pages, chief, wrong, says) -> None:
    answer = chief.post(pages.url("settings/"), {**NAMING, **wrong})
    assert answer.status_code == 400
    assert says in answer.text
    assert kept(pages).currency == "EUR"


def test_a_mail_password_is_sealed_and_never_shown_again(pages, chief) -> None:
    chief.post(pages.url("settings/"), MAIL)
    assert unseal(kept(pages).smtp_password_sealed) == "correct horse"
    assert "correct horse" not in chief.get(pages.url("settings/")).text
    chief.post(pages.url("settings/"), {**MAIL, "mail-password": "", "mail-port": "25"})
    assert unseal(kept(pages).smtp_password_sealed) == "correct horse"
    assert kept(pages).smtp_port == 25


def test_a_mail_server_needs_a_sender(pages, chief) -> None:
    answer = chief.post(pages.url("settings/"), {**MAIL, "mail-sender_address": ""})
    assert answer.status_code == 400
    assert kept(pages).smtp_host == ""


def test_a_test_mail_lies_in_the_outbox_while_nothing_is_sent(pages, chief) -> None:
    answer = chief.post(pages.url("settings/mail-test/"), follow=True)
    assert "the test lies on the outbox page" in answer.text
    assert Message.objects.get().to == "priya@northwind.example"
    assert kept(pages).mail_tested_at == NOW


def test_a_promise_can_get_stricter(pages, chief) -> None:
    chief.post(pages.url("settings/"), {**TRUST, "trust-company_minimum": "5"})
    assert kept(pages).company_minimum == 5


@pytest.mark.parametrize(
    ("field", "looser"),
    [
        ("company_minimum", "4"),
        ("pool_people", "7"),
        ("pool_companies", "3"),
        ("dominance", "0.5"),
        ("blur", "1.5"),
        ("seasoning_days", "44"),
        ("figure_age_days", "121"),
    ],
)
def test_a_promise_never_gets_looser(pages, chief, field, looser) -> None:
    strict = {
        **TRUST,
        "trust-company_minimum": "5",
        "trust-pool_people": "8",
        "trust-pool_companies": "4",
        "trust-dominance": "0.40",
        "trust-blur": "2.0",
        "trust-seasoning_days": "45",
        "trust-figure_age_days": "120",
    }
    assert chief.post(pages.url("settings/"), strict).status_code == 302
    answer = chief.post(pages.url("settings/"), {**strict, f"trust-{field}": looser})
    assert answer.status_code == 400
    assert "respondents were promised what holds now" in answer.text


def test_below_the_floor_it_cannot_go_at_all(pages, chief) -> None:
    answer = chief.post(pages.url("settings/"), {**TRUST, "trust-company_minimum": "2"})
    assert answer.status_code == 400
    assert kept(pages).company_minimum == 3


def test_the_domain_refuses_loosening_whoever_asks(pages) -> None:
    loose = Trust(["named"], 3, 5, 3, Decimal("0.50"), Decimal("1.0"), 30, 182)
    with pytest.raises(WouldLoosen, match="blur"):
        tighten(pages.world.program, loose, actor="user:1", at=NOW)


def test_at_least_one_mode_stays_on_offer(pages, chief) -> None:
    answer = chief.post(pages.url("settings/"), {**TRUST, "trust-modes_offered": []})
    assert answer.status_code == 400
    assert kept(pages).modes_offered == ["named", "confidential", "anonymous"]


@pytest.mark.parametrize("theme", ["dark", "light", ""])
def test_the_theme_is_the_readers_own(pages, chief, theme) -> None:
    chief.post("/theme/", {"theme": theme, "next": pages.url("settings/")})
    page = chief.get(pages.url("settings/")).text
    assert (f'data-theme="{theme}"' in page) == bool(theme)


def test_a_theme_that_does_not_exist_changes_nothing(pages, chief) -> None:
    chief.post("/theme/", {"theme": "pink", "next": "https://elsewhere.example/"})
    pages.world.priya.user.refresh_from_db()
    assert pages.world.priya.user.theme == ""


def test_mail_hours_and_days_off_are_kept(pages, chief) -> None:
    given = {
        "part": "hours",
        "hours-mails_from_hour": "9",
        "hours-mails_until_hour": "16",
        "hours-holidays": "2026-12-25\n2026-12-24 2026-12-24",
    }
    assert chief.post(pages.url("settings/"), given).status_code == 302
    program = kept(pages)
    assert (program.mails_from_hour, program.mails_until_hour) == (9, 16)
    assert program.holidays == ["2026-12-24", "2026-12-25"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("holidays", "24 December"), ("mails_until_hour", "7"), ("mails_from_hour", "25")],
)
def test_hours_that_cannot_be_meant_are_refused(pages, chief, field, value) -> None:
    given = {
        "part": "hours",
        "hours-mails_from_hour": "9",
        "hours-mails_until_hour": "16",
        f"hours-{field}": value,
    }
    assert chief.post(pages.url("settings/"), given).status_code == 400
    assert kept(pages).mails_until_hour == 18


def test_how_often_people_are_asked_can_change_and_the_promise_says_it(pages, chief) -> None:
    assert chief.post(pages.url("settings/"), ASKING).status_code == 302
    program = kept(pages)
    assert (program.asks_every_days, program.asks_a_year) == (21, 10)
    assert program.answer_within_hours == 72
    noted = AuditEntry.objects.get(action="program.asking_set")
    assert set(noted.fields) == {"asks_every_days", "asks_a_year", "answer_within_hours"}
    promise = chief.get(f"/promise/{program.slug}").text
    assert "21" in promise
    assert "10" in promise


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("asks_every_days", "6", "Not less than 7 days"),
        ("asks_every_days", "366", "Not more than 365 days"),
        ("asks_a_year", "27", "Not more than 26 a year"),
        ("asks_a_year", "0", "nobody is ever asked"),
        ("answer_within_hours", "0", "At least one hour"),
        ("answer_within_hours", "soon", "Write a whole number"),
    ],
)
def test_asking_that_nobody_may_promise_is_refused_in_words(
    pages, chief, field, value, says
) -> None:
    answer = chief.post(pages.url("settings/"), {**ASKING, f"asking-{field}": value})
    assert answer.status_code == 400
    assert says in answer.text
    assert kept(pages).asks_every_days == 14


def test_the_domain_refuses_asking_out_of_bounds_whoever_asks(pages) -> None:
    with pytest.raises(OutOfBounds, match="asks_a_year"):
        set_asking(pages.world.program, Asking(14, 400, 48), actor="user:1", at=NOW)


def test_what_keeps_people_from_being_found_out_can_get_stricter(pages, chief) -> None:
    given = {**TRUST, "trust-seasoning_days": "45", "trust-figure_age_days": "120"}
    assert chief.post(pages.url("settings/"), given).status_code == 302
    assert (kept(pages).seasoning_days, kept(pages).figure_age_days) == (45, 120)
    noted = AuditEntry.objects.get(action="program.trust_set").fields
    assert {"seasoning_days", "figure_age_days"} <= set(noted)

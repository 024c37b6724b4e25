"""What a partner does, on its page: sums, the latest day, limits; unknown is named, never zero."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerloop.accounts.models import Role
from partnerloop.alerts.limiting import Limiting, set_limit
from partnerloop.loop.signalling import look_at_signals
from partnerloop.partners.models import Signal
from partnerloop.web.workspace.doing import doings
from tests.web.conftest import NOW


@pytest.fixture
def signals(pages) -> None:
    told = (
        ("Birk", "portal_login", 50, 12),
        ("Birk", "portal_login", 40, 4),
        ("Birk", "registration_days", 5, 6),
        ("Birk", "registration_days", 3, 9),
        ("Cedar", "portal_login", 1, 2),
    )
    Signal.objects.bulk_create(
        Signal(
            program=pages.world.program,
            partner=pages.world.partners[partner],
            kind=kind,
            at=NOW - timedelta(days=ago),
            value=value,
        )
        for partner, kind, ago, value in told
    )


def shown(pages, client, partner: str) -> dict[str, list[str]]:
    page = client.get(pages.url(f"partners/{pages.world.partners[partner].pk}/")).text
    _, _, section = page.partition('id="doings"')
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", section.partition("</section>")[0])[1:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        plain = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
        found[plain[0]] = plain[1:]
    return found


def test_sums_the_latest_and_what_never_came(pages, chief, signals) -> None:
    assert shown(pages, chief, "Birk") == {
        "Portal login": ["4", "14 October 2026", "none", "16", "8", "none set"],
        "Registration days": ["9", "20 November 2026", "15", "15", "7.5", "none set"],
    }
    assert shown(pages, chief, "Cedar")["Registration days"] == [
        "unknown",
        "never",
        *["unknown"] * 3,
        "none set",
    ]
    assert "0" not in shown(pages, chief, "Alder & Finch")["Portal login"]


def test_a_limit_stands_beside_with_what_became_of_it(pages, chief, signals) -> None:
    by = pages.world.priya
    set_limit(Limiting("portal_login", "sum", 30, "below", Decimal(1), "alert"), by=by, at=NOW)
    above = Limiting("registration_days", "mean", 30, "above", Decimal(8), "pulse")
    set_limit(above, by=by, at=NOW)
    look_at_signals(pages.world.program, NOW)
    birk = shown(pages, chief, "Birk")
    assert birk["Portal login"][-1] == (
        "crossed, 0: sum over 30 days below 1 since 23 November 2026"
    )
    assert birk["Registration days"][-1] == "not crossed, 7.5: mean over 30 days above 8"
    cedar = shown(pages, chief, "Cedar")
    assert cedar["Registration days"][-1] == "unknown: mean over 30 days above 8"


def test_a_program_without_signals_shows_no_section(pages, chief) -> None:
    assert shown(pages, chief, "Birk") == {}
    page = chief.get(pages.url(f"partners/{pages.world.partners['Birk'].pk}/")).text
    assert "What they do" not in page


def test_a_manager_sees_it_of_own_partners_without_the_way_to_limits(pages, signals) -> None:
    mara = pages.as_member(pages.manager("Mara", of="Birk"))
    assert "Portal login" in shown(pages, mara, "Birk")
    page = mara.get(pages.url(f"partners/{pages.world.partners['Birk'].pk}/")).text
    assert "pulses/signals" not in page
    other = pages.url(f"partners/{pages.world.partners['Cedar'].pk}/")
    assert mara.get(other).status_code == 404
    leader = pages.as_member(pages.member("Xo", Role.EXECUTIVE))
    assert "Portal login" in shown(pages, leader, "Cedar")


def test_a_year_of_signals_costs_the_page_no_more_queries(
    pages, chief, signals, django_assert_num_queries
) -> None:
    birk = pages.world.partners["Birk"]
    with CaptureQueriesContext(connection) as few:
        doings(birk, at=NOW)
    Signal.objects.bulk_create(
        Signal(
            program=pages.world.program,
            partner=birk,
            kind="portal_login",
            at=NOW - timedelta(days=ago, hours=1),
        )
        for ago in range(300)
    )
    with django_assert_num_queries(len(few)):
        doings(birk, at=NOW)

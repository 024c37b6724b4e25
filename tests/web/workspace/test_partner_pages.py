"""The partners table and a partner's scorecard: who sees whom, in which order, with what."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Role
from partnerloop.actions.models import FeedbackItem
from partnerloop.partners.models import Revenue
from partnerloop.pulses.bank import DIMENSIONS
from partnerloop.pulses.models import Invitation
from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from partnerloop.web.workspace.wishing import wish
from tests.web.conftest import NOW


def names(page) -> list[str]:
    return [line.name for line in page.context["list"].lines]


@pytest.fixture
def two_known(say) -> None:
    for name, score in (("Ana Keller", 3), ("Ben Okafor", 3), ("Eva Lind", 9), ("Finn Berg", 9)):
        say(name, {"partnerscore": score, "recommend": score})


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Birk", "Alder & Finch", "Cedar"]),
        ("?turned=1", ["Alder & Finch", "Birk", "Cedar"]),
        ("?sort=name", ["Alder & Finch", "Birk", "Cedar"]),
        ("?sort=name&turned=1", ["Cedar", "Birk", "Alder & Finch"]),
    ],
)
def test_unknown_stands_last_whichever_way_figures_are_sorted(
    pages, chief, two_known, query, order
) -> None:
    assert names(chief.get(pages.url(f"partners/{query}"))) == order


def test_unknown_revenue_is_not_sorted_as_zero(pages, chief) -> None:
    Revenue.objects.create(
        program=pages.world.program,
        partner=pages.world.partners["Birk"],
        month=NOW.date().replace(day=1),
        amount_minor=-500,
        currency="EUR",
    )
    for query in ("?sort=revenue", "?sort=revenue&turned=1"):
        assert names(chief.get(pages.url(f"partners/{query}")))[0] == "Birk"


def test_it_says_when_neighbours_cannot_be_told_apart(pages, chief, say) -> None:
    say("Ana Keller", {"partnerscore": 6})
    say("Eva Lind", {"partnerscore": 7})
    page = chief.get(pages.url("partners/"))
    assert page.context["list"].unsure == 1
    assert "No two neighbours in this order can be told apart" in page.text
    assert {line.place for line in page.context["list"].lines if line.place} == {"1 to 2"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?region=NA", ["Cedar"]),
        ("?tier=silver&region=EMEA", ["Birk"]),
        ("?q=ALDER", ["Alder & Finch"]),
        ("?manager=Max+Vogel", ["Birk"]),
        ("?q=nobody", []),
    ],
)
def test_it_filters(pages, chief, query, found) -> None:
    pages.manager("Max Vogel", of="Birk")
    assert names(chief.get(pages.url(f"partners/{query}"))) == found


@pytest.mark.parametrize("query", ["?sort=nonsense", "?page=x", "?page=99999", "?measure=a'b"])
def test_an_address_that_makes_no_sense_shows_the_usual_list(pages, chief, query) -> None:
    assert len(names(chief.get(pages.url(f"partners/{query}")))) == 3


def test_an_address_leads_back_to_itself() -> None:
    asked = {"q": "a", "region": "NA", "measure": "conflict", "sort": "revenue", "turned": "1"}
    assert (
        wish(asked, measures=DIMENSIONS).address
        == "?q=a&region=NA&measure=conflict&sort=revenue&turned=1"
    )


def test_a_manager_sees_own_partners_and_no_others(pages) -> None:
    manager = pages.as_member(pages.manager("Max Vogel", of="Birk"))
    assert names(manager.get(pages.url("partners/"))) == ["Birk"]
    assert manager.get(pages.url(f"partners/{pages.world.partners['Birk'].pk}/")).status_code == 200
    other = pages.world.partners["Cedar"].pk
    assert manager.get(pages.url(f"partners/{other}/")).status_code == 404
    assert manager.post(pages.url(f"partners/{other}/share/")).status_code == 404


def test_a_manager_without_partners_is_told_so(pages) -> None:
    manager = pages.as_member(pages.member("Nora Hall", Role.MANAGER))
    assert "You look after no partner" in manager.get(pages.url("partners/")).text


def test_the_list_does_not_query_per_partner(
    pages, chief, two_known, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        chief.get(pages.url("partners/"))


def test_a_scorecard_shows_the_gates_figures(pages, chief, two_known) -> None:
    partner = pages.world.partners["Alder & Finch"]
    cells = figures(pages.world.program, by=pages.world.priya, scope=Scope.partner(partner), at=NOW)
    page = chief.get(pages.url(f"partners/{partner.pk}/"))
    own = cells["partnerscore"]
    assert isinstance(own, Figure)
    assert page.context["composite"].figure.mean == own.mean
    assert len(page.context["lines"]) == 7


def test_a_scorecard_of_a_partner_nobody_spoke_for_borrows_or_hides(pages, chief) -> None:
    page = chief.get(pages.url(f"partners/{pages.world.partners['Cedar'].pk}/"))
    assert page.context["composite"].figure is None
    assert page.status_code == 200


def test_named_words_stand_under_the_partner_with_their_writer(
    pages, chief, say, work_through
) -> None:
    say("Ana Keller", {"partnerscore": 3}, words="Prices change <b>overnight</b>.")
    work_through()
    page = chief.get(pages.url(f"partners/{pages.world.partners['Alder & Finch'].pk}/"))
    assert "Ana Keller, technical, Alder &amp; Finch. Named answer" in page.text
    assert "Prices change &lt;b&gt;overnight&lt;/b&gt;." in page.text


def test_money_that_nobody_imported_is_unknown(pages, chief) -> None:
    page = chief.get(pages.url(f"partners/{pages.world.partners['Birk'].pk}/"))
    assert page.context["business"].revenue is None
    assert "<dd>unknown" in page.text


def test_the_link_to_its_own_page_goes_to_a_person_of_that_partner_only(pages, chief) -> None:
    birk = pages.url(f"partners/{pages.world.partners['Birk'].pk}/share/")
    stranger = pages.world.people["Ana Keller"]
    assert chief.post(birk, {"contact": stranger.pk}).status_code == 404
    assert chief.post(birk, {"contact": "x"}).status_code == 404
    answer = chief.post(birk, {"contact": pages.world.people["Eva Lind"].pk}, follow=True)
    assert "The link went to the outbox page." in answer.text
    assert "Birk with Northwind Robotics" in chief.get(pages.url("outbox/")).text


def test_an_executive_reads_and_sends_no_links(pages) -> None:
    reader = pages.as_member(pages.member("Elin Berg", Role.EXECUTIVE))
    page = reader.get(pages.url(f"partners/{pages.world.partners['Birk'].pk}/"))
    assert "Share with it" not in page.text
    url = pages.url(f"partners/{pages.world.partners['Birk'].pk}/share/")
    assert reader.post(url, {"contact": pages.world.people["Eva Lind"].pk}).status_code == 403


def test_named_answers_stand_under_their_names_for_those_who_look_after_the_partner(
    pages, chief, client, say
) -> None:
    say("Ana Keller", {"partnerscore": 3, "ease": 4})
    page = chief.get(pages.url(f"partners/{pages.world.partners['Alder & Finch'].pk}/"))
    [given] = page.context["named"]
    assert given.name == "Ana Keller"
    assert dict(given.ratings) == {"PartnerScore": 3, "Ease of doing business": 4}
    empty = chief.get(pages.url(f"partners/{pages.world.partners['Cedar'].pk}/"))
    assert "Nobody has answered by name of late" in empty.text


def test_a_scorecard_says_what_it_would_be_if_the_silent_think_otherwise(
    pages, chief, two_known
) -> None:
    partner = pages.world.partners["Alder & Finch"]
    pulse = pages.world.pulse("Another", modes=["named"], launched_at=NOW)
    for name in ("Claire Dubois", "Dan Novak", "Gita Rao"):
        pages.world.ask(name, pulse=pulse, at=NOW, keys=("partnerscore",))
    Invitation.objects.of(pages.world.program).update(asked_at=NOW - timedelta(days=20))
    page = chief.get(pages.url(f"partners/{partner.pk}/"))
    silent = page.context["silent"]
    own = page.context["composite"].figure.mean
    assert silent.if_worse < own < silent.if_better
    assert f"nearer {silent.if_worse:.1f}; if they think better" in page.text


def test_who_runs_the_program_gives_a_partner_to_a_manager_and_takes_it_away(
    pages, chief, say, work_through
) -> None:
    birk = pages.world.partners["Birk"]
    mona = pages.manager("Mona Hale", of="Cedar")
    path = f"partners/{birk.pk}/"
    assert pages.as_member(mona).get(pages.url(path)).status_code == 404
    done = chief.post(pages.url(f"{path}managers/give/"), {"member": mona.pk}, follow=True)
    assert "Mona Hale looks after Birk." in done.text
    assert pages.as_member(mona).get(pages.url(path)).status_code == 200
    say("Eva Lind", {"partnerscore": 4}, words="Deals are registered twice.")
    work_through()
    item = FeedbackItem.objects.of(pages.world.program).get()
    assert item.owner == mona
    gone = chief.post(pages.url(f"{path}managers/take/"), {"member": mona.pk}, follow=True)
    assert "Mona Hale no longer looks after Birk." in gone.text
    assert pages.as_member(mona).get(pages.url(path)).status_code == 404
    item.refresh_from_db()
    assert item.owner is None


def test_a_partner_goes_to_nobody_who_cannot_look_after_it(pages, chief) -> None:
    lead = pages.member("Lea Poe", Role.LEAD)
    url = pages.url(f"partners/{pages.world.partners['Birk'].pk}/managers/")
    told = chief.post(f"{url}give/", {"member": lead.pk}, follow=True)
    assert "can&#x27;t look after partners in this role" in told.text
    assert chief.post(f"{url}give/", {"member": "x"}).status_code == 404
    assert chief.post(f"{url}none/", {"member": lead.pk}).status_code == 404


def test_a_manager_sees_no_way_to_give_partners_away(pages) -> None:
    mona = pages.manager("Mona Hale", of="Birk")
    birk = pages.world.partners["Birk"]
    page = pages.as_member(mona).get(pages.url(f"partners/{birk.pk}/"))
    assert "Who looks after it" not in page.text
    url = pages.url(f"partners/{birk.pk}/managers/take/")
    assert pages.as_member(mona).post(url, {"member": mona.pk}).status_code == 403

"""The first screen shows what the gate gives out, and nothing else decides what it says."""

from datetime import timedelta

import pytest
from django.urls import reverse

from partnerloop.accounts.models import Role
from partnerloop.alerts.models import Alert
from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from partnerloop.web.cards import in_words
from tests.web.conftest import NOW
from tests.world import MONDAY

EVERYBODY = ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg", "Gita Rao")


def heard_from_all(say) -> None:
    for name in EVERYBODY:
        say(name, {"partnerscore": 7, "communication_accuracy": 5})


def test_its_figures_are_those_of_the_gate(pages, chief, say) -> None:
    heard_from_all(say)
    cells = figures(pages.world.program, by=pages.world.priya, scope=Scope.program(), at=NOW)
    shown = chief.get(pages.url()).context["cards"]
    assert len(shown) == 8
    for card, cell in zip(shown, cells.values(), strict=True):
        if isinstance(cell, Figure):
            assert card.figure.range == in_words(cell).range
            assert card.figure.mean == cell.mean
        else:
            assert (card.figure, card.hidden) == (None, cell.sentence)
    assert shown[1].figure is not None


def test_before_anybody_answered_every_card_says_why_it_is_empty(pages, chief) -> None:
    page = chief.get(pages.url())
    assert all(card.figure is None and card.hidden for card in page.context["cards"])
    assert "Not enough answers in the last six months." in page.text


def test_a_quiet_week_empties_today_and_keeps_the_cards(pages, chief, say) -> None:
    heard_from_all(say)
    page = chief.get(pages.url())
    assert "A quiet week: nothing changed beyond chance" in page.text
    assert 'class="change' not in page.text
    assert len(page.context["cards"]) == 8


def test_a_change_is_told_with_partner_metric_and_words(pages, chief, say) -> None:
    heard_from_all(say)
    say("Claire Dubois", {"communication_accuracy": 2}, words="We read it in the press.")
    drop(pages, "Alder & Finch", "communication")
    page = chief.get(pages.url())
    assert "One thing changed beyond chance" in page.text
    assert page.context["changes"][0].url == reverse(
        "partner", args=["northwind", pages.world.partners["Alder & Finch"].pk]
    )


def test_a_manager_is_told_only_of_own_partners(pages, say) -> None:
    heard_from_all(say)
    drop(pages, "Alder & Finch", "partnerscore")
    manager = pages.as_member(pages.manager("Max Vogel", of="Birk"))
    assert manager.get(pages.url()).context["changes"] == []


@pytest.mark.parametrize(("part", "other"), [("scorecard", "today"), ("today", "scorecard")])
def test_a_live_page_gets_only_the_part_it_asks_for(pages, chief, part, other) -> None:
    page = chief.get(pages.url(), headers={"HX-Request": "true", "HX-Target": part})
    assert f'id="{part}"' in page.text
    assert f'id="{other}"' not in page.text
    assert "<html" not in page.text


def test_a_program_that_is_not_set_up_begins_with_three_steps(pages, chief) -> None:
    program = pages.world.program
    program.setup_finished_at = None
    program.save()
    assert chief.get(pages.url()).url == pages.url("start/")
    reader = pages.as_member(pages.member("Elin Berg", Role.EXECUTIVE))
    assert reader.get(pages.url()).status_code == 200


def test_it_says_that_nothing_is_being_sent_and_who_can_change_that(pages, chief) -> None:
    assert "Nothing is being sent" in chief.get(pages.url()).text
    reader = pages.as_member(pages.member("Elin Berg", Role.EXECUTIVE))
    page = reader.get(pages.url())
    assert "Nothing is being sent" in page.text
    assert pages.url("settings/") not in page.text


def test_its_queries_do_not_grow_with_partners(
    pages, chief, say, django_assert_max_num_queries
) -> None:
    heard_from_all(say)
    for name in pages.world.partners:
        drop(pages, name, "partnerscore")
    with django_assert_max_num_queries(70):
        chief.get(pages.url())


def test_it_works_without_cookies_of_strangers(pages, client) -> None:
    answer = client.get(pages.url())
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=%2Fp%2Fnorthwind%2F")


def drop(pages, name: str, measure: str) -> None:
    Alert.objects.create(
        program=pages.world.program,
        partner=pages.world.partners[name],
        measure=measure,
        kind=Alert.Kind.DROP,
        opened_on=NOW.date(),
        before_on=(MONDAY - timedelta(weeks=9)).date(),
        strength=3.0,
    )


@pytest.mark.parametrize(
    ("kind", "score", "finding"),
    [
        (Alert.Kind.DROP, 1, "Alder & Finch: information is wrong"),
        (Alert.Kind.DROP, 10, "Alder & Finch: Communication fell, still"),
        (Alert.Kind.RISE, 10, "Alder & Finch: "),
        (Alert.Kind.RISE, 1, "Alder & Finch: Communication rose, but still"),
        (Alert.Kind.GROWTH, 9, "Alder & Finch is ready for more"),
    ],
)
def test_a_headline_never_contradicts_its_movement(pages, chief, say, kind, score, finding) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak"):
        say(name, {"communication_accuracy": score, "communication_timeliness": score})
    drop(pages, "Alder & Finch", "communication")
    Alert.objects.of(pages.world.program).update(kind=kind)
    [change] = chief.get(pages.url()).context["changes"]
    assert change.headline.startswith(finding)

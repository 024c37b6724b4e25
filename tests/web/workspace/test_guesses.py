"""One guess before you look: a veil for one manager over one figure, and no door around it."""

import re
from collections import deque
from datetime import timedelta
from difflib import unified_diff

import pytest
from django.test import Client

from partnerloop.accounts.models import Role
from partnerloop.core import clock
from partnerloop.evidence.models import NamedAnswer
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.schedule import weekly_tick
from partnerloop.partners.models import Cover
from partnerloop.release.models import Veil
from partnerloop.scores.models import PartnerScore, Snapshot
from partnerloop.scores.refresh import snapshot
from tests.web.conftest import NOW
from tests.web.test_nothing_hidden_shows import whisper
from tests.world import LONG_AGO, MONDAY

WANDERS = re.compile(r'csrftoken": "[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')
ALDER = "Alder & Finch"


@pytest.fixture
def tomas(pages):
    return pages.manager("Tomás Ferreira", of=ALDER)


@pytest.fixture
def told(pages, tomas, say):
    """Ana and Ben rate one dimension and the whole by name, with Tomás looking after them."""
    say("Ana Keller", {"partnerscore": 4, "communication_accuracy": 3})
    say("Ben Okafor", {"partnerscore": 5, "communication_accuracy": 3})
    snapshot(pages.world.program, week=MONDAY.date())
    return pages


def veil(pages) -> Veil:
    return Veil.objects.of(pages.world.program).get()


def partner_page(pages) -> str:
    return pages.url(f"partners/{pages.world.partners[ALDER].pk}/")


def test_new_answers_veil_one_figure_for_their_manager_alone(told, tomas, chief) -> None:
    assert (veil(told).member, veil(told).measure) == (tomas, "communication")
    shown = told.as_member(tomas).get(partner_page(told)).text
    assert shown.count("One guess first, or skip it") == 2  # with it the mean of the seven
    assert "what would alder" in shown.casefold()
    everybody = chief.get(partner_page(told)).text
    assert "One guess first" not in everybody


def test_who_stands_in_is_shown_the_figures_and_guesses_too(pages, tomas, say) -> None:
    stand_in = pages.manager("Sofia Lund", of="Birk")
    stand_in_for(tomas, stand_in, days=7)
    say("Ana Keller", {"partnerscore": 4, "communication_accuracy": 3})
    rows = Veil.objects.of(pages.world.program)
    assert {one.member for one in rows} == {tomas, stand_in}
    assert "One guess first" in pages.as_member(stand_in).get(partner_page(pages)).text


def test_who_stood_in_last_week_is_not_asked(pages, tomas, say) -> None:
    stand_in = pages.manager("Sofia Lund", of="Birk")
    stand_in_for(tomas, stand_in, days=-1)
    say("Ana Keller", {"partnerscore": 4, "communication_accuracy": 3})
    assert veil(pages).member == tomas


def stand_in_for(away, cover, *, days: int) -> None:
    Cover.objects.create(
        program=away.program,
        away=away,
        cover=cover,
        since=(NOW - timedelta(days=9)).date(),
        until=(NOW + timedelta(days=days)).date(),
        created_at=NOW,
        created_by=away,
    )


def test_unnamed_answers_draw_a_veil_with_their_atom_and_not_before(pages, tomas) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        whisper(pages, name, {"credibility_carried_out": 3}, at=MONDAY - timedelta(days=4))
    assert Veil.objects.of(pages.world.program).count() == 0
    weekly_tick(pages.world.program, NOW)
    assert (veil(pages).member, veil(pages).measure) == (tomas, "credibility")
    weekly_tick(pages.world.program, NOW)
    assert Veil.objects.of(pages.world.program).count() == 1


def test_one_press_keeps_the_guess_and_shows_the_figure(told, tomas) -> None:
    client = told.as_member(tomas)
    url = told.url(f"guesses/{veil(told).pk}/")
    assert client.post(url, {"guess": "7", "sureness": "very"}).status_code == 302
    kept = veil(told)
    assert (kept.guess, kept.sureness, kept.settled_at) == (7, "very", NOW)
    score = PartnerScore.objects.of(told.world.program).get()
    assert kept.mean == pytest.approx(score.estimates["communication"][0])
    shown = client.get(partner_page(told)).text
    assert "One guess first" not in shown
    assert "guessed 7, answers said" in shown


def test_skipping_shows_the_figure_and_counts_nowhere(told, tomas) -> None:
    client = told.as_member(tomas)
    client.post(told.url(f"guesses/{veil(told).pk}/"), {"guess": "skip"})
    assert (veil(told).guess, veil(told).mean) == (None, None)
    shown = client.get(partner_page(told)).text
    assert "One guess first" not in shown
    assert "Guessed and answered" not in shown


@pytest.mark.parametrize("wrong", ["", "11", "-1", "7.5", "seven", "٧"])
def test_a_guess_that_is_none_changes_nothing(told, tomas, wrong) -> None:
    client = told.as_member(tomas)
    told_so = client.post(told.url(f"guesses/{veil(told).pk}/"), {"guess": wrong}, follow=True)
    assert "from 0 to 10" in told_so.text
    assert veil(told).settled_at is None


def test_a_guess_is_made_once(told, tomas) -> None:
    client = told.as_member(tomas)
    url = told.url(f"guesses/{veil(told).pk}/")
    client.post(url, {"guess": "7"})
    assert client.post(url, {"guess": "2"}).status_code == 404
    assert veil(told).guess == 7


def test_nobody_else_lifts_a_veil(told, chief) -> None:
    other = told.manager("Mara Ndiaye", of=ALDER)
    url = told.url(f"guesses/{veil(told).pk}/")
    for client in (chief, told.as_member(other)):
        assert client.post(url, {"guess": "7"}).status_code == 404
    assert veil(told).settled_at is None


def test_a_partner_s_figures_rest_for_four_weeks_after_a_guess(told, tomas, say, monkeypatch):
    client = told.as_member(tomas)
    client.post(told.url(f"guesses/{veil(told).pk}/"), {"guess": "7"})
    say("Claire Dubois", {"communication_accuracy": 9})
    assert Veil.objects.of(told.world.program).open().count() == 0
    Veil.objects.of(told.world.program).update(settled_at=NOW - timedelta(days=29))
    say("Dan Novak", {"conflict_settled": 2, "communication_accuracy": 9})
    [fresh] = Veil.objects.of(told.world.program).open()
    assert fresh.measure == "conflict"  # that one has waited longer


def test_all_can_be_skipped_at_once(told, tomas) -> None:
    told.as_member(tomas).post(told.url("guesses/skip/"))
    assert veil(told).settled_at == NOW


def test_a_stand_in_and_an_executive_are_asked_nothing(told) -> None:
    executive = told.as_member(told.member("Elif Kaya", Role.EXECUTIVE))
    assert "One guess first" not in executive.get(partner_page(told)).text
    assert executive.get(told.url("guesses/")).status_code == 403


def test_the_own_gap_is_told_from_eight_guesses_on_and_to_nobody_else(told, tomas, chief) -> None:
    client = told.as_member(tomas)
    assert "after 8 more guesses" in client.get(told.url("guesses/")).text
    for number in range(8):
        Veil.objects.create(
            program=told.world.program,
            member=tomas,
            partner=told.world.partners[ALDER],
            measure="conflict",
            since=LONG_AGO.date(),
            settled_at=NOW - timedelta(days=number + 1),
            guess=8,
            sureness="very",
            mean=5.0 + number / 4,
            low=4.0,
            high=7.0,
        )
    shown = client.get(told.url("guesses/")).text
    assert "You expect better answers than come." in shown
    assert "inside the range 0 of 8 times" in shown
    assert chief.get(told.url("guesses/")).status_code == 403
    other = told.as_member(told.manager("Mara Ndiaye", of=ALDER))
    assert "after 8 more guesses" in other.get(told.url("guesses/")).text
    assert "guessed 8" not in other.get(partner_page(told)).text
    assert "guessed 8" in chief.get(partner_page(told)).text


def test_no_page_export_or_call_changes_with_what_is_veiled(told, tomas) -> None:
    """Move the veiled figure, its past and its named ratings: the manager sees the same bytes."""
    before = everything(told, tomas)
    assert len(before) > 12
    move(told, "communication", by=3.5)
    after = everything(told, tomas)
    changed = [
        line
        for url, text in after.items()
        for line in unified_diff(before[url].splitlines(), text.splitlines(), url, lineterm="")
        if line.startswith(("+", "-"))
    ]
    assert "\n".join(changed) == ""
    Veil.objects.of(told.world.program).update(settled_at=NOW)
    assert everything(told, tomas) != before, "the crawl would notice"


def move(pages, measure: str, *, by: float) -> None:
    program = pages.world.program
    for score in PartnerScore.objects.of(program):
        for key in (measure, "partnerscore"):
            mean, sd, low, high = score.estimates[key]
            score.estimates[key] = [mean + by, sd, low + by, high + by]
        score.composite_mean, _, score.composite_low, score.composite_high = score.estimates[
            "partnerscore"
        ]
        score.save()
    for week in Snapshot.objects.of(program):
        for key in (measure, "partnerscore"):
            mean, sd, low, high = week.estimates["figures"][key]
            week.estimates["figures"][key] = [mean + by, sd, low + by, high + by]
        week.save()
    NamedAnswer.objects.of(program).filter(measure=measure).update(value=9)


def everything(pages, member) -> dict[str, str]:
    """Follow every link of the program from the first screen, and call the API with a key."""
    client = pages.as_member(member)
    home = pages.url("")
    found: dict[str, str] = {}
    queue = deque([home, *(pages.url(f"partners/?measure={one}") for one in ("communication",))])
    while queue:
        url = queue.popleft()
        if url in found or len(found) > 150:
            continue
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        found[url] = WANDERS.sub("", body.decode("utf-8", "replace"))
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for link in re.findall(r'href="([^"#]+)', found[url]):
            plain = link.replace("&amp;", "&")
            full = plain if plain.startswith("/") else f"{url.partition('?')[0]}{plain}"
            if full.startswith(home) and ".xlsx" not in full and "xlsx" not in full:
                queue.append(full)
    return {**found, **called(member)}


def called(member) -> dict[str, str]:
    scopes = [scope.value for scope in KeyScope]
    secret = issue("Eyes", scopes=scopes, days=30, by=member, at=clock.now()).secret
    headers = {"Authorization": f"Bearer {secret}"}
    paths = ("program", "partners", "alerts", "contacts", "feedback")
    return {path: Client().get(f"/api/v1/{path}", headers=headers).text for path in paths}

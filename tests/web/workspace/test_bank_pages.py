"""The question bank on the pages: found, seen as respondents see it, reworded, retired."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from partnerloop.planning.shelf import shelf_of
from partnerloop.pulses.models import Invitation, Question, Wording
from tests.world import MONDAY


def question(pages, key: str) -> Question:
    return Question.objects.of(pages.world.program).get(key=key)


def test_all_questions_are_listed_and_one_kind_alone(pages, chief: Client) -> None:
    everything = chief.get(pages.url("questions/")).content.decode()
    ease, portal = question(pages, "ease"), question(pages, "touch_portal")
    assert f"questions/{ease.pk}/" in everything
    assert f"questions/{portal.pk}/" in everything
    touchpoints = chief.get(pages.url("questions/?kind=touchpoint")).content.decode()
    assert f"questions/{portal.pk}/" in touchpoints
    assert f"questions/{ease.pk}/" not in touchpoints
    assert "No question fits" in chief.get(pages.url("questions/?q=zebra")).content.decode()


def test_a_question_is_shown_in_each_language_with_its_own_small_words(pages, chief) -> None:
    page = chief.get(pages.url(f"questions/{question(pages, 'ease').pk}/")).content.decode()
    assert "How easy is it to do business with Northwind Robotics?" in page
    assert "Wie einfach ist es, mit Northwind Robotics Geschäfte zu machen?" in page
    for language in ("en", "de", "fr", "es"):
        with translation.override(language):
            assert gettext("I can’t judge this") in page


def test_a_question_to_customers_names_a_partner_in_the_preview(pages, chief) -> None:
    asked = Question.objects.of(pages.world.program).filter(purpose="customer").first()
    page = chief.get(pages.url(f"questions/{asked.pk}/")).content.decode()
    assert "Alder &amp; Finch" in page
    assert "{partner}" not in page.partition('id="versions"')[0]


def test_words_are_looked_at_before_they_are_kept(pages, chief) -> None:
    asked = question(pages, "ease")
    path = pages.url(f"questions/{asked.pk}/words/en/")
    words = {"text": "Is {vendor} easy?", "low": "hard", "high": "easy"}
    looked = chief.post(path, {**words, "step": "preview"}).content.decode()
    assert "Is Northwind Robotics easy?" in looked
    rows = Wording.objects.of(pages.world.program).filter(question=asked, language="en")
    assert rows.count() == 1
    words["text"] = " Is {vendor}\r\neasy? "
    kept = chief.post(path, words, follow=True).content.decode()
    assert "Kept as version 2" in kept
    assert [one.text for one in rows.filter(version=2)] == ["Is {vendor} easy?"]
    assert "your words" in chief.get(pages.url("questions/")).content.decode()
    built_in = chief.get(path).content.decode()
    assert "In the built-in bank" in built_in


def test_words_that_cannot_be_asked_are_told_at_their_field(pages, chief) -> None:
    path = pages.url(f"questions/{question(pages, 'ease').pk}/words/en/")
    refused = chief.post(path, {"text": "Is {role} easy?", "low": "", "high": "b"})
    assert refused.status_code == 400
    assert "Say what this end of the scale means." in refused.content.decode()
    refused = chief.post(path, {"text": "Is {role} easy?", "low": "a", "high": "b"})
    assert "{role} means nothing here" in refused.content.decode()


@pytest.mark.parametrize("language", ["xx", "en-GB"])
def test_a_language_that_has_no_words_and_no_bank_is_not_there(pages, chief, language) -> None:
    path = pages.url(f"questions/{question(pages, 'ease').pk}/words/{language}/")
    assert chief.get(path).status_code == 404


def test_a_question_is_retired_and_brought_back_by_button(pages, chief) -> None:
    asked = question(pages, "credibility_support")
    path = pages.url(f"questions/{asked.pk}/")
    assert "Retire this question" in chief.get(path).content.decode()
    retired = chief.post(f"{path}retire/", follow=True).content.decode()
    assert "Bring it back" in retired
    shelf = shelf_of(pages.world.program, at=MONDAY.replace(year=2027))
    assert asked not in shelf.rated["credibility"]
    chief.post(f"{path}bring-back/")
    assert question(pages, asked.key).retired_at is None
    assert chief.post(f"{path}vanish/").status_code == 404


def test_a_needed_question_says_why_it_stays(pages, chief) -> None:
    path = pages.url(f"questions/{question(pages, 'partnerscore').pk}/")
    assert "Every pulse asks this question" in chief.get(path).content.decode()
    chief.post(f"{path}retire/")
    assert question(pages, "partnerscore").retired_at is None


def test_the_questions_leave_as_a_file_and_come_back_after_a_dry_run(pages, chief) -> None:
    taken = chief.get(pages.url("questions/file/questions.toml?language=en"))
    assert 'filename="northwind-questions.en.toml"' in taken["Content-Disposition"]
    text = taken.content.decode()
    head = "[questions.ease]\nversion = "
    text = text.replace(f"{head}1", f"{head}2").replace("How easy is it to do", "Is it easy to do")
    path = pages.url("questions/file/")
    sent = SimpleUploadedFile("en.toml", text.encode())
    dry = chief.post(path, {"file": sent}).content.decode()
    assert "What would change" in dry
    rows = Wording.objects.of(pages.world.program).filter(question__key="ease", language="en")
    assert rows.count() == 1
    saved = chief.post(path, {"text": text.replace("\n", "\r\n"), "step": "save"}, follow=True)
    assert "Saved: 1 change." in saved.content.decode()
    assert rows.count() == 2


def test_a_file_with_mistakes_is_told_by_line_and_cannot_be_saved(pages, chief) -> None:
    path = pages.url("questions/file/")
    broken = {"text": 'language = "en"\n[questions.ease]\nversion = 0', "step": "save"}
    page = chief.post(path, broken)
    assert page.status_code == 400
    assert "Line 3" in page.content.decode()
    assert chief.post(path, {}).status_code == 400
    odd = SimpleUploadedFile("en.toml", b"\xff\xfe\x00")
    assert "not a text file" in chief.post(path, {"file": odd}).content.decode()
    assert chief.get(pages.url("questions/file/questions.toml?language=xx")).status_code == 404


def test_a_question_of_ones_own_is_written_and_asked_by_a_pulse(pages, chief) -> None:
    path = pages.url("questions/new/")
    given = {"text": "How good is the search of {vendor}?", "kind": "rated", "roles": ["sales"]}
    refused = chief.post(path, given)
    assert "Say what this end of the scale means." in refused.content.decode()
    given |= {"low": "bad", "high": "good"}
    looked = chief.post(path, {**given, "step": "preview"}).content.decode()
    assert "How good is the search of Northwind Robotics?" in looked
    rows = Question.objects.of(pages.world.program).filter(purpose="own")
    assert not rows.exists()
    for key in ("own_how_good_is_the_search_of", "own_how_good_is_the_search_of_2"):
        kept = chief.post(path, given)
        assert kept["Location"].endswith(f"/questions/{rows.get(key=key).pk}/")
    asked = {"name": "Search", "modes": ["named"], "questions": "own_how_good_is_the_search_of"}
    drafted = chief.post(pages.url("pulses/new/"), asked)["Location"]
    chief.post(f"{drafted}send/")
    wording = Wording.objects.of(pages.world.program).get(question=rows.earliest("pk"))
    asks = Invitation.objects.of(pages.world.program)
    asked_of = {ask.role for ask in asks if wording.pk in ask.asked}
    assert asked_of == {"sales"}


def test_an_open_question_of_ones_own_has_no_scale(pages, chief) -> None:
    path = pages.url("questions/new/")
    odd = {"text": "What is missing?", "kind": "open", "reversed": "on"}
    assert "no scale to turn round" in chief.post(path, odd).content.decode()
    assert chief.post(path, {**odd, "reversed": ""}).status_code == 302
    kept = Question.objects.of(pages.world.program).get(purpose="own")
    assert (kept.kind, kept.roles, kept.measure) == ("open", [], "own_what_is_missing")


def test_what_partners_said_of_a_question_stands_beside_it_once_it_is_wide_enough(
    pages, chief, say
) -> None:
    asked = question(pages, "touch_portal")
    path = pages.url(f"questions/{asked.pk}/")
    assert "Not enough answers in the last six months." in chief.get(path).content.decode()
    for name in ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg", "Gita Rao"):
        say(name, {"touch_portal": 4})
    assert '<b class="num">4.0</b>' in chief.get(path).content.decode()
    assert "<b>4.0 (" in chief.get(pages.url("questions/")).content.decode()
    dimension = question(pages, "credibility_support")
    assert "What it says" not in chief.get(pages.url(f"questions/{dimension.pk}/")).content.decode()

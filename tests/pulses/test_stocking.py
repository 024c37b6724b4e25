"""The bank on a program's shelf: whole, once, and never edited."""

import pytest

from partnerloop.pulses.bank import read_bank
from partnerloop.pulses.models import Metric, Question, Wording
from partnerloop.pulses.stocking import stock
from partnerloop.pulses.wording import NoWords, languages_for, with_vendor, words_for
from tests.world import MONDAY, World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_everything_in_the_bank_is_on_the_shelf(world: World) -> None:
    bank = read_bank()
    metrics = Metric.objects.of(world.program)
    assert list(metrics.values_list("key", flat=True)) == [metric.key for metric in bank.metrics]
    keys = Question.objects.of(world.program).values_list("key", flat=True)
    assert set(keys) == {question.key for question in bank.questions}
    assert Wording.objects.of(world.program).filter(language="en").count() == len(bank.questions)


def test_a_rated_question_hangs_on_the_metric_it_measures(world: World) -> None:
    questions = Question.objects.of(world.program).select_related("metric")
    accuracy = questions.get(key="communication_accuracy")
    assert accuracy.metric is not None
    assert accuracy.metric.key == accuracy.measure == "communication"
    overall = questions.get(key="partnerscore")
    assert overall.metric is not None
    assert overall.metric.kind == Metric.Kind.COMPOSITE
    ease = questions.get(key="ease")
    assert (ease.metric, ease.measure, ease.is_overall) == (None, "ease", True)


def test_stocking_twice_adds_nothing(world: World) -> None:
    assert not stock(world.program, at=MONDAY).anything


def test_a_raised_version_is_added_beside_the_old_words(world: World) -> None:
    old = Wording.objects.of(world.program).get(question__key="ease", language="en")
    Wording.objects.of(world.program).filter(pk=old.pk).update(
        version=0, bank_version=0, text="How easy is it?"
    )
    assert stock(world.program, at=MONDAY).wordings == 1
    versions = Wording.objects.of(world.program).filter(question__key="ease", language="en")
    versions = versions.order_by("version")
    assert [wording.version for wording in versions] == [0, 1]
    assert versions[0].text == "How easy is it?"


def test_what_a_program_renamed_stays_renamed(world: World) -> None:
    Metric.objects.of(world.program).filter(key="conflict").update(name="Frictions")
    Wording.objects.of(world.program).filter(question__key="ease", language="en").delete()
    assert stock(world.program, at=MONDAY).wordings == 1
    assert Metric.objects.of(world.program).get(key="conflict").name == "Frictions"


def test_the_newest_words_of_the_best_language_are_taken(world: World) -> None:
    ease = Question.objects.of(world.program).get(key="ease")
    for language, version in (("de", 2), ("de", 3), ("fr", 7)):
        Wording.objects.create(
            program=world.program,
            question=ease,
            language=language,
            version=version,
            text=f"{language} {version}",
            low="-",
            high="+",
        )
    ana = world.people["Ana Keller"]
    ana.language = "de-AT"
    languages = languages_for(world.program, contact=ana, partner=world.partners["Birk"])
    assert languages == ("de-AT", "de", "en")
    words = words_for([ease.pk], program=world.program, languages=languages)
    assert words[ease.pk].text == "de 3"


def test_a_question_without_words_is_named(world: World) -> None:
    ease = Question.objects.of(world.program).get(key="ease")
    with pytest.raises(NoWords, match=str(ease.pk)):
        words_for([ease.pk], program=world.program, languages=["xx"])


def test_only_the_vendor_is_put_into_the_words(world: World) -> None:
    wording = Wording.objects.of(world.program).get(question__key="ease", language="en")
    seen = with_vendor(wording.text, vendor="{role} & <b>Co</b> {0.__class__}")
    assert seen == "How easy is it to do business with {role} & <b>Co</b> {0.__class__}?"

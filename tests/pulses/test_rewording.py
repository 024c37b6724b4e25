"""A program's own words: a new version each time; what is measured never moves with them."""

import pytest

from partnerloop.core.models import AuditEntry
from partnerloop.evidence.models import NamedAnswer
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode
from partnerloop.pulses.bank import read_bank
from partnerloop.pulses.models import Question, Wording
from partnerloop.pulses.retiring import NeededQuestion, bring_back, retire
from partnerloop.pulses.rewording import UnusableWords, Words, newest, reword, words_of
from partnerloop.pulses.stocking import stock
from partnerloop.pulses.wording import words_for
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World, make_world

WORDS = Words("How closely does {vendor} keep its word?", "never", "always")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def question(world: World, key: str) -> Question:
    return Question.objects.of(world.program).get(key=key)


def answered(world: World, wording: Wording, name: str, value: int) -> float:
    """Let somebody answer these words by name; return the value that counts."""
    pulse = world.pulse(
        f"For {name}", launched_at=MONDAY, closes_at=MONDAY.replace(year=2027), modes=["named"]
    )
    asked = world.ask(name, pulse=pulse, at=MONDAY, keys=("ease",))
    asked.asked = [wording.pk]
    asked.save()
    receive(asked, Submission(mode=Mode.NAMED, ratings={wording.pk: value}, words={}), at=MONDAY)
    contact = world.people[name]
    return float(NamedAnswer.objects.of(world.program).get(contact=contact).value)


def test_new_words_are_asked_and_the_old_ones_stay(world: World) -> None:
    asked = question(world, "credibility_carried_out")
    kept = reword(asked, WORDS, language="en", by=world.priya, at=MONDAY)
    assert (kept.version, kept.bank_version) == (2, None)
    assert words_for([asked.pk], program=world.program, languages=["en"])[asked.pk] == kept
    assert Wording.objects.of(world.program).filter(question=asked, language="en").count() == 2
    entry = AuditEntry.objects.get(action="question.reworded")
    assert (entry.actor, entry.fields) == (f"user:{world.priya.user_id}", ["en"])


def test_the_same_words_again_change_nothing(world: World) -> None:
    asked = question(world, "credibility_carried_out")
    first = reword(asked, WORDS, language="en", by=world.priya, at=MONDAY)
    assert reword(asked, WORDS, language="en", by=world.priya, at=MONDAY) == first
    assert AuditEntry.objects.filter(action="question.reworded").count() == 1


def test_answers_to_old_and_new_words_count_alike_and_are_turned_once(world: World) -> None:
    asked = question(world, "conflict_intensity")
    assert asked.is_reversed
    old = newest(asked, language="en")
    new = reword(asked, Words("How much noise?", "none", "lots"), language="en", by=None, at=MONDAY)
    assert old is not None
    assert old.pk != new.pk
    assert answered(world, old, "Eva Lind", 3) == 7
    assert answered(world, new, "Gita Rao", 3) == 7
    measures = NamedAnswer.objects.of(world.program).values_list("measure", flat=True)
    assert set(measures) == {"conflict"}


def test_a_newer_bank_does_not_take_the_programs_words_away(world: World) -> None:
    asked = question(world, "credibility_carried_out")
    kept = reword(asked, WORDS, language="en", by=world.priya, at=MONDAY)
    Wording.objects.of(world.program).filter(bank_version=1).update(bank_version=0)
    added = stock(world.program, at=MONDAY).wordings
    assert added > 0
    assert newest(asked, language="en") == kept


def test_going_back_to_the_banks_words_lets_the_bank_lead_again(world: World) -> None:
    asked = question(world, "credibility_carried_out")
    reword(asked, WORDS, language="en", by=world.priya, at=MONDAY)
    built_in = read_bank().question(asked.key)
    kept = reword(asked, words_of(built_in), language="en", by=world.priya, at=MONDAY)
    assert (kept.version, kept.bank_version) == (3, built_in.version)
    Wording.objects.of(world.program).filter(pk=kept.pk).update(bank_version=0)
    stock(world.program, at=MONDAY)
    again = newest(asked, language="en")
    assert again is not None
    assert (again.version, again.bank_version) == (4, built_in.version)


@pytest.mark.parametrize(
    ("words", "field", "told"),
    [
        (Words("", "a", "b"), "text", "Write the question"),
        (Words("Is {role} well?", "a", "b"), "text", "{role} means nothing here"),
        (Words("Is {partner} well?", "a", "b"), "text", "{partner} means nothing here"),
        (Words("How is it?", "", "b"), "low", "Say what this end"),
        (Words("How is it?", "a", "{vendor}"), "high", "No braces here"),
        (Words("x" * 301, "a", "b"), "text", "300"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(world, words, field, told) -> None:
    with pytest.raises(UnusableWords, match=told.replace("{", r"\{")) as why:
        reword(question(world, "ease"), words, language="en", by=None, at=MONDAY)
    assert why.value.field == field


def test_what_is_retired_is_on_no_shelf_until_it_is_back(world: World) -> None:
    asked = question(world, "credibility_support")
    retire(asked, by=world.priya, at=MONDAY)
    assert question(world, asked.key).retired_at == MONDAY
    bring_back(asked, by=world.priya, at=MONDAY)
    assert question(world, asked.key).retired_at is None
    done = AuditEntry.objects.filter(target=f"question:{asked.pk}").order_by("action")
    assert [one.action for one in done] == ["question.brought_back", "question.retired"]


def test_a_dimension_keeps_something_to_rate(world: World) -> None:
    rated = Question.objects.of(world.program).filter(measure="credibility", kind="rated")
    *others, last = rated
    for one in others:
        retire(one, by=world.priya, at=MONDAY)
    with pytest.raises(NeededQuestion):
        retire(last, by=world.priya, at=MONDAY)
    with pytest.raises(NeededQuestion):
        retire(question(world, "partnerscore"), by=world.priya, at=MONDAY)

"""The questions as one file: out and in again unchanged; mistakes by line; all or nothing."""

import tomllib
from decimal import Decimal

import pytest
from django.utils.text import slugify

from partnerloop.planning.shelf import shelf_of
from partnerloop.pulses.bank import read_bank
from partnerloop.pulses.filing.loading import UnusableFile, check, load
from partnerloop.pulses.filing.writing import write
from partnerloop.pulses.models import Metric, Question, Wording
from partnerloop.pulses.retiring import retire
from partnerloop.pulses.rewording import Words, newest, reword
from partnerloop.pulses.wording import words_for
from partnerloop.web.workspace.pulse_form import items_of
from tests.world import MONDAY, World, make_world

HEAD = 'language = "en"\n'
OWN = """
[questions.own_search]
version = 1
kind = "rated"
purpose = "own"
reversed = true
roles = ["sales"]
text = "How often does the portal's search fail you?"
low = "never"
high = "always"
"""


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def question(world: World, key: str) -> Question:
    return Question.objects.of(world.program).get(key=key)


def told(world: World, text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.says) for problem in check(world.program, text).problems]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_what_was_written_changes_nothing_when_it_is_loaded(world: World, language) -> None:
    text = write(world.program, language=language)
    assert len(tomllib.loads(text)["questions"]) == len(read_bank().questions)
    checked = load(world.program, text, by=world.priya, at=MONDAY)
    assert (checked.changes, checked.problems) == ((), ())
    assert checked.same == len(read_bank().questions)
    assert write(world.program, language=language) == text


def test_a_changed_bank_arrives_whole_in_another_program(world: World) -> None:
    odd = 'Is "{vendor}" \\ good – für Sie?'
    reword(question(world, "ease"), Words(odd, "-", "+"), language="en", by=None, at=MONDAY)
    retire(question(world, "recommend"), by=None, at=MONDAY)
    load(world.program, HEAD + OWN, by=None, at=MONDAY)
    text = write(world.program, language="en")
    other = make_world("contoso")
    load(other.program, text, by=other.priya, at=MONDAY)
    assert write(other.program, language="en") == text
    arrived = question(other, "own_search")
    assert (arrived.is_reversed, arrived.roles, arrived.purpose) == (True, ["sales"], "own")
    assert question(other, "recommend").retired_at == MONDAY
    assert newest(question(other, "ease"), language="en").text == odd


def test_a_language_comes_by_file_with_words_alone(world: World) -> None:
    text = 'language = "nl"\n[questions]\nease = { version = 1, text = "Hoe makkelijk?", '
    text += 'low = "moeilijk", high = "makkelijk" }\n'
    saved = load(world.program, text, by=world.priya, at=MONDAY)
    assert [change.says for change in saved.changes] == ["first words in this language"]
    ease = question(world, "ease")
    words = words_for([ease.pk], program=world.program, languages=["nl", "en"])
    assert words[ease.pk].text == "Hoe makkelijk?"


def test_a_new_question_starts_in_a_language_that_everybody_is_asked_in(world: World) -> None:
    wrong = told(world, OWN.replace("\n[", 'language = "nl"\n[', 1))
    assert [says for _, says in wrong] == ["own_search: write a new question in en first."]


def test_a_question_without_words_in_the_programs_language_is_on_no_shelf(world: World) -> None:
    world.program.language = "de"
    world.program.save()
    load(world.program, OWN.replace("\n[", 'language = "de"\n[', 1), by=None, at=MONDAY)
    named = ["own_search"]
    assert shelf_of(world.program, at=MONDAY, named=named).named
    world.program.language = "fr"
    assert not shelf_of(world.program, at=MONDAY, named=named).named
    assert "own_search" not in dict(items_of(world.program))


def test_a_dry_run_saves_nothing(world: World) -> None:
    before = Question.objects.of(world.program).count()
    checked = check(world.program, HEAD + OWN)
    assert [change.says for change in checked.changes] == ["new question"]
    assert Question.objects.of(world.program).count() == before


def test_changed_words_need_a_higher_version(world: World) -> None:
    text = write(world.program, language="en").replace("How easy is it", "How simple is it")
    wrong = told(world, text)
    assert len(wrong) > 0
    line, says = wrong[0]
    assert text.splitlines()[line - 1].startswith("[questions.")
    assert "raise it above 1" in says
    with pytest.raises(UnusableFile):
        load(world.program, text, by=None, at=MONDAY)
    assert "How simple is it" not in write(world.program, language="en")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('language = "en"\n[questions.ease\n', 2, "This is not TOML"),
        ('language = "klingon"\n[questions.ease]\nversion = 1\n', 1, "tag of a language"),
        (HEAD + "colour = 3\n" + OWN, 2, "“colour” means nothing here"),
        (HEAD, 1, "no question"),
        (HEAD + '[questions.ease]\nversion = 2\ntext = "A {b}?"\nlow="a"\nhigh="b"\n', 4, "{b}"),
        (HEAD + '[questions.ease]\nversion = 0\ntext = "A?"\nlow="a"\nhigh="b"\n', 3, "from 1"),
        (HEAD + '[questions.ease]\nversion = 2\ntext = "A?"\nlow="a"\n', 2, "high: Say what"),
        (HEAD + '[questions.ease]\nkind = "open"\nversion = 2\ntext = "A?"\n', 3, "stays rated"),
        (HEAD + "[questions]\nease = 3\n", 3, "must be a table"),
        (HEAD + '[questions.portal]\nversion = 1\nkind = "open"\n', 2, "key from own_ on"),
        (HEAD + OWN.replace('"own"', '"driver"'), 6, 'has the purpose "own"'),
        (HEAD + OWN.replace('"sales"', '"boss"'), 8, "must be a list out of"),
        (HEAD + OWN.replace('"rated"', '"starred"'), 5, "rated or open"),
        (HEAD + OWN.replace("true", '"yes"'), 7, "true or false"),
        (HEAD + OWN + "retired = 1\n", 12, "true or false"),
        (HEAD + OWN + "metric = 'conflict'\n", 12, "one of your own metrics"),
        (HEAD + '[questions.partnerscore]\nversion=1\nretired=true\ntext="A"\n', 2, "low: Say"),
    ],
)
def test_a_mistake_is_told_with_its_line(world: World, text, line, says) -> None:
    wrong = told(world, text)
    assert any(where == line and says in what for where, what in wrong), wrong


def test_a_needed_question_is_not_retired_by_file_either(world: World) -> None:
    text = write(world.program, language="en")
    place = text.index("[questions.partnerscore]")
    end = text.index("\n\n", place)
    wrong = told(world, text[:end] + "\nretired = true" + text[end:])
    assert [says for _, says in wrong] == [
        "partnerscore, retired: Every pulse asks this question: it can be reworded, not retired."
    ]


def test_two_that_stand_in_for_each_other_are_not_both_retired(world: World) -> None:
    text = write(world.program, language="en")
    for one in Question.objects.of(world.program).filter(measure="conflict", kind="rated"):
        place = text.index(f"[questions.{one.key}]")
        end = text.index("\n\n", place)
        text = text[:end] + "\nretired = true" + text[end:]
    with pytest.raises(UnusableFile):
        load(world.program, text, by=None, at=MONDAY)
    assert not Question.objects.of(world.program).filter(retired_at__isnull=False).exists()


def test_a_file_of_anything_is_refused_in_words(world: World) -> None:
    for text in ("", "\0", "[[questions]]\n", "questions = 3", slugify("x" * 9), "x" * 1_000_001):
        assert told(world, text)
    assert Wording.objects.of(world.program).filter(version__gt=1).count() == 0


METRIC = """
[metrics.our_enablement]
name = "Enablement"
definition = "Does training let the partner sell?"
low = "They need help."
high = "They sell alone."
weight = 0.5

[questions.own_training]
version = 1
kind = "rated"
metric = "our_enablement"
text = "How well are you trained?"
low = "badly"
high = "well"

[questions.own_training_words]
version = 1
kind = "open"
metric = "our_enablement"
follows = "low"
text = "What is missing?"
"""


def metric(world: World, key: str = "our_enablement") -> Metric:
    return Metric.objects.of(world.program).get(key=key)


def test_a_metric_travels_with_the_questions_that_measure_it(world: World) -> None:
    says = [
        change.says for change in load(world.program, HEAD + METRIC, by=None, at=MONDAY).all_changes
    ]
    assert says == ["new metric", "new question", "new question"]
    text = write(world.program, language="en")
    assert load(world.program, text, by=None, at=MONDAY).all_changes == ()
    other = make_world("contoso")
    load(other.program, text, by=other.priya, at=MONDAY)
    assert write(other.program, language="en") == text
    arrived = question(other, "own_training")
    assert (arrived.measure, arrived.purpose, metric(other).weight) == (
        "our_enablement",
        "dimension",
        Decimal("0.5"),
    )
    assert question(other, "own_training_words").follows == "low"


def test_a_metric_gets_words_weight_and_an_end_by_file(world: World) -> None:
    load(world.program, HEAD + METRIC, by=None, at=MONDAY)
    dutch = METRIC.partition("[questions")[0].replace("Enablement", "Scholing")
    load(world.program, 'language = "nl"\n' + dutch, by=None, at=MONDAY)
    assert write(world.program, language="nl").startswith(HEAD_OF_ALL)
    assert 'name = "Scholing"' in write(world.program, language="nl")
    assert 'name = "Enablement"' in write(world.program, language="en")
    changed = METRIC.partition("[questions")[0].replace("0.5", "0") + "retired = true\n"
    saved = load(world.program, HEAD + changed, by=None, at=MONDAY)
    assert [change.says for change in saved.all_changes] == ["another weight, retired"]
    assert (metric(world).weight, metric(world).retired_at) == (0, MONDAY)


HEAD_OF_ALL = "# Questions and own metrics"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (METRIC.replace("our_enablement]", "commitment]"), 3, "the seven are the same everywhere"),
        (METRIC.replace("our_enablement]", "our_Q]"), 3, "small letters"),
        (METRIC.replace('"They need help."', '""'), 6, "Say what a low figure means."),
        (METRIC.replace("0.5", "true"), 8, "must be a number from 0 to 2"),
        (METRIC.replace("0.5", "7"), 8, "between 0 (none) and 2"),
        (METRIC.replace("weight", "heaviness"), 8, "means nothing here"),
        (
            METRIC.replace('metric = "our_enablement"', 'metric = "our_other"'),
            13,
            "your own metrics",
        ),
        (METRIC.replace('follows = "low"', ""), 18, "after which score"),
        (METRIC.replace('"rated"\n', '"rated"\nfollows = "low"\n'), 13, "Only an open question"),
        ('[metrics]\nour_a = "x"\n', 3, "must be a table"),
        ("metrics = 3\n", 2, "must be tables"),
    ],
)
def test_a_mistake_in_a_metric_is_told_with_its_line(world: World, text, line, says) -> None:
    wrong = told(world, HEAD + text)
    assert any(where == line and says in what for where, what in wrong), wrong


def test_a_sixth_metric_keeps_the_file_out(world: World) -> None:
    one = METRIC.partition("[questions")[0]
    six = "".join(
        one.replace("our_enablement", f"our_{n}").replace("Enablement", f"N{n}") for n in range(6)
    )
    assert "at most 5 metrics" in str(told(world, HEAD + six))
    with pytest.raises(UnusableFile):
        load(world.program, HEAD + six, by=None, at=MONDAY)
    assert not Metric.objects.of(world.program).filter(kind="own").exists()

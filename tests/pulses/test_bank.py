"""The question bank asks what the metrics say they measure.

PAIRS below is the contract: each rated question stands beside the words of the definition that it
measures. Change a definition or a wording and the pair has to be looked at again, here.
"""

from importlib.resources import files
from typing import NamedTuple, get_args

import pytest

from partnerloop.partners.models import ContactRole
from partnerloop.pulses import bank as bank_room
from partnerloop.pulses.bank import (
    COMPOSITE,
    DIMENSIONS,
    OVERALL,
    ROLES,
    STAGES,
    TOUCHPOINTS,
    BankError,
    Purpose,
    languages,
    parse_bank,
    read_bank,
)
from partnerloop.pulses.bank.reading import parse_words

DEFINITIONS = {
    "partnerscore": "The seven dimensions in one figure, each with the same weight.",
    "communication": "Whether the vendor's information on products and services is accurate, "
    "and in time.",
    "conflict": "Whether normal business disagreements are settled well and do not pile up.",
    "cooperation": "Whether joint planning is effective, and whether it helps the partner grow.",
    "credibility": "Whether the vendor supports and carries out what it commits to, as planned.",
    "mutual_interest": "Whether the vendor is active, and effective, in developing the partner's "
    "business.",
    "social_bonding": "How good the relation with the vendor's account manager is.",
    "commitment": "How much the partner's long-term success depends on the vendor's products, "
    "services and brand.",
}


class Pair(NamedTuple):
    """A wording, its version, and the words of its metric's definition that it measures."""

    version: int
    text: str
    part: str


PAIRS = {
    "communication_accuracy": Pair(
        1,
        "How accurate is the information you get from {vendor} about its products and services?",
        "information on products and services is accurate",
    ),
    "communication_timeliness": Pair(
        1,
        "When something changes in {vendor}'s products or services, how well in time are you told?",
        "in time",
    ),
    "communication_reply": Pair(
        1,
        "When you ask {vendor} about a product or service, how soon do you get an answer you can "
        "use?",
        "in time",
    ),
    "conflict_settled": Pair(
        1,
        "When you and {vendor} disagree on something normal in business, how well is it settled?",
        "normal business disagreements are settled well",
    ),
    "conflict_fairness": Pair(
        1,
        "When a disagreement with {vendor} has been settled, how fair is the outcome to both "
        "sides?",
        "settled well",
    ),
    "conflict_intensity": Pair(
        1,
        "How much do open disagreements with {vendor} get in the way of your business?",
        "do not pile up",
    ),
    "cooperation_planning": Pair(
        1,
        "How effective is the planning that you and {vendor} do together?",
        "joint planning is effective",
    ),
    "cooperation_growth": Pair(
        1,
        "How much does planning together with {vendor} help your company grow?",
        "helps the partner grow",
    ),
    "cooperation_teamwork": Pair(
        1,
        "How well do {vendor}'s people and yours work together on what you planned?",
        "joint planning is effective",
    ),
    "credibility_carried_out": Pair(
        1,
        "When {vendor} commits to something, how closely is it carried out as planned?",
        "carries out what it commits to, as planned",
    ),
    "credibility_support": Pair(
        1,
        "How well does {vendor} support what it has committed to, with the people and means it "
        "takes?",
        "supports",
    ),
    "credibility_openness": Pair(
        1,
        "When {vendor} cannot keep a commitment, how openly are you told?",
        "what it commits to, as planned",
    ),
    "mutual_interest_active": Pair(
        1,
        "How active is {vendor} in developing your business?",
        "active",
    ),
    "mutual_interest_effective": Pair(
        1,
        "How effective is what {vendor} does to develop your business?",
        "effective, in developing the partner's business",
    ),
    "mutual_interest_attention": Pair(
        1,
        "How much does {vendor} care about the success of your business, beyond its own sales?",
        "developing the partner's business",
    ),
    "social_bonding_relation": Pair(
        1,
        "How good is your working relation with your account manager at {vendor}?",
        "How good the relation with the vendor's account manager is",
    ),
    "social_bonding_trust": Pair(
        1,
        "How much do you trust your account manager at {vendor}?",
        "the relation with the vendor's account manager",
    ),
    "social_bonding_bad_news": Pair(
        1,
        "How comfortable would you be telling your account manager at {vendor} bad news?",
        "the relation with the vendor's account manager",
    ),
    "commitment_products": Pair(
        1,
        "How much does your company's long-term success depend on {vendor}'s products and "
        "services?",
        "long-term success depends on the vendor's products, services",
    ),
    "commitment_brand": Pair(
        1,
        "How much does your company's long-term success depend on {vendor}'s brand?",
        "brand",
    ),
    "commitment_without": Pair(
        1,
        "How hard would it be for your company to reach its goals of the next three years without "
        "{vendor}?",
        "long-term success depends on the vendor",
    ),
}

BANK = read_bank()
RATED_OF_DIMENSIONS = [
    question for question in BANK.questions if question.rated and question.metric
]


def test_every_definition_is_the_one_that_the_pairs_were_judged_by() -> None:
    assert {metric.key: metric.definition for metric in BANK.metrics} == DEFINITIONS


def test_every_rated_question_of_a_dimension_is_paired() -> None:
    assert {question.key for question in RATED_OF_DIMENSIONS} == set(PAIRS)


@pytest.mark.parametrize("question", RATED_OF_DIMENSIONS, ids=lambda question: question.key)
def test_it_asks_in_the_words_and_version_that_were_paired(question) -> None:
    pair = PAIRS[question.key]
    assert (question.version, question.text) == (pair.version, pair.text)


@pytest.mark.parametrize("question", RATED_OF_DIMENSIONS, ids=lambda question: question.key)
def test_what_it_measures_stands_in_the_definition_of_its_metric(question) -> None:
    assert PAIRS[question.key].part in BANK.metric(question.metric).definition


@pytest.mark.parametrize("metric", DIMENSIONS)
def test_each_dimension_has_three_rated_questions_and_an_open_one_for_either_end(metric) -> None:
    assert len(BANK.rated(metric)) == 3
    assert BANK.follow_up(metric, after="low").kind == "open"
    assert BANK.follow_up(metric, after="high").kind == "open"
    assert BANK.follow_up(metric, after="low") != BANK.follow_up(metric, after="high")


@pytest.mark.parametrize("metric", DIMENSIONS)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_can_be_asked_about_every_dimension(metric, role) -> None:
    assert len(BANK.rated(metric, role=role)) >= 2


def test_the_roles_of_the_bank_are_the_roles_that_contacts_have() -> None:
    assert set(ContactRole.values) == set(ROLES)


def test_it_keeps_a_question_from_the_roles_that_it_is_not_for() -> None:
    assert not BANK.question("commitment_brand").suits("technical")
    assert BANK.question("commitment_brand") not in BANK.rated("commitment", role="technical")
    assert BANK.question("commitment_brand") in BANK.rated("commitment", role="sales")


def test_the_overall_questions_belong_to_no_dimension_and_measure_themselves() -> None:
    assert tuple(question.key for question in BANK.overall) == OVERALL
    assert [question.metric for question in BANK.overall] == [None, None, None]
    assert tuple(question.measures for question in BANK.overall) == OVERALL


def test_a_question_of_a_dimension_measures_that_dimension() -> None:
    assert BANK.question("conflict_settled").measures == "conflict"


def test_the_eight_metrics_are_the_composite_and_the_seven_dimensions() -> None:
    assert [metric.key for metric in BANK.metrics] == [COMPOSITE, *DIMENSIONS]


def test_every_rated_question_labels_both_ends_differently_and_may_be_passed() -> None:
    for question in BANK.questions:
        assert question.can_be_passed == question.rated
        if question.rated:
            assert question.low
            assert question.high
            assert question.low != question.high


def test_only_the_intensity_of_conflict_is_asked_the_other_way_round() -> None:
    assert [q.key for q in BANK.questions if q.reversed] == ["conflict_intensity"]


def test_conflict_is_shown_so_that_nobody_reads_nine_as_much_conflict() -> None:
    assert BANK.metric("conflict").name == "Conflict (low and well handled)"


def test_the_vendor_is_put_in_as_plain_text_and_never_read_as_a_template() -> None:
    asked = BANK.question("ease").text_for("{recommend} {{ 7 }} & Sons")
    assert asked == "How easy is it to do business with {recommend} {{ 7 }} & Sons?"


@pytest.mark.parametrize("language", languages())
def test_every_question_names_the_vendor_or_the_partner(language) -> None:
    for question in read_bank(language).questions:
        allowed = ("{vendor}",) if question.audience == "partner" else ("{vendor}", "{partner}")
        assert any(name in question.text for name in allowed), question.key


@pytest.mark.parametrize("language", languages())
def test_a_question_fits_the_phone_it_is_read_on(language) -> None:
    assert [q.key for q in read_bank(language).questions if len(q.text) > 110] == []


@pytest.mark.parametrize("language", languages())
def test_no_two_questions_ask_the_same(language) -> None:
    texts = [question.text for question in read_bank(language).questions]
    assert len(set(texts)) == len(texts)


def test_the_four_first_languages_are_there() -> None:
    assert set(languages()) >= {"en", "de", "fr", "es"}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_question_with_both_ends_labelled(language) -> None:
    bank = read_bank(language)
    assert bank.language == language
    assert [question.key for question in bank.questions] == [q.key for q in BANK.questions]
    assert [metric.key for metric in bank.metrics] == [metric.key for metric in BANK.metrics]
    for question in bank.questions:
        assert bool(question.low) == bool(question.high) == question.rated, question.key
        assert not question.rated or question.low != question.high, question.key


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_a_language_has_words_of_its_own(language) -> None:
    english = {question.key: question.text for question in BANK.questions}
    bank = read_bank(language)
    assert [q.key for q in bank.questions if q.text == english[q.key]] == []
    named = [{p for p in ("{vendor}", "{partner}") if p in q.text} for q in bank.questions]
    assert all(named)


def test_every_kind_of_item_is_there() -> None:
    counts = {purpose: len(BANK.of(purpose)) for purpose in get_args(Purpose)}
    assert counts["event"] == len(STAGES) == len({q.about for q in BANK.of("event")})
    assert counts["touchpoint"] == len(TOUCHPOINTS)
    assert {q.about for q in BANK.of("touchpoint")} == set(TOUCHPOINTS)
    assert {q.about for q in BANK.of("comparison")} == {"", COMPOSITE, *DIMENSIONS}
    assert {q.about for q in BANK.of("prediction")} == {COMPOSITE, *DIMENSIONS}
    assert {q.about for q in BANK.of("mirror") if q.rated} == set(DIMENSIONS)
    assert {q.kind for q in BANK.of("outlook")} == {"rated", "open"}
    assert min(counts.values()) >= 5
    assert sum(counts.values()) == len(BANK.questions)


def test_what_is_no_dimension_measures_itself_and_moves_no_dimension() -> None:
    for question in BANK.questions:
        if question.rated and question.purpose not in ("dimension", "overall"):
            assert question.metric is None
            assert question.measures == question.key


def test_a_file_of_words_that_lacks_a_question_is_refused() -> None:
    text = files(bank_room).joinpath("de.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("ease =")]
    with pytest.raises(BankError, match=r"^xx\.toml: questions\.ease: is missing$"):
        parse_words("\n".join(lines), like=BANK, source="xx.toml")


def test_a_file_of_words_cannot_change_what_a_question_measures() -> None:
    text = files(bank_room).joinpath("de.toml").read_text(encoding="utf-8")
    changed = text.replace("ease = { version = 1,", 'ease = { version = 1, metric = "conflict",')
    with pytest.raises(BankError, match=r"^xx\.toml: questions\.ease: metric: is not a field"):
        parse_words(changed, like=BANK, source="xx.toml")


def test_a_purpose_of_its_own_enters_no_dimension() -> None:
    assert "enters no dimension" in refusal(
        f'[questions.q]\n{RATED}metric = "conflict"\npurpose = "driver"\n'
    )
    assert "must be one of strategize" in refusal(
        f'[questions.q]\n{RATED}purpose = "event"\nabout = "party"\n'
    )


def test_a_language_without_a_bank_is_named_in_the_refusal() -> None:
    with pytest.raises(BankError, match=r"^xx\.toml: there is no question bank"):
        read_bank("xx")


# Errors name the file, the key and the field -------------------------------------------------

METRICS = "".join(
    f'[metrics.{metric.key}]\nname = "{metric.name}"\ndefinition = "{metric.definition}"\n'
    for metric in BANK.metrics
)
RATED = 'version = 1\nkind = "rated"\ntext = "How is {vendor}?"\nlow = "bad"\nhigh = "good"\n'


def refusal(questions: str, *, metrics: str = METRICS) -> str:
    with pytest.raises(BankError) as caught:
        parse_bank(f'language = "zz"\n{metrics}{questions}', source="zz.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "zz.toml: questions.q: metric: must be one of communication,"),
        ('metric = "warmth"', "zz.toml: questions.q: metric: must be one of communication,"),
        ('metric = "conflict"\nmood = 1', "zz.toml: questions.q: mood: is not a field here"),
        ('metric = "conflict"\nfollows = "low"', "zz.toml: questions.q: follows: is not a field"),
        ('metric = "conflict"\nreversed = 1', "zz.toml: questions.q: reversed: must be true or"),
        ('metric = "conflict"\nroles = ["boss"]', "zz.toml: questions.q: roles: must be a list"),
        ("overall = true", "zz.toml: questions.q: overall: only partnerscore, recommend, ease"),
        (
            'overall = true\nmetric = "conflict"',
            "zz.toml: questions.q: metric: an overall question",
        ),
    ],
)
def test_it_names_file_question_and_field(line, complaint) -> None:
    assert refusal(f"[questions.q]\n{RATED}{line}\n").startswith(complaint)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("version", "0", "must be a whole number from 1"),
        ("version", "true", "must be a whole number from 1"),
        ("text", '" "', "must be a text"),
        ("text", '"How is {partner}?"', "{partner} is not a placeholder"),
        ("text", '"How is {vendor?"', "{vendor? is not a placeholder"),
        ("low", '""', "must be a text"),
        ("high", '"{vendor}"', "{vendor}: no placeholder is possible"),
        ("kind", '"yes-no"', "must be one of rated, open"),
    ],
)
def test_it_names_the_field_whose_value_is_unusable(field, value, complaint) -> None:
    lines = [line for line in RATED.splitlines() if not line.startswith(f"{field} ")]
    questions = "\n".join(
        ["[questions.q]", *lines, f"{field} = {value}", 'metric = "conflict"', ""]
    )
    assert refusal(questions).startswith(f"zz.toml: questions.q: {field}: {complaint}")


def test_it_names_a_metric_that_is_missing() -> None:
    without = METRICS.replace("[metrics.conflict]", "[metrics.warmth]")
    question = f'[questions.q]\n{RATED}metric = "conflict"\n'
    assert refusal(question, metrics=without) == (
        "zz.toml: metrics.warmth: key: is not one of the eight metrics"
    )


def test_it_names_an_overall_question_that_is_missing() -> None:
    question = f'[questions.q]\n{RATED}metric = "conflict"\n'
    assert refusal(question) == "zz.toml: questions.partnerscore: the overall question is missing"


def test_it_names_a_dimension_that_a_role_could_not_be_asked_about() -> None:
    overall = "".join(f"[questions.{key}]\n{RATED}overall = true\n" for key in OVERALL)
    assert refusal(overall) == "zz.toml: questions: fewer than two of communication suit sales"


def test_it_says_where_a_file_is_no_toml() -> None:
    with pytest.raises(BankError, match=r"^zz\.toml: not readable as TOML: .*line 2"):
        parse_bank('language = "zz"\n= 7\n', source="zz.toml")

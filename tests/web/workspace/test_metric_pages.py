"""A program's own metrics on the pages: looked at, kept, translated, weighed, retired."""

import pytest
from django.test import Client

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry, Event
from partnerloop.pulses.measuring import METRICS_CHANGED
from partnerloop.pulses.models import Metric, Question
from tests.own_metrics import ENABLEMENT, its_question, own_metric, settled

GIVEN = {
    "name": "Enablement",
    "definition": "Does our training let the partner sell without our help?",
    "low": "Partners cannot sell without help.",
    "high": "Partners sell without help.",
    "text": "How well does {vendor} prepare you to sell?",
    "zero": "Not at all",
    "ten": "Fully",
    "weight": "0",
}


def told(response) -> str:
    return str(response.content.decode())


def test_a_metric_is_looked_at_with_its_question_before_it_is_kept(pages, chief: Client) -> None:
    looked = told(chief.post(pages.url("metrics/new/"), {**GIVEN, "step": "preview"}))
    assert "Too few answers yet." in looked
    assert "How well does Northwind Robotics prepare you to sell?" in looked
    assert not Metric.objects.of(pages.world.program).filter(kind="own").exists()
    kept = chief.post(pages.url("metrics/new/"), GIVEN, follow=True)
    assert kept.redirect_chain[-1][0].endswith("/metrics/our_enablement/")
    assert "How well does Northwind Robotics prepare you to sell?" in told(kept)
    question = Question.objects.of(pages.world.program).get(measure="our_enablement")
    assert (question.purpose, question.metric.key) == ("dimension", "our_enablement")
    assert (
        Event.objects.filter(kind=METRICS_CHANGED, program_id=pages.world.program.pk).count() == 1
    )
    listed = told(chief.get(pages.url("metrics/")))
    assert "Enablement" in listed
    assert "beside PartnerScore" in listed


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "Give it a name."),
        ("name", "Commitment", "There is a metric of this name already."),
        ("name", "Conflict", "There is a metric of this name already."),
        ("low", "", "Say what a low figure means."),
        ("weight", "many", "Write a number from 0 to 2, such as 0.5."),
        ("weight", "-1", "The weight lies between 0 (none) and 2."),
        ("weight", "9", "The weight lies between 0 (none) and 2."),
        ("weight", "0.123", "Two digits after the point are enough."),
        ("weight", "NaN", "Write a number from 0 to 2, such as 0.5."),
        ("text", "Is {role} good?", "{role} means nothing here"),
        ("zero", "", "Say what this end of the scale means."),
        ("name", "A\x00b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(pages, chief, field, value, says) -> None:
    refused = chief.post(pages.url("metrics/new/"), {**GIVEN, field: value})
    assert refused.status_code == 400
    assert says in told(refused)
    assert not Metric.objects.of(pages.world.program).filter(kind="own").exists()


def test_five_are_enough_and_a_retired_one_makes_room(pages, chief) -> None:
    for number in range(5):
        chief.post(pages.url("metrics/new/"), {**GIVEN, "name": f"Number {number}"})
    assert "Measure something of your own" not in told(chief.get(pages.url("metrics/")))
    refused = chief.post(pages.url("metrics/new/"), GIVEN)
    assert "A program has at most 5 metrics of its own: retire one." in told(refused)
    chief.post(pages.url("metrics/our_number_0/retire/"))
    assert chief.post(pages.url("metrics/new/"), GIVEN).status_code == 302
    back = chief.post(pages.url("metrics/our_number_0/bring-back/"), follow=True)
    assert "A program has at most 5 metrics of its own" in told(back)


def test_words_come_in_other_languages_and_change_without_another_meaning(pages, chief) -> None:
    own_metric(pages.world.program)
    path = pages.url("metrics/our_enablement/")
    assert "German" in told(chief.get(path))
    german = {
        "name": "Befähigung",
        "definition": "Kann der Partner ohne uns verkaufen?",
        "low": "Partner brauchen Hilfe.",
        "high": "Partner verkaufen allein.",
    }
    assert chief.post(f"{path}words/de/", german).status_code == 302
    assert "Befähigung" in told(chief.get(path))
    assert chief.get(f"{path}words/xx/").status_code == 404
    english = {**german, "name": "Enabling"}
    chief.post(f"{path}words/en/", english)
    assert Metric.objects.of(pages.world.program).get(key="our_enablement").name == "Enabling"
    assert "Keep these words" in told(chief.post(f"{path}words/en/", {**english, "low": ""}))


def test_a_weight_is_told_with_its_share_and_figures_say_that_they_are_earlier_ones(
    pages, chief
) -> None:
    own_metric(pages.world.program)
    settled(pages.world.program)
    path = pages.url("metrics/our_enablement/")
    waiting = "Until everything is computed anew, these are the earlier figures."
    assert waiting not in told(chief.get(pages.url()))
    refused = chief.post(f"{path}weigh/", {"weight": "3"}, follow=True)
    assert "The weight lies between 0 (none) and 2." in told(refused)
    weighed = told(chief.post(f"{path}weigh/", {"weight": "1"}, follow=True))
    assert "It makes up 12% of PartnerScore." in weighed
    for where in ("", "metrics/", f"partners/{pages.world.partners['Birk'].pk}/"):
        assert waiting in told(chief.get(pages.url(where)))
    settled(pages.world.program)
    assert waiting not in told(chief.get(pages.url()))
    assert "the seven, and Enablement by its weight" in told(chief.get(pages.url()))


def test_retired_it_is_on_no_list_and_in_no_pulse_and_comes_back_whole(pages, chief) -> None:
    metric = own_metric(pages.world.program)
    its_question(metric)
    settled(pages.world.program)
    assert "Enablement" in told(chief.get(pages.url()))
    path = pages.url("metrics/our_enablement/")
    retired = told(chief.post(f"{path}retire/", follow=True))
    assert "Measure it again" in retired
    settled(pages.world.program)
    assert "Enablement" not in told(chief.get(pages.url()))
    assert "Enablement" not in told(chief.get(pages.url("partners/?measure=our_enablement")))
    chief.post(f"{path}bring-back/")
    settled(pages.world.program)
    assert "Enablement" in told(chief.get(pages.url()))
    assert chief.post(f"{path}vanish/").status_code == 404


def test_every_change_stands_in_the_log(pages, chief) -> None:
    chief.post(pages.url("metrics/new/"), GIVEN)
    path = pages.url("metrics/our_enablement/")
    chief.post(f"{path}weigh/", {"weight": "0.5"})
    chief.post(f"{path}words/en/", {**GIVEN, "low": "Hard."})
    chief.post(f"{path}retire/")
    chief.post(f"{path}bring-back/")
    rows = AuditEntry.objects.filter(action__startswith="metric.")
    assert sorted(row.action for row in rows) == [
        "metric.added",
        "metric.brought_back",
        "metric.retired",
        "metric.reworded",
        "metric.weighed",
    ]
    assert {row.actor for row in rows} == {f"user:{pages.world.priya.user_id}"}
    assert "gave a metric another weight" in told(chief.get(pages.url("people/log/")))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.EXECUTIVE])
def test_only_owner_and_chief_may(pages, role) -> None:
    own_metric(pages.world.program)
    somebody = pages.as_member(pages.member("Some Body", role))
    for where in ("metrics/", "metrics/new/", "metrics/our_enablement/"):
        assert somebody.get(pages.url(where)).status_code == 403
    assert somebody.post(pages.url("metrics/our_enablement/retire/")).status_code == 403
    assert Metric.objects.of(pages.world.program).get(key="our_enablement").retired_at is None


def test_another_question_and_the_words_after_a_low_score_are_written_for_it(pages, chief) -> None:
    own_metric(pages.world.program)
    path = pages.url("questions/new/?metric=our_enablement")
    assert 'value="our_enablement" selected' in told(chief.get(path))
    given = {"text": "What would help?", "kind": "open", "metric": "our_enablement"}
    assert "Say after which score of the metric it comes." in told(chief.post(path, given))
    chief.post(path, {**given, "follows": "low"})
    asked = Question.objects.of(pages.world.program).get(measure="our_enablement")
    assert (asked.follows, asked.purpose, asked.kind) == ("low", "dimension", "open")
    assert "What would help?" in told(chief.get(pages.url("metrics/our_enablement/")))


def test_its_only_question_is_not_retired_before_it(pages, chief) -> None:
    metric = own_metric(pages.world.program)
    asked = its_question(metric)
    refused = chief.post(pages.url(f"questions/{asked.pk}/retire/"), follow=True)
    assert "It is the only question that measures this metric" in told(refused)
    chief.post(pages.url("metrics/our_enablement/retire/"))
    chief.post(pages.url(f"questions/{asked.pk}/retire/"))
    assert Question.objects.of(pages.world.program).get(pk=asked.pk).retired_at is not None


def test_the_built_in_ones_have_no_page_of_their_own(pages, chief) -> None:
    assert chief.get(pages.url("metrics/commitment/")).status_code == 404
    assert chief.post(pages.url("metrics/commitment/retire/")).status_code == 404
    assert ENABLEMENT.name not in told(chief.get(pages.url("metrics/")))

"""The inbox: every comment in one state, moved on by who may, answered in words."""

from uuid import uuid4

import pytest

from partnerloop.accounts.models import Role
from partnerloop.actions.models import FeedbackItem, State


@pytest.fixture
def item(pages, say, work_through) -> FeedbackItem:
    say("Ana Keller", {"partnerscore": 3}, words="Prices change overnight.")
    work_through()
    return FeedbackItem.objects.of(pages.world.program).get()


def step(pages, item, name: str) -> str:
    return pages.url(f"inbox/{item.pk}/{name}/")


def state_of(item: FeedbackItem) -> str:
    item.refresh_from_db()
    return item.state


def test_an_empty_inbox_says_that_this_is_well(pages, chief) -> None:
    page = chief.get(pages.url("inbox/"))
    assert "Nothing waits for an answer" in page.text
    assert "Nobody waits." in page.text


def test_a_comment_waits_with_its_source_and_due_day(pages, chief, item) -> None:
    page = chief.get(pages.url("inbox/"))
    assert "One comment waits for an answer" in page.text
    assert "Prices change overnight." in page.text
    assert page.context["opened"]["item"] == item


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("answer", State.ANSWERED),
        ("plan", State.PLANNED),
        ("done", State.DONE),
        ("decline", State.DECLINED),
    ],
)
def test_each_step_takes_words_and_shows_them(pages, chief, item, name, state) -> None:
    page = chief.post(step(pages, item, name), {"text": "We now tell you first."}, follow=True)
    assert state_of(item) == state
    assert "We now tell you first." in page.text
    assert page.redirect_chain == [(pages.url(f"inbox/{item.pk}/"), 302)]


@pytest.mark.parametrize("name", ["answer", "plan", "done", "decline"])
def test_a_step_without_words_is_refused_and_moves_nothing(pages, chief, item, name) -> None:
    answer = chief.post(step(pages, item, name), {"text": "  "})
    assert answer.status_code == 400
    assert 'class="error"' in answer.text
    assert state_of(item) == State.RECEIVED


def test_it_goes_to_a_department(pages, chief, item) -> None:
    pages.department("pricing", lead=pages.member("Lea Roth", Role.LEAD))
    chief.post(step(pages, item, "route"), {"department": "pricing"})
    assert state_of(item) == State.ROUTED
    assert item.department is not None
    assert item.department.key == "pricing"


@pytest.mark.parametrize(
    ("name", "given"),
    [("route", {"department": "nowhere"}), ("merge", {"into": "x"}), ("merge", {"into": uuid4()})],
)
def test_a_place_that_does_not_exist_is_refused(pages, chief, item, name, given) -> None:
    assert chief.post(step(pages, item, name), given).status_code == 400
    assert state_of(item) == State.RECEIVED


def test_two_about_the_same_become_one(pages, chief, item, say, work_through) -> None:
    say("Eva Lind", {"partnerscore": 4}, words="Prices again.")
    work_through()
    other = FeedbackItem.objects.of(pages.world.program).exclude(pk=item.pk).get()
    chief.post(step(pages, other, "merge"), {"into": str(item.pk)})
    assert state_of(other) == State.MERGED
    assert other.merged_into == item
    assert "another item" in chief.get(pages.url(f"inbox/{other.pk}/")).text
    refused = chief.post(step(pages, other, "answer"), {"text": "Too late."})
    assert refused.status_code == 400


def test_a_step_that_does_not_exist_is_not_found(pages, chief, item) -> None:
    assert chief.post(step(pages, item, "burn")).status_code == 404


def test_a_look_moves_nothing(pages, chief, item) -> None:
    assert chief.get(step(pages, item, "answer")).status_code == 405
    assert state_of(item) == State.RECEIVED


def test_a_manager_answers_for_own_partners_only(pages, item) -> None:
    own = pages.as_member(pages.manager("Max Vogel", of="Alder & Finch"))
    other = pages.as_member(pages.manager("Nora Hall", of="Birk"))
    assert other.get(pages.url(f"inbox/{item.pk}/")).status_code == 404
    assert other.post(step(pages, item, "answer"), {"text": "Hi"}).status_code == 404
    assert own.post(step(pages, item, "answer"), {"text": "Hi"}).status_code == 302


def test_a_lead_sees_what_was_sent_to_the_department(pages, chief, item) -> None:
    lead = pages.member("Lea Roth", Role.LEAD)
    pages.department("pricing", lead=lead)
    reader = pages.as_member(lead)
    assert reader.get(pages.url(f"inbox/{item.pk}/")).status_code == 404
    chief.post(step(pages, item, "route"), {"department": "pricing"})
    assert reader.get(pages.url(f"inbox/{item.pk}/")).status_code == 200


def test_an_executive_reads_and_answers_nothing(pages, item) -> None:
    reader = pages.as_member(pages.member("Elin Berg", Role.EXECUTIVE))
    page = reader.get(pages.url(f"inbox/{item.pk}/"))
    assert "Reply and mark answered" not in page.text
    assert reader.post(step(pages, item, "answer"), {"text": "Hi"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("?state=received", 1),
        ("?state=answered", 0),
        ("?state=overdue", 0),
        ("?state=nonsense", 1),
        ("?q=overnight", 1),
        ("?q=tomorrow", 0),
        ("?department=pricing", 0),
        ("?partner=x", 1),
        ("?page=77", 1),
    ],
)
def test_folders_and_search_narrow_the_list(pages, chief, item, query, found) -> None:
    assert len(chief.get(pages.url(f"inbox/{query}")).context["inbox"].lines) == found


def test_the_inbox_does_not_query_per_item(
    pages, chief, say, work_through, django_assert_max_num_queries
) -> None:
    for name in ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg", "Gita Rao"):
        say(name, {"partnerscore": 4}, words=f"Words of {name}.")
    work_through()
    with django_assert_max_num_queries(25):
        assert len(chief.get(pages.url("inbox/")).context["inbox"].lines) == 5

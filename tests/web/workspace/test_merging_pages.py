"""Finding who is in here twice, seeing what would move, merging, and undoing it."""

from partnerloop.accounts.models import Role
from partnerloop.partners.alike import name_key
from partnerloop.partners.models import Affiliation, Contact, Partner
from tests.web.conftest import NOW
from tests.world import company, person


def works_at(pages, name: str) -> set[str]:
    places = Affiliation.objects.of(pages.world.program).current(NOW.date())
    return {place.contact.name for place in places.filter(partner__name=name)}


def test_names_are_alike_but_for_spelling_and_legal_form() -> None:
    assert name_key("Birk GmbH") == name_key("BIRK") != name_key("Birke")
    assert name_key("Company Ltd") == "company ltd"


def test_nobody_twice_is_said(pages, chief) -> None:
    text = chief.get(pages.url("partners/merge/")).text
    assert "No two partners have the same name." in text


def test_a_pair_is_found_previewed_merged_and_parted_again(pages, chief) -> None:
    company(pages.world, "BIRK Ltd.", {})
    person(pages.world, "Hal Moe", at="BIRK Ltd.", role="sales")
    twin, birk = (
        Partner.objects.of(pages.world.program).get(name=n) for n in ("BIRK Ltd.", "Birk")
    )
    listed = chief.get(pages.url("partners/merge/"))
    address = listed.context["partners"].rows[0].url
    assert {str(twin.pk), str(birk.pk)} <= set(address.split("/"))
    preview = chief.get(address).text
    assert "1 person" in preview
    assert "2 people" in preview
    done = chief.post(address, {"keep": birk.pk}, follow=True)
    assert "Merged into Birk" in done.text
    assert works_at(pages, "Birk") == {"Eva Lind", "Finn Berg", "Hal Moe"}
    assert done.context["partners"] is None
    merge = done.context["merges"][0]
    parted = chief.post(pages.url(f"partners/merge/{merge.pk}/undo/"), follow=True)
    assert "Parted again" in parted.text
    assert works_at(pages, "BIRK Ltd.") == {"Hal Moe"}
    again = chief.post(pages.url(f"partners/merge/{merge.pk}/undo/"), follow=True)
    assert "undone already" in again.text


def test_two_people_of_one_name_at_one_partner_are_merged(pages, chief) -> None:
    ana = pages.world.people["Ana Keller"]
    twin = Contact.objects.create(
        program=pages.world.program, name="Ana KELLER", email="ak@alder.example",
        entered_at=NOW, addressed_at=NOW,
    )  # fmt: skip
    Affiliation.objects.create(
        program=pages.world.program, contact=twin, partner=pages.world.partners["Alder & Finch"],
        role="sales", since=NOW.date(),
    )  # fmt: skip
    [row] = chief.get(pages.url("partners/merge/")).context["contacts"].rows
    assert row.cells == ["Same name, both at Alder & Finch"]
    assert "ak@alder.example" in chief.get(row.url).text
    chief.post(row.url, {"keep": ana.pk})
    assert chief.get(pages.url("partners/merge/")).context["contacts"] is None
    twin.refresh_from_db()
    assert twin.stopped_at is not None


def test_any_two_are_found_by_name_or_by_address(pages, chief) -> None:
    found = chief.get(pages.url("partners/merge/"), {"one": "birk", "other": "Cedar"})
    assert "/partners/merge/partners/" in found["Location"]
    people = {"one": "eva@birk.example", "other": "finn@birk.example"}
    assert "/contacts/" in chief.get(pages.url("partners/merge/"), people)["Location"]
    for wrong in ("Nobody", "birk", "x@y.example", ""):
        refused = chief.get(pages.url("partners/merge/"), {"one": "Birk", "other": wrong})
        assert refused.status_code == 400


def test_what_can_t_be_merged_says_why(pages, chief) -> None:
    birk = pages.world.partners["Birk"]
    refused = chief.post(pages.url(f"partners/merge/partners/{birk.pk}/{birk.pk}/"))
    assert refused.status_code == 400
    assert "the same already" in refused.text


def test_a_manager_does_not_merge(pages) -> None:
    manager = pages.as_member(pages.member("Mona Hale", Role.MANAGER))
    assert manager.get(pages.url("partners/merge/")).status_code == 403

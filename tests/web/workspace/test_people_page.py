"""People and their rights: found, copied, grounded, erased; by owner and chief only."""

import pytest

from partnerloop.partners.models import Contact

pytestmark = pytest.mark.django_db


def test_a_person_is_found_by_name_or_address(pages, chief) -> None:
    for words in ("keller", "ana@alder"):
        assert "Ana Keller" in chief.get(pages.url("settings/people/"), {"q": words}).text
    assert "Nobody." in chief.get(pages.url("settings/people/"), {"q": "zzz"}).text


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_copy_is_downloaded(pages, chief, settings, tmp_path, kind) -> None:
    settings.PARTNERLOOP_HOME = tmp_path
    ana = pages.world.people["Ana Keller"]
    answer = chief.get(pages.url(f"settings/people/{ana.pk}/copy.{kind}"))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert "ana@alder.example" in answer.text
    assert chief.get(pages.url(f"settings/people/{ana.pk}/copy.xml")).status_code == 404


def test_a_ground_is_written_down(pages, chief) -> None:
    ana = pages.world.people["Ana Keller"]
    url = pages.url(f"settings/people/{ana.pk}/")
    assert chief.post(f"{url}ground/", {"feedback": "consent"}).status_code == 302
    assert 'value="consent" checked' in chief.get(url).text


def test_a_person_is_erased_only_when_their_address_is_typed(
    pages, chief, settings, tmp_path
) -> None:
    settings.PARTNERLOOP_HOME = tmp_path
    ana = pages.world.people["Ana Keller"]
    url = pages.url(f"settings/people/{ana.pk}/erase/")
    refused = chief.post(url, {"address": "ben@alder.example"})
    assert refused.status_code == 400
    assert "erased by mistake" in refused.text
    assert chief.post(url, {"address": "ANA@alder.example"}).status_code == 302
    assert not Contact.objects.of(pages.world.program).filter(pk=ana.pk).exists()

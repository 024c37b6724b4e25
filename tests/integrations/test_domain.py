"""What DNS says of a sender's domain, and what it does not say."""

import dns.exception
import dns.resolver
import pytest

from partnerloop.integrations.email.domain import NoAnswer, State, look_at, texts

WELL = {
    "northwind.example": ["google-site=1", "v=spf1 include:mx.example -all"],
    "selector1._domainkey.northwind.example": ["v=DKIM1; k=rsa; p=MIGf"],
    "_dmarc.northwind.example": ["v=DMARC1; p=none; rua=mailto:a@northwind.example"],
}


def states(records: dict[str, list[str]], *, of: str = "a@northwind.example", selector: str = ""):
    found = look_at(of, selector=selector, lookup=lambda name: records.get(name, []))
    return [one.state for one in found]


def test_a_domain_with_all_three_is_good() -> None:
    assert states(WELL) == [State.GOOD] * 3
    assert states(WELL, selector="selector1")[1] is State.GOOD
    assert states(WELL, selector="mine")[1] is State.MISSING


def test_a_bare_domain_lacks_all_three() -> None:
    assert states({}) == [State.MISSING] * 3


def test_a_subdomain_follows_the_policy_above_it() -> None:
    assert states(WELL, of="a@mail.northwind.example")[2] is State.GOOD


@pytest.mark.parametrize(
    ("name", "records", "place"),
    [
        ("northwind.example", ["v=spf1 -all", "v=spf1 a -all"], 0),
        ("northwind.example", ["v=spf1 +all"], 0),
        ("selector1._domainkey.northwind.example", ["v=DKIM1; p="], 1),
        ("_dmarc.northwind.example", ["v=DMARC1; p=maybe"], 2),
    ],
)
def test_what_can_be_mended_is_told(name: str, records: list[str], place: int) -> None:
    assert states({**WELL, name: records})[place] is State.MENDABLE


def test_silence_is_unknown_and_never_wrong() -> None:
    def silent(name: str) -> list[str]:
        raise NoAnswer(name)

    found = look_at("a@northwind.example", lookup=silent)
    assert {one.state for one in found} == {State.UNKNOWN}
    assert all("no answer from DNS" in one.sentence for one in found)


def test_no_address_asks_nothing() -> None:
    assert look_at("") == []


@pytest.mark.parametrize(
    ("raised", "is_silent"),
    [
        (dns.resolver.NXDOMAIN(), False),
        (dns.exception.Timeout(), True),
        (dns.resolver.NoNameservers(), True),
        (OSError("no way out"), True),
    ],
)
def test_the_network_may_say_no_or_nothing(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, is_silent: bool
) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise raised

    monkeypatch.setattr(dns.resolver, "resolve", fails)
    if is_silent:
        with pytest.raises(NoAnswer):
            texts("northwind.example")
    else:
        assert texts("northwind.example") == []

from pathlib import Path

import pytest

from partnerloop.config.env import Environment, SettingRefused


def given(**values: str) -> Environment:
    return Environment({f"PARTNERLOOP_{name}": value for name, value in values.items()})


@pytest.mark.parametrize("word", ["yes", "YES", "1", "true", "On", " yes "])
def test_it_reads_a_yes(word: str) -> None:
    assert given(DEBUG=word).flag("DEBUG", default=False) is True


@pytest.mark.parametrize("word", ["no", "0", "False", "off"])
def test_it_reads_a_no(word: str) -> None:
    assert given(DEBUG=word).flag("DEBUG", default=True) is False


def test_it_refuses_a_flag_that_is_neither_yes_nor_no() -> None:
    with pytest.raises(SettingRefused, match="PARTNERLOOP_DEBUG is 'maybe': use yes or no"):
        given(DEBUG="maybe").flag("DEBUG", default=True)


def test_an_empty_value_counts_as_not_given() -> None:
    env = given(DEBUG="", PORT=" ")
    assert env.flag("DEBUG", default=True) is True
    assert env.number("PORT", default=8000, least=1, most=9000) == 8000


@pytest.mark.parametrize("wrong", ["0", "70000", "-1", "8e3", "80 80", "٣", "0x50", "8000.0"])
def test_it_refuses_a_number_that_is_none_or_out_of_range(wrong: str) -> None:
    with pytest.raises(SettingRefused, match="whole number from 1 to 65535"):
        given(PORT=wrong).number("PORT", default=8000, least=1, most=65535)


def test_it_accepts_the_ends_of_a_range() -> None:
    env = given(LOW="1", HIGH="65535")
    assert env.number("LOW", default=5, least=1, most=65535) == 1
    assert env.number("HIGH", default=5, least=1, most=65535) == 65535


def test_it_refuses_a_word_that_is_not_among_the_choices() -> None:
    with pytest.raises(SettingRefused, match="use one of: text, json"):
        given(LOG_FORMAT="xml").choice("LOG_FORMAT", default="text", among=("text", "json"))


def test_it_splits_words_at_commas_and_drops_empty_ones() -> None:
    assert given(HOSTS=" a.example , ,b.example,").words("HOSTS") == ("a.example", "b.example")


def test_a_folder_is_absolute_and_knows_the_home() -> None:
    assert given(HOME="~/feedback").folder("HOME", default=Path("x")).is_absolute()
    assert given().folder("HOME", default=Path("var")) == Path.cwd() / "var"


@pytest.mark.parametrize("url", ["https://feedback.example.com", "http://localhost:8000/"])
def test_it_reads_an_origin_without_its_last_slash(url: str) -> None:
    assert given(URL=url).origin("URL", default="http://x") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "feedback.example.com",
        "ftp://a.example",
        "https://",
        "https://a.example/path",
        "https://a.example?x=1",
        "https://me:secret@a.example",
        "https://a.example:port",
        "https://[::1",
    ],
)
def test_it_refuses_what_is_no_origin(url: str) -> None:
    with pytest.raises(SettingRefused, match="PARTNERLOOP_URL"):
        given(URL=url).origin("URL", default="http://x")


def test_it_names_variables_nobody_asked_for() -> None:
    env = Environment({"PARTNERLOOP_PROT": "1", "PARTNERLOOP_PORT": "2", "PATH": "/bin"})
    env.text("PORT")
    assert env.unknown() == ("PARTNERLOOP_PROT",)


@pytest.mark.parametrize("wrong", ["bounces@x.example", "b{number}{number}@x.example", "{number}"])
def test_it_refuses_a_return_address_that_tells_no_mail(wrong: str) -> None:
    with pytest.raises(SettingRefused, match="bounces"):
        given(RETURN_ADDRESS=wrong).address_with("RETURN_ADDRESS", "{number}")


def test_it_reads_a_return_address_or_none() -> None:
    address = "bounces+{number}@x.example"
    read = given(RETURN_ADDRESS=address).address_with("RETURN_ADDRESS", "{number}")
    assert read == address
    assert given().address_with("RETURN_ADDRESS", "{number}") == ""

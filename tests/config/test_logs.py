import json
import logging
import logging.config
import sys
from collections.abc import Callable, Iterator

import pytest

from partnerloop.config.logs import JsonLine, logging_config, masked

TOKEN = "uQ3v-xY_9aZ7kLm2"


@pytest.mark.parametrize("audience", ["a", "q", "r", "s", "me", "mine", "join", "portal"])
def test_it_masks_the_token_of_every_kind_of_link(audience: str) -> None:
    line = masked(f'Not Found: "/{audience}/{TOKEN}/thanks?x=1"')
    assert line == f'Not Found: "/{audience}/.../thanks?x=1"'


def test_it_masks_whole_addresses_encoded_paths_and_queries() -> None:
    for text in (
        f"see https://feedback.example/a/{TOKEN}",
        f"next=%2Fportal%2F{TOKEN}",
        f"GET /live?ticket={TOKEN}&since=x",
    ):
        assert TOKEN not in masked(text)


def test_it_leaves_other_paths_alone() -> None:
    assert masked("/p/acme/partners/12/ and /static/app.css") == (
        "/p/acme/partners/12/ and /static/app.css"
    )


Shape = Callable[[str], None]


@pytest.fixture
def log_as(capsys: pytest.CaptureFixture[str]) -> Iterator[Shape]:
    """Log the product's way, onto the captured standard error, and put pytest's way back."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield lambda shape: logging.config.dictConfig(logging_config(shape=shape, level="info"))
    root.handlers[:] = kept
    root.setLevel(level)


def test_no_token_reaches_a_log_line_in_message_arguments_or_traceback(
    log_as: Shape, capsys: pytest.CaptureFixture[str]
) -> None:
    log_as("json")
    try:
        raise ValueError(f"no invitation for /a/{TOKEN}")
    except ValueError:
        logging.getLogger("django.request").exception(
            "Internal Server Error: %s", f"/a/{TOKEN}", extra={"status_code": 500}
        )
    written = capsys.readouterr().err
    assert TOKEN not in written
    line = json.loads(written)
    assert line["message"] == "Internal Server Error: /a/..."
    assert "ValueError: no invitation for /a/..." in line["trace"]
    assert (line["status"], line["level"]) == (500, "error")


def test_the_readable_shape_masks_tracebacks_too(
    log_as: Shape, capsys: pytest.CaptureFixture[str]
) -> None:
    log_as("text")
    try:
        raise ValueError(f"/r/{TOKEN}")
    except ValueError:
        logging.getLogger("anything").exception("went wrong")
    written = capsys.readouterr().err
    assert "went wrong" in written
    assert "/r/..." in written
    assert TOKEN not in written


def test_a_record_with_an_exception_is_one_json_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "m", None, sys.exc_info())
    assert "\n" not in JsonLine().format(record)

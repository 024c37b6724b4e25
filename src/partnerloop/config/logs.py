"""Log lines without capabilities: whoever holds a link's token is let in, so none is written."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

# /a/ answer, /q/ link that hangs somewhere, /me/ its mailed one, /r/ receipt, /mine/ own receipts,
# /s/ sign-in, /join/ invitation, /portal/ partner's page; also encoded
IN_PATH = re.compile(
    r"((?:/|%2F)(?:a|q|r|s|me|mine|join|portal)(?:/|%2F))[^/\s\"'?#&<>%]+", re.IGNORECASE
)
IN_QUERY = re.compile(
    r"((?:ticket|token|code|state|key|signature)(?:=|%3D))[^\s\"'&<>#]+", re.IGNORECASE
)

SCORE = re.compile(r"([?&]q(?:=|%3D))[^\s\"'&<>#]+", re.IGNORECASE)


def masked(text: str) -> str:
    """This will replace every link token, and the score in its link, by three dots."""
    return SCORE.sub(r"\1...", IN_QUERY.sub(r"\1...", IN_PATH.sub(r"\1...", text)))


class MaskTokens(logging.Filter):
    """Masks a record for every handler: its finished message, and the paths of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = masked(record.getMessage())
        record.args = None
        if record.exc_info:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True


class Line(logging.Formatter):
    """One readable line per record, for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonLine(logging.Formatter):
    """One JSON object per record, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            fields["status"] = status
        if record.exc_info:
            fields["trace"] = masked(record.exc_text or self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


def logging_config(*, shape: str, level: str) -> dict[str, Any]:
    """This will describe one masked handler on standard error for everything."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask": {"()": MaskTokens}},
        "formatters": {
            "text": {"()": Line, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": JsonLine},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "filters": ["mask"], "formatter": shape}
        },
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Django's own handlers would print the record unmasked, or mail it
            "django": {"handlers": [], "level": level.upper(), "propagate": True},
            "django.server": {"handlers": [], "level": level.upper(), "propagate": True},
        },
    }

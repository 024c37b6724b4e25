"""Everything that a program shows to anybody: all addresses, files, API routes, mails and events.

The addresses come from the URL resolver and from the API's description, so that a new one is looked
at without being named here. Only what a respondent's own secret link opens belongs to that person.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from partnerloop.accounts.models import Membership
from partnerloop.alerts.watching import watch
from partnerloop.api.v1.interface import v1
from partnerloop.core.models import LiveTopic, Message
from partnerloop.integrations.models import WebhookDelivery
from partnerloop.loop.schedule import ask_again, nightly_scores, remind
from partnerloop.release.models import ProgramWeek, ReleasedComment
from partnerloop.scores import modelling
from partnerloop.scores.refresh import refit
from tests.web.conftest import NOW, Pages
from tests.web.test_tenants import walked

FILES = ("csv", "xlsx", "raw")
TAKERS = ("chief", "manager")  # one who sees all partners, one who sees some
STEPS = {
    "import-act": ("check", "confirm", "undo"),
    "pulse-template": ("health",),
}
Looks = dict[str, str]


@dataclass(frozen=True)
class Show:
    """A program, who looks at it, one row for each kind of address, links, and keys by reader."""

    pages: Pages
    readers: Mapping[str, Membership]
    rows: Mapping[str, Any]
    tokens: Sequence[str]
    secrets: Mapping[str, str]


def everything(show: Show) -> Looks:
    """Score everybody anew and return all that is shown, by who looks where; leave no trace."""
    modelling.forget()
    with transaction.atomic():
        refit(show.pages.world.program, at=NOW)
        watch(show.pages.world.program, at=NOW)
        # what is kept at a tick is counted anew, for it must not rest on its being kept
        weeks = ProgramWeek.objects.of(show.pages.world.program)
        weeks.update(answering="", coverage=None)
        found = dict(_addresses(show)) | dict(_api(show))
        transaction.set_rollback(True)
    modelling.forget()
    with transaction.atomic():
        found |= _sent(show)
        transaction.set_rollback(True)
    modelling.forget()
    return found


def urls(show: Show) -> Iterator[tuple[str, bool]]:
    """Return every address of the product, and whether a secret link opens it, whoever looks.

    It is filled with the rows of this program, and with every token; without a row of its kind it
    fails.
    """
    for name, arguments in walked(get_resolver().url_patterns):
        if name.startswith("api-v1:"):
            continue
        given = {**show.rows, "slug": show.pages.world.program.slug}
        for step in STEPS.get(name, ("merge",)):
            filled = {key: given[key] for key in arguments if key in given}
            filled |= {"step": step} if "step" in arguments else {}
            if "token" not in arguments:
                yield reverse(name, kwargs=filled), False
                continue
            for token in show.tokens:
                yield reverse(name, kwargs={**filled, "token": token}), True


def _addresses(show: Show) -> Iterator[tuple[str, str]]:
    clients = {who: show.pages.as_member(member) for who, member in show.readers.items()}
    for url, is_secret in sorted(set(urls(show))):
        for who, client in {"anybody": Client(), **({} if is_secret else clients)}.items():
            answer = client.get(url)
            yield f"{who}: {url}", _shown(answer)
            if who in TAKERS and "export=csv" in _text(answer):
                for kind in FILES:
                    file = f"{url}?export={kind}"
                    yield f"{who}: {file}", _taken(client, file)


def _taken(client: Client, file: str) -> str:
    """Take a file away, and forget that the log notes who did."""
    with transaction.atomic():
        shown = _shown(client.get(file))
        transaction.set_rollback(True)
    return shown


def _api(show: Show) -> Iterator[tuple[str, str]]:
    """Call every route that reads; `{...}` in a path is filled like an argument of an address."""
    known = {**show.rows, "feedback_id": show.rows["item_id"], "import_id": show.rows["run_id"]}
    paths = v1.get_openapi_schema(path_prefix="")["paths"]
    for path in [path for path, operations in paths.items() if "get" in operations]:
        for who, secret in show.secrets.items():
            answer = Client().get(
                f"/api/v1{path.format(**known)}", headers={"Authorization": f"Bearer {secret}"}
            )
            yield f"{who} by API: {path}", _shown(answer)
    yield "anybody by API: openapi.json", _shown(Client().get("/api/v1/openapi.json"))


def _sent(show: Show) -> Looks:
    """Let a night pass and return what is in mails, webhooks, counters and released rows then."""
    program = show.pages.world.program
    for task in (nightly_scores, ask_again, remind):
        task(program, NOW)
    told = {
        "mails": Message.objects.order_by("purpose", "to", "subject").values_list(
            "purpose", "to", "subject", "text", "html"
        ),
        "webhooks": WebhookDelivery.objects.of(program)
        .order_by("event_type", "body")
        .values_list("event_type", "body"),
        "live": LiveTopic.objects.order_by("topic").values_list("topic", "counter"),
        "words": ReleasedComment.objects.of(program).order_by("pk").values_list("text", "label"),
        "weeks": ProgramWeek.objects.of(program).order_by("week").values_list("week", "figures"),
    }
    return {name: _without_chance("\n".join(map(repr, rows))) for name, rows in told.items()}


def _shown(answer: Any) -> str:
    """Return all that a reader gets: status, headers and body."""
    headers = {
        key: value
        for key, value in answer.headers.items()
        if key not in ("Content-Length", "Content-Security-Policy", "Expires", "Set-Cookie")
    }
    return _without_chance(f"{answer.status_code} {headers}\n{_text(answer)}")


def _text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] != b"PK":
        return str(body.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        parts = [name for name in book.namelist() if name != "docProps/core.xml"]
        return "\n".join(f"{name} {book.read(name)!r}" for name in parts)


def _without_chance(text: str) -> str:
    """Leave out what is drawn anew each time: tokens against forgery, links and keys of a form."""
    text = re.sub(r'csrf(?:middleware)?token"(?: value=|: )"[^"]+"', "", text)
    text = re.sub(r"/(a|r|mine|s|join|portal)/[\w~:.-]{20,}", r"/\1/…", text)
    text = re.sub(r'name="number" value="[^"]+"', "", text)
    text = re.sub(r"challenge&quot;: &quot;[^&]+&quot;", "", text)
    return re.sub(r'"ticket": "[^"]+"', "", text)

"""Telling a link scanner from a person: what was opened of late, by keyed hash, for half an hour.

A scanner opens every link of a mail, several scores of one question within a minute, or the link
that no person sees. Nothing here holds a person or a score: keys are hashes that only this
installation can make, values are moments, and all of it runs out.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

CACHE = "taps"
KEPT = timedelta(minutes=30)
TOGETHER = timedelta(seconds=60)
READING = timedelta(seconds=2)  # nobody reads a page and presses its button faster
STEPS = tuple(str(step) for step in range(11))
TAP, TRAP, BURST, SAID = "tap", "trap", "burst", "said"
MOST_UNNAMED = 5  # words without a name by one link within KEPT
log = logging.getLogger(__name__)
Given = TypeVar("Given")


def _or_nothing(function: Callable[..., Given], nothing: Given) -> Callable[..., Given]:
    """A full or lost folder must not keep anybody from answering."""

    @wraps(function)
    def careful(*args: object, **kwargs: object) -> Given:
        try:
            return function(*args, **kwargs)
        except OSError:
            log.exception("the cache of opened links cannot be used")
            return nothing

    return careful


def _note_tap(token: str, step: str, *, at: datetime) -> bool:
    cache, link, tapped = _cache(), _key(token, TAP), _key(token, step)
    taps: dict[str, datetime] = cache.get(link) or {}
    cache.set(link, {**taps, tapped: at})
    if not any(_is_near(when, at) for other, when in taps.items() if other != tapped):
        return False
    return _mark(token, BURST, at=at)


def _note_trap(token: str, *, at: datetime) -> bool:
    return _mark(token, TRAP, at=at)


def _is_suspicious(token: str, *, at: datetime) -> bool:
    found = _cache().get_many([_key(token, TRAP), _key(token, BURST)])
    return any(_is_near(when, at) for when in found.values())


def _may_say_more(token: str, *, at: datetime) -> bool:
    cache, key = _cache(), _key(token, SAID)
    times = cache.get(key) or 0
    cache.set(key, times + 1)
    return bool(times < MOST_UNNAMED)


# This will count unnamed words by a link, and say whether another may follow; it holds no words.
may_say_more = _or_nothing(_may_say_more, True)
# This will note that a score's link was opened, and return whether a burst has begun by it.
note_tap = _or_nothing(_note_tap, False)
# This will note that the link nobody sees was opened, and return whether that was new.
note_trap = _or_nothing(_note_trap, False)
# This will say whether a scanner was at work on this link within the last minute.
is_suspicious = _or_nothing(_is_suspicious, False)


def stamp(token: str, *, at: datetime) -> str:
    """Return a signed moment, by which a page tells later when it was drawn."""
    return _signer(token).sign(str(int(at.timestamp() * 1000)))


def was_read(token: str, stamped: str, *, at: datetime) -> bool:
    """Return whether a page was drawn long enough ago to be read, and not too long ago."""
    try:
        drawn = int(_signer(token).unsign(stamped)) / 1000
    except (BadSignature, ValueError):
        return False
    return READING.total_seconds() <= at.timestamp() - drawn <= KEPT.total_seconds()


def _mark(token: str, what: str, *, at: datetime) -> bool:
    cache, key = _cache(), _key(token, what)
    before = cache.get(key)
    cache.set(key, at)
    return before is None or not _is_near(before, at)


def _is_near(when: datetime, at: datetime) -> bool:
    return abs(at - when) <= TOGETHER


def _key(token: str, what: str) -> str:
    return salted_hmac("partnerloop.taps", f"{token}:{what}", algorithm="sha256").hexdigest()


def _signer(token: str) -> Signer:
    return Signer(salt=f"partnerloop.taps:{token}")


def _cache() -> BaseCache:
    return caches[CACHE]

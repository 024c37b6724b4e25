"""The cache in a folder forgets what has run out, and nothing else."""

from datetime import timedelta
from pathlib import Path

from time_machine import travel

from partnerloop.core import clock
from partnerloop.core.caching import LOOK_EVERY, FolderCache


def test_what_has_run_out_is_gone_after_a_hundred_writes(tmp_path: Path) -> None:
    cache, now = FolderCache(str(tmp_path), {"TIMEOUT": 1800}), clock.now()
    with travel(now, tick=False):
        cache.set("fresh", 1)
        cache.set("old", 2)
    with travel(now + timedelta(seconds=1700), tick=False):
        cache.set("fresh", 3)
    with travel(now + timedelta(seconds=1900), tick=False):
        for number in range(LOOK_EVERY):
            cache.set("other", number)
        assert len(list(tmp_path.iterdir())) == 2
        assert (cache.get("fresh"), cache.get("old")) == (3, None)

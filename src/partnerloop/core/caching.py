"""A cache in a folder that all processes of one machine share, for what is forgotten soon."""

import os
from itertools import count
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

from partnerloop.core import clock

LOOK_EVERY = 100  # looking through the folder costs more than all else


class FolderCache(FileBasedCache):
    """Django's cache in files, which clears what has run out on every hundredth write only."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self._writes = count()

    def _cull(self) -> None:
        if next(self._writes) % LOOK_EVERY:
            return
        with os.scandir(self._dir) as files:  # type: ignore[attr-defined]
            old = [file.path for file in files if self._may_be_over(file)]
        for name in old:
            self._drop_if_over(name)
        super()._cull()  # type: ignore[misc]

    def _may_be_over(self, file: "os.DirEntry[str]") -> bool:
        """Tell by its age, without opening it; while somebody writes, most are fresh."""
        try:
            written = file.stat().st_mtime
        except FileNotFoundError:
            return False  # another process was faster
        return written < clock.now().timestamp() - (self.default_timeout or 0)

    def _drop_if_over(self, name: str) -> None:
        try:
            with open(name, "rb") as file:
                self._is_expired(file)  # type: ignore[attr-defined]
        except FileNotFoundError:
            return  # another process was faster

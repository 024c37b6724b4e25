"""No process outlives its parent, even when the parent is killed without warning.

A killed web parent would leave workers that keep serving on the port, a killed supervisor a whole
tree that keeps sending mail. The kernel ends a child at its parent's death when the child asks.
"""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(parent: int) -> None:
    """This will end this process at once when process `parent` ends, however it ends."""
    if not _prctl(PR_SET_PDEATHSIG, signal.SIGKILL):
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    # the parent may have died before the kernel was asked
    if os.getppid() != parent:
        os._exit(1)


def adopt_grandchildren() -> None:
    """This will make orphans of our children our own, so that they can be waited for."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, argument: int) -> bool:
    if sys.platform != "linux":
        return False
    return int(ctypes.CDLL(None, use_errno=True).prctl(option, argument, 0, 0, 0)) == 0


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

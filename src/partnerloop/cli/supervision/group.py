"""One child of the supervisor, with everything it starts, as one process group."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

SHORTEST_WAIT = 0.5
LONGEST_WAIT = 30.0
# who lives this long is taken to be well again
HEALTHY_AFTER = 30.0


@dataclass(frozen=True)
class Role:
    """A name for the status line and the command that does the work."""

    name: str
    command: tuple[str, ...]


@dataclass
class Group:
    """Starts a role's command in a process group of its own, and ends all of it."""

    role: Role
    environment: Mapping[str, str]
    leader: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    _failures: int = 0
    _started: float = 0.0
    _due: float = field(default=0.0)

    @property
    def is_up(self) -> bool:
        return self.leader is not None

    def start(self, *, now: float) -> None:
        """This will start the command; the group of a former start has ended before."""
        assert self.leader is None
        self._started = now
        self.leader = subprocess.Popen(
            self.role.command,
            env={**self.environment, "PARTNERLOOP_SUPERVISOR": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            process_group=0,
        )

    def tend(self, *, now: float) -> bool:
        """This will start, clean up or restart as needed, and say whether anything changed."""
        if self.leader is None:
            if now < self._due:
                return False
            self.start(now=now)
            return True
        if not _has_exited(self.leader.pid):
            return False
        self.end_now()
        self._failures = 0 if now - self._started > HEALTHY_AFTER else self._failures + 1
        self.restarts += 1
        self._due = now + min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** max(0, self._failures - 1))
        return True

    def ask_to_stop(self) -> None:
        """This will tell the leader to finish what it does."""
        if self.leader is not None and not _has_exited(self.leader.pid):
            os.kill(self.leader.pid, signal.SIGTERM)

    def has_stopped(self) -> bool:
        """This will say whether the leader is through."""
        return self.leader is None or _has_exited(self.leader.pid)

    def end_now(self) -> None:
        """This will kill what is left of the group and wait until nothing is."""
        if self.leader is None:
            return
        # The leader is not waited for before this: as long as it is a zombie, its process
        # group's number cannot belong to anybody else.
        _signal_group(self.leader.pid, signal.SIGKILL)
        _reap_group(self.leader.pid)
        self.leader.wait()
        self.leader = None


def _has_exited(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        # macOS says so when only zombies are left
        if sys.platform == "linux":
            raise


def _reap_group(group: int) -> None:
    # Orphans of the leader have become our children (adopt_grandchildren): each is waited for.
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-group, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.02)

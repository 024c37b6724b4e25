"""Real processes: each test's own are found by a mark in their environment, and ended by it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Marked:
    """A living process of the test: its number, its parent's, and what it was started as."""

    pid: int
    parent: int
    command: str


@dataclass(frozen=True)
class Tree:
    """All processes whose environment names this test's data directory."""

    home: Path

    def living(self) -> list[Marked]:
        return [seen for pid in os.listdir("/proc") if pid.isdigit() and (seen := self._look(pid))]

    def _look(self, pid: str) -> Marked | None:
        try:
            if str(self.home).encode() not in Path("/proc", pid, "environ").read_bytes():
                return None
            command = Path("/proc", pid, "cmdline").read_bytes().replace(b"\0", b" ").decode()
            fields = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else Marked(int(pid), int(fields[1]), command)

    def leader(self, role: str) -> Marked:
        """The process that the supervisor started for this role."""
        found = [p for p in self.living() if p.command.rstrip().endswith(f"child {role}")]
        return next(p for p in found if p.parent not in {other.pid for other in found})

    def children(self, of: Marked) -> list[Marked]:
        return [process for process in self.living() if process.parent == of.pid]

    def kill_all(self) -> None:
        for process in self.living():
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def eventually(is_so: Callable[[], bool], *, within: float = 60) -> bool:
    """Wait until something is so, looking often; the answer is whether it came."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if is_so():
                return True
        except (StopIteration, OSError):
            pass
        time.sleep(0.05)
    return False


def free_ports() -> int:
    """A port whose next one is free as well."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that was prepared once: its copies start in seconds."""
    home = tmp_path_factory.mktemp("prepared")
    command = [sys.executable, "-m", "partnerloop.cli.supervision.child", "prepare"]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)
    return home


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    found = Tree(tmp_path / "home")
    found.home.mkdir()
    yield found
    found.kill_all()


@pytest.fixture
def ready_home(tree: Tree, prepared: Path) -> None:
    """Spare this test the preparing."""
    shutil.copytree(prepared, tree.home, dirs_exist_ok=True)


@dataclass(frozen=True)
class Running:
    """A started `partnerloop run`, its port, and what it has printed so far."""

    process: subprocess.Popen[bytes]
    port: int
    printed: Path

    def says(self, words: str) -> bool:
        return words in self.printed.read_text()


Start = Callable[..., Running]


@pytest.fixture
def start(tree: Tree) -> Iterator[Start]:
    began: list[subprocess.Popen[bytes]] = []

    def started(*options: str, port: int = 0) -> Running:
        port = port or free_ports()
        printed = tree.home.parent / f"printed-{port}-{time.monotonic_ns()}"
        with printed.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "partnerloop", "run", "--port", str(port), *options],
                env=environment(tree.home),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        began.append(process)
        return Running(process, port, printed)

    yield started
    for process in began:
        process.kill()
        process.wait()


def environment(home: Path) -> dict[str, str]:
    """The environment of a product process: nothing of the tests, this data directory."""
    kept = {name: value for name, value in os.environ.items() if name.isupper()}
    clean = {
        name: value
        for name, value in kept.items()
        if not name.startswith(("PARTNERLOOP_", "DJANGO_", "PYTEST_"))
    }
    source = Path(__file__).parents[2] / "src"
    return {
        **clean,
        "PARTNERLOOP_HOME": str(home),
        "PYTHONPATH": str(source),
        "PYTHONUNBUFFERED": "1",
    }

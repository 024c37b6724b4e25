"""The supervisor's parts, on the smallest of processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from partnerloop.cli.supervision.group import Group, Role
from partnerloop.cli.supervision.lock import AlreadyRunning, held
from partnerloop.cli.supervision.orphans import adopt_grandchildren
from partnerloop.cli.supervision.ports import PortInUse, require_free
from partnerloop.cli.supervision.supervisor import status
from tests.supervise.conftest import Tree, environment, eventually, free_ports

pytestmark = pytest.mark.once

# a leader with a child that ignores polite requests, as a hanging worker would
STUBBORN = """
import os, signal, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import signal, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"])
time.sleep(600)
"""


def group_of(code: str, tree: Tree) -> Group:
    return Group(Role("worker", (sys.executable, "-c", code)), environment(tree.home))


def test_a_dead_leader_takes_its_group_along_before_it_is_restarted(tree: Tree) -> None:
    adopt_grandchildren()
    group = group_of(STUBBORN, tree)
    group.start(now=0.0)
    assert eventually(lambda: len(tree.living()) == 2)
    assert group.leader is not None
    os.kill(group.leader.pid, signal.SIGKILL)
    assert eventually(group.has_stopped)
    assert group.tend(now=1.0) is True
    assert tree.living() == []
    assert group.is_up is False
    assert "restarting (restarted 1×)" in status([group])


def test_it_waits_longer_after_each_early_death_and_forgets_after_a_long_life(tree: Tree) -> None:
    group = group_of("pass", tree)
    now, waits = 0.0, []
    for _ in range(9):
        group.start(now=now)
        assert eventually(group.has_stopped)
        group.tend(now=now)
        waits.append(group._due - now)
        now = group._due
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    group.start(now=now)
    assert eventually(group.has_stopped)
    group.tend(now=now + 31)
    assert group._due - (now + 31) == 0.5


def test_a_group_that_waits_is_not_started_early(tree: Tree) -> None:
    group = group_of("pass", tree)
    group.start(now=0.0)
    assert eventually(group.has_stopped)
    group.tend(now=0.0)
    assert group.tend(now=0.4) is False
    assert group.tend(now=0.6) is True
    group.end_now()


def test_ending_kills_what_does_not_listen(tree: Tree) -> None:
    adopt_grandchildren()
    group = group_of(STUBBORN, tree)
    group.start(now=0.0)
    assert eventually(lambda: len(tree.living()) == 2)
    group.ask_to_stop()
    group.end_now()
    assert tree.living() == []


ORPHAN = """
import os, sys, time
from partnerloop.cli.supervision.orphans import die_with_parent
die_with_parent(os.getppid())
print("ready", flush=True)
time.sleep(600)
"""


def test_the_kernel_ends_a_child_whose_parent_is_killed(tree: Tree) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ORPHAN!r}])",
        ],
        env=environment(tree.home),
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: tree.living() == [], within=5)


def test_a_child_whose_parent_died_before_it_asked_ends_itself(tree: Tree) -> None:
    code = "from partnerloop.cli.supervision.orphans import die_with_parent; die_with_parent(1)"
    child = subprocess.run(
        [sys.executable, "-c", code + "; print('still here')"],
        env=environment(tree.home),
        capture_output=True,
        check=False,
    )
    assert (child.returncode, child.stdout) == (1, b"")


def test_a_second_run_on_the_same_data_directory_is_told_who_holds_it(tmp_path: Path) -> None:
    with held(tmp_path / "run.lock", note="process 12"):
        with pytest.raises(AlreadyRunning) as refused, held(tmp_path / "run.lock", note="13"):
            pass
        assert refused.value.holder == "process 12"
    with held(tmp_path / "run.lock", note="process 14"):
        assert (tmp_path / "run.lock").read_text() == "process 14"


def test_a_taken_port_is_named_with_one_that_is_free() -> None:
    port = free_ports()
    listening = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket, time; s = socket.socket();"
            # shared among workers, as the web server does: a second one could join in
            "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1);"
            f"s.bind(('127.0.0.1', {port})); s.listen(); print('up', flush=True); time.sleep(600)",
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert listening.stdout is not None
        listening.stdout.readline()
        with pytest.raises(PortInUse) as refused:
            require_free("127.0.0.1", port, port + 1)
        assert refused.value.port == port
        assert refused.value.free > port + 1
    finally:
        listening.kill()
        listening.communicate()


def test_the_status_line_names_every_part(tree: Tree) -> None:
    group = group_of("import time; time.sleep(600)", tree)
    group.start(now=time.monotonic())
    assert status([group, Group(Role("web", ()), {})]) == "worker up · web restarting"
    group.end_now()

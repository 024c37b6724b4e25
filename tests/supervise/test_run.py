"""`partnerloop run` as a whole: it comes back from every kill, and leaves nobody behind."""

import os
import signal
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from django.core import signing

from tests.supervise.conftest import Marked, Running, Start, Tree, eventually

pytestmark = pytest.mark.once


def status_of(port: int, path: str = "/healthz") -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=5) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def wait_until_ready(running: Running) -> None:
    is_ready = eventually(lambda: running.says("Ready: http://localhost:"), within=90)
    assert is_ready, running.printed.read_text()
    assert eventually(lambda: status_of(running.port + 1) == 200)


def web_worker(tree: Tree) -> Marked:
    return next(iter(tree.children(tree.leader("web"))))


@pytest.mark.usefixtures("ready_home")
def test_it_serves_comes_back_from_every_kill_and_leaves_no_orphan(
    tree: Tree, start: Start
) -> None:
    running = start()
    wait_until_ready(running)
    assert status_of(running.port, "/readyz") == 200

    victim = web_worker(tree)
    os.kill(victim.pid, signal.SIGKILL)
    assert eventually(lambda: web_worker(tree).pid != victim.pid)
    assert eventually(lambda: status_of(running.port) == 200)

    for role in ("web", "live", "worker", "scheduler"):
        assert eventually(lambda: tree.leader(role).pid > 0)  # noqa: B023
        leader = tree.leader(role)
        family = {leader.pid, *(child.pid for child in tree.children(leader))}
        os.kill(leader.pid, signal.SIGKILL)
        assert eventually(lambda: tree.leader(role).pid not in family)  # noqa: B023
        assert not family & {process.pid for process in tree.living()}
    assert eventually(lambda: status_of(running.port) == 200)
    assert eventually(lambda: status_of(running.port + 1) == 200)

    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait()
    assert eventually(lambda: tree.living() == [], within=5), tree.living()

    again = start(port=running.port)
    wait_until_ready(again)
    assert "Preparing" not in again.printed.read_text()


@pytest.mark.usefixtures("ready_home")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_everything_within_ten_seconds(
    tree: Tree, start: Start, number: signal.Signals
) -> None:
    running = start()
    wait_until_ready(running)
    # a stream that never ends by itself must not hold it up
    with socket.create_connection(("localhost", running.port + 1)) as open_connection:
        open_connection.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\n")
        began = time.monotonic()
        running.process.send_signal(number)
        assert running.process.wait(timeout=20) == 0
        assert time.monotonic() - began < 10
    assert tree.living() == []
    assert running.says("Partnerloop has ended.")


@pytest.mark.usefixtures("ready_home")
def test_a_page_hears_of_a_change_through_the_live_port(tree: Tree, start: Start) -> None:
    running = start("--only", "web", "--only", "live")
    wait_until_ready(running)
    key = (tree.home / "secrets" / "secret-key").read_text().strip()
    until = int(time.time()) + 60
    ticket = signing.dumps([7, "today", "user:1", until], key=key, salt="partnerloop.live")
    asked = urllib.request.Request(
        f"http://localhost:{running.port + 1}/live?ticket={ticket}&since=today.0",
        headers={"Origin": f"http://localhost:{running.port}"},
    )
    with urllib.request.urlopen(asked, timeout=20) as stream:
        with closing(sqlite3.connect(tree.home / "partnerloop.sqlite3", timeout=20)) as base:
            base.execute(
                "INSERT INTO core_livetopic (program_id, topic, counter) VALUES (7, 'today', 1)"
            )
            base.commit()
        heard = [stream.readline().decode().strip() for _ in range(5)]
    assert heard == ["retry: 3000", "", "id: today.1", "event: today", "data: 1"]
    assert stream.headers["Access-Control-Allow-Origin"] == f"http://localhost:{running.port}"


@pytest.mark.usefixtures("ready_home")
def test_a_second_run_says_who_is_there_and_what_to_do(tree: Tree, start: Start) -> None:
    running = start()
    wait_until_ready(running)
    second = start()
    assert second.process.wait(timeout=30) == 1
    said = second.printed.read_text()
    assert f"already runs on {tree.home} (process {running.process.pid}" in said
    assert "PARTNERLOOP_HOME" in said


def test_a_port_in_use_is_named_with_the_remedy(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        running = start(port=port)
        assert running.process.wait(timeout=30) == 1
    assert f"Port {port} is in use" in running.printed.read_text()
    assert "partnerloop run --port" in running.printed.read_text()


def test_ended_while_it_prepares_it_leaves_nothing_running(tree: Tree, start: Start) -> None:
    running = start()
    assert eventually(lambda: running.says("Preparing the database"))
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=20) == 0
    assert tree.living() == []

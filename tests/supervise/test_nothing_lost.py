"""kill -9 of any process at any moment loses no accepted answer, doubles none, leaves no orphan."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from tests.supervise.conftest import Start, Tree, environment, eventually

ASKS = 60
VICTIMS = ("web", "a child of web", "worker", "scheduler", "live", "supervisor")


def test_every_accepted_answer_is_there_once_after_kills_of_everything(
    tree: Tree, ready_home: None, start: Start
) -> None:
    asked = cast(tree.home, "seed", str(ASKS))
    running = start()
    assert eventually(lambda: is_up(running.port))
    accepted: list[str] = []
    port = [running.port]
    sender = threading.Thread(target=send_all, args=(asked, port, accepted))
    sender.start()
    rng = random.Random(20261122)
    for victim in VICTIMS:
        time.sleep(rng.uniform(0.3, 1.2))
        kill(tree, victim)
        if victim == "supervisor":
            assert eventually(lambda: not tree.living()), "a kill of the supervisor left orphans"
            port[0] = start().port
    sender.join(timeout=120)
    assert not sender.is_alive()
    assert len(accepted) == ASKS
    assert eventually(lambda: cast(tree.home, "count")["waiting"] == 0, within=90)
    stored = cast(tree.home, "count")
    expected = sorted(accepted)
    assert stored["said"] == expected
    assert stored["released"] == expected
    assert (stored["responses"], stored["items"]) == (ASKS, ASKS)
    assert (stored["answers"], stored["named"]) == (3 * ASKS, 3 * ASKS)


def send_all(asked: list[dict], port: list[int], accepted: list[str]) -> None:
    """Send each answer until it is accepted, as a person who presses Send again would."""
    for number, one in enumerate(asked):
        words = f"Words number {number}"
        form = {f"q{wording}": "7" for wording in one["asked"][:3]}
        form |= {f"q{one['asked'][3]}": words, "mode": "named"}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if post(port[0], one["token"], form) == 302:
                    accepted.append(words)
                    break
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)


def post(port: int, token: str, form: dict[str, str]) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", f"/a/{token}", urlencode(form), headers)
        return connection.getresponse().status


def kill(tree: Tree, victim: str) -> None:
    """End one part of the running product the hard way, once it is there to be ended."""

    def strike() -> bool:
        if victim == "supervisor":
            leader = tree.leader("web")
            os.kill(leader.parent, signal.SIGKILL)
        elif victim == "a child of web":
            os.kill(tree.children(tree.leader("web"))[0].pid, signal.SIGKILL)
        else:
            os.kill(tree.leader(victim).pid, signal.SIGKILL)
        return True

    assert eventually(lambda: attempt(strike), within=30), f"there was no {victim} to kill"


def attempt(strike) -> bool:
    try:
        return strike()
    except (IndexError, ProcessLookupError):
        return False


def is_up(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200


def cast(home: Path, *words: str):
    """Run the cast's module on this data directory and read what it prints."""
    root = Path(__file__).parents[2]
    surroundings = environment(home)
    surroundings["PYTHONPATH"] = f"{root}:{surroundings['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.supervise.cast_for_kills", *words],
        env=surroundings,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])

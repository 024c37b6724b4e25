"""Measures receiving: stored responses a second and CPU per response over HTTP, on a real server.

Each response holds three rated answers and a comment, named, so that it moves its partner's score;
it is durable before the reply (SQLite with synchronous FULL, PostgreSQL with synchronous_commit).
The server is `partnerloop run`; CPU is what the kernel counts for its process groups.
"""

import gzip
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PORT = 8765
CLIENTS = 4
WARM = 40
Asked = list[dict[str, Any]]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class AnswerSpeed:
    """What one database gave: rates per second, CPU milliseconds, kilobytes over the wire."""

    database: str
    responses: int
    per_second: float
    web_cpu_ms: float
    all_cpu_ms: float
    page_cpu_ms: float
    first_visit_kb: float
    median_ms: float
    p95_ms: float


def main(*, responses: int, databases: Sequence[str]) -> None:
    """Print the table and write it as JSON to bench/results/answers.json."""
    rows = [measure(name, responses=responses) for name in databases]
    print(
        f"{'database':<12}{'resp/s':>8}{'web ms':>8}{'all ms':>8}{'page ms':>9}{'kB':>6}"
        f"{'p50 ms':>8}{'p95 ms':>8}"
    )
    for row in rows:
        print(
            f"{row.database:<12}{row.per_second:>8.1f}{row.web_cpu_ms:>8.2f}{row.all_cpu_ms:>8.2f}"
            f"{row.page_cpu_ms:>9.2f}{row.first_visit_kb:>6.1f}{row.median_ms:>8.1f}"
            f"{row.p95_ms:>8.1f}"
        )
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "answers.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))


def measure(database: str, *, responses: int) -> AnswerSpeed:
    """Seed a program, start the product on it, and send the responses."""
    home = Path(tempfile.mkdtemp(prefix="partnerloop-bench-"))
    environment = {**os.environ, "PARTNERLOOP_HOME": str(home), "PARTNERLOOP_PORT": str(PORT)}
    if database == "postgresql":
        environment["PARTNERLOOP_DATABASE_URL"] = os.environ["PARTNERLOOP_TEST_DATABASE_URL"]
    try:
        asked = _seed(responses + WARM, environment)
        server = subprocess.Popen(
            [sys.executable, "-m", "partnerloop", "run", "--port", str(PORT)],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_up()
            return _send(database, server.pid, asked)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _seed(count: int, environment: dict[str, str]) -> Asked:
    done = subprocess.run(
        [sys.executable, "-m", "bench.answers_seed", str(count)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: Asked = json.loads(done.stdout.splitlines()[-1])
    return found


def _wait_until_up() -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not come up within a minute")


def _send(database: str, supervisor: int, asked: Asked) -> AnswerSpeed:
    warm, counted = asked[:WARM], asked[WARM:]
    _all(warm, _post)
    kilobytes = _first_visit(str(warm[0]["token"]))
    groups = _groups(supervisor)
    before_pages = _cpu(groups["web"])
    _all(counted, _get)
    page = (_cpu(groups["web"]) - before_pages) / len(counted)
    web, everything, began = _cpu(groups["web"]), _cpu_of_all(groups), time.perf_counter()
    times = sorted(_all(counted, _post))
    took = time.perf_counter() - began
    _wait_until_idle(groups)
    return AnswerSpeed(
        database=database,
        responses=len(counted),
        per_second=len(counted) / took,
        web_cpu_ms=1000 * (_cpu(groups["web"]) - web) / len(counted),
        all_cpu_ms=1000 * (_cpu_of_all(groups) - everything) / len(counted),
        page_cpu_ms=1000 * page,
        first_visit_kb=kilobytes,
        median_ms=1000 * times[len(times) // 2],
        p95_ms=1000 * times[int(len(times) * 0.95)],
    )


def _all(asked: Asked, act: Callable[[Asked], list[float]]) -> list[float]:
    shares = [asked[number::CLIENTS] for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one for share in pool.map(act, shares) for one in share]


def _post(asked: Asked) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    times = []
    for number, one in enumerate(asked):
        rated, opened = one["rated"], one["open"]
        assert isinstance(rated, list)
        form = {f"q{wording}": str((number + place) % 11) for place, wording in enumerate(rated)}
        form |= {f"q{opened}": f"Delivery dates slip, case {number}.", "mode": "named"}
        began = time.perf_counter()
        connection.request("POST", f"/a/{one['token']}", urlencode(form), headers)
        reply = connection.getresponse()
        reply.read()
        times.append(time.perf_counter() - began)
        if reply.status != 302:
            raise SystemExit(f"a response was answered {reply.status}, not stored")
    return times


def _get(asked: Asked) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    for one in asked:
        connection.request("GET", f"/a/{one['token']}?q=7")
        reply = connection.getresponse()
        if reply.status != 200 or not reply.read():
            raise SystemExit(f"an answer page came back {reply.status}")
    return []


def _first_visit(token: str) -> float:
    """Return the kilobytes of page and style sheets as they cross the wire to a new browser."""
    page, size = _fetch(f"/a/{token}?q=7")
    for part in page.split('href="')[1:]:
        address = part.partition('"')[0]
        if address.endswith((".css", ".js")):
            size += _fetch(address)[1]
    return size / 1000


def _fetch(address: str) -> tuple[str, int]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    reply = connection.getresponse()
    body = reply.read()
    packed = reply.headers.get("Content-Encoding") == "gzip"
    text = gzip.decompress(body) if packed else body
    return text.decode(), len(body)


def _groups(supervisor: int) -> dict[str, int]:
    """Return the process group of each part of the running product."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_text().split("\0")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == supervisor and "partnerloop.cli.supervision.child" in words:
            found[words[words.index("partnerloop.cli.supervision.child") + 1]] = int(entry.name)
    return found


def _cpu(group: int) -> float:
    """Return the CPU seconds of a process group so far."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _cpu_of_all(groups: dict[str, int]) -> float:
    return sum(_cpu(group) for group in groups.values())


def _wait_until_idle(groups: dict[str, int]) -> None:
    """Wait until the worker has drained what the responses caused."""
    last = -1.0
    for _ in range(120):
        now = _cpu(groups["worker"])
        if now - last < 0.03:
            return
        last = now
        time.sleep(1.0)

"""A running product for browser tests: started as people start it, on a data directory of its own.

`small_program` writes the cast of `tests.world` with answers; `call` runs a command of the product.
"""

import atexit
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.supervise.conftest import Tree, environment, eventually, free_ports


@dataclass(frozen=True)
class Product:
    """Where a running product answers and lives, and the one-time links that it printed."""

    home: Path
    address: str
    live: str
    doors: dict[str, str]

    def door(self, whose: str) -> str:
        """Return the link for somebody, such as "Channel chief"."""
        return next(url for who, url in self.doors.items() if who.startswith(whose))


@contextmanager
def running(home: Path, *options: str) -> Iterator[Product]:
    """This will start the product on a data directory, and leave nothing of it behind."""
    port = free_ports()
    printed = home.parent / f"{home.name}-printed-{port}"
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "partnerloop", "run", "--port", str(port), *options],
            env=environment(home),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        assert eventually(lambda: "Ready:" in printed.read_text(), within=180), printed.read_text()
        doors = dict(re.findall(r"^  (\S.*?)  +(http\S+)$", printed.read_text(), re.MULTILINE))
        yield Product(home, f"http://localhost:{port}", f"http://localhost:{port + 1}", doors)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        finally:
            process.kill()
            Tree(home).kill_all()


def call(home: Path, *arguments: str) -> str:
    """This will run `partnerloop ...` on a data directory and return what it printed."""
    return _printed(home, "partnerloop", *arguments)


@dataclass(frozen=True)
class Small:
    """Ways into the small program: paths, because its port is known only when it runs."""

    sign_in: str
    asked: dict[str, str]


def small_program(home: Path) -> Small:
    """This will write a program in which four of seven people have answered by name."""
    bring_up(home)
    written = json.loads(_printed(home, "tests.browser.cast_for_browsers").splitlines()[-1])
    return Small(sign_in=written["sign_in"], asked=written["asked"])


def bring_up(home: Path) -> None:
    """This will make a data directory with an empty database: the copy of one that was migrated."""
    shutil.copytree(_migrated(), home, dirs_exist_ok=True)


@cache
def _migrated() -> Path:
    """Return a data directory that was migrated once in this run, styles gathered."""
    home = Path(tempfile.mkdtemp(prefix="partnerloop-migrated-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    call(home, "migrate")
    _printed(home, "tests.browser.gathering")
    return home


def _printed(home: Path, module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(home),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

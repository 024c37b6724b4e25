"""What people install: the wheel has everything in it, and runs where no checkout is near."""

import os
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.full, pytest.mark.once]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Source archive and, made from nothing but that, the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return folder


def test_the_wheel_carries_every_file_of_the_package(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    tracked = subprocess.run(
        ["git", "ls-files", "src/partnerloop"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    wanted = {path.removeprefix("src/") for path in tracked if (ROOT / path).exists()}
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - carried == set()
    assert {Path(name).suffix for name in wanted} >= {".py", ".html", ".css", ".toml"}


def test_neither_archive_carries_data_keys_or_tests(dist: Path) -> None:
    (wheel,), (source,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = [*archive.getnames(), *zipfile.ZipFile(wheel).namelist()]
    for name in names:
        assert not set(Path(name).parts) & {"var", "secrets", "tests", ".venv", "__pycache__"}
        assert "sqlite3" not in name


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the locked packages and the wheel, as a server would have it."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-compile"]
    lock = str(ROOT / "requirements" / "run.txt")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True, capture_output=True)
    # without an index: what the wheel needs must be in the lock
    (wheel,) = dist.glob("*.whl")
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, capture_output=True)
    return folder / "bin" / "partnerloop"


def test_the_installed_command_knows_its_version(installed: Path, tmp_path: Path) -> None:
    shown = subprocess.run(
        [installed, "--version"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert shown.stdout.startswith("Partnerloop ")


def test_the_installed_command_serves_the_demo_from_the_home_of_its_user(
    installed: Path, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    said = tmp_path / "said"
    with said.open("wb") as output:
        running = subprocess.Popen(
            [installed, "run", "--demo", "--port", str(port)],
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 600
        while "Ready: " not in said.read_text() and time.monotonic() < deadline:
            assert running.poll() is None, said.read_text()
            time.sleep(0.5)
        links = [word for word in said.read_text().split() if word.startswith("http://")]
        assert len(links) >= 4
        for link in links:
            with urllib.request.urlopen(link, timeout=30) as reply:
                assert reply.status == 200, link
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)
    assert (tmp_path / ".local" / "share" / "partnerloop" / "partnerloop.sqlite3").exists()

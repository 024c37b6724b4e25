import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from partnerloop.config.env import SettingRefused
from partnerloop.config.secrets import kept_secret


def test_it_makes_a_secret_once_and_keeps_it(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secrets" / "key")
    assert len(first) >= 60
    assert kept_secret(tmp_path / "secrets" / "key") == first
    assert kept_secret(tmp_path / "secrets" / "other") != first


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path / "secrets" / "key")
    assert stat.S_IMODE((tmp_path / "secrets" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_all_who_start_together_get_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(kept_secret, [tmp_path / "key"] * 32))
    assert len(made) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_it_refuses_a_damaged_secret_instead_of_making_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("")
    with pytest.raises(SettingRefused, match="restore it from a backup"):
        kept_secret(tmp_path / "key")


def test_it_says_which_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingRefused, match="PARTNERLOOP_HOME"):
        kept_secret(tmp_path / "file" / "key")

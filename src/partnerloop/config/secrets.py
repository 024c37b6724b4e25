"""Keys of the installation: made once at the first start, kept in files only the owner reads."""

import os
import secrets
import tempfile
from pathlib import Path

from partnerloop.config.env import SettingRefused


def kept_secret(path: Path) -> str:
    """This will return the secret in `path`, making it first when the file does not exist."""
    try:
        if not path.exists():
            _make(path)
        kept = path.read_text(encoding="ascii").strip()
    except OSError as wrong:
        raise SettingRefused(
            f"The data directory cannot be used: {wrong.strerror}: {wrong.filename}. "
            "Set PARTNERLOOP_HOME to a folder you may write to."
        ) from None
    if len(kept) < 40:
        raise SettingRefused(f"{path} is damaged: restore it from a backup; it must not change.")
    return kept


def _make(path: Path) -> None:
    # Web, worker and scheduler may start together: the file appears whole (hard link of a
    # finished file), and whoever comes second keeps the first one's key.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)

"""The product's settings for tests: a throw-away data directory, cheap files and passwords.

Loaded before any conftest, so that nothing of a test run ever touches a real data directory.
"""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("PARTNERLOOP_")]:
    if not _name.startswith("PARTNERLOOP_TEST_"):
        del os.environ[_name]
_home = tempfile.mkdtemp(prefix="partnerloop-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["PARTNERLOOP_HOME"] = _home
os.environ["PARTNERLOOP_LOG_LEVEL"] = "warning"
os.environ["PARTNERLOOP_DATABASE_POOL"] = "0"  # threads of a test server share nothing
if _url := os.environ.get("PARTNERLOOP_TEST_DATABASE_URL"):
    os.environ["PARTNERLOOP_DATABASE_URL"] = _url

from partnerloop.config.settings import *  # noqa: E402, F403
from partnerloop.config.settings import DATABASES, PARTNERLOOP_HOME, STORAGES  # noqa: E402

# A file, not memory: servers and threads of a test see the same database. Nothing needs to
# survive a power cut here, so that syncing to disk is left out.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": PARTNERLOOP_HOME / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = PARTNERLOOP_HOME / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PARTNERLOOP_BLUR_KEY = "b1" * 32  # the same blur in every run: what passes once passes again

"""Tests: real PostgreSQL, strict templates, no GET that writes."""

import os
import tempfile
from pathlib import Path

from .base import *  # noqa: F403 -- settings modules extend one another this way
from .base import DATABASES, MIDDLEWARE, ROOT, STORAGES

DEMO_MODE = True
SECRET_KEY = "tests-only"  # noqa: S105 -- not a secret: no deployment uses it
ALLOWED_HOSTS = ["*"]
# No pool: the test database must be droppable.
DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 5}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAR_DIR = Path(tempfile.mkdtemp(prefix="parvis-test-"))
MEDIA_ROOT = VAR_DIR / "media"
BALLOT_KEYS_DIR = VAR_DIR / "keys"
PUBLICATIONS_DIR = VAR_DIR / "publications"
MAP_TILES_DIR = VAR_DIR / "tiles"
EMAIL_FILE_PATH = str(VAR_DIR / "mails")
TEXT_MESSAGES = "mailbox"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
# Both in one place: a test that clears the cache clears all of it.
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    for name in ("default", "memory")
}
STAFF_SECOND_FACTOR_REQUIRED = False
DEMO_DATA_DIR = ROOT / "site" / "demo" / "data"
WHITENOISE_AUTOREFRESH = True
MIDDLEWARE = [*MIDDLEWARE, "config.middleware.SafeMethodsCannotWrite"]
if os.environ.get("PARVIS_TEST_SLOW"):
    MIDDLEWARE = ["tests.late.answer_late", *MIDDLEWARE]
ACCOUNT_RATE_LIMITS = False

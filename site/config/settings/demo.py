"""A demonstration on one's own machine: real data, local mailbox, nothing to configure."""

from .base import *  # noqa: F403 -- settings modules extend one another this way
from .base import ROOT, VAR_DIR, env

DEMO_MODE = True
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = env("DJANGO_SECRET_KEY", default="demonstration-only-not-a-secret-" + "0" * 40)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mails")
TEXT_MESSAGES = "mailbox"
STAFF_SECOND_FACTOR_REQUIRED = False  # the demo accounts must open with a password alone
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
DEMO_DATA_DIR = ROOT / "site" / "demo" / "data"
CSRF_TRUSTED_ORIGINS = ["http://127.0.0.1:8000", "http://localhost:8000"]

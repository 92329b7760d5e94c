"""Production: every secret from the environment; refuses to start when unsafe."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 -- settings modules extend one another this way
from .base import (
    ALLOWED_HOSTS,
    CACHES,
    DATABASES,
    FRANCECONNECT_ISSUER,
    SITE_URL,
    STORAGES,
    TEXT_MESSAGES,
    env,
)

SECRET_KEY = env("DJANGO_SECRET_KEY")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

if env.bool("DB_TRANSACTION_POOLER", default=False):  # PgBouncer in transaction mode
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": None}

if env("DATABASE_REPLICA_URL", default=""):  # read by exports and statistics alone
    DATABASES["replica"] = {
        **env.db_url("DATABASE_REPLICA_URL"),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(DATABASES["default"]["OPTIONS"]),
        "TEST": {"MIRROR": "default"},
    }

if valkey_url := env("VALKEY_URL", default=""):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": valkey_url,
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

if bucket := env("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "region_name": env("S3_REGION", default=None),
            "file_overwrite": False,
            "default_acl": "private",
        },
    }

_unsafe = [
    (len(SECRET_KEY) < 50, "DJANGO_SECRET_KEY must be at least 50 random characters."),
    (not ALLOWED_HOSTS, "ALLOWED_HOSTS must name the site's host(s)."),
    ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS must not contain '*'."),
    (not SITE_URL.startswith("https://"), "SITE_URL must start with https://."),
    (env.bool("DEBUG", default=False), "DEBUG must not be set in production."),
    (TEXT_MESSAGES == "mailbox", "TEXT_MESSAGES=mailbox shows voting codes to everyone."),
    (
        bool(FRANCECONNECT_ISSUER) and not FRANCECONNECT_ISSUER.startswith("https://"),
        "FRANCECONNECT_ISSUER must start with https://.",
    ),
]
if _reasons := [reason for unsafe, reason in _unsafe if unsafe]:
    raise ImproperlyConfigured("Unsafe production settings: " + " ".join(_reasons))

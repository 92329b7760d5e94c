"""What every deployment shares. Values that differ come from the environment."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from maps.csp import image_sources

ROOT = Path(__file__).resolve().parents[3]
SITE_DIR = ROOT / "site"
env = environ.Env()

# Files that a running instance makes: media, sealed-ballot keys, demo mails.
VAR_DIR = Path(env("PARVIS_VAR", default=str(ROOT / ".parvis" / "var")))

DEBUG = False
DEMO_MODE = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "config",
    "cms",
    "participation.budgets",
    "participation.mapping",
    "participation.agenda",
    "participation.electors",
    "participation.core",
    "participation.accounts",
    "maps",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "leaflet",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.csp.BackOfficePolicy",
    "config.middleware.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "participation.budgets.middleware.SharedDevice",
    "participation.accounts.middleware.StaffSecondFactor",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wagtail.contrib.settings.context_processors.settings",
                "cms.context_processors.layout",
            ],
            "builtins": ["cms.templatetags.dates", "cms.templatetags.typography"],
        },
    },
]
FORM_RENDERER = "cms.renderer.ComponentRenderer"

# A connection that cannot be made is tried again during `reconnect_timeout`, less and less often,
# then for the next request that asks. Five minutes, psycopg's own, would call a database back late;
# less than `timeout` by far, and a request would wait while nobody calls.
DATABASE_POOL = {
    "min_size": env.int("DB_POOL_MIN", default=1),
    "max_size": env.int("DB_POOL_MAX", default=16),
    "timeout": 10,
    "reconnect_timeout": 9,
}
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgis://parvis@//tmp/parvis/parvis"),
        "ENGINE": "config.database",  # PostGIS; it checks the connections that it takes
        "OPTIONS": {
            # The plans of participation.core.written are kept from the fifth reading on.
            "prepare_threshold": 5,
            "pool": DATABASE_POOL,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# PostgreSQL also holds cache and queue; Valkey is an option for large deployments. "memory" is each
# web process's own: for what is the same for everybody and may be a minute old.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    },
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "memory",
        "TIMEOUT": 60,
    },
}
SESSION_ENGINE = "config.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:dashboard"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "participation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that has just signed up
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "participation.accounts.forms.SignupForm",
    "login": "participation.accounts.forms.LoginForm",
    "add_email": "participation.accounts.forms.AddEmailForm",
    "change_password": "participation.accounts.forms.ChangePasswordForm",
    "set_password": "participation.accounts.forms.SetPasswordForm",
    "reset_password": "participation.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "participation.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "participation.accounts.forms.ReauthenticateForm",
}
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=True)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ADAPTER = "participation.accounts.adapter.MFAAdapter"
MFA_TOTP_TOLERANCE = 1  # one period either way, for clocks that drift
MFA_FORMS = {
    "authenticate": "participation.accounts.forms.AuthenticateForm",
    "reauthenticate": "participation.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "participation.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "participation.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "participation.accounts.forms.EditWebAuthnForm",
}
STAFF_SECOND_FACTOR_REQUIRED = True

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [SITE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Europe/Paris")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(ROOT / ".parvis" / "static")))
STATICFILES_DIRS = [SITE_DIR / "assets" / "dist"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_485_760
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="participation@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

WAGTAIL_SITE_NAME = "Parvis"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_FRONTEND_LOGIN_URL = "/compte/connexion/"
WAGTAILADMIN_LOGIN_URL = "/compte/connexion/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# The same in both languages: the widgets read these once (config.formats).
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.pictures.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx", "zip", "pb"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "parvis_fr"}
}

# none | ign | aerial | osm: "none" draws our own boundaries and asks nothing of any third party.
MAP_BASE_LAYER = env("MAP_BASE_LAYER", default="none")
# Others that a reader of a map may switch on.
MAP_EXTRA_LAYERS: list[str] = env.list("MAP_EXTRA_LAYERS", default=[])
# Their pictures come through this site, which keeps them: no third party sees a visitor.
MAP_TILES_PROXY = env.bool("MAP_TILES_PROXY", default=True)
MAP_TILES_DIR = Path(env("MAP_TILES_DIR", default=str(VAR_DIR / "tiles")))
MAP_TILES_MEGABYTES = env.int("MAP_TILES_MEGABYTES", default=500)
# Places by name: our own territories (Gazetteer), or the national service (Geoplateforme).
MAP_GEOCODER = env("MAP_GEOCODER", default="maps.geocoding.Gazetteer")
MAP_GEOCODER_URL = env("MAP_GEOCODER_URL", default="https://data.geopf.fr/geocodage")
# Reference layers whose tiles each reader's browser asks of another site.
MAP_ALLOW_THIRD_PARTIES = env.bool("MAP_ALLOW_THIRD_PARTIES", default=False)

# Public pages: nothing inline, nothing from elsewhere. The back office has its own policy
# (cms.csp), since Wagtail's admin needs inline scripts.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/gestion/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [
            SELF,
            "data:",
            "blob:",
            *image_sources([MAP_BASE_LAYER, *MAP_EXTRA_LAYERS], proxied=MAP_TILES_PROXY),
        ],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
# Sites that may show a map in a frame (/carte/…/integrer/): origins, or * for any. Every other page
# refuses to be framed.
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", default=["*"])
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

LEAFLET_CONFIG = {
    "DEFAULT_CENTER": (46.6, 2.4),
    "DEFAULT_ZOOM": 6,
    "MIN_ZOOM": 3,
    "MAX_ZOOM": 19,
    "TILES": [],
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
}
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
PROCRASTINATE_ON_APP_READY = "participation.core.queue.ready"
PROCRASTINATE_IMPORT_PATHS = [
    "cms.management.schedule",
    "maps.management.schedule",
    "participation.core.account.tasks",
    "participation.agenda.management.schedule",
    "participation.budgets.management.schedule",
    "participation.core.management.schedule",
    "participation.electors.management.jobs",
    "participation.mapping.management.schedule",
]

# The site's signing key, made on first use; never in the database. Ballots have no key here: theirs
# is held by the members of each board.
BALLOT_KEYS_DIR = Path(env("BALLOT_KEYS_DIR", default=str(VAR_DIR / "keys")))
# A time-stamping authority (RFC 3161) that is asked at each close; none unless named.
TSA_URL = env("TSA_URL", default="")

# Keys the digests by which electors are recognised; never change it while a vote is open.
ELECTORS_KEY = env("ELECTORS_KEY", default="")
# Codes by text message: "mailbox" shows them as mails, "http" posts them to a provider.
TEXT_MESSAGES = env("TEXT_MESSAGES", default="")
TEXT_MESSAGE_URL = env("TEXT_MESSAGE_URL", default="")
TEXT_MESSAGE_TOKEN = env("TEXT_MESSAGE_TOKEN", default="")
TEXT_MESSAGE_SENDER = env("TEXT_MESSAGE_SENDER", default="Parvis")
TEXT_MESSAGE_FIELDS = env.dict(
    "TEXT_MESSAGE_FIELDS", default={"to": "to", "text": "text", "from": "from"}
)
# Where a code may be sent: France and its overseas territories. The first reads bare numbers.
TEXT_MESSAGE_REGIONS = env.list(
    "TEXT_MESSAGE_REGIONS", default=["FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF"]
)
# FranceConnect v2, off until the authority holds its authorisation (DataPass).
FRANCECONNECT_ISSUER = env("FRANCECONNECT_ISSUER", default="")
FRANCECONNECT_CLIENT_ID = env("FRANCECONNECT_CLIENT_ID", default="")
FRANCECONNECT_CLIENT_SECRET = env("FRANCECONNECT_CLIENT_SECRET", default="")
# Registrations to events are emptied of who came that many months after the event.
AGENDA_REGISTRATION_MONTHS = env.int("AGENDA_REGISTRATION_MONTHS", default=12)
# The published files of each vote. Made once; to be kept with the database's backups.
PUBLICATIONS_DIR = Path(env("PUBLICATIONS_DIR", default=str(VAR_DIR / "publications")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "config.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        name: {"filters": ["secrets"]} for name in ("django.request", "django.security.csrf")
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}

SILENCED_SYSTEM_CHECKS = [
    # Debian 12 ships GDAL 3.6. What the check fears is a spatial reference that makes GDAL read a
    # file or an address: boundaries come through our own parser, which refuses `crs`, and SRIDs
    # are integers of ours. `./parvis doctor` still tells the version.
    "gis.W001",
    # Frames of the same origin are how an editor sees a preview; the content policy
    # (frame-ancestors) says for each page who may frame it.
    "security.W019",
]

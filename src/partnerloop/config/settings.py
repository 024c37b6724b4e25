"""Django's settings, every one of ours read from the environment: docs/reference/settings.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from partnerloop.config.databases import database
from partnerloop.config.env import Environment
from partnerloop.config.logs import logging_config
from partnerloop.config.secrets import kept_secret

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent
ENVIRONMENT = Environment(os.environ)
env = ENVIRONMENT

# --- where it lives -------------------------------------------------------------------------
_data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share")
PARTNERLOOP_HOME = env.folder(
    "HOME",
    default=CHECKOUT / "var" if (CHECKOUT / "pyproject.toml").exists() else _data / "partnerloop",
)
PARTNERLOOP_PORT = env.number("PORT", default=8000, least=1, most=65534)
PARTNERLOOP_BIND = env.text("BIND", default="127.0.0.1")
PARTNERLOOP_URL = env.origin("URL", default=f"http://localhost:{PARTNERLOOP_PORT}")
PARTNERLOOP_LIVE_PORT = env.number("LIVE_PORT", default=PARTNERLOOP_PORT + 1, least=1, most=65535)
_address = urlsplit(PARTNERLOOP_URL)
PARTNERLOOP_LIVE_URL = env.origin(
    "LIVE_URL", default=f"{_address.scheme}://{_address.hostname}:{PARTNERLOOP_LIVE_PORT}"
)
PARTNERLOOP_WEB_WORKERS = env.number("WEB_WORKERS", default=1, least=1, most=64)
PARTNERLOOP_WEB_THREADS = env.number("WEB_THREADS", default=2, least=1, most=64)
PARTNERLOOP_JOB_WORKERS = env.number("JOB_WORKERS", default=1, least=1, most=64)

# --- keys: losing them invalidates links and, for the blur, costs privacy (docs) --------------
SECRET_KEY = kept_secret(PARTNERLOOP_HOME / "secrets" / "secret-key")
SECRET_KEY_FALLBACKS = list(env.words("OLD_SECRET_KEYS"))
# Apart from SECRET_KEY, which may be changed: links that were sent must keep their meaning.
PARTNERLOOP_LINK_KEY = kept_secret(PARTNERLOOP_HOME / "secrets" / "link-key")
PARTNERLOOP_BLUR_KEY = kept_secret(PARTNERLOOP_HOME / "secrets" / "blur-key")

# --- database -------------------------------------------------------------------------------
DATABASES = {
    "default": database(
        env.text("DATABASE_URL"),
        home=PARTNERLOOP_HOME,
        pool=env.number("DATABASE_POOL", default=4, least=0, most=200),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- rooms: each is an app whose label is the room's name --------------------------------------
ROOMS = [
    "core",
    "programs",
    "accounts",
    "partners",
    "pulses",
    "responses",
    "evidence",
    "scores",
    "themes",
    "release",
    "planning",
    "insights",
    "alerts",
    "actions",
    "community",
    "campaigns",
    "reports",
    "integrations",
    "loop",
    "demo",
    "api",
    "web",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth.account",
    "allauth.mfa",
    *(f"partnerloop.{room}" for room in ROOMS),
]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE = [
    "partnerloop.api.machines.answer_machines",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "partnerloop.web.speaking.speak_to_partners",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partnerloop.web.errors.no_empty_refusals",
]
ROOT_URLCONF = "partnerloop.config.urls"
WSGI_APPLICATION = "partnerloop.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# --- languages and time: stored in UTC, shown in the program's time zone ------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PARTNERLOOP_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# halves what the first start has to compress
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = PARTNERLOOP_HOME / "media"

# --- caches: the second is shared by all processes of a machine (docs/how-to/send-mail.md) --------
PARTNERLOOP_CACHE_FOLDER = env.folder("CACHE_FOLDER", default=PARTNERLOOP_HOME / "cache")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "taps": {
        "BACKEND": "partnerloop.core.caching.FolderCache",
        "LOCATION": PARTNERLOOP_CACHE_FOLDER / "taps",
        "TIMEOUT": 1800,
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- mail: a program's own server comes first, then this provider, else the local outbox -------
_mail_options = (word.partition("=") for word in env.words("EMAIL_OPTIONS"))
PARTNERLOOP_EMAIL_BACKEND = env.text("EMAIL_BACKEND")
ANYMAIL = {name.strip(): value.strip() for name, _equals, value in _mail_options}

# --- mail that comes in: a mailbox that is looked into every minute (docs/how-to/receive-mail.md)
PARTNERLOOP_MAILBOX = env.text("MAILBOX")
PARTNERLOOP_RETURN_ADDRESS = env.address_with("RETURN_ADDRESS", "{number}")

# --- webhooks: hosts that may be private, or without https, because the operator vouches for them
PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS = frozenset(
    host.lower() for host in env.words("WEBHOOK_ALLOWED_HOSTS")
)

# --- single sign-on: providers that may be private, or without https: the operator vouches for them
PARTNERLOOP_SIGN_ON_ALLOWED_HOSTS = frozenset(
    host.lower() for host in env.words("SIGN_ON_ALLOWED_HOSTS")
)

# --- security ---------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
HTTPS = _address.scheme == "https"
_local = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = sorted(
    {_address.hostname or "localhost", *env.words("HOSTS"), *(set() if HTTPS else _local)}
)
CSRF_TRUSTED_ORIGINS = [PARTNERLOOP_URL]
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# `no-referrer` would make forms send `Origin: null`, which the CSRF check refuses
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "partnerloop_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "partnerloop_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'", PARTNERLOOP_LIVE_URL],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- signing in (docs/decisions/0010-sign-in.md): parts of allauth, none of its pages
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "partnerloop.accounts.authenticators.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# without https browsers make passkeys on localhost only; accounts.passkeys asks for our address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- logs -------------------------------------------------------------------------------------
LOGGING = logging_config(
    shape=env.choice("LOG_FORMAT", default="text", among=("text", "json")),
    level=env.choice("LOG_LEVEL", default="info", among=("debug", "info", "warning", "error")),
)

"""Django's settings for the service: the memory as ``django_settings`` has it, accounts and sessions in a file of their own beside it.

``LAWGATE_HOME`` names the home. Tools that start by themselves work on empty databases in memory without it.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from lawgate import django_settings
from lawgate.settings import DEFAULT_URL, SUBMISSION_MEGABYTES, load_settings
from lawgate.store.open import sqlite_file
from lawgate.wiring import home_secret

_HOME = os.environ.get("LAWGATE_HOME", "")
_SERVICE = load_settings(Path(_HOME) / "lawgate.toml").service if _HOME else None
_URL = _SERVICE.url if _SERVICE else DEFAULT_URL

SECRET_KEY = home_secret(Path(_HOME), "service").hex() if _HOME else ""
ALLOWED_HOSTS = [urlsplit(_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [_URL]
ORIGIN = _URL  # where passkeys sign
DEBUG = False

INSTALLED_APPS = [
    "lawgate.store",
    "lawgate.accounts",
    "lawgate.signing",
    "lawgate.portal",
    "lawgate.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
]
# The queue lies beside accounts and sessions: one that is lost costs nothing, for a worker that starts puts on it whatever can go on.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DATABASES = {
    # wiring.open_home points it at the home's memory, wherever that is kept.
    "default": django_settings.DATABASES["default"],
    "reader": dict(django_settings.DATABASES["default"]),  # store.reader points it at the same memory
    "service": sqlite_file(Path(_HOME) / "service.sqlite3" if _HOME else Path(":memory:")),
}
DATABASE_ROUTERS = ["lawgate.accounts.router.TwoFiles"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "counters",
        # Above it counters that still run are thrown out, and marks of codes that were used.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lawgate.web.shell.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lawgate.web.shell.Faults",
]
ROOT_URLCONF = "lawgate.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lawgate.web.access.frame",
            ]
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who gets in.
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds that a one-time link works
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
# Nobody signs up; allauth takes from this whether signing in asks for a password.
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lawgate.web.entrance.Entrance"
MFA_ADAPTER = "lawgate.web.entrance.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Only a page of this very machine is reached without TLS, and browsers hold it for as good.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _URL.startswith("http:")
MFA_TOTP_ISSUER = "Lawgate"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have none

# What a browser is told.
# Else a cookie of its own would say who signed in.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_SSL_REDIRECT = _URL.startswith("https:")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_SSL_REDIRECT else 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
# A submission's files are sealed while they come; whatever else a form brings is small, and lies on no disk.
FILE_UPLOAD_HANDLERS = ["lawgate.web.taking.SmallFiles"]
SUBMISSION_LIMIT = (_SERVICE.submission_megabytes if _SERVICE else SUBMISSION_MEGABYTES) << 20  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# A fault's text might hold a person's data: only its kind and place are written.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "lawgate.web.shell.KindAndPlace"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Refused addresses are not written down: a link that begins an account is a secret.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
    },
}

"""Settings of Django, all taken from the home: its database, its time zone, its secret key."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from firsthand.errors import HomeError
from firsthand.jobs.database import database_url
from firsthand.jobs.home import open_home
from firsthand.jobs.secret import keyed
from firsthand.web.config.languages import compiled

HOME = open_home(None).folder.absolute()
"""The home that this process serves: FIRSTHAND_HOME, else the current folder. What else it says is read anew each time."""
_home = open_home(HOME)
WEB = Path(__file__).parent.parent

DEBUG = False
SECRET_KEY = os.environ.get("FIRSTHAND_SECRET_KEY") or keyed(_home)("sessions of the website")
_ADDRESSES = [name.strip() for name in os.environ.get("FIRSTHAND_HOSTS", "").split(",") if name.strip()]
PATIENCE = float(os.environ.get("FIRSTHAND_PATIENCE", "90"))
HTTPS = os.environ.get("FIRSTHAND_HTTPS", "") not in ("", "0")
ALLOWED_HOSTS = [*_ADDRESSES, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in _ADDRESSES]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "firsthand.web.accounts",
    "firsthand.web.audit",
    "firsthand.web.work",
    "firsthand.web.figures",
    "firsthand.web.data",
    "firsthand.web.organisation",
    "firsthand.web.measured",
    "firsthand.web.journeys",
    "firsthand.web.customers",
    "firsthand.web.today",
    "firsthand.web.voice",
    "firsthand.web.experience_map",
    "firsthand.web.api",
]
MIDDLEWARE = [
    "firsthand.web.config.timing.ServerTiming",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "firsthand.web.accounts.first_start.FirstStart",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "firsthand.web.accounts.rights.DenyByDefault",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firsthand.web.figures.mistakes.TellMistakes",
]
ROOT_URLCONF = "firsthand.web.config.urls"
WSGI_APPLICATION = "firsthand.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firsthand.web.accounts.context.who",
                "firsthand.web.work.outcomes.told",
            ],
            "builtins": ["django.templatetags.i18n", "firsthand.web.figures.templatetags.figures"],
        },
    }
]


def _database() -> dict[str, object]:
    url = database_url(_home)
    try:
        found = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError as wrong:
        raise HomeError(f"The database's address cannot be read ({wrong}); expected sqlite:///firsthand.db or postgres://…") from wrong  # fmt: skip
    if url.startswith("sqlite:"):
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
        }
    return found


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "firsthand.web.accounts.adapter.ClosedDoor"
ACCOUNT_FORMS = {
    "login": "firsthand.web.accounts.forms.Login",
    "change_password": "firsthand.web.accounts.forms.ChangePassword",
    "reauthenticate": "firsthand.web.accounts.forms.Reauthenticate",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
"""Whose address the proxy in front tells is the visitor's: else all share one limit of failed logins."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Firsthand"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [compiled(WEB / "locale", HOME)]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _home.settings.timezone
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
EMAIL_BACKEND = os.environ.get("FIRSTHAND_MAIL", "django.core.mail.backends.console.EmailBackend")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "firsthand.web.config.logs.JsonLines"}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "level": "WARNING" if sys.stderr.isatty() else "INFO",
        }
    },
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

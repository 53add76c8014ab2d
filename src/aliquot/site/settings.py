"""How the site is put together. What differs between instances comes from `environment.py` and the instance."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from aliquot import fault
from aliquot.files import Limits
from aliquot.site import database, environment, filestore, instance, logs, mail

ENVIRONMENT = environment.read(os.environ)
HOME = ENVIRONMENT.home
fault.refuse_if(instance.faults(HOME))

SITE = Path(__file__).parent

# --- The app -----------------------------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = instance.read_secret(HOME)
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "aliquot.site.urls"
WSGI_APPLICATION = "aliquot.site.wsgi.application"

INSTALLED_APPS = [
    "aliquot.site",  # first: its templates are found before those of the parts below
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    # Outermost, so that every answer has its number, its log line and its headers, errors and files included.
    "aliquot.site.middleware.number_and_log",
    "csp.middleware.CSPMiddleware",
    "aliquot.site.middleware.add_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Innermost, so that what it says has a language and a reader.
    "aliquot.site.middleware.refuse_nul",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "aliquot.site.context.everywhere",
            ],
        },
    },
]

# --- Data --------------------------------------------------------------------------------------------------

DATABASES = {"default": database.settings(ENVIRONMENT.database, file=instance.database(HOME))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files, because all workers on the machine must count sign-in attempts together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": instance.cache(HOME),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# A request may have a hundred lines with nine fields each, and a team.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500

# Photographs and documents. What is sent is cut off in `uploads` before it fills the disk.
# What the process that reads articles may take for one file (articles.py).
READING_SECONDS_MOST = 20
READING_BYTES_MOST = 2**30

FILES = Limits(size_bytes=ENVIRONMENT.file_mb * 2**20)
FILE_UPLOAD_HANDLERS = [
    "aliquot.site.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Languages and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = instance.static(HOME)
GATHERED = (STATIC_ROOT / "staticfiles.json").is_file()
STORAGES = {
    "default": filestore.settings(ENVIRONMENT.files, folder=instance.files(HOME)),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# Before `serve` has gathered the files they are served from the package: tests and development need no step.
WHITENOISE_USE_FINDERS = not GATHERED
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Security ----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A browser also holds the redirect after a form to this: signing in elsewhere begins with a form.
        "form-action": [SELF, *([ENVIRONMENT.openid.server] if ENVIRONMENT.openid else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
CSRF_FAILURE_VIEW = "aliquot.site.web.errors.not_ours"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked for on the machine itself, without TLS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENVIRONMENT.https else 0
# Whether other names under the same domain are served by HTTPS is not for one site among them to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- People ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "aliquot.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("account")
LOGOUT_REDIRECT_URL = reverse_lazy("account_login")

ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
ACCOUNT_ADAPTER = "aliquot.site.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # the link by which people are invited has proved their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENVIRONMENT.https else "http"

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Aliquot"

if ENVIRONMENT.openid:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "openid",
                    "name": ENVIRONMENT.openid.name,
                    "client_id": ENVIRONMENT.openid.client,
                    "secret": ENVIRONMENT.openid.secret,
                    "settings": {"server_url": ENVIRONMENT.openid.server},
                }
            ],
        }
    }

# --- Letters and logs --------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
SITE_URL = ENVIRONMENT.url
# Whoever tries the demonstration out sees its letters where they started it.
MAIL = ENVIRONMENT.mail or (mail.Console() if instance.is_demonstration(HOME) else None)
globals().update(mail.settings(MAIL, folder=instance.mail(HOME)))
LOGGING_CONFIG = None
logs.configure(ENVIRONMENT.log)

PRODUCT = _("Aliquot")

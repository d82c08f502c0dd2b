"""The settings that both sites share; each site's own `settings` star-imports these and adds what is its own.

Everything that differs between installations comes from the environment, with a prefix so that two sites can live in
one: `PUNKTLIG_AGENCY_SECRET_KEY`. docs/deployment.md lists them all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from punktlig.tenancy.real_use import is_plain, is_real

DEMO = os.environ.get("PUNKTLIG_DEMO") == "1"
DEBUG = False
PACKAGE = Path(__file__).parents[1]


def of_environment(site: str, name: str, default: str = "") -> str:
    """Return the environment's value for the site, as in `PUNKTLIG_AGENCY_SECRET_KEY`."""
    return os.environ.get(f"PUNKTLIG_{site.upper()}_{name}", default)


def database(site: str) -> dict[str, Any]:
    """Return the connection: a server by URL, else our own server's socket folder.

    The role is the application's unless PUNKTLIG_ROLE says `owner`, which only migrations do.
    """
    role = os.environ.get("PUNKTLIG_ROLE", "app")
    connection: dict[str, Any] = {
        "ENGINE": "punktlig.tenancy.database",
        "NAME": site,
        "USER": f"{site}_{role}",
        "HOST": os.environ.get("PUNKTLIG_SOCKETS", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 10},
        # Tests never let Django make a database: it would do so as the application, which would then own the tables.
        "TEST": {"MIRROR": None},
    }
    url = of_environment(site, "DATABASE_URL")
    if url:
        # libpq's own reading of the address, so that `?sslmode=verify-full` and the rest mean what they always mean.
        told = conninfo_to_dict(url)
        owner = {"user": f"{site}_owner", "password": of_environment(site, "OWNER_PASSWORD")} if role == "owner" else {}
        told |= owner
        connection |= {
            "NAME": told.pop("dbname", site),
            "USER": told.pop("user", connection["USER"]),
            "PASSWORD": told.pop("password", ""),
            "HOST": told.pop("host", ""),
            "PORT": str(told.pop("port", "")),
            "OPTIONS": connection["OPTIONS"] | told,
        }
    return {"default": connection}


def secret_key(site: str) -> str:
    """Return the site's secret; only the demo and the tests may go without one."""
    given = of_environment(site, "SECRET_KEY")
    if given:
        return given
    if not is_real():
        return f"not-secret-for-the-demo-and-tests-of-{site}"
    raise RuntimeError(
        f"PUNKTLIG_{site.upper()}_SECRET_KEY is not set; make one with: python -c "
        "'import secrets; print(secrets.token_urlsafe(50))'"
    )


def smtp(site: str) -> dict[str, Any]:
    """Return the server that takes the site's e-mail, from the environment."""
    return {
        "host": of_environment(site, "SMTP_HOST", "localhost"),
        "port": int(of_environment(site, "SMTP_PORT", "25")),
        "user": of_environment(site, "SMTP_USER"),
        "password": of_environment(site, "SMTP_PASSWORD"),
        "starttls": of_environment(site, "SMTP_TLS") == "1",
    }


def mailers(site: str) -> dict[str, Any]:
    """Return where e-mail about accounts goes, such as a link to a new password: a server, or for the demo a folder."""
    folder = of_environment(site, "MAIL_FOLDER")
    if folder:
        return {"default": {"BACKEND": "punktlig.tenancy.mail_folder.EmailBackend", "OPTIONS": {"file_path": folder}}}
    if DEMO:
        return {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    server = smtp(site)
    options = {
        "host": server["host"],
        "port": server["port"],
        "username": server["user"],
        "password": server["password"],
        "use_tls": server["starttls"],
        "timeout": 10,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def host_of(url: str) -> str:
    """Return the host name of an address."""
    return urlsplit(url).hostname or ""


def speaks_tls(site: str) -> bool:
    """Say whether people reach the site by https: always, but for the demo and a site on its own machine."""
    return not DEMO and not is_plain(of_environment(site, "URL"))


def apps_of(site: str) -> list[str]:
    """Return the applications of the site, its own records last."""
    return [
        "punktlig.tenancy",
        "punktlig.ui",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.humanize",
        "django.forms",
        "whitenoise.runserver_nostatic",
        "django.contrib.staticfiles",
        "django_htmx",
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "procrastinate.contrib.django",
        f"punktlig.{site}.records",
    ]


MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "punktlig.ui.middleware.NotKeptMiddleware",  # before the calls of machines, which are answered there
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "punktlig.ui.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "punktlig.ui.middleware.VaryOnHtmxMiddleware",
    "punktlig.ui.middleware.NotAllowedMiddleware",
    "punktlig.tenancy.middleware.TenantMiddleware",  # last: its transaction lies around the view alone
]


def templates_of(site: str) -> list[dict[str, Any]]:
    """Return the template engine: the site's own templates first, then what both sites share."""
    return [_TEMPLATES | {"DIRS": [PACKAGE / site / "templates", PACKAGE / "ui" / "templates"]}]


_TEMPLATES: dict[str, Any] = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.csp",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "punktlig.ui.context_processors.site",
        ],
        "builtins": ["punktlig.ui.templatetags.ui", "punktlig.ui.templatetags.parts"],
    },
}
FORM_RENDERER = "punktlig.ui.forms.PageRenderer"

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "punktlig.tenancy.account_at.LogInByAddress",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none" if DEMO else "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "punktlig.tenancy.accounts.InvitedOnly"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"reset_password": "punktlig.tenancy.account_forms.NewPasswordForm"}
# Of failed log-ins. An account's own limit is wide: somebody who guesses at it would else keep its owner out, and from
# one place alone nobody gets that far. Whoever guesses at a code has the password, so that limit is narrow.
ACCOUNT_RATE_LIMITS = {
    "log_in_from_one_place": "10/m/ip,50/h/ip",
    "login_failed": "100/h/key",
    "second_step": "5/5m/key,20/h/key,50/d/key",
}
MFA_FORMS = {
    "authenticate": "punktlig.tenancy.account_forms.SecondStepForm",
    "reauthenticate": "punktlig.tenancy.account_forms.SecondStepAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# How many proxies stand in front, each adding an address to X-Forwarded-For. Without it everybody behind the proxy
# would share one limit of failed log-ins, and one person's guessing would shut out all.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PUNKTLIG_PROXIES", "0"))
# Where the limits are counted, by each web process for itself. Django's own cache of 300 entries forgets some of them
# at random when there are more, which guesses at as many names would do.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Svenska")), ("en", _("English"))]
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "punktlig.ui.errors.form_expired"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 30_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000

CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_CSP = CONTENT_SECURITY_POLICY

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"clients_faults": {"()": "punktlig.tenancy.log_lines.ClientsFaultsInALine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["clients_faults"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PUNKTLIG_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []

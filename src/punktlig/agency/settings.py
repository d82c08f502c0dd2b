"""Settings of the agency site."""

from __future__ import annotations

from punktlig.formats.agency_file import brand_in
from punktlig.tenancy import site_settings
from punktlig.tenancy.real_use import is_real
from punktlig.tenancy.site_settings import *  # noqa: F403 - a site's settings are the shared ones and its own

SITE = "agency"
# Who the agency is: a TOML file with the fields of core.agency.Agency. Without one it is the demo's invented agency,
# and for real use the site does not start (tenancy.real_use).
AGENCY_FILE = site_settings.of_environment(SITE, "FILE")
SITE_NAME = site_settings.of_environment(SITE, "NAME") or brand_in(AGENCY_FILE)
SECRET_KEY = site_settings.secret_key(SITE)
DATABASES = site_settings.database(SITE)
INSTALLED_APPS = [*site_settings.apps_of(SITE), "ninja"]
MIDDLEWARE = list(site_settings.MIDDLEWARE)
MIDDLEWARE.insert(
    MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
    "punktlig.agency.api.machine_calls.MachineCallsMiddleware",
)
TEMPLATES = site_settings.templates_of(SITE)
STATICFILES_DIRS = [site_settings.PACKAGE / SITE / "static"]
ROOT_URLCONF = "punktlig.agency.urls"
WSGI_APPLICATION = "punktlig.agency.wsgi.application"
PUNKTLIG_URL = site_settings.of_environment(SITE, "URL", "http://localhost:8001")
ALLOWED_HOSTS = site_settings.of_environment(SITE, "HOSTS", site_settings.host_of(PUNKTLIG_URL)).split(",")
CSRF_TRUSTED_ORIGINS = [PUNKTLIG_URL]
SESSION_COOKIE_NAME = "agency_session"
CSRF_COOKIE_NAME = "agency_csrf"
LANGUAGE_COOKIE_NAME = "agency_language"
# Plain http, and a passkey without https, only on the machine itself.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = site_settings.speaks_tls(SITE)
SECURE_HSTS_SECONDS = site_settings.HSTS_SECONDS if SESSION_COOKIE_SECURE else 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SESSION_COOKIE_SECURE

PUNKTLIG_APP_ROLE = "agency_app"
PUNKTLIG_DESK_ROLE = "agency_desk"
PUNKTLIG_MEMBER_MODEL = "agency.Member"
PUNKTLIG_TENANT_MODEL = "agency.Creditor"

# Letters by e-mail: `smtp`, a server; `none`, then they go on paper; the demo's `caught`, kept and shown at the desk.
EMAIL_GATEWAY = site_settings.of_environment(SITE, "EMAIL_GATEWAY", "none" if is_real() else "caught")
SMTP = site_settings.smtp(SITE)
MAILERS = site_settings.mailers(SITE)
DEFAULT_FROM_EMAIL = site_settings.of_environment(SITE, "FROM_EMAIL", "punktlig@localhost")

EMAIL_FROM = site_settings.of_environment(SITE, "EMAIL_FROM")

# The hour in Sweden from which a day's round runs. At midnight nobody has told yet what was paid the day before. The
# demo waits for nothing.
ROUND_BEGINS_HOUR = int(site_settings.of_environment(SITE, "ROUND_BEGINS_HOUR", "0" if site_settings.DEMO else "6"))

# Where the printer fetches batches of letters; without it they are fetched at the desk.
PRINT_FOLDER = site_settings.of_environment(SITE, "PRINT_FOLDER")

# How often a platform may call the API, in each web process; unused calls add up to the burst.
API_CALLS_A_SECOND = float(site_settings.of_environment(SITE, "API_CALLS_A_SECOND", "1000"))
API_CALLS_BURST = float(site_settings.of_environment(SITE, "API_CALLS_BURST", "2000"))

# Hosts that webhooks may go to although they lie in a private network, parted by commas; the demo's own is one.
WEBHOOK_PRIVATE_HOSTS = frozenset(
    filter(None, site_settings.of_environment(SITE, "WEBHOOK_PRIVATE_HOSTS").lower().split(","))
)

PROCRASTINATE_IMPORT_PATHS = ["punktlig.agency.jobs.schedule"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

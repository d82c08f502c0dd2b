"""Settings of the receivables site."""

from __future__ import annotations

from django.utils.csp import CSP

from punktlig.tenancy import site_settings
from punktlig.tenancy.site_settings import *  # noqa: F403 - a site's settings are the shared ones and its own

SITE = "receivables"
SITE_NAME = "Punktlig"
SECRET_KEY = site_settings.secret_key(SITE)
DATABASES = site_settings.database(SITE)
INSTALLED_APPS = site_settings.apps_of(SITE)
TEMPLATES = site_settings.templates_of(SITE)
STATICFILES_DIRS = [site_settings.PACKAGE / SITE / "static"]
ROOT_URLCONF = "punktlig.receivables.urls"
WSGI_APPLICATION = "punktlig.receivables.wsgi.application"
PUNKTLIG_URL = site_settings.of_environment(SITE, "URL", "http://localhost:8000")
ALLOWED_HOSTS = site_settings.of_environment(SITE, "HOSTS", site_settings.host_of(PUNKTLIG_URL)).split(",")
CSRF_TRUSTED_ORIGINS = [PUNKTLIG_URL]
SESSION_COOKIE_NAME = "receivables_session"
CSRF_COOKIE_NAME = "receivables_csrf"
LANGUAGE_COOKIE_NAME = "receivables_language"
# Plain http, and a passkey without https, only on the machine itself.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = site_settings.speaks_tls(SITE)
SECURE_HSTS_SECONDS = site_settings.HSTS_SECONDS if SESSION_COOKIE_SECURE else 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SESSION_COOKIE_SECURE

PUNKTLIG_APP_ROLE = "receivables_app"
PUNKTLIG_DESK_ROLE = "receivables_desk"
PUNKTLIG_MEMBER_MODEL = "receivables.Member"
PUNKTLIG_TENANT_MODEL = "receivables.Company"

# The agency this installation is a platform of. The key and the secret come from the agency, shown once.
AGENCY_URL = site_settings.of_environment(SITE, "AGENCY_URL", "http://localhost:8001")
AGENCY_NAME = site_settings.of_environment(SITE, "AGENCY_NAME", "Ekviken Ombud")
AGENCY_API_KEY = site_settings.of_environment(SITE, "AGENCY_API_KEY")
AGENCY_WEBHOOK_SECRET = site_settings.of_environment(SITE, "AGENCY_WEBHOOK_SECRET")

# The claim opens at the agency in the same log-in once a form here may lead there.
SECURE_CSP = site_settings.CONTENT_SECURITY_POLICY | {"form-action": [CSP.SELF, AGENCY_URL]}

# Of files that are read in at once: those in one form and those in a ZIP file alike, see `actions.imports.MOST_FILES`.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_500

MAILERS = site_settings.mailers(SITE)
DEFAULT_FROM_EMAIL = site_settings.of_environment(SITE, "FROM_EMAIL", "punktlig@localhost")

PROCRASTINATE_IMPORT_PATHS = ["punktlig.receivables.jobs.schedule"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

"""Settings for the type checker only: every model of both sites at once. No program runs with these."""

from __future__ import annotations

import os

os.environ.setdefault("PUNKTLIG_TESTS", "1")

from punktlig.agency import settings as agency
from punktlig.agency.settings import *  # noqa: F403
from punktlig.receivables import settings as receivables
from punktlig.receivables.settings import *  # noqa: F403 - the checker needs every setting of a site

ROOT_URLCONF = "punktlig.receivables.urls"
INSTALLED_APPS = [
    *receivables.INSTALLED_APPS,
    *(app for app in agency.INSTALLED_APPS if app not in receivables.INSTALLED_APPS),
]

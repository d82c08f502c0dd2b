"""The WSGI application of the agency site."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "punktlig.agency.settings"

application = get_wsgi_application()

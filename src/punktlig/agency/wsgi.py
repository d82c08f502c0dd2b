"""The WSGI application of the agency site."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from punktlig.tenancy.orphans import end_with_parent

os.environ["DJANGO_SETTINGS_MODULE"] = "punktlig.agency.settings"

end_with_parent()
application = get_wsgi_application()

"""The WSGI application of the agency site."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from punktlig.core.refusal import Refusal
from punktlig.tenancy.orphans import end_with_parent
from punktlig.tenancy.real_use import refuse_demo_defaults
from punktlig.ui.refusals import explain_refusal

os.environ["DJANGO_SETTINGS_MODULE"] = "punktlig.agency.settings"

try:
    refuse_demo_defaults("agency")
except Refusal as refusal:
    told = explain_refusal(refusal, "en")
    sys.exit(f"punktlig: {refusal.code}: {told.what} {told.todo}")

end_with_parent()
application = get_wsgi_application()

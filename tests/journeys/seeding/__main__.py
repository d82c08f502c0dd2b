"""A process of one site that does as it is told on its standard input: `python -m tests.journeys.seeding SITE`.

Each line is `[verb, {argument: value}]`; each answer is `{"told": …}` or `{"problem": …}` on a line. The journeys make
their companies and invoices this way, through the site's own actions, while they themselves know no Django.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module

import django
from django.db import connections

site = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = f"punktlig.{site}.settings"
django.setup()
verbs = import_module(f"tests.journeys.seeding.{site}")
for line in sys.stdin:
    verb, arguments = json.loads(line)
    try:
        answer = {"told": getattr(verbs, verb)(**arguments)}
    except Exception:  # noqa: BLE001 - whatever it was, the journey that asked shall hear of it
        answer = {"problem": traceback.format_exc()}
    connections.close_all()  # the database may be killed and started again before the next
    print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers

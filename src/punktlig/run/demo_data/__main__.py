"""Fills the demo, as one process of a site: `python -m punktlig.run.demo_data SITE`.

Each line on standard input is one thing to do, a JSON list of words; when it is done a line says so on standard output.
A process of a site takes a second to start, and there are many things to do.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django

(site,) = sys.argv[1:]
os.environ["DJANGO_SETTINGS_MODULE"] = f"punktlig.{site}.settings"
django.setup()
part = import_module(f"punktlig.run.demo_data.{site}")
for line in sys.stdin:
    part.main(json.loads(line))
    sys.stdout.write("done\n")
    sys.stdout.flush()

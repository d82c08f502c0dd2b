"""Does one part of filling the demo, in a process of the site: `python -m punktlig.run.demo_data SITE WORDS…`."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

site, *words = sys.argv[1:]
os.environ["DJANGO_SETTINGS_MODULE"] = f"punktlig.{site}.settings"
django.setup()
import_module(f"punktlig.run.demo_data.{site}").main(words)

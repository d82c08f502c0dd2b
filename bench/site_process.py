"""A process of one site that does what a benchmark asks: `python -m bench.site_process SITE`.

Each line on standard input is a call, a JSON list: the name of a function of `bench.on_receivables` or
`bench.on_agency`, and its arguments. Its answer is a line on standard output: what the function returned, the seconds
it took and those of the processor, without what came and went through the pipe.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from time import perf_counter, process_time

import django

(site,) = sys.argv[1:]
os.environ["DJANGO_SETTINGS_MODULE"] = f"punktlig.{site}.settings"
django.setup()
part = import_module(f"bench.on_{site}")
for line in sys.stdin:
    name, *arguments = json.loads(line)
    started, processor_started = perf_counter(), process_time()
    returned = getattr(part, name)(*arguments)
    answer = {
        "returned": returned,
        "seconds": perf_counter() - started,
        "processor_seconds": process_time() - processor_started,
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()

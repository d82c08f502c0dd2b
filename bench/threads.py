"""Threads of one worker: what a site's process does of two things at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE = 0.05


def do_beside[Result](work: Callable[[], Result], meanwhile: Callable[[], object]) -> Result:
    """Do the work in a thread with a connection of its own, and the other thing again and again until it is done."""

    def apart() -> Result:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        working = beside.submit(apart)
        while wait([working], _PAUSE).not_done:
            meanwhile()
        return working.result()

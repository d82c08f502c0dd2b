"""A web process does not outlive the server that started it.

The server shares its port among processes. One that is left behind when its server is killed goes on listening, and the
next server would then share the port with it: half of the visitors would reach the old program.
"""

from __future__ import annotations

import os
import signal
import threading
import time

_SECONDS = 1.0


def end_with_parent() -> None:
    """Watch the parent from a thread, and end this process when it has another one than now."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True, name="orphan-watch").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)

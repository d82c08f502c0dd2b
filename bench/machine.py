"""The machine a run was made on, without its name or anybody's paths, and how much else it did meanwhile."""

from __future__ import annotations

import os
import platform
import re
import sys
import sysconfig
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import psutil

_GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the numbers depend on. `cores` are those this program may use."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    typst: str


def this_machine() -> Machine:
    """Return the machine this program runs on."""
    return Machine(
        processor=_processor(),
        cores=usable_cores(),
        memory_gib=psutil.virtual_memory().total / _GIB,
        system=f"{_system()} ({platform.machine()})",
        python=_python(),
        typst=version("typst"),
    )


def usable_cores() -> int:
    """Return the number of cores this program may run on, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(encoding="utf-8"), re.MULTILINE)
        if model:
            return model[1].strip()
    return platform.processor() or platform.machine()


def _python() -> str:
    # Without the optimisation that packaged builds have, CPython's own code takes about a third longer.
    name = f"{platform.python_implementation()} {platform.python_version()}"
    configured = sysconfig.get_config_var("CONFIG_ARGS")
    if not configured:
        return name
    how = "with" if "--enable-optimizations" in configured else "without"
    return f"{name}, built {how} profile-guided optimisation"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"


class OthersWatch:
    """Counts, from its making on, what other programs took of the machine's processor time.

    On a shared machine that is the first thing to know about a number.
    """

    def __init__(self) -> None:
        self._started = monotonic()
        self._busy = _busy_seconds()
        self._own = _own_seconds()

    def share(self) -> float:
        """Return the part of the machine's processor time, 0 to 1, that was spent by others since."""
        elapsed = (monotonic() - self._started) * (psutil.cpu_count() or 1)
        others = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        return min(max(others / elapsed, 0.0), 1.0) if elapsed else 0.0


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    # Time stolen by the host of a virtual machine is also time that was not ours.
    return (
        times.user + times.nice + times.system + sum(getattr(times, kind, 0.0) for kind in ("irq", "softirq", "steal"))
    )


def _own_seconds() -> float:
    # Children count when they have ended, which all of a benchmark's have by the time it is asked.
    times = psutil.Process().cpu_times()
    return times.user + times.system + times.children_user + times.children_system

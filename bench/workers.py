"""Work done over and over in processes of its own, timed in chunks and watched for its memory.

Each process starts empty, so that its memory is that of the work and not of what else was measured before.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Protocol, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.synchronize import Barrier

_SECONDS_TO_START = 120
_SECONDS_BETWEEN_LOOKS = 0.1


class Work[Item](Protocol):
    """Something that can be done to the things numbered 0, 1, 2 … in a process that keeps what it needs."""

    def prepare(self, number: int) -> Item:
        """Return what is given, and not measured."""

    def do(self, item: Item) -> int:
        """Do what is measured, and return the number of bytes it made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some things done by one process: how long it took, how many bytes they became, and its memory afterwards.

    `processor_seconds` is what the process used of the processor; what other programs took meanwhile is not in it.
    """

    pid: int
    size: int
    seconds: float
    processor_seconds: float
    bytes_made: int
    resident_bytes: int


class Workers[Item]:
    """Processes that do the same work; `make` is called once in each and must be a function of a module.

    With `pinned` all of them stay on one core, so that threads of the work's own do not borrow another.
    """

    def __init__(self, make: Callable[[], Work[Item]], *, processes: int = 1, pinned: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._make = make
        self._processes = processes
        self._pool = ProcessPoolExecutor(
            processes, mp_context=context, initializer=_start, initargs=(context.Barrier(processes), pinned)
        )
        self.seconds_to_first: tuple[float, ...] = ()
        self.pids: frozenset[int] = frozenset()

    def __enter__(self) -> Self:
        """Start the processes and let each do the work once."""
        first = [self._pool.submit(_first, self._make) for _ in range(self._processes)]
        chunks = [future.result() for future in first]
        self.seconds_to_first = tuple(chunk.seconds for chunk in chunks)
        self.pids = frozenset(chunk.pid for chunk in chunks)
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for the processes to end."""
        self._pool.shutdown(cancel_futures=True)

    def chunk(self, start: int, size: int) -> Chunk:
        """Do the things numbered from `start` in one process, and wait for them."""
        return self._pool.submit(_chunk, self._make, start, size).result()

    def chunks(self, starts: Iterable[int], size: int) -> list[Chunk]:
        """Do chunks of so many things, spread over all processes, and wait for them."""
        futures = [self._pool.submit(_chunk, self._make, start, size) for start in starts]
        return [future.result() for future in futures]


def _start(meeting: Barrier, pinned: bool) -> None:
    if pinned and sys.platform == "linux":
        process = psutil.Process()
        process.cpu_affinity(process.cpu_affinity()[:1])
    # All start before any begins; otherwise the first would do the work of the last.
    meeting.wait(_SECONDS_TO_START)


@cache
def _made[Item](make: Callable[[], Work[Item]]) -> Work[Item]:
    return make()


def _first[Item](make: Callable[[], Work[Item]]) -> Chunk:
    return _timed(lambda: (work := _made(make)).do(work.prepare(0)), 1)


def _chunk[Item](make: Callable[[], Work[Item]], start: int, size: int) -> Chunk:
    work = _made(make)
    items = [work.prepare(number) for number in range(start, start + size)]
    return _timed(lambda: sum(work.do(item) for item in items), size)


def _timed(do: Callable[[], int], size: int) -> Chunk:
    started, processor_started = perf_counter(), process_time()
    bytes_made = do()
    seconds, processor_seconds = perf_counter() - started, process_time() - processor_started
    own = psutil.Process()
    return Chunk(
        pid=own.pid,
        size=size,
        seconds=seconds,
        processor_seconds=processor_seconds,
        bytes_made=bytes_made,
        resident_bytes=own.memory_info().rss,
    )


class MemoryWatch:
    """Looks ten times a second at the resident memory of processes, each with the children it has.

    `peak_bytes` is the most that one of them held, `peak_together` the most that all held at one moment. Pages that
    processes share are counted in each.
    """

    def __init__(self, pids: Iterable[int]) -> None:
        self._watched = [psutil.Process(pid) for pid in pids]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_until_over, name="memory-watch", daemon=True)
        self._peaks: Counter[int] = Counter()
        self.peak_together = 0

    @property
    def peak_bytes(self) -> int:
        """The most that one process held, its children included."""
        return max(self._peaks.values(), default=0)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look for the last time."""
        self._over.set()
        self._thread.join()
        self._look()

    def _look_until_over(self) -> None:
        while not self._over.wait(_SECONDS_BETWEEN_LOOKS):
            self._look()

    def _look(self) -> None:
        held = {process.pid: _held(process) for process in self._watched}
        for pid, size in held.items():
            self._peaks[pid] = max(self._peaks[pid], size)
        self.peak_together = max(self.peak_together, sum(held.values()))


def _held(process: psutil.Process) -> int:
    try:
        return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0

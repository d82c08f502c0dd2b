"""How a speed is taken: the work and its floor in turn, round after round."""

from __future__ import annotations

import gc
from time import perf_counter
from typing import TYPE_CHECKING

from bench.results import Figure

if TYPE_CHECKING:
    from collections.abc import Callable


class FloorDiffers(AssertionError):
    """The floor gave another answer than the work, so the two cannot be compared."""


def speed(
    name: str,
    unit: str,
    work: Callable[[], int],
    floor: Callable[[], int],
    *,
    size: int,
    rounds: int,
    clock: Callable[[], float] = perf_counter,
) -> Figure:
    """Return how many of `size` things a second the work and the floor do, each once a round and in turn.

    Both return what they computed, which must agree: a floor that skips part of the work is no floor.

    Raises:
        FloorDiffers: they do not agree.
    """
    expected = work()  # the first time also fills caches, as in a program that has been running for a while
    if floor() != expected:
        raise FloorDiffers(f"{name}: the work gave {expected}, its floor {floor()}")
    pairs = [(size / _seconds(work, clock), size / _seconds(floor, clock)) for _ in range(rounds)]
    values, floor_values = zip(*pairs, strict=True)
    return Figure(name=name, unit=unit, values=values, floor_values=floor_values)


def _seconds(run: Callable[[], int], clock: Callable[[], float]) -> float:
    # The collector stays on, as in production; only the debris of the round before is not charged to this one.
    gc.collect()
    started = clock()
    run()
    return clock() - started

"""How often a platform may call: an allowance that fills up evenly, counted by each web process for itself."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID


class Allowances:
    """So many calls a second for each platform, of which unused ones add up to `burst`."""

    def __init__(self, a_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._burst = burst
        self._clock = clock
        self._left: dict[UUID, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, platform: UUID) -> int:
        """Take one call and return 0, or return in how many whole seconds there is one again."""
        with self._lock:
            moment = self._clock()
            left, since = self._left.get(platform, (self._burst, moment))
            left = min(self._burst, left + (moment - since) * self._a_second)
            taken = left >= 1
            self._left[platform] = (left - 1 if taken else left, moment)
            return 0 if taken else math.ceil((1 - left) / self._a_second)

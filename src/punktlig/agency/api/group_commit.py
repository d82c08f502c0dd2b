"""What several callers ask for in the same moment, done in one transaction: each waits for it, and is told its own.

Most of the cost of storing one claim is the transaction's own: its messages, its commit, its wait for the disk. While
a transaction runs, whoever comes waits for it anyway in the end, at the disk; so they gather, and the next takes all of
them. A caller that comes alone is done at once, alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence


class GroupCommit[Key: Hashable, Item, Result]:
    """Does `work` for a key with items of several threads at once.

    `work` is handed the key and from 1 to `most` items, does all of them or none, and returns the result of each in
    their order. While one transaction of a key runs, up to `at_once` in all, the next begins as soon as `enough` wait:
    so one computes while another waits for the database, and where few ask they still share.
    """

    def __init__(
        self,
        work: Callable[[Key, Sequence[Item]], Sequence[Result]],
        *,
        most: int,
        at_once: int = 1,
        enough: int = 1,
    ) -> None:
        self._work = work
        self._most = most
        self._at_once = at_once
        self._enough = enough
        self._gatherings: WeakValueDictionary[Key, _Gathering[Item, Result]] = WeakValueDictionary()
        self._guard = Lock()

    def do(self, key: Key, item: Item) -> Result:
        """Return the item's result once it is stored.

        Raises what `work` raises for this item alone: a group that fails is done anew one by one, so that nobody fails
        for another's fault.
        """
        mine: _Asked[Item, Result] = _Asked(item)
        with self._guard:
            gathering = self._gatherings.get(key)
            if gathering is None:
                gathering = self._gatherings[key] = _Gathering()
            gathering.waiting.append(mine)
            self._call_up(gathering)
        mine.called.wait()
        if mine.leads:
            self._lead(key, gathering, mine.leads)
        if not mine.results:
            mine.results.extend(self._work(key, [item]))
        return mine.results[0]

    def _call_up(self, gathering: _Gathering[Item, Result]) -> None:
        """Let groups begin, each led by the caller who has waited longest; behind the guard."""
        while gathering.waiting and (
            not gathering.running or (gathering.running < self._at_once and len(gathering.waiting) >= self._enough)
        ):
            group = gathering.waiting[: self._most]
            del gathering.waiting[: self._most]
            gathering.running += 1
            group[0].leads = group
            group[0].called.set()

    def _lead(self, key: Key, gathering: _Gathering[Item, Result], group: Sequence[_Asked[Item, Result]]) -> None:
        """Do the group; of one that failed, each is left without a result and meets its own error alone."""
        try:
            results = self._work(key, [one.item for one in group])
            for one, result in zip(group, results, strict=True):
                one.results.append(result)
        except Exception:
            if len(group) == 1:
                raise
        finally:
            with self._guard:
                gathering.running -= 1
                self._call_up(gathering)
            for one in group:
                one.called.set()


@dataclass(slots=True, eq=False)
class _Asked[Item, Result]:
    """What one caller asked for.

    `called` is set when the caller is to do the group it `leads`, or when its group is done: `results` has one, or it
    is to be done alone.
    """

    item: Item
    results: list[Result] = field(default_factory=list)
    leads: Sequence[_Asked[Item, Result]] = ()
    called: Event = field(default_factory=Event)


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Gathering[Item, Result]:
    """Those who have asked for a key and are in no group yet, and how many groups are being done."""

    waiting: list[_Asked[Item, Result]] = field(default_factory=list)
    running: int = 0

"""What several callers ask for in the same moment, done in one transaction: each waits for it, and is told its own.

Most of the cost of storing one claim is the transaction's own: its messages, its commit, its wait for the disk. While
one transaction runs, whoever comes waits for it anyway in the end, at the disk; so they gather, and the next takes all
of them. A caller that comes alone is done at once, alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence


class GroupCommit[Key: Hashable, Item, Result]:
    """Does `work` for a key with items of several threads at once, one transaction at a time for a key in this process.

    `work` is handed the key and from 1 to `most` items, does all of them or none, and returns the result of each in
    their order.
    """

    def __init__(self, work: Callable[[Key, Sequence[Item]], Sequence[Result]], *, most: int) -> None:
        self._work = work
        self._most = most
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
            gathering.asked.append(mine)
        try:
            with gathering.turn:
                # Somebody whose turn came before may have done it.
                if not mine.results:
                    self._do_all(key, gathering, mine)
        finally:
            with self._guard:
                gathering.asked.remove(mine)
        return mine.results[0]

    def _do_all(self, key: Key, gathering: _Gathering[Item, Result], mine: _Asked[Item, Result]) -> None:
        """Do what waits, `mine` first."""
        if not mine.alone:
            with self._guard:
                others = [one for one in gathering.asked if not (one is mine or one.results or one.alone)]
            group = [mine, *others[: self._most - 1]]
            if len(group) > 1:
                try:
                    self._store(key, group)
                except Exception:  # noqa: BLE001 - whoever it belongs to meets it alone, below or at the own turn
                    for one in group:
                        one.alone = True
                else:
                    return
        self._store(key, [mine])

    def _store(self, key: Key, asked: Sequence[_Asked[Item, Result]]) -> None:
        results = self._work(key, [one.item for one in asked])
        for one, result in zip(asked, results, strict=True):
            one.results.append(result)


@dataclass(slots=True, eq=False)
class _Asked[Item, Result]:
    """What one caller asked for; `results` has one when it is stored; `alone` when it failed among others."""

    item: Item
    results: list[Result] = field(default_factory=list)
    alone: bool = False


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Gathering[Item, Result]:
    """Those who have asked for a key and were not answered yet; whoever holds `turn` runs a transaction."""

    asked: list[_Asked[Item, Result]] = field(default_factory=list)
    turn: Lock = field(default_factory=Lock)

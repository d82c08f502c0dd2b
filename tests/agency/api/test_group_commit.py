"""Callers of the same moment share a transaction, and nobody fails for another."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.api.group_commit import GroupCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Work:
    """Work that can be held up, and that remembers the groups it was handed."""

    def __init__(self, fails: Callable[[Sequence[int]], BaseException | None] = lambda _: None) -> None:
        self.groups: list[tuple[str, list[int]]] = []
        self.running: Counter[str] = Counter()
        self.most_running: Counter[str] = Counter()
        self.entered = threading.Event()
        self.go_on = threading.Event()
        self._fails = fails
        self._lock = threading.Lock()

    def __call__(self, key: str, items: Sequence[int]) -> list[int]:
        with self._lock:
            self.groups.append((key, list(items)))
            self.running[key] += 1
            self.most_running[key] = max(self.most_running[key], self.running[key])
        self.entered.set()
        try:
            assert self.go_on.wait(10)
            problem = self._fails(items)
            if problem is not None:
                raise problem
            return [10 * item for item in items]
        finally:
            with self._lock:
                self.running[key] -= 1


class Callers:
    """Threads that ask, and what each was told: the result or the error."""

    def __init__(self, together: GroupCommit[str, int, int]) -> None:
        self._together = together
        self._threads: list[threading.Thread] = []
        self.told: dict[int, int | BaseException] = {}

    def ask(self, item: int, key: str = "a") -> None:
        def run() -> None:
            try:
                self.told[item] = self._together.do(key, item)
            except BaseException as problem:  # noqa: BLE001 - looked at by the test
                self.told[item] = problem

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()

    def wait_until_waiting(self, count: int, key: str = "a") -> None:
        """Wait until so many have asked and are in no group yet."""
        for _ in range(1_000):
            gathering = self._together._gatherings.get(key)
            if gathering is not None and len(gathering.waiting) == count:
                return
            threading.Event().wait(0.01)
        raise AssertionError("they did not ask")

    def wait(self) -> dict[int, int | BaseException]:
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        return self.told


def _held_up(work: Work, count: int, *, most: int = 50) -> Callers:
    """Return callers 0 to `count` - 1, of whom the first is being done and the others wait."""
    callers = Callers(GroupCommit(work, most=most))
    callers.ask(0)
    assert work.entered.wait(10)
    for item in range(1, count):
        callers.ask(item)
        callers.wait_until_waiting(item)
    return callers


def _wait_for_groups(work: Work, count: int) -> None:
    for _ in range(1_000):
        if len(work.groups) == count:
            return
        threading.Event().wait(0.01)
    raise AssertionError("they were not begun")


def test_one_who_comes_alone_is_done_alone_and_at_once() -> None:
    work = Work()
    work.go_on.set()
    together = GroupCommit(work, most=50)
    assert [together.do("a", 1), together.do("a", 2), together.do("b", 3)] == [10, 20, 30]
    assert work.groups == [("a", [1]), ("a", [2]), ("b", [3])]


def test_those_who_come_meanwhile_are_done_together_and_each_is_told_its_own() -> None:
    work = Work()
    callers = _held_up(work, 6)
    work.go_on.set()
    assert callers.wait() == {item: 10 * item for item in range(6)}
    assert [sorted(items) for _, items in work.groups] == [[0], [1, 2, 3, 4, 5]]


def test_a_group_has_a_most_and_the_rest_comes_next() -> None:
    work = Work()
    callers = _held_up(work, 8, most=3)
    work.go_on.set()
    assert callers.wait() == {item: 10 * item for item in range(8)}
    assert sorted(len(items) for _, items in work.groups) == [1, 1, 3, 3]
    assert sorted(item for _, items in work.groups for item in items) == list(range(8))


def test_keys_do_not_wait_for_each_other_and_one_key_never_runs_twice_at_once() -> None:
    work = Work()
    callers = _held_up(work, 3)
    for item in range(100, 103):
        callers.ask(item, "b")
    callers.wait_until_waiting(2, "b")
    work.go_on.set()
    assert set(callers.wait()) == {0, 1, 2, 100, 101, 102}
    assert work.most_running == {"a": 1, "b": 1}


def test_another_group_begins_beside_the_first_when_enough_wait_and_no_more_than_may_at_once() -> None:
    work = Work()
    callers = Callers(GroupCommit(work, most=50, at_once=3, enough=2))
    for begun, items in enumerate(([0], [1, 2], [3, 4]), start=1):
        for item in items:
            callers.ask(item)
        _wait_for_groups(work, begun)
    assert sorted(sorted(items) for _, items in work.groups) == [[0], [1, 2], [3, 4]]
    callers.ask(5)
    callers.ask(6)
    callers.wait_until_waiting(2)
    work.go_on.set()
    assert callers.wait() == {item: 10 * item for item in range(7)}
    assert sorted(work.groups[-1][1]) == [5, 6]
    assert work.most_running == {"a": 3}


def test_one_that_waits_alone_is_done_when_what_runs_is_done() -> None:
    work = Work()
    callers = Callers(GroupCommit(work, most=50, at_once=3, enough=2))
    callers.ask(0)
    assert work.entered.wait(10)
    callers.ask(1)
    callers.wait_until_waiting(1)
    assert work.groups == [("a", [0])]
    work.go_on.set()
    assert callers.wait() == {0: 0, 1: 10}


def test_nobody_fails_for_anothers_fault() -> None:
    def fails(items: Sequence[int]) -> ValueError | None:
        return ValueError("three is wrong") if 3 in items else None

    work = Work(fails)
    callers = _held_up(work, 6)
    work.go_on.set()
    told = callers.wait()
    assert isinstance(told.pop(3), ValueError)
    assert told == {item: 10 * item for item in (0, 1, 2, 4, 5)}
    # Once together, then each alone.
    assert [len(items) for _, items in work.groups] == [1, 5, 1, 1, 1, 1, 1]


def test_one_that_came_while_a_group_failed_is_not_held_back_by_it() -> None:
    def fails(items: Sequence[int]) -> ValueError | None:
        return ValueError("one is wrong") if 1 in items else None

    work = Work(fails)
    callers = _held_up(work, 3)
    work.go_on.set()
    callers.ask(7)
    told = callers.wait()
    assert isinstance(told.pop(1), ValueError)
    assert told == {0: 0, 2: 20, 7: 70}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_thread_that_is_stopped_leaves_the_others_to_be_done(stop: type[BaseException]) -> None:
    stopped: list[int] = []

    def fails(items: Sequence[int]) -> BaseException | None:
        if len(items) > 1 and not stopped:
            stopped.append(items[0])
            return stop()
        return None

    work = Work(fails)
    callers = _held_up(work, 4)
    work.go_on.set()
    told = callers.wait()
    assert isinstance(told.pop(stopped[0]), stop)
    assert told == {item: 10 * item for item in range(4) if item != stopped[0]}


def test_nothing_is_kept_of_a_key_that_nobody_asks_for() -> None:
    work = Work()
    work.go_on.set()
    together = GroupCommit(work, most=50)
    for number in range(100):
        together.do(f"key {number}", number)
    assert not list(together._gatherings)

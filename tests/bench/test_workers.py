import pytest

from bench.workers import MemoryWatch, Workers

MEGABYTE = 1_000_000


class Echo:
    """Makes as many bytes as its number says."""

    def prepare(self, number: int) -> int:
        return number

    def do(self, item: int) -> int:
        return item


class Hoard:
    """Keeps forty megabytes each time, written to, so that they are really held."""

    def __init__(self) -> None:
        self.kept: list[bytearray] = []

    def prepare(self, number: int) -> int:
        return number % 255 + 1

    def do(self, item: int) -> int:
        self.kept.append(bytearray([item]) * (40 * MEGABYTE))
        return 0


class Fails:
    """Cannot be made."""

    def __init__(self) -> None:
        raise ValueError("no font")

    def prepare(self, number: int) -> int:
        return number

    def do(self, item: int) -> int:
        return item


def test_everything_is_done_once_over_all_processes() -> None:
    with Workers(Echo, processes=2) as workers:
        chunks = workers.chunks(range(0, 100, 10), 10)
        assert len(workers.pids) == len(workers.seconds_to_first) == 2
    assert sum(chunk.size for chunk in chunks) == 100
    assert sum(chunk.bytes_made for chunk in chunks) == sum(range(100))
    assert {chunk.pid for chunk in chunks} <= workers.pids


def test_memory_that_a_process_keeps_is_seen() -> None:
    with Workers(Hoard) as workers:
        with MemoryWatch(workers.pids) as watch:
            first, last = (workers.chunk(number, 1) for number in (1, 2))
        assert last.resident_bytes - first.resident_bytes > 35 * MEGABYTE
        assert watch.peak_together == watch.peak_bytes >= last.resident_bytes - MEGABYTE


def test_work_that_cannot_begin_is_an_error_and_not_a_wait() -> None:
    with pytest.raises(ValueError, match="no font"), Workers(Fails):
        pass

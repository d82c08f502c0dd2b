import pytest

from bench.rounds import FloorDiffers, speed


def test_work_and_floor_are_timed_in_turn() -> None:
    seconds = iter([0, 2, 10, 11, 20, 24, 30, 31])  # work 2 s, floor 1 s, work 4 s, floor 1 s
    done: list[str] = []

    def work() -> int:
        done.append("work")
        return 7

    def floor() -> int:
        done.append("floor")
        return 7

    measured = speed("x", "things/s", work, floor, size=8, rounds=2, clock=lambda: next(seconds))
    assert list(measured.values) == [4, 2]
    assert list(measured.floor_values) == [8, 8]
    assert done == ["work", "floor"] * 3  # once before, untimed


def test_a_floor_with_another_answer_is_no_floor() -> None:
    with pytest.raises(FloorDiffers, match="gave 7, its floor 6"):
        speed("x", "things/s", lambda: 7, lambda: 6, size=1, rounds=1)

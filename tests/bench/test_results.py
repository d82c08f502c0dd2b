import pytest

from bench.results import Bound, Figure, Goal, GoalNotMeasured, Result, judge


def figure(*values: float, floor: tuple[float, ...] = ()) -> Figure:
    return Figure(name="letters", unit="letters/s", values=values, floor_values=floor)


def result(measured: Figure) -> Result:
    return Result(title="Letters", figures=(measured,))


def goal(limit: float, bound: Bound = Bound.AT_LEAST, *, of_floor: bool = False) -> Goal:
    return Goal(figure="letters", bound=bound, limit=limit, of_floor=of_floor)


def test_one_good_round_does_not_meet_a_goal() -> None:
    (verdict,) = judge((goal(100),), result(figure(90, 200, 95)))
    assert verdict.value == 95
    assert not verdict.is_met


@pytest.mark.parametrize(
    ("bound", "limit", "is_met"),
    [
        (Bound.AT_LEAST, 100, True),
        (Bound.AT_LEAST, 100.5, False),
        (Bound.AT_MOST, 100, True),
        (Bound.AT_MOST, 99.5, False),
    ],
)
def test_a_goal_is_met_at_its_limit_and_on_its_own_side_of_it(bound: Bound, limit: float, is_met: bool) -> None:
    (verdict,) = judge((goal(limit, bound),), result(figure(100)))
    assert verdict.is_met is is_met


def test_the_ratio_compares_each_round_with_the_floor_of_the_same_round() -> None:
    # A slow middle round slows its floor as much; medians of both columns would compare different rounds.
    measured = figure(100, 10, 100, floor=(500, 40, 200))
    assert measured.ratio == 0.25
    assert measured.floor == 200


def test_a_ratio_goal_is_judged_by_the_ratio() -> None:
    goals = (goal(0.2, of_floor=True), goal(0.3, of_floor=True))
    verdicts = judge(goals, result(figure(100, floor=(400,))))
    assert [verdict.is_met for verdict in verdicts] == [True, False]


def test_a_goal_about_something_nobody_measured_is_an_error() -> None:
    with pytest.raises(GoalNotMeasured, match="claims"):
        judge((Goal(figure="claims", bound=Bound.AT_MOST, limit=1),), result(figure(1)))


def test_a_ratio_goal_without_a_floor_is_an_error() -> None:
    with pytest.raises(GoalNotMeasured, match="ratio"):
        judge((goal(0.2, of_floor=True),), result(figure(1)))


def test_a_figure_needs_a_round_and_its_floor_the_same_rounds() -> None:
    with pytest.raises(ValueError, match="no round"):
        figure()
    with pytest.raises(ValueError, match="2 rounds and its floor 1"):
        figure(1, 2, floor=(1,))

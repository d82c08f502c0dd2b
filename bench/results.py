"""What a benchmark found, and whether it holds its goals.

A figure is kept as the values of its rounds, beside the values of its floor in the same rounds: the floor is the least
work that could give the same answer, so the ratio says how much is lost above it, whatever the machine. A goal is
judged by the median, never by the best round.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import Protocol


class Bound(Enum):
    """On which side of its limit a goal is held."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A limit to hold for one figure, or for its ratio to the floor when `of_floor`."""

    figure: str
    bound: Bound
    limit: float
    of_floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing: the values of its rounds in `unit`, and those of its floor in the same rounds, if any."""

    name: str
    unit: str
    values: tuple[float, ...]
    floor_values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"{self.name} was measured in no round")
        if self.floor_values and len(self.floor_values) != len(self.values):
            raise ValueError(f"{self.name} has {len(self.values)} rounds and its floor {len(self.floor_values)}")

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.values)

    @property
    def floor(self) -> float | None:
        """The median of the floor's rounds."""
        return median(self.floor_values) if self.floor_values else None

    @property
    def ratio(self) -> float | None:
        """The median of value ÷ floor, round by round: what disturbs the machine for a while disturbs both."""
        if not self.floor_values:
            return None
        return median(value / floor for value, floor in zip(self.values, self.floor_values, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything one benchmark found; `notes` are sentences that say what was measured and what the floor is."""

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal, the value it was judged by, and whether it is met."""

    goal: Goal
    value: float
    is_met: bool


class Benchmark(Protocol):
    """What a module of this package offers to be run by `python -m bench`."""

    @property
    def name(self) -> str:
        """What the benchmark is called on the command line."""

    @property
    def goal(self) -> tuple[Goal, ...]:
        """What is to be held; each names a figure of the result."""

    def run(self, *, quick: bool) -> Result:
        """Measure. A quick run goes the same way with small sizes, and its values are not for publication."""


class GoalNotMeasured(LookupError):
    """A goal is about a figure, or a ratio, that the benchmark did not measure."""


def judge(goals: tuple[Goal, ...], result: Result) -> tuple[Verdict, ...]:
    """Return what became of every goal.

    Raises:
        GoalNotMeasured: a goal that nobody measured would otherwise pass for a goal that is met.
    """
    figures = {figure.name: figure for figure in result.figures}
    verdicts = []
    for goal in goals:
        figure = figures.get(goal.figure)
        value = None if figure is None else figure.ratio if goal.of_floor else figure.value
        if value is None:
            raise GoalNotMeasured(f"{result.title}: {goal.figure}{' as a ratio to its floor' if goal.of_floor else ''}")
        is_met = value >= goal.limit if goal.bound is Bound.AT_LEAST else value <= goal.limit
        verdicts.append(Verdict(goal, value, is_met))
    return tuple(verdicts)

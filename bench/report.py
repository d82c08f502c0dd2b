"""What a run found, as the page `docs/performance.md` and as lines on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.results import Goal, Result, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bench.machine import Machine
    from bench.results import Figure

_BUSY = 0.05

_HOW_TO_READ = """\
Written by `make bench` from one run; measure again rather than edit.

How to read it: a floor is the least work that could give the same answer, measured in the same run, in turn with the
work itself. *Of floor* is what the work reaches of its floor's speed, or takes of its floor's memory; it travels
between machines better than a speed does. Speeds are medians of the rounds, with the best round beside them; goals are
judged by the median. No test depends on any of these numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of some benchmarks on one machine. `others_share` is the part of its time that other programs took."""

    day: date
    machine: Machine
    others_share: float
    quick: bool
    measured: tuple[tuple[Result, tuple[Goal, ...]], ...]


def page(run: Run) -> str:
    """Return the whole page in Markdown."""
    parts = ["# Performance", _HOW_TO_READ, *_circumstances(run)]
    for result, goals in run.measured:
        parts += [f"## {result.title}", _table(result, judge(goals, result)), *result.notes]
    return "\n\n".join(parts) + "\n"


def terminal(result: Result, goals: tuple[Goal, ...]) -> str:
    """Return one line for each figure and goal."""
    verdicts = judge(goals, result)
    lines = [result.title]
    for figure in result.figures:
        lines.append(f"  {figure.name}: {_measured(figure)}{_beside_floor(figure)}")
        lines += [
            f"    goal {_limit(one.goal, figure)}: {'met' if one.is_met else 'not met'}"
            for one in verdicts
            if _is_about(one, figure)
        ]
    return "\n".join(lines)


def _circumstances(run: Run) -> Iterator[str]:
    machine = run.machine
    yield "\n".join(
        [
            "| machine | |",
            "| --- | --- |",
            f"| processor | {machine.processor}, {machine.cores} cores |",
            f"| memory | {machine.memory_gib:.1f} GiB |",
            f"| system | {machine.system} |",
            f"| Python | {machine.python} |",
            f"| typst | {machine.typst} |",
            f"| measured on | {run.day.isoformat()} |",
            f"| used by other programs meanwhile | {run.others_share:.0%} of the processor time |",
        ]
    )
    if run.others_share > _BUSY:
        yield "**The machine was busy with other work during this run.** Speeds are lower than on a quiet one."
    if run.quick:
        yield "**This was a quick run** with small sizes, to see that everything goes; its numbers say little."


def _table(result: Result, verdicts: tuple[Verdict, ...]) -> str:
    rows = ["| | measured | floor | of floor | goal | |", "| --- | ---: | ---: | ---: | --- | --- |"]
    for figure in result.figures:
        own = [one for one in verdicts if _is_about(one, figure)]
        floor = "" if figure.floor is None else _number(figure.floor)
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        goals = "<br>".join(_limit(one.goal, figure) for one in own)
        outcomes = "<br>".join("met" if one.is_met else "**not met**" for one in own)
        rows.append(f"| {figure.name} | {_measured(figure)} | {floor} | {ratio} | {goals} | {outcomes} |")
    return "\n".join(rows)


def _is_about(verdict: Verdict, figure: Figure) -> bool:
    return verdict.goal.figure == figure.name


def _measured(figure: Figure) -> str:
    text = f"{_number(figure.value)} {figure.unit}"
    if len(figure.values) > 1 and figure.unit.endswith("/s"):
        text += f" (best {_number(max(figure.values))})"
    return text


def _beside_floor(figure: Figure) -> str:
    if figure.floor is None or figure.ratio is None:
        return ""
    return f", {figure.ratio:.2f} of the floor's {_number(figure.floor)}"


def _limit(goal: Goal, figure: Figure) -> str:
    sign = goal.bound.value
    return f"{sign} {goal.limit:g} of floor" if goal.of_floor else f"{sign} {_number(goal.limit)} {figure.unit}"


def _number(value: float) -> str:
    """Return three or more significant digits, with thousands grouped."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"

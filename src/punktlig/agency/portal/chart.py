"""The chart of how a debt grew and fell, as coordinates: the template draws them, twice, so that text keeps its size.

Above, the whole debt; under it, with the same days, interest and charges on a scale of their own, since they are small
beside the whole. Everything is an attribute of SVG: the content security policy forbids style attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from punktlig.core.claim_balance import Cause, Point
from punktlig.core.money import Money
from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

Anchor = Literal["start", "middle", "end"]

# A letter of 13 px in the sans is about this wide; names are given a little air.
_SIGN = 7.1
_AIR = 14
_LANE = 34
_SMALL_LANE = 18


@dataclass(frozen=True)
class Frame:
    """The measures of one drawing, in its own units, which are pixels at its natural width."""

    width: int
    plot: int
    tall: int
    low: int
    numbered: bool


WIDE = Frame(width=1000, plot=946, tall=190, low=98, numbered=False)
SMALL = Frame(width=358, plot=290, tall=150, low=89, numbered=True)


@dataclass(frozen=True)
class Name:
    """A word beside its day, with the amount under it; `number` instead of both where there is little room."""

    x: str
    y: str
    under: str
    text: str
    amount: str
    anchor: Anchor


@dataclass(frozen=True)
class Dot:
    """A place on the line: `kind` is the class, after what happened there."""

    x: str
    y: str
    kind: Literal["dot", "dot-pay", "dot-now"]


@dataclass(frozen=True)
class Tick:
    """A line across with its amount in whole kronor; the lowest is the axis."""

    y: str
    text_y: str
    text: str
    is_axis: bool


@dataclass(frozen=True)
class DayMark:
    """A day under the chart."""

    x: str
    text: str
    anchor: Anchor


@dataclass(frozen=True)
class Drawing:
    """One drawing. Paths are for the attribute `d`; the lower half is empty when nothing was ever added."""

    width: int
    height: int
    plot: int
    text_x: int
    top: int
    foot: str
    days_y: str
    ticks: list[Tick]
    small_ticks: list[Tick]
    drops: list[str]
    area: str
    line: str
    interest: str
    fees: str
    small_title_y: str
    dots: list[Dot]
    names: list[Name]
    days: list[DayMark]


@dataclass(frozen=True)
class Event:
    """A place that has a name: what happened, on which day, by how much, and the debt after it."""

    point: Point
    name: str
    amount: str


def events_of(points: Sequence[Point], names: dict[Cause, str]) -> list[Event]:
    """Return the points that have a name: every one but the mere looks before a change."""
    return [Event(point, names[point.cause], _change(point)) for point in points if point.cause is not Cause.INTEREST]


def _change(point: Point) -> str:
    if point.cause in (Cause.DUE, Cause.STATED_DAY):
        return writing.with_currency(point.total)
    return writing.signed(point.change)


def can_be_drawn(points: Sequence[Point]) -> bool:
    """Tell whether there is a line to draw: two days at least, and something owed."""
    return len({point.day for point in points}) > 1 and any(point.total.ore > 0 for point in points)


def draw(points: Sequence[Point], events: Sequence[Event], frame: Frame) -> Drawing:
    """Return the drawing of the points, first to last day over its whole width."""
    first, last = points[0].day, points[-1].day
    span = max((last - first).days, 1)

    def across(point: Point) -> float:
        return (point.day - first).days * frame.plot / span

    lanes, placed = _place([(across(event.point), event) for event in events], frame)
    top = (_SMALL_LANE * lanes + 4) if frame.numbered else (_LANE * lanes + 10)
    base = top + 14 + frame.tall
    whole = _scale(max(point.total.ore for point in points))

    def up(money: Money) -> float:
        return base - money.ore * frame.tall / whole

    added = max((point.interest + point.fees).ore for point in points)
    has_small = added > 0
    foot = base + 70 + frame.low if has_small else base
    small = _scale(added) if has_small else 1

    def small_up(ore: int) -> float:
        return foot - ore * frame.low / small

    line = " ".join(f"{across(point):.1f} {up(point.total):.1f}" for point in points)
    end = across(points[-1])
    fee_top = [f"{across(point):.1f} {small_up(point.fees.ore):.1f}" for point in points]
    added_top = [f"{across(point):.1f} {small_up((point.interest + point.fees).ore):.1f}" for point in points]
    return Drawing(
        width=frame.width,
        height=round(foot) + 34,
        plot=frame.plot,
        text_x=frame.width,
        top=top,
        foot=f"{foot:.1f}",
        days_y=f"{foot + 22:.1f}",
        ticks=_ticks(whole, base, frame.tall),
        small_ticks=_ticks(small, foot, frame.low) if has_small else [],
        drops=sorted({f"{across(event.point):.1f}" for event in events}, key=float),
        area=f"M0 {base:.1f}L{line} V{base:.1f}z",
        line=f"M{line}",
        interest=f"M{' '.join(added_top)} {' '.join(reversed(fee_top))}z" if has_small else "",
        fees=f"M0 {foot:.1f}L{' '.join(fee_top)} {end:.1f} {foot:.1f}z" if any(point.fees for point in points) else "",
        small_title_y=f"{foot - frame.low - 14:.1f}",
        dots=_dots([(across(event.point), up(event.point.total), event) for event in events]),
        names=placed,
        days=_days(sorted({across(event.point): event.point for event in events}.items()), frame),
    )


def _place(events: Sequence[tuple[float, Event]], frame: Frame) -> tuple[int, list[Name]]:
    """Return how many lanes the names need and where each stands: in the highest lane where it touches no other."""
    ends: list[float] = []
    names: list[tuple[int, float, Anchor, Event, int]] = []
    for number, (x, event) in enumerate(events, start=1):
        if frame.numbered:
            width = 2 * _SIGN
            anchor: Anchor = "middle" if 0 < x < frame.plot else "start" if x <= 0 else "end"
        else:
            width = _SIGN * max(len(event.name), len(event.amount)) + _AIR
            anchor = "start" if x + width < frame.width else "end"
        begin = x - width if anchor == "end" else x - width / 2 if anchor == "middle" else x
        lane = next((lane for lane, end in enumerate(ends) if end <= begin), len(ends))
        if lane == len(ends):
            ends.append(0)
        ends[lane] = begin + width
        names.append((lane, x, anchor, event, number))
    step = _SMALL_LANE if frame.numbered else _LANE
    placed = []
    for lane, x, anchor, event, number in names:
        gap = 0 if frame.numbered or anchor == "middle" else 7 if anchor == "start" else -7
        y = 14 + lane * step
        placed.append(
            Name(
                x=f"{x + gap:.1f}",
                y=str(y),
                under=str(y + 16),
                text=str(number) if frame.numbered else event.name,
                amount="" if frame.numbered else event.amount,
                anchor=anchor,
            )
        )
    return max(len(ends), 1), placed


def _dots(places: Sequence[tuple[float, float, Event]]) -> list[Dot]:
    kinds: dict[Cause, Literal["dot", "dot-pay", "dot-now"]] = {
        Cause.PAYMENT: "dot-pay",
        Cause.CREDIT_NOTE: "dot-pay",
        Cause.STATED_DAY: "dot-now",
    }
    return [Dot(f"{x:.1f}", f"{y:.1f}", kinds.get(event.point.cause, "dot")) for x, y, event in places]


def _days(places: Sequence[tuple[float, Point]], frame: Frame) -> list[DayMark]:
    """Return the days under the chart; one that would touch another is left out, the last day never."""
    marks: list[DayMark] = []
    texts = [(x, writing.short_day(point.day)) for x, point in places]
    if not texts:
        return marks
    last_x, last_text = texts[-1]
    limit = last_x - _SIGN * len(last_text) - _AIR
    taken = float("-inf")
    for x, text in texts[:-1]:
        half = _SIGN * len(text) / 2
        anchor: Anchor = "start" if x < half else "middle"
        begin = x if anchor == "start" else x - half
        if begin < taken or begin + 2 * half > limit:
            continue
        marks.append(DayMark(f"{x:.1f}", text, anchor))
        taken = begin + 2 * half + _AIR
    anchor = "end" if last_x >= frame.plot else "middle"
    return [*marks, DayMark(f"{last_x:.1f}", last_text, anchor)]


def _scale(most: int) -> int:
    """Return the öre at the top of a scale: two steps of a round number of kronor, the least that reach `most`."""
    power = 100
    while True:
        for step in (1, 2, 2.5, 4, 5):
            top = int(2 * step * power)
            if top >= most:
                return top
        power *= 10


def _ticks(top: int, base: float, height: int) -> list[Tick]:
    ticks = []
    for part in (0, 1, 2):
        y = base - height * part / 2
        kronor = writing.here().whole_kronor(Money(top * part // 2))
        ticks.append(Tick(f"{y:.1f}", f"{y + 4:.1f}", kronor, is_axis=part == 0))
    return ticks

"""The overview's two charts as their templates draw them, each at two widths so that text keeps its size.

Amounts and days become lengths here, in the units of a drawing, and never amounts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from punktlig.ui import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from punktlig.receivables.records.overview_queries import Band, Month

_BAR_WIDE, _BAR_SMALL, _BAR_START, _GAP = 640.0, 358.0, 130.0, 1.5
_PLOT_WIDE, _PLOT_SMALL, _PLOT_MARGIN = 960, 318, 8
_FLOOR, _ROOM = 186.0, 160.0
_LABEL_ABOVE, _LABEL_BELOW = -14.0, 31.0
# The words about the company's own terms are so wide, and keep so far from what they stand over or under.
_TERMS_LABEL, _OVER, _UNDER = 160.0, -10.0, 20.0
# At most so many lines across; a step of the scale is one of these times a power of ten.
_MOST_LINES, _STEPS = 3, (1, 2, 5)
_MOST_NAMES_SMALL = 7
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Bar:
    """A band at one width: the lengths of its two parts and where the second begins."""

    name: str
    band: Band
    count: str
    y: int
    ours: str
    agency: str
    agency_x: str


@dataclass(frozen=True)
class Bars:
    """The bands drawn at one width."""

    css: str
    height: int
    bars: list[Bar]


@dataclass(frozen=True)
class Dot:
    """A month of the curve; `name` is empty where there is no room for it."""

    x: str
    y: str
    name: str
    is_last: bool


@dataclass(frozen=True)
class Mark:
    """A line across the chart, or a word at a dot."""

    y: str
    text: str
    x: str = ""
    anchor: str = "middle"


@dataclass(frozen=True)
class Curve:
    """The months drawn at one width; `lines` are the scale, `terms` what the company's own invoices give."""

    css: str
    width: int
    plot: int
    dots: list[Dot]
    lines: list[Mark]
    labels: list[Mark]
    terms: Mark | None
    terms_label_y: str


def band_name(band: Band) -> str:
    """Return how old the band's invoices are."""
    if band.first == 0:
        return _("Ej förfallet")
    if band.last is None:
        return _("Över %(days)s dagar") % {"days": band.first - 1}
    return _("%(first)s–%(last)s dagar") % {"first": band.first, "last": band.last}


def bars_of(bands: Sequence[Band]) -> tuple[Bars, Bars]:
    """Return the chart of unpaid invoices by age: beside its names, and under them."""
    return (
        Bars("chart__wide", 46 * len(bands) + 8, _bars(bands, _BAR_WIDE, start=_BAR_START, first=9, step=46)),
        Bars("chart__small", 52 * len(bands) + 8, _bars(bands, _BAR_SMALL, start=0, first=22, step=52)),
    )


def bars_said(bands: Sequence[Band]) -> str:
    """Return the chart in a sentence, for those who do not see it."""
    most = max(bands, key=lambda band: band.sum_ore)
    words = {"band": band_name(most).lower(), "sum": writing.with_currency(most.sum_ore)}
    return _("Obetalda fakturor efter ålder. Mest är %(band)s, %(sum)s.") % words


def curves_of(months: Sequence[Month], terms: int | None) -> tuple[Curve, Curve] | None:
    """Return the chart of days to payment, or None while there are too few months for a curve."""
    if len(months) < 2:  # noqa: PLR2004 - one point is no curve
        return None
    return (
        _curve(months, terms, css="chart__wide", plot=_PLOT_WIDE, every_name=True),
        _curve(months, terms, css="chart__small", plot=_PLOT_SMALL, every_name=len(months) <= _MOST_NAMES_SMALL),
    )


def curves_said(months: Sequence[Month]) -> str:
    """Return the chart in a sentence."""
    first, last, slowest = months[0], months[-1], max(months, key=lambda one: one.days)
    words = {
        "first": days_words(first.days),
        "first_month": month_name(first.month),
        "most": slowest.days,
        "most_month": month_name(slowest.month),
        "last": days_words(last.days),
        "last_month": month_name(last.month),
    }
    return (
        _(
            "Genomsnittlig tid från faktura till betalning: %(first)s i %(first_month)s, %(most)s som mest i "
            "%(most_month)s, %(last)s i %(last_month)s."
        )
        % words
    )


def month_name(day: date) -> str:
    """Return `november 2026`."""
    return f"{writing.here().locale.months['stand-alone']['wide'][day.month]} {day.year}"


def days_words(days: int) -> str:
    """Return `34 dagar`."""
    return ngettext("%d dag", "%d dagar", days) % days


def _bars(bands: Sequence[Band], width: float, *, start: float, first: int, step: int) -> list[Bar]:
    most = max((band.sum_ore for band in bands), default=0) or 1
    found = []
    for row, band in enumerate(bands):
        ours, agency = band.ours_ore * width / most, band.agency_ore * width / most
        apart = _GAP if band.ours_ore and band.agency_ore else 0.0
        found.append(
            Bar(
                name=band_name(band),
                band=band,
                count=writing.whole(band.count),
                y=first + step * row,
                ours=f"{ours:.1f}",
                agency=f"{max(agency - apart, 0):.1f}",
                agency_x=f"{start + ours + apart:.1f}",
            )
        )
    return found


def _curve(months: Sequence[Month], terms: int | None, *, css: str, plot: int, every_name: bool) -> Curve:
    first = months[0].month
    # A month in which nothing was paid has no dot, but keeps its place.
    places = [(one.month.year - first.year) * _MONTHS_A_YEAR + one.month.month - first.month for one in months]
    step_x = (plot - 2 * _PLOT_MARGIN) / places[-1]
    xs = [_PLOT_MARGIN + step_x * place for place in places]
    top = max(*(one.days for one in months), terms or 0, 1)
    ys = [_FLOOR - _ROOM * max(one.days, 0) / top for one in months]
    dots = [
        Dot(
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            name=writing.month(one.month) if every_name or (places[-1] - place) % 2 == 0 else "",
            is_last=one is months[-1],
        )
        for one, place, x, y in zip(months, places, xs, ys, strict=True)
    ]
    terms_y = _FLOOR - _ROOM * terms / top if terms else 0.0
    return Curve(
        css=css,
        width=plot + 40,
        plot=plot,
        dots=dots,
        lines=[
            Mark(f"{_FLOOR - _ROOM * value / top:.1f}", str(value))
            for value in _scale(top)
            if not terms or abs(value - terms) * _ROOM / top > 14  # noqa: PLR2004 - two numbers' height
        ],
        labels=_labels(months, xs, ys),
        terms=Mark(f"{terms_y:.1f}", str(terms)) if terms else None,
        terms_label_y=f"{_beside(terms_y, [y for x, y in zip(xs, ys, strict=True) if x < _TERMS_LABEL]):.1f}",
    )


def _beside(line: float, curve: Sequence[float]) -> float:
    """Return where words about a line stand free of the curve, over it or under it, whichever is nearer."""
    over, under = min(line, *curve) + _OVER, max(line, *curve) + _UNDER
    return over if line - over < under - line else under


def _scale(top: int) -> list[int]:
    """Return the values at which a line goes across."""
    power = 1
    while True:
        for step in _STEPS:
            if top // (step * power) <= _MOST_LINES:
                return list(range(step * power, top + 1, step * power))
        power *= 10


def _labels(months: Sequence[Month], xs: Sequence[float], ys: Sequence[float]) -> list[Mark]:
    """Return the words at the slowest month and at the last one."""
    last = len(months) - 1
    slowest = max(range(len(months)), key=lambda at: months[at].days)
    rises = ys[last] <= ys[last - 1]
    end = Mark(
        f"{ys[last] + (_LABEL_ABOVE if rises else _LABEL_BELOW):.1f}", days_words(months[last].days), f"{xs[last]:.1f}",
        "end",
    )  # fmt: skip
    if slowest == last:
        return [end]
    anchor = "start" if slowest == 0 else "middle"
    top = Mark(f"{ys[slowest] + _LABEL_ABOVE:.1f}", days_words(months[slowest].days), f"{xs[slowest]:.1f}", anchor)
    return [top, end]

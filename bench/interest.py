"""Late-payment interest through `core.interest.late_payment_interest`, for claims that differ in everything."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from bench.results import Bound, Figure, Goal, Result
from bench.rounds import speed
from punktlig.core.interest import Debt, PartPayment, late_payment_interest
from punktlig.core.late_rate import KNOWN_RATES, STATUTORY, UNITS_PER_PERCENT, YEAR_PARTS, LateRate, day_parts
from punktlig.core.money import Money

type Claim = tuple[Debt, date]
# Öre, and the two places in a table of cumulated rate-days between which they bear interest.
type Piece = tuple[int, int, int]

name = "interest"

_STATUTORY = "statutory rate"
goal = (Goal(figure=_STATUTORY, bound=Bound.AT_LEAST, limit=800_000),)

_UNIT = "claims/s"
_AGREED = LateRate.fixed(Decimal(18))
_SCALE = UNITS_PER_PERCENT * 100 * YEAR_PARTS
_KNOWN_DAYS = (KNOWN_RATES.known_through - KNOWN_RATES.known_from).days + 1
_LONGEST_DAYS = 1_500

_CLAIMS = (
    "Principals go from 50 to 200,050 kr, lengths from 1 to 1,500 days, first days over all half-years known. A claim "
    "is `late_payment_interest(debt, through).total`: the sum to the öre, not yet the lines that explain it."
)
_VARIANTS = (
    "With *debt made from plain values*, the `Debt` and its `Money` are made inside the measured loop too. With *part "
    "payments*, each claim has one to three."
)
_FLOOR = (
    "The floor is a bare loop over tuples of whole numbers prepared beforehand: look up two entries of the table, "
    "subtract, multiply, round (with part payments: look up and multiply for each period, round once). It makes no "
    "object, reads no date and checks nothing. Its sum over all claims is compared with that of the public function, "
    "and must be equal."
)


def run(*, quick: bool) -> Result:
    """Measure claims at the statutory rate, at an agreed one and with part payments."""
    count, rounds = (10_000, 3) if quick else (200_000, 7)
    return Result(
        title="Late-payment interest",
        figures=(
            _one_piece(_STATUTORY, claims(count), _statutory_table(), rounds),
            _from_plain_values(count, rounds),
            _one_piece("agreed fixed rate", claims(count, rate=_AGREED), _agreed_table(), rounds),
            _part_payments(count, rounds),
        ),
        notes=(f"{count:,} claims a round, {rounds} rounds. {_CLAIMS}", _VARIANTS, _FLOOR),
    )


def claims(count: int, *, rate: LateRate = STATUTORY, part_payments: bool = False) -> list[Claim]:
    """Return so many debts, all different and the same in every run, each with the day to compute its interest to.

    Every debt bears interest on known days only.
    """
    made = []
    for number in range(count):
        principal = principal_ore(number)
        first_day = KNOWN_RATES.known_from + timedelta(days=number * 7_919 % (_KNOWN_DAYS - _LONGEST_DAYS))
        length = 1 + number * 613 % _LONGEST_DAYS
        through = first_day + timedelta(days=length - 1)
        payments = _payments(number, principal, first_day, length) if part_payments else ()
        made.append((Debt(Money(principal), first_day, rate, payments), through))
    return made


def principal_ore(number: int) -> int:
    """Return the principal of the claim with this number: the stride is a prime, so none is met again for long."""
    return 5_000 + number * 104_729 % 20_000_000


def _payments(number: int, principal: int, first_day: date, length: int) -> tuple[PartPayment, ...]:
    parts = 1 + number % 3
    return tuple(
        PartPayment(first_day + timedelta(days=length * part // (parts + 1)), Money(principal // (parts + 2) + part))
        for part in range(1, parts + 1)
    )


def _one_piece(figure: str, work: list[Claim], table: list[int], rounds: int) -> Figure:
    pieces = [(debt.principal.ore, *_places(debt.first_day, through)) for debt, through in work]
    return speed(
        figure,
        _UNIT,
        lambda: _public(work),
        lambda: _bare(pieces, table),
        size=len(work),
        rounds=rounds,
    )


def _part_payments(count: int, rounds: int) -> Figure:
    work = claims(count, part_payments=True)
    table = _statutory_table()
    pieces = [
        [(capital.ore, *_places(first, last)) for first, last, capital in debt.balances(through)]
        for debt, through in work
    ]
    return speed(
        "statutory rate, part payments",
        _UNIT,
        lambda: _public(work),
        lambda: _bare_in_periods(pieces, table),
        size=count,
        rounds=rounds,
    )


def _from_plain_values(count: int, rounds: int) -> Figure:
    work = claims(count)
    plain = [(debt.principal.ore, debt.first_day, through) for debt, through in work]
    pieces = [(ore, *_places(first_day, through)) for ore, first_day, through in plain]
    table = _statutory_table()
    return speed(
        "statutory rate, debt made from plain values",
        _UNIT,
        lambda: _public_from_plain(plain),
        lambda: _bare(pieces, table),
        size=count,
        rounds=rounds,
    )


def _public(work: list[Claim]) -> int:
    total = 0
    for debt, through in work:
        total += late_payment_interest(debt, through).total.ore
    return total


def _public_from_plain(plain: list[tuple[int, date, date]]) -> int:
    total = 0
    for ore, first_day, through in plain:
        total += late_payment_interest(Debt(Money(ore), first_day), through).total.ore
    return total


def _bare(pieces: list[Piece], table: list[int]) -> int:
    total, scale, twice = 0, _SCALE, 2 * _SCALE
    for ore, start, end in pieces:
        total += (2 * ore * (table[end] - table[start]) + scale) // twice
    return total


def _bare_in_periods(claims_in_pieces: list[list[Piece]], table: list[int]) -> int:
    total, scale, twice = 0, _SCALE, 2 * _SCALE
    for pieces in claims_in_pieces:
        exact = 0
        for ore, start, end in pieces:
            exact += ore * (table[end] - table[start])
        total += (2 * exact + scale) // twice
    return total


def _places(first: date, last: date) -> tuple[int, int]:
    return (first - KNOWN_RATES.known_from).days, (last - KNOWN_RATES.known_from).days + 1


def _statutory_table() -> list[int]:
    first = KNOWN_RATES.known_from
    return [
        0,
        *(KNOWN_RATES.rate_days(STATUTORY.units, first, first + timedelta(days=later)) for later in range(_KNOWN_DAYS)),
    ]


def _agreed_table() -> list[int]:
    table = [0]
    for later in range(_KNOWN_DAYS):
        table.append(table[-1] + _AGREED.units * day_parts(KNOWN_RATES.known_from + timedelta(days=later)))
    return table

"""How amounts, dates, rates, payments and the folder of both sites are typed on the command line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punktlig import clock
from punktlig.core.interest import PartPayment
from punktlig.core.late_rate import STATUTORY, LateRate
from punktlig.core.money import ZERO, Money, NotAnAmount
from punktlig.run.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable

    from click import Context, Parameter

# Far outside every law here, and inside what the calendar can count: a day later or ten years later still exists.
FIRST_YEAR = 1900
LAST_YEAR = 2200

# Decimal would also take NaN and 1e999999.
_PERCENT = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?", re.ASCII)


class Day(click.ParamType[date]):
    """A date written as 2026-11-23."""

    name = "date"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> date:
        """Return the date, or fail with what was expected."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-23.", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"{value} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.", param, ctx)
        return day


class Amount(click.ParamType[Money]):
    """An amount in kronor, written as 1200, 1200.50 or 1200,50; never below nothing."""

    name = "amount"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Money:
        """Return the amount, or fail with what was expected."""
        if isinstance(value, Money):
            return value
        try:
            amount = Money.parse(str(value))
        except NotAnAmount as problem:
            self.fail(f"{problem}.", param, ctx)
        if amount < ZERO:
            self.fail(f"{value} is below nothing.", param, ctx)
        return amount


class Rate(click.ParamType[LateRate]):
    """A yearly rate: `statutory`, a fixed percentage as in 18 or 9.5, or `reference+8` for points above the reference.

    A rate outside 0 to 1000 per cent is RateNotUsable, a refusal of the rules.
    """

    name = "rate"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> LateRate:
        """Return the rate, or fail with what was expected."""
        if isinstance(value, LateRate):
            return value
        written = str(value).strip().lower().removesuffix("%").strip()
        if written == "statutory":
            return STATUTORY
        above_reference = written.startswith("reference+")
        number = written.removeprefix("reference+").replace(",", ".")
        if _PERCENT.fullmatch(number) is None:
            self.fail(f"{value!r} is not a rate. Write statutory, 18 or reference+8.", param, ctx)
        percent = Decimal(number)
        return LateRate.reference_plus(percent) if above_reference else LateRate.fixed(percent)


class Payment(click.ParamType[PartPayment]):
    """A part payment, written as DATE:AMOUNT."""

    name = "date:amount"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> PartPayment:
        """Return the payment, or fail with what was expected."""
        if isinstance(value, PartPayment):
            return value
        day, colon, amount = str(value).partition(":")
        if not colon:
            self.fail(f"{value!r} is not a payment such as 2026-10-30:500.00.", param, ctx)
        received = AMOUNT.convert(amount, param, ctx)
        if not received:
            self.fail("A payment is more than nothing.", param, ctx)
        return PartPayment(DAY.convert(day, param, ctx), received)


DAY = Day()
AMOUNT = Amount()
RATE = Rate()
PAYMENT = Payment()


def day_or_today(ctx: Context, param: Parameter, value: date | None) -> date:
    """Return the chosen day, or today in Sweden: the only place where the command asks the clock."""
    del ctx, param
    return value if value is not None else clock.today()


def _speak_json(ctx: Context, param: Parameter, value: bool) -> bool:
    del param
    console = ctx.find_object(Console)
    if console is not None:
        console.as_json = value
    return value


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    # Read before the other options, so that a refusal of one of them is JSON already.
    is_eager=True,
    expose_value=False,
    callback=_speak_json,
    help="Print one JSON document; its shape is in docs/command.md.",
)

as_of_option = click.option(
    "--as-of",
    type=DAY,
    callback=day_or_today,
    help="The day to decide for, which a letter will bear. Today in Sweden when not given.",
)


def data_folder[Command: Callable[..., Any] | click.Command](
    help_text: str, *, required: bool
) -> Callable[[Command], Command]:
    """Return the option that names the folder of `punktlig run`, as `folder`."""
    return click.option(
        "--data",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        required=required,
        envvar="PUNKTLIG_DATA",
        show_envvar=True,
        help=help_text,
    )

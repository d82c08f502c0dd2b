"""When a claim's steps may be taken. Days come in as arguments; what is a bank day is `bank_days`' answer.

A claim received on day D gets its reminder on the next bank day, so that whoever pays or objects on D is heard first.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from punktlig.core import bank_days

if TYPE_CHECKING:
    from datetime import date

# A letter says how much interest runs to and including its date, so it may not lie about for long.
BANK_DAYS_A_LETTER_KEEPS = 2
# Money paid on the last day is booked the next bank day, and known the day after.
BANK_DAYS_UNTIL_DEMAND = 2


def reminder_day(received: date) -> date:
    """Return the day on which a claim received on this day gets its reminder: the next bank day after it."""
    return bank_days.add_bank_days(received, 1)


# The letters of a day have the same.
@lru_cache(maxsize=256)
def last_day_to_pay(letter_date: date, days: int) -> date:
    """Return the last day to pay: so many days after the letter's date, moved to the next bank day."""
    return bank_days.on_or_after(letter_date + timedelta(days=days))


def last_day_to_leave(letter_date: date) -> date:
    """Return the last day on which a letter of this date may leave as it is."""
    return bank_days.add_bank_days(letter_date, BANK_DAYS_A_LETTER_KEEPS)


def must_be_made_anew(letter_date: date, leaving: date) -> bool:
    """Tell whether a letter leaving on this day is too old: it leaves more than two bank days after its date."""
    return leaving > last_day_to_leave(letter_date)


def earliest_letter_date(leaving: date) -> date:
    """Return the earliest date that a letter leaving on this day may bear."""
    day = leaving
    while not must_be_made_anew(day - timedelta(days=1), leaving):
        day -= timedelta(days=1)
    return day


def creditor_decides_day(last_day_to_pay: date) -> date:
    """Return the first day on which the creditor is asked what to do: the day after the last day to pay."""
    return last_day_to_pay + timedelta(days=1)


def earliest_demand_day(last_day_to_pay: date) -> date:
    """Return the first day on which a collection demand may leave: two bank days after the reminder's last day."""
    return bank_days.add_bank_days(last_day_to_pay, BANK_DAYS_UNTIL_DEMAND)

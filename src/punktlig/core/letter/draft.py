"""What every part of a letter is written from: the decided reminder, who asks whom, and the words of the language."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from punktlig.core.interest import Interest
from punktlig.core.letter.plain_text import plain_text, without_personal_numbers
from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from punktlig.core.agency import Agency
    from punktlig.core.formatting import Formatting
    from punktlig.core.letter.words import Words
    from punktlig.core.money import Money
    from punktlig.core.reminder import NoInterest, Reminder


@plain_value(kw_only=True)
class Draft:
    """A letter about to be written. `creditor`, `number` and `debt_text` are plain text already.

    `has_share` is whether the debtor owes a part of the invoice only. `interest` is what is asked for, None also when
    the agreed rate is zero, as there is nothing to explain. Both are asked for on many lines, and found once.
    """

    reminder: Reminder
    agency: Agency
    words: Words
    creditor: str
    number: str
    debt_text: str
    case_number: str
    payment_reference: str
    has_share: bool = field(init=False)
    interest: Interest | None = field(init=False)

    def __post_init__(self) -> None:
        reminder = self.reminder
        object.__setattr__(self, "has_share", reminder.owed.ore != reminder.payable.ore)
        object.__setattr__(self, "interest", _explained(reminder.interest))

    @property
    def style(self) -> Formatting:
        """How the language writes amounts and dates."""
        return self.words.formatting

    def text(self, written: str) -> str:
        """Return what a stranger wrote as it may stand in the letter."""
        return without_personal_numbers(plain_text(written), today=self.reminder.facts.today)

    def amount(self, money: Money) -> str:
        """Return the amount without its currency."""
        return self.style.amount(money)


def _explained(interest: Interest | NoInterest) -> Interest | None:
    if not isinstance(interest, Interest):
        return None
    rate = interest.debt.rate
    return interest if rate.units or rate.above_reference else None

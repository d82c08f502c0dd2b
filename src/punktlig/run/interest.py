"""`punktlig interest`: late-payment interest between two days, every line explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from punktlig.core.formatting import formatting
from punktlig.core.interest import Debt, Interest, late_payment_interest
from punktlig.core.late_rate import STATUTORY, Convention, LateRate
from punktlig.core.refusal import Refusal
from punktlig.run.console import Console, table
from punktlig.run.parameters import AMOUNT, DAY, RATE, json_option
from punktlig.run.specification import interest_shape

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.formatting import Language
    from punktlig.core.money import Money


@dataclass(eq=False)
class PeriodEndsBeforeItBegins(Refusal):
    """The last interest day lies before the first."""

    first: date
    last: date


@click.command(epilog="Example: punktlig interest --principal 10000.00 --from 2024-01-01 --to 2024-12-31")
@click.option("--principal", type=AMOUNT, required=True, help="What bears interest, in kronor: VAT included, no fees.")
@click.option("--from", "first", type=DAY, required=True, help="The first interest day, the day after the due date.")
@click.option("--to", "last", type=DAY, required=True, help="The last interest day. It counts too.")
@click.option(
    "--rate",
    type=RATE,
    default="statutory",
    show_default=True,
    help="Per cent a year: statutory (reference rate + 8), a fixed rate such as 18, or reference+10.",
)
@click.option(
    "--convention",
    type=click.Choice([convention.value for convention in Convention]),
    default=Convention.ACT_ACT.value,
    show_default=True,
    help="How days become years, or whole kronor: the öre dropped from the sum.",
)
@json_option
@click.pass_obj
def interest(console: Console, *, principal: Money, first: date, last: date, rate: LateRate, convention: str) -> None:
    """Compute late-payment interest between two days, both counted."""
    if last < first:
        raise PeriodEndsBeforeItBegins(first, last)
    result = late_payment_interest(Debt(principal, first, rate), last, convention=Convention(convention))
    if console.as_json:
        console.document(interest_shape(result))
        return
    for line in _readable(result, console.language):
        console.say(line)


@dataclass(frozen=True, slots=True)
class _Words:
    head: tuple[str, ...]
    sum: str
    plus: str
    rule: str
    statutory: str
    agreed: str
    whole_kronor: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        head=("From", "To", "Capital", "Rate a year", "Made up of", "Days", "Of", "Interest"),
        sum="Sum",
        plus="reference {reference} + {margin}",
        rule="Each line is capital × rate × days ÷ days of the year. Both dates count. The sum is rounded once "
        "to whole öre,\nand the last line carries what rounding leaves.",
        statutory="The rate is that of the Interest Act (1975:635) s. 6: the reference rate of each half-year + "
        "8 percentage points.",
        agreed="The rate is the one you gave; without an agreement it is that of the Interest Act (1975:635) s. 6.",
        whole_kronor="The öre of the sum are dropped, as the Enforcement Authority shows it.",
    ),
    "sv": _Words(
        head=("Från", "Till", "Kapital", "Ränta per år", "Består av", "Dagar", "Av", "Ränta"),
        sum="Summa",
        plus="referensränta {reference} + {margin}",
        rule="Varje rad är kapital × ränta × dagar ÷ årets dagar. Båda dagarna räknas. Summan avrundas en gång "
        "till hela ören,\noch den sista raden bär det som avrundningen lämnar.",
        statutory="Räntan är den i räntelagen (1975:635) 6 §: referensräntan för varje halvår + 8 procentenheter.",
        agreed="Räntan är den angivna; utan avtal är den den i räntelagen (1975:635) 6 §.",
        whole_kronor="Summans ören är strukna, så som Kronofogden visar den.",
    ),
}


def _readable(interest: Interest, language: Language) -> list[str]:
    words, write = _WORDS[language], formatting(language)
    rows: list[tuple[str, ...]] = [words.head]
    rows += [
        (
            line.first_day.isoformat(),
            line.last_day.isoformat(),
            write.amount(line.capital),
            write.percent(line.percent),
            ""
            if line.reference_percent is None
            else words.plus.format(
                reference=write.percent(line.reference_percent),
                margin=write.decimal(line.percent - line.reference_percent),
            ),
            str(line.days),
            str(line.year_days),
            write.amount(line.amount),
        )
        for line in interest.lines
    ]
    rows.append((words.sum, "", "", "", "", str(interest.days), "", write.with_currency(interest.total)))
    right = (False, False, True, True, False, True, True, True)
    lines = table(rows, right)
    notes = [words.rule, words.statutory if interest.debt.rate == STATUTORY else words.agreed]
    if interest.convention is Convention.WHOLE_KRONOR:
        notes.append(words.whole_kronor)
    return [*lines, "", *notes]

"""Letters with more in them than any ordinary one has: what long names, large sums and long lists do to the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from punktlig.core.letter.content import Labelled, Run, SumRow
from tests.core.letter.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.core.letter.content import LetterContent

ORDINARY = CASES["consumer-fee-two-rates"].content()
ABROAD = CASES["trader-abroad-english"].content()

UNBROKEN = (
    "Aktiebolagetförlångasammansattafirmanamnsomingenkanuttalaochsomingenhellerharplatsförpåsinavisitkorteller" * 2
)
UNBROKEN = UNBROKEN[:120]
LONG_CREDITOR = (
    "Föreningen för främjande av väl avvägda och ordentligt uppmätta brädor i mellersta Norrland med omnejd"
)[:100]
LONG_OCR = "1234567890123456789012345"
LARGEST = "99\u00a0999\u00a0999,99"


def addressed_to(*lines: str) -> LetterContent:
    return replace(ORDINARY, recipient=lines)


def with_periods(count: int) -> LetterContent:
    """Return a letter whose interest has so many periods."""
    first, *others = ORDINARY.details
    rows = tuple(
        (f"{n} januari – {n} februari 2025", LARGEST, "11,00 %", f"{n}", f"{n},0{n % 10}") for n in range(1, count + 1)
    )
    return replace(ORDINARY, details=(replace(first, rows=rows), *others))


def with_tall_rows() -> LetterContent:
    """Return a letter whose few rows of details are together higher than a page."""
    first, *others = ORDINARY.details
    text = "Byte av hängrännor, stuprör och takfotsbräda på boningshus och uthus; " * 12
    rows = tuple((f"{n} {text}", *first.rows[0][1:]) for n in range(8))
    return replace(ORDINARY, details=(replace(first, rows=rows), *others))


def with_amount(amount: str) -> LetterContent:
    """Return a letter where every amount is this one, in figures without a unit."""
    sums, payment, details = ORDINARY.sums, ORDINARY.payment, ORDINARY.details[0]
    return replace(
        ORDINARY,
        lead=((Run("Vi ber dig betala "), Run(f"{amount}\u00a0kr senast måndag 1 september 2025", strong=True)),),
        sums=replace(
            sums,
            rows=tuple(replace(row, amount=amount) for row in sums.rows),
            total=replace(sums.total, amount=amount),
        ),
        payment=replace(payment, amount=replace(payment.amount, value=f"{amount}\u00a0kr")),
        details=(
            replace(
                details,
                rows=tuple((row[0], amount, *row[2:-1], amount) for row in details.rows),
                total=("Summa", *[""] * (len(details.columns) - 2), amount),
            ),
        ),
    )


def with_reference(reference: str) -> LetterContent:
    payment = ORDINARY.payment
    account, old = payment.fields
    return replace(ORDINARY, payment=replace(payment, fields=(account, replace(old, value=reference))))


def from_creditor(name: str) -> LetterContent:
    """Return a letter that names this creditor wherever one is named."""

    def named(text: str) -> str:
        return text.replace("Lillsjöns Snickeri AB", name)

    return replace(
        ORDINARY,
        title=named(ORDINARY.title),
        facts=tuple(replace(fact, value=named(fact.value)) for fact in ORDINARY.facts),
        heading=tuple(map(named, ORDINARY.heading)),
        lead=tuple(tuple(replace(run, text=named(run.text)) for run in runs) for runs in ORDINARY.lead),
        help=tuple(replace(each, value=named(each.value)) for each in ORDINARY.help),
        running=named(ORDINARY.running),
        details=tuple(
            replace(table, notes=tuple(replace(note, value=named(note.value)) for note in table.notes))
            for table in ORDINARY.details
        ),
    )


def for_debt(text: str) -> LetterContent:
    first, *others = ORDINARY.sums.rows
    return replace(
        ORDINARY,
        lead=((Run(f"Fakturan för {text} är inte betald."),),),
        sums=replace(ORDINARY.sums, rows=(replace(first, text=f"Faktura 20418, {text}"), *others)),
    )


def with_help(count: int) -> LetterContent:
    return replace(
        ORDINARY,
        help=tuple(Labelled(f"Fråga {n}?", f"Svar {n}. " + "Vi hjälper dig gärna. " * 6) for n in range(count)),
    )


def from_agency(name: str) -> LetterContent:
    return replace(ORDINARY, wordmark=name, author=name, footer=((name, "Box 120"), *ORDINARY.footer[1:]))


def with_sums(count: int) -> LetterContent:
    rows = tuple(SumRow(f"Rad {n}", f"{n},00") for n in range(1, count + 1))
    return replace(ORDINARY, sums=replace(ORDINARY.sums, rows=rows))


STRETCHED: dict[str, Callable[[], LetterContent]] = {
    "an address of six lines": lambda: addressed_to(
        "Anna-Karin Lindqvist", "c/o Ek", "Lgh 1102", "Uppgång B", "Rönnbärsvägen 14", "752 42 Uppsala"
    ),
    "an address of eight lines": lambda: addressed_to(*(f"Rad {n} av adressen" for n in range(8))),
    "a name of 120 letters without a space": lambda: addressed_to(UNBROKEN, "Rönnbärsvägen 14 B", "752 42 Uppsala"),
    "a name of 120 letters and six lines": lambda: addressed_to(UNBROKEN, "a", "b", "c", "d", "752 42 Uppsala"),
    "40 periods": lambda: with_periods(40),
    "41 periods": lambda: with_periods(41),
    "120 periods": lambda: with_periods(120),
    "eight rows of many lines": with_tall_rows,
    "the least amount": lambda: with_amount("0,01"),
    "the largest amount": lambda: with_amount(LARGEST),
    "an OCR reference of 25 digits": lambda: with_reference(LONG_OCR),
    "a creditor of 100 characters": lambda: from_creditor(LONG_CREDITOR),
    "a creditor of 120 letters without a space": lambda: from_creditor(UNBROKEN),
    "a long debt text": lambda: for_debt("byte av hängrännor, stuprör och takfotsbräda på boningshus och uthus; " * 6),
    "a debt text without a space": lambda: for_debt(UNBROKEN * 2),
    "nine kinds of help": lambda: with_help(9),
    "an agency of 80 characters": lambda: from_agency(
        "Ekvikens Ombud för Påminnelser, Krav och Goda Råd i Mellersta och Norra Landet AB"
    ),
    "twenty sums": lambda: with_sums(20),
    "no code": lambda: ABROAD,
}

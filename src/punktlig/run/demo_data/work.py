"""Invented invoices of a joiner's firm: what was done, when it was due, and whether it was paid.

Made from a fixed seed and the demo's first day, so that a demo started again looks the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money, divide_half_up
from punktlig.formats.ocr import ocr_reference
from punktlig.run.demo_data import names

if TYPE_CHECKING:
    from punktlig.run.demo_data.names import InventedCustomer

# The last of two thousand comes before the first of examples/invoices, which are there to be read into the demo.
FIRST_NUMBER = 17_460
_SEED = 20_261_125
_DAYS_TO_PAY = 30
_A_WEEK = timedelta(days=7)

# Text, unit, price in whole kronor, least and most quantity, whether it is labour.
_WORK = (
    ("Snickeriarbete", "tim", 520, 4, 60, True), ("Montering av kök", "tim", 540, 8, 40, True),
    ("Fönsterbyte, arbete", "tim", 520, 6, 48, True), ("Platsbyggd bokhylla, arbete", "tim", 560, 10, 36, True),
    ("Renovering av trappa", "tim", 560, 8, 30, True), ("Altanbygge, arbete", "tim", 520, 16, 80, True),
    ("Fönster, treglas 10 × 12", "st", 3150, 1, 12, False), ("Innerdörr, massiv", "st", 1260, 1, 8, False),
    ("Skåpluckor i björk", "st", 890, 2, 24, False), ("Foder, drev och fog", "st", 2080, 1, 2, False),
    ("Trall, kärnfura", "m", 64, 40, 220, False), ("Golvlist, ek", "m", 86, 10, 60, False),
    ("Bänkskiva, ek", "st", 4200, 1, 3, False), ("Frakt", "st", 650, 1, 1, False),
)  # fmt: skip


# What some private customers ask for beside: each by itself, with half of it paid by Skatteverket.
_FURNITURE = ("Möbelmontering i hemmet, arbete", "tim", 480, 3, 14, True)
_CHARGING = ("Laddstolpe på carport, arbete och material", "st", 14_800, 1, 2, True)
_EVERY_FURNITURE, _EVERY_CHARGING = 11, 17
_EVERY_CREDITED, _WHOLLY = 17, 3


@dataclass(frozen=True, slots=True)
class InventedLine:
    """A line; the price is without VAT, in whole kronor."""

    text: str
    quantity: int
    unit: str
    price: int
    is_labour: bool

    @property
    def ore(self) -> int:
        """The amount without VAT."""
        return self.quantity * self.price * 100


@dataclass(slots=True)
class InventedInvoice:
    """An invoice before it is entered. `paid` are days and amounts in öre, `credited` is a credit note's, or 0."""

    number: str
    customer: int
    issue_date: date
    due_date: date
    lines: list[InventedLine]
    reference: str
    deduction: DeductionKind | None = None
    share: Money | None = None
    paid: list[tuple[date, int]] = field(default_factory=list)
    credited: int = 0

    @property
    def owed_ore(self) -> int:
        """What the customer owes itself, VAT included."""
        return self.share.ore if self.share else _with_vat(sum(line.ore for line in self.lines))


def customers(count: int) -> list[InventedCustomer]:
    """Return so many customers: about half private, some public, a few abroad, of whom the last is private."""
    random = Random(_SEED)  # noqa: S311 - invented data, the same each time
    found = []
    for number in range(count):
        sort = number % 20
        if number == count - 1:
            found.append(names.person_abroad())
        elif number in (7, 57, 107, 157):
            found.append(names.abroad(number // 50))
        elif sort == 0 and number < 200:  # noqa: PLR2004 - ten municipalities
            found.append(names.public_body(number // 20, random))
        elif sort < 11:  # noqa: PLR2004
            found.append(names.firm(random, number))
        else:
            found.append(names.person(random, number))
    return found


def invoices(people: list[InventedCustomer], count: int, today: date) -> list[InventedInvoice]:
    """Return so many invoices up to the day, oldest first, most of them paid; the last customer has one overdue."""
    random = Random(_SEED + 1)  # noqa: S311
    made = []
    for position in range(count):
        # Two years of work, evenly; the newest is of yesterday.
        issued = today - timedelta(days=1 + (count - 1 - position) * 730 // count)
        customer = random.randrange(len(people))
        made.append(_invoice(random, str(FIRST_NUMBER + position), customer, people[customer], issued))
    for invoice in made:
        _pay(random, invoice, today)
    # Of what nobody has paid, something was sometimes wrong.
    for position, invoice in enumerate(one for one in made if not one.paid and one.issue_date < today - _A_WEEK):
        if position % _EVERY_CREDITED == 0:
            invoice.credited = invoice.owed_ore if position % _WHOLLY == 0 else invoice.owed_ore // 400 * 100
    _owe_abroad(people, made, today)
    return made


def _owe_abroad(people: list[InventedCustomer], made: list[InventedInvoice], today: date) -> None:
    """Make the newest that can be reminded of, of a private person without a deduction, one of the person abroad."""
    for invoice in reversed(made):
        is_private, is_untouched = people[invoice.customer].kind == "consumer", not (invoice.paid or invoice.credited)
        if is_private and is_untouched and not invoice.deduction and invoice.due_date < today - _A_WEEK:
            invoice.customer = len(people) - 1
            return


def _invoice(random: Random, number: str, customer: int, who: InventedCustomer, issued: date) -> InventedInvoice:
    lines = [
        InventedLine(text, random.randint(least, most), unit, price, labour)
        for text, unit, price, least, most, labour in random.sample(_WORK, random.randint(1, 4))
    ]
    labour = sum(line.ore for line in lines if line.is_labour)
    is_here = who.country == "SE"
    invoice = InventedInvoice(
        number=number,
        customer=customer,
        issue_date=issued,
        due_date=issued + timedelta(days=_DAYS_TO_PAY if who.kind != "consumer" else random.choice((10, 20, 30))),
        lines=lines,
        reference=ocr_reference(number),
    )
    # Half of the private customers ask for the deduction. 30 % since 2026, and before 12 May 2025.
    if who.kind == "consumer" and labour and issued >= date(2026, 1, 1) and random.random() < 0.5 and is_here:  # noqa: PLR2004
        deduction = _with_vat(labour) * 30 // 100 // 100 * 100
        invoice.deduction = DeductionKind.ROT
        invoice.share = Money(_with_vat(sum(line.ore for line in lines)) - deduction)
    if who.kind == "consumer" and is_here and (halved := _halved_line(int(number))):
        invoice.deduction, line = halved
        invoice.lines, whole = [line], _with_vat(line.ore)
        invoice.share = Money(whole - whole // 2 // 100 * 100)
    return invoice


def _halved_line(number: int) -> tuple[DeductionKind, InventedLine] | None:
    """Return the only line of an invoice of RUT or green technology, when its number is of one."""
    if number % _EVERY_FURNITURE == 0:
        kind, (text, unit, price, least, most, labour) = DeductionKind.RUT, _FURNITURE
    elif number % _EVERY_CHARGING == 0:
        kind, (text, unit, price, least, most, labour) = DeductionKind.GREEN, _CHARGING
    else:
        return None
    return kind, InventedLine(text, least + number % (most - least + 1), unit, price, labour)


def _pay(random: Random, invoice: InventedInvoice, today: date) -> None:
    luck = random.random()
    age = (today - invoice.due_date).days
    if age > 150 or luck < 0.82:  # noqa: PLR2004 - what is older has been paid or been to the agency long ago
        paid = invoice.due_date + timedelta(days=int(random.triangular(-12, 25, -1)))
        if paid < today:
            invoice.paid.append((max(paid, invoice.issue_date), invoice.owed_ore))
    elif luck < 0.85 and age > 3:  # noqa: PLR2004
        part = invoice.owed_ore // 3 // 100 * 100
        if part:
            invoice.paid.append((invoice.due_date + timedelta(days=2), part))


def _with_vat(ore: int) -> int:
    return ore + divide_half_up(ore * 25, 100)


def quantity(line: InventedLine) -> Decimal:
    """Return the quantity as it is entered."""
    return Decimal(line.quantity)

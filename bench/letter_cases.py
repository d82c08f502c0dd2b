"""Reminders to write letters for: invented people, companies and invoices, no two alike and the same in every run."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from punktlig.core.agency import Agency
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind

LETTER_DAY = date(2026, 11, 23)

AGENCY = Agency(
    name="Ekviken Ombud AB",
    brand="Ekviken",
    organisation_number="559999-0016",
    address="Box 120",
    postcode="831 22",
    town="Östersund",
    telephone="08-465 004 10",
    hours="9–16",
    email="hej@ekviken.example",
    bankgiro="5050-1055",
    iban="SE45 5000 0000 0583 9825 7466",
    bic="ESSESESS",
    seat="Östersund",
)

_CREDITORS = (
    InvoiceParty(name="Lillsjöns Snickeri AB", identity_number="5569990020", identity_scheme="0007"),
    InvoiceParty(name="Hjulbygget Cykelverkstad AB", identity_number="5599990032", identity_scheme="0007"),
    InvoiceParty(name="Åsa Ödmans Trädgård & Plattsättning Aktiebolag", identity_number="5569990046"),
    InvoiceParty(name="Norrfjärdens El AB", identity_number="5599990057", identity_scheme="0007"),
)
_FIRST_NAMES = ("Anna-Karin", "Björn", "Çiğdem", "Dragan", "Elsa", "Åke", "Zofia", "Örjan", "Fatima", "Göran", "Ida")
_FAMILY_NAMES = ("Lindqvist", "Åkerström", "Öhman", "Nowak", "Đorđević", "Ek", "von Essen", "Björklund", "Yılmaz")
_FIRMS = ("Bageri", "Redovisning", "Måleri & Tapet", "Åkeri", "Fastigheter i Övre Norrland", "Café", "Optik")
_STREETS = ("Rönnbärsvägen", "Storgatan", "Ängsstigen", "Östra Järnvägsgatan", "Kyrkbacken", "Gamla Landsvägen")
_TOWNS = ("Uppsala", "Malmö", "Örebro", "Åmål", "Skellefteå", "Ulricehamn", "Hässleholm")
_ABROAD = (("DE", "Hamburg"), ("NO", "Trondheim"), ("FI", "Jyväskylä"), ("PL", "Łódź"))
_WORK = ("Service av elcykel", "Trädfällning", "Kök, montering", "Elinstallation", "Konsulttid", "Stenläggning")
_TERMS_FROM = date(2015, 1, 1)


def reminder_facts(number: int) -> ReminderFacts:
    """Return the facts of the reminder with this number.

    Of forty, twenty-four go to consumers with a reminder fee, fifteen to traders with late-payment compensation and
    one to a trader abroad in English. Every third has one or two part payments. Three of four due dates lie 15 to 184
    days back, as reminders mostly go out; the others up to 900 days for consumers and 1,800 for traders, so that the
    table of interest may have more than ten rows.
    """
    abroad = number % 40 == 39
    consumer = not abroad and number % 5 < 3
    kind = DebtorKind.CONSUMER if consumer else DebtorKind.TRADER
    longest = 170 if number % 4 else 885 if consumer else 1_785
    due_date = LETTER_DAY - timedelta(days=15 + number * 37 % longest)
    amount = Money(25_000 + number * 104_729 % 9_000_000)
    return ReminderFacts(
        invoice=_invoice(number, _buyer(number, consumer=consumer, abroad=abroad), amount, due_date),
        today=LETTER_DAY,
        terms=Terms(reminder_fee_agreed_since=_TERMS_FROM if consumer else None, claims_compensation=not consumer),
        debtor_kind=kind,
        payments=_payments(number, amount, due_date),
    )


def case_number(number: int) -> str:
    """Return the eight digits that the agency would give the case."""
    return f"{10_000_000 + number * 611_953 % 90_000_000:08d}"


def _invoice(number: int, buyer: InvoiceParty, amount: Money, due_date: date) -> Invoice:
    return Invoice(
        number=str(20_000 + number),
        kind=DocumentKind.INVOICE,
        currency="SEK",
        seller=_CREDITORS[number % len(_CREDITORS)],
        buyer=buyer,
        issue_date=due_date - timedelta(days=30),
        due_date=due_date,
        payable=amount.as_decimal(),
        total=amount.as_decimal(),
        lines=tuple(
            InvoiceLine(text=_WORK[(number + line) % len(_WORK)], quantity=Decimal(1), unit="C62")
            for line in range(1 + number % 3)
        ),
    )


def _buyer(number: int, *, consumer: bool, abroad: bool) -> InvoiceParty:
    family = _FAMILY_NAMES[number % len(_FAMILY_NAMES)]
    person = f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]} {family}"
    street = f"{_STREETS[number % len(_STREETS)]} {1 + number % 97}"
    if abroad:
        country, town = _ABROAD[number // 40 % len(_ABROAD)]
        address = PostalAddress(lines=(street,), postcode=f"{10_000 + number % 80_000}", town=town, country=country)
        return InvoiceParty(name=f"{family} GmbH {number}", address=address)
    postcode = f"{100 + number * 7 % 880} {10 + number % 89}"
    address = PostalAddress(
        lines=(street,) if consumer else (f"Att. {person}", street),
        postcode=postcode,
        town=_TOWNS[number % len(_TOWNS)],
        country="SE",
    )
    name = f"{person}-{_FAMILY_NAMES[number // 9 % len(_FAMILY_NAMES)]}" if number % 2 else person
    return InvoiceParty(
        name=name if consumer else f"{family} {number} {_FIRMS[number % len(_FIRMS)]} AB", address=address
    )


def _payments(number: int, amount: Money, due_date: date) -> tuple[PartPayment, ...]:
    count = number // 3 % 2 + 1 if number % 3 == 0 else 0
    days = (LETTER_DAY - due_date).days
    return tuple(
        PartPayment(due_date + timedelta(days=days * part // (count + 1)), Money(amount.ore // 5 + number % 100 * part))
        for part in range(1, count + 1)
    )

"""Representative reminders, with invented parties: what each of the approved letters is composed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.core.agency import Agency
from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.late_rate import LateRate
from punktlig.core.letter.compose import compose
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.reminder import Reminder, remind

if TYPE_CHECKING:
    from punktlig.core.formatting import Language
    from punktlig.core.letter.content import LetterContent

AGENCY = Agency(
    name="Ekviken Ombud AB",
    brand="Ekviken",
    organisation_number="559870-2149",
    address="Box 120",
    postcode="831 22",
    town="Östersund",
    telephone="08-465 004 10",
    hours="9–16",
    email="hej@ekviken.example",
    bankgiro="5050-1055",
    iban="SE4550000000058398257466",
    bic="ESSESESS",
    seat="Östersund",
)

# From the list that Skatteverket publishes for tests; nobody has them.
PERSONAL_NUMBER = "19850709-9805"
ANOTHER_PERSONAL_NUMBER = "194107081111"

CREDITOR = InvoiceParty(name="Lillsjöns Snickeri AB", identity_number="559213-4703")
CONSUMER = InvoiceParty(
    name="Anna-Karin Lindqvist",
    identity_number=PERSONAL_NUMBER,
    address=PostalAddress(lines=("Rönnbärsvägen 14 B",), postcode="75242", town="Uppsala", country="SE"),
)
TRADER = InvoiceParty(
    name="Kaffestugan Två Systrar AB",
    identity_number="559318-0523",
    identity_scheme="0007",
    address=PostalAddress(lines=("Leverantörsreskontra", "Skeppargränd 3"), postcode="903 26", town="Umeå"),
)
PUBLIC_BODY = InvoiceParty(
    name="Lövåsa kommun",
    identity_number="212000-0142",
    address=PostalAddress(lines=("Box 7",), postcode="830 10", town="Lövåsa", country="SE"),
)
TRADER_ABROAD = InvoiceParty(
    name="Havelkontor Messgeräte GmbH",
    vat_number="DE123456788",
    address=PostalAddress(lines=("Accounts payable", "Lindenufer 12"), postcode="14467", town="Potsdam", country="DE"),
)
CONSUMER_ABROAD = InvoiceParty(
    name="Mette Holmgaard",
    address=PostalAddress(lines=("Kirkevej 5",), postcode="3700", town="Rønne", country="DK"),
)


def invoice(number: str, buyer: InvoiceParty, payable: str, issued: date, due: date | None, **more: object) -> Invoice:
    """Return an invoice of so many kronor; `more` are further fields of `Invoice`."""
    plain = Invoice(
        number=number,
        kind=DocumentKind.INVOICE,
        currency="SEK",
        seller=CREDITOR,
        buyer=buyer,
        issue_date=issued,
        due_date=due,
        payable=Decimal(payable),
    )
    return replace(plain, **more)  # type: ignore[arg-type] # the fields are named by the caller


@dataclass(frozen=True, kw_only=True)
class Case:
    """The facts of a letter, and the total a second calculation comes to (by hand, with the rates of the table)."""

    facts: ReminderFacts
    total: str
    debt_text: str = ""
    language: Language = "sv"

    def reminder(self) -> Reminder:
        return remind(self.facts)

    def content(self) -> LetterContent:
        return compose(
            self.reminder(),
            AGENCY,
            case_number="48213907",
            payment_reference="4821390707",
            debt_text=self.debt_text,
            language=self.language,
        )


def _bakery_lines() -> tuple[InvoiceLine, ...]:
    told = (
        (3, "Kardemummabullar", "240", "C62", "2640.00"),
        (3, "Surdegslimpa", "60", "C62", "2160.00"),
        (5, "Frallor, blandade", "300", "C62", "1650.00"),
        (6, "Prinsesstårta, 12 bitar", "4", "C62", "1480.00"),
        (10, "Rågmjöl", "812.5", "KGM", "9750.00"),
        (24, "Våfflor, frysta", "500", "XPK", "3250.00"),
        (31, "Leverans mars", "14", "ZZ", "29260.00"),
    )
    return tuple(
        InvoiceLine(
            text=text,
            quantity=Decimal(quantity),
            unit=unit,
            amount=Decimal(amount),
            period_start=date(2025, 3, day),
            period_end=date(2025, 3, day),
        )
        for day, text, quantity, unit, amount in told
    )


FEE_SINCE_2024 = Terms(reminder_fee_agreed_since=date(2024, 3, 1), days_to_pay=14)
COMPENSATION = Terms(claims_compensation=True, days_to_pay=14)

CASES: dict[str, Case] = {
    "consumer-fee-two-rates": Case(
        facts=ReminderFacts(
            invoice=invoice("20418", CONSUMER, "4860.00", date(2025, 4, 30), date(2025, 5, 30)),
            today=date(2025, 8, 18),
            terms=FEE_SINCE_2024,
        ),
        debt_text="service och nytt bakhjul till elcykel",
        total="5030.65",
    ),
    "trader-compensation": Case(
        facts=ReminderFacts(
            invoice=invoice("2026-0917", TRADER, "18750.00", date(2026, 9, 15), date(2026, 10, 15)),
            today=date(2026, 11, 23),
            terms=COMPENSATION,
        ),
        debt_text="tryck av menyer och skyltar.",
        total="19400.34",
    ),
    "rot-share-no-agreed-due-date": Case(
        facts=ReminderFacts(
            invoice=invoice("3317", CONSUMER, "33500.00", date(2026, 9, 14), None, deduction=DeductionKind.ROT),
            today=date(2026, 11, 23),
            terms=Terms(
                start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 14), warned_of_interest=True, days_to_pay=14
            ),
            customer_share=Money.parse("26300.00"),
        ),
        debt_text="byte av hängrännor",
        total="26588.22",
    ),
    "trader-abroad-english": Case(
        facts=ReminderFacts(
            invoice=invoice("7-1180", TRADER_ABROAD, "64240.00", date(2026, 8, 31), date(2026, 9, 30)),
            today=date(2026, 11, 23),
            terms=COMPENSATION,
        ),
        debt_text="two surface gauges with calibration",
        language="en",
        total="65640.40",
    ),
    "trader-lines-and-part-payments": Case(
        facts=ReminderFacts(
            invoice=invoice(
                "1150",
                TRADER,
                "56212.80",
                date(2025, 3, 31),
                date(2025, 4, 30),
                total=Decimal("56212.80"),
                tax=Decimal("6022.80"),
                lines=_bakery_lines(),
            ),
            today=date(2026, 11, 23),
            terms=FEE_SINCE_2024,
            payments=(
                PartPayment(date(2026, 2, 16), Money.parse("12000.00")),
                PartPayment(date(2025, 9, 15), Money.parse("15000.00")),
                PartPayment(date(2026, 8, 31), Money.parse("8000.00")),
            ),
        ),
        total="27287.76",
    ),
    "rut-share-without-interest": Case(
        facts=ReminderFacts(
            invoice=invoice(
                "512",
                CONSUMER,
                "6800.00",
                date(2026, 9, 1),
                date(2026, 9, 30),
                deduction=DeductionKind.RUT,
                lines=(InvoiceLine(text=f"Flytthjälp för {PERSONAL_NUMBER}", amount=Decimal("5440.00")),),
            ),
            today=date(2026, 11, 23),
            terms=Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 1), warned_of_interest=False),
            customer_share=Money.parse("3400.00"),
            payments=(PartPayment(date(2026, 10, 12), Money.parse("400.00")),),
        ),
        total="3000.00",
    ),
    "public-body-on-the-last-known-day": Case(
        facts=ReminderFacts(
            # 15 August 2026 is a Saturday; the municipality's own 4 % is void (Interest Act s. 6).
            invoice=invoice("A 77", PUBLIC_BODY, "36500.00", date(2026, 7, 16), date(2026, 8, 15)),
            today=date(2026, 12, 31),
            terms=Terms(claims_compensation=True, agreed_rate=LateRate.fixed(Decimal(4))),
        ),
        debt_text="snöröjning",
        # 36 500 kr at 10 % is 10 kr a day, for 136 days from 18 August.
        total="38310.00",
    ),
    "consumer-abroad-english": Case(
        facts=ReminderFacts(
            invoice=invoice(
                "2090",
                CONSUMER_ABROAD,
                "14750.00",
                date(2026, 8, 3),
                date(2026, 9, 2),
                lines=(InvoiceLine(text="Dining table, oak"), InvoiceLine(text="Six chairs")),
            ),
            today=date(2026, 11, 23),
            terms=FEE_SINCE_2024,
            debtor_kind=DebtorKind.CONSUMER,
        ),
        language="en",
        total="14750.00",
    ),
    "prepaid-agreed-rate-sole-trader": Case(
        facts=ReminderFacts(
            invoice=invoice(
                "88",
                replace(CONSUMER, name="#set text(red) *Ek* \u202egnort\u200b"),
                "7300.00",
                date(2026, 9, 1),
                date(2026, 10, 1),
                total=Decimal("12299.60"),
                prepaid=Decimal("5000.00"),
                seller=InvoiceParty(name="Sixten Rask", identity_number=ANOTHER_PERSONAL_NUMBER),
            ),
            today=date(2026, 10, 31),
            terms=Terms(
                start=Start.CONTRACT,
                agreed_rate=LateRate.reference_plus(Decimal("10.5")),
                reminder_fee_agreed_since=date(2026, 9, 1),
            ),
        ),
        # 7 300 kr at 12.5 % is 2.50 kr a day, for 30 days.
        total="7435.00",
    ),
    "trader-interest-not-running-yet": Case(
        facts=ReminderFacts(
            invoice=invoice("9", TRADER, "900.00", date(2026, 10, 1), date(2026, 10, 31)),
            today=date(2026, 11, 23),
            terms=replace(COMPENSATION, start=Start.AFTER_DEMAND, demand_sent=date(2026, 11, 2)),
        ),
        total="900.00",
    ),
}

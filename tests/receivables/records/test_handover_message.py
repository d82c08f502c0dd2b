"""The bytes of a handover are those that the contract's own types write, whatever the invoice says."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from annotated_types import MaxLen

from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, DocumentKind, Invoice, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.exchange import messages
from punktlig.exchange.messages import ClaimSubmission, body_of
from punktlig.receivables.records import models
from punktlig.receivables.records.handover_message import (
    MOST_LINES,
    MOST_PAYMENTS,
    Booked,
    out_of_bounds,
    submission_body,
)

if TYPE_CHECKING:
    from django.db.models import Model

    from punktlig.exchange.types import Message

_IDS = [UUID(int=number) for number in range(1, 4)]
_BUYER = InvoiceParty(
    name="Åsa Öhman",
    identity_number="850709-9805",
    email="asa@example.com",
    address=PostalAddress(lines=("Björkvägen 7", "c/o Ek"), postcode="123 46", town="Lillsjön", country="SE"),
)
_FACTS = ReminderFacts(
    invoice=Invoice(
        number="F-1",
        kind=DocumentKind.INVOICE,
        currency="SEK",
        seller=InvoiceParty(name="Lillsjöns Snickeri AB"),
        buyer=_BUYER,
        issue_date=date(2026, 9, 15),
        due_date=date(2026, 10, 15),
        payable=Decimal("1200.00"),
        total=Decimal("1300.50"),
        prepaid=Decimal("100.50"),
        tax=Decimal("260.10"),
        lines=(
            InvoiceLine(text="Byte av hängrännor", quantity=Decimal("2.0000"), unit="st", amount=Decimal("960.00")),
            InvoiceLine(text='Skruv "rostfri"\\', period_start=date(2026, 9, 1), period_end=date(2026, 9, 2)),
            InvoiceLine(text="Retur", quantity=Decimal("-0.0001"), amount=Decimal("-0.01")),
        ),
        deduction=DeductionKind.ROT,
    ),
    today=date(2026, 11, 25),
    terms=Terms(start=Start.AGREED_DUE_DATE, warned_of_interest=True, reminder_fee_agreed_since=date(2015, 1, 1)),
    debtor_kind=DebtorKind.CONSUMER,
    customer_share=Money(90_000),
    customer_share_confirmed=True,
)
_BOOKED = (
    Booked(_IDS[0], "payment", date(2026, 11, 1), 1),
    Booked(_IDS[1], "credit_note", date(2026, 11, 2), 123_456_789),
)


def read(facts: ReminderFacts, booked: tuple[Booked, ...] = (), debt_text: str = "") -> ClaimSubmission:
    """Return the message as the contract reads it, whose own bytes are the same."""
    body = submission_body(
        facts, handover_id=_IDS[0], company_id=_IDS[1], invoice_id=_IDS[2], booked=booked, debt_text=debt_text,
        language="sv",
    )  # fmt: skip
    told = ClaimSubmission.model_validate_json(body)
    assert body_of(told).body == body
    assert b"\n" not in body
    return told


def with_invoice(**changes: Any) -> ReminderFacts:
    return replace(_FACTS, invoice=replace(_FACTS.invoice, **changes))


def test_all_that_is_known_is_told() -> None:
    told = read(_FACTS, _BOOKED, "snickeriarbete")
    assert (told.invoice.prepaid, told.invoice.tax, told.invoice.total) == (
        Money(10_050),
        Money(26_010),
        Money(130_050),
    )
    assert [line.quantity for line in told.invoice.lines] == ["2.0000", None, "-0.0001"]
    assert [line.amount for line in told.invoice.lines] == [Money(96_000), None, Money(-1)]
    assert told.invoice.lines[1].text == 'Skruv "rostfri"\\'
    assert (told.invoice.deduction, told.invoice.customer_share) == ("rot", Money(90_000))
    assert [(one.kind, one.amount) for one in told.payments] == [
        ("payment", Money(1)),
        ("credit_note", Money(123_456_789)),
    ]
    assert (told.debtor.kind, told.debtor.address.lines) == ("consumer", ("Björkvägen 7", "c/o Ek"))


@pytest.mark.parametrize(
    "facts",
    [
        with_invoice(issue_date=None, due_date=None, total=None, prepaid=None, tax=None, lines=(), deduction=None),
        replace(_FACTS, debtor_kind=None, customer_share=None, customer_share_confirmed=False),
        replace(_FACTS, terms=Terms(start=Start.AFTER_DEMAND, demand_sent=date(2026, 9, 15), claims_compensation=True)),
        replace(_FACTS, terms=replace(_FACTS.terms, charges_consumers_abroad=True)),
        replace(_FACTS, identity_is_protected=True),
        with_invoice(buyer=InvoiceParty(name="Hansen GmbH", address=PostalAddress(town="Hamburg", country="DE"))),
        with_invoice(buyer=replace(_BUYER, address=replace(_BUYER.address, country=""))),
        with_invoice(lines=tuple(itertools.repeat(InvoiceLine(text=""), MOST_LINES))),
    ],
)
def test_what_is_not_known_is_left_out(facts: ReminderFacts) -> None:
    read(facts)


def test_the_decision_about_consumers_abroad_is_told_only_when_it_is_yes() -> None:
    """An agency that is older than the field refuses it, and what was sent before it is still the same bytes."""

    def terms(*, decided: bool) -> dict[str, Any]:
        facts = replace(_FACTS, terms=replace(_FACTS.terms, charges_consumers_abroad=decided))
        told = read(facts)
        assert told.terms.charges_consumers_abroad is decided
        written: dict[str, Any] = json.loads(body_of(told).body)["terms"]
        return written

    before = {
        "start": "agreed",
        "warned_of_interest": True,
        "reminder_fee_agreed_since": "2015-01-01",
        "claims_compensation": False,
    }
    assert terms(decided=False) == before
    assert terms(decided=True) == before | {"charges_consumers_abroad": True}


def test_what_no_message_carries_is_found_before_it_is_written() -> None:
    for day in (date(1899, 12, 31), date(2200, 1, 1)):
        refusals = [
            out_of_bounds(with_invoice(issue_date=day)),
            out_of_bounds(with_invoice(due_date=day)),
            out_of_bounds(replace(_FACTS, payments=(PartPayment(day, Money(1)),))),
            out_of_bounds(replace(_FACTS, terms=replace(_FACTS.terms, demand_sent=day))),
            out_of_bounds(replace(_FACTS, terms=replace(_FACTS.terms, reminder_fee_agreed_since=day))),
        ]
        assert [getattr(each, "day", None) for each in refusals] == [day] * 5
    for kronor in (Decimal(10**11), Decimal(-(10**11))):
        one_line = (InvoiceLine(text="Hus", amount=kronor),)
        refused = [
            out_of_bounds(with_invoice(**{name: value}))
            for name, value in {"total": kronor, "prepaid": kronor, "tax": kronor, "lines": one_line}.items()
        ]
        assert [getattr(each, "amount", None) for each in refused] == [Money.of_decimal(kronor)] * 4
    edge = Decimal("99999999999.99")
    within = with_invoice(
        issue_date=date(1900, 1, 1),
        due_date=date(2199, 12, 31),
        total=edge,
        lines=(InvoiceLine(text="", amount=-edge),),
    )
    assert out_of_bounds(within) is None
    read(within)


def test_a_period_without_an_end_is_told_without_it() -> None:
    line = InvoiceLine(text="Abonnemang", period_start=date(2026, 9, 1), period_end=date(9999, 12, 31))
    (told,) = read(with_invoice(lines=(line,))).invoice.lines
    assert (told.period_start, told.period_end) == (date(2026, 9, 1), None)


def test_the_most_payments_are_told() -> None:
    assert len(read(_FACTS, _BOOKED[:1] * MOST_PAYMENTS).payments) == MOST_PAYMENTS


def test_controls_become_spaces_and_other_signs_stay() -> None:
    strange = "a\x00b\x1fc\x7fd\te\u2028f\u00adg\u200dh😀"
    told = read(
        with_invoice(
            number=strange,
            buyer=replace(_BUYER, name=strange, address=replace(_BUYER.address, lines=(strange,))),
            lines=(InvoiceLine(text=strange, unit=strange),),
        ),
        debt_text=strange,
    )
    plain = "a b c d\te\u2028f\u00adg\u200dh😀"
    assert {
        told.invoice.number,
        told.debtor.name,
        *told.debtor.address.lines,
        told.invoice.lines[0].text,
        told.debt_text,
    } == {plain}


def test_more_lines_of_address_than_the_message_has_are_joined() -> None:
    lines = tuple(f"rad {number}" for number in range(1, 9))
    buyer = replace(_BUYER, address=replace(_BUYER.address, lines=lines))
    assert read(with_invoice(buyer=buyer)).debtor.address.lines == (*lines[:5], "rad 6, rad 7, rad 8")


@pytest.mark.parametrize(
    ("record", "column", "message", "field"),
    [
        (models.Invoice, "number", messages.SubmittedInvoice, "number"),
        (models.InvoiceLine, "text", messages.SubmittedLine, "text"),
        (models.InvoiceLine, "unit", messages.SubmittedLine, "unit"),
        (models.Customer, "name", messages.SubmittedDebtor, "name"),
        (models.Customer, "identity_number", messages.SubmittedDebtor, "identity_number"),
        (models.Customer, "vat_number", messages.SubmittedDebtor, "vat_number"),
        (models.Customer, "email", messages.SubmittedDebtor, "email"),
        (models.Customer, "postcode", messages.Address, "postcode"),
        (models.Customer, "town", messages.Address, "town"),
        (models.Customer, "street", messages.Address, "postcode"),
        (models.Activation, "debt_text", messages.ClaimSubmission, "debt_text"),
    ],
)
def test_no_column_holds_more_than_its_field_of_the_message(
    record: type[Model], column: str, message: type[Message], field: str
) -> None:
    held: Any = record._meta.get_field(column)
    (most,) = [one.max_length for one in message.model_fields[field].metadata if isinstance(one, MaxLen)]
    assert held.max_length <= most

"""A ledger taken over is the ledger that would have been entered, invoice by invoice and payment by payment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.core.deduction import CustomerShareUnknown
from punktlig.core.eligibility import DueDateBeforeInvoice
from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money
from punktlig.receivables.actions.invoices import enter_invoice
from punktlig.receivables.actions.ledger_takeover import TakenOver, take_over_ledger
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.records.invoice_entry import InvoiceEntry, LineEntry
from punktlig.receivables.records.ledger_refusals import InvoiceNumberTaken
from punktlig.receivables.records.models import Command, Customer, HistoryLine, Invoice, InvoiceLine, Payment
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_customer

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

PAID = ((TODAY - timedelta(days=9), Money(100_00)), (TODAY - timedelta(days=2), Money(55_50)))
# What differs in any two rows: who they are and when they were written.
_OWN = {"id", "company_id", "invoice_id", "created_at", "recorded_at", "form_token", "at", "facts"}


@pytest.fixture
def customer(company: Company) -> Customer:
    return make_customer(company)


def entry_of(customer: Customer, number: str = "20431", **changes: Any) -> InvoiceEntry:
    facts: dict[str, Any] = {
        "customer_id": customer.id,
        "number": number,
        "issue_date": date(2026, 9, 15),
        "due_date": date(2026, 10, 15),
        "lines": (
            LineEntry(text="Byte av hängrännor", quantity=Decimal(2), unit="st", unit_price=Money(480_00)),
            LineEntry(
                text="Resa", quantity=Decimal("1.5"), unit="tim", unit_price=Money(333_33), tax_percent=Decimal(12)
            ),
        ),
        "payment_reference": "2043175",
        "buyer_reference": "Eva",
        "notes": "Tack",
    }
    return InvoiceEntry(**facts | changes)


def everything(company: Company) -> dict[str, list[dict[str, object]]]:
    """Return every row of the ledger but for what is its own."""

    def rows(record: Any, *order: str) -> list[dict[str, object]]:
        found = record.objects.filter(company=company).order_by(*order).values()
        return [{name: value for name, value in row.items() if name not in _OWN} for row in found]

    return {
        "invoices": rows(Invoice, "number"),
        "lines": rows(InvoiceLine, "invoice__number", "position"),
        "payments": rows(Payment, "invoice__number", "day"),
        "history": rows(HistoryLine, "invoice__number", "code"),
        "facts": [
            {name: value for name, value in facts.items() if name != "payment"}
            for facts in HistoryLine.objects.filter(company=company)
            .order_by("invoice__number", "code", "facts__day")
            .values_list("facts", flat=True)
        ],
    }


def test_what_is_taken_over_is_what_would_have_been_entered(company: Company, customer: Customer, user: User) -> None:
    rot = {"deduction": DeductionKind.ROT, "share": Money(900_00)}
    entries = [entry_of(customer), entry_of(customer, "20432", **rot), entry_of(customer, "20433", prepaid=Money(100))]
    assert take_over_ledger(company.id, [TakenOver(one, PAID) for one in entries], user=user) == 3
    other = make_company("Ankarets Krog HB")
    taken_over = everything(company)
    with acting_for(other.id):
        # The same customer as far as the rows tell, at the other company.
        twin = make_customer(other)
        for one in entries:
            entered = enter_invoice(
                other.id, entry_of(twin, one.number, deduction=one.deduction, share=one.share, prepaid=one.prepaid),
                user=user, at=NOW,
            )  # fmt: skip
            for day, amount in PAID:
                record_payment(other.id, entered.id, day, amount, user=user, today=TODAY, at=NOW)
        by_hand = everything(other)
    for row in by_hand["invoices"]:
        row["customer_id"] = customer.id
    for facts in by_hand["facts"]:
        if "customer" in facts:
            facts["customer"] = str(customer.id)
    assert taken_over == by_hand
    assert [row["remaining_ore"] for row in taken_over["invoices"]] == [
        row["payable_ore"] - 155_50 if row["share_ore"] is None else 744_50  # type: ignore[operator]
        for row in taken_over["invoices"]
    ]


def test_history_stands_on_the_days_that_the_other_program_told(
    company: Company, customer: Customer, user: User
) -> None:
    take_over_ledger(company.id, [TakenOver(entry_of(customer), PAID)], user=user)
    told = HistoryLine.objects.order_by("at").values_list("code", "at__date", "actor")
    assert list(told) == [
        ("invoice_entered", date(2026, 9, 15), "Maja Lind"),
        ("payment_recorded", PAID[0][0], "Maja Lind"),
        ("payment_recorded", PAID[1][0], "Maja Lind"),
    ]
    assert not Command.objects.exists()


def test_a_number_that_is_in_the_ledger_stops_all_of_it(company: Company, customer: Customer, user: User) -> None:
    enter_invoice(company.id, entry_of(customer, "20432"), user=user, at=NOW)
    with pytest.raises(InvoiceNumberTaken) as refused:
        take_over_ledger(
            company.id, [TakenOver(entry_of(customer, number)) for number in ("20431", "20432")], user=user
        )
    assert refused.value.number == "20432"
    assert list(Invoice.objects.values_list("number", flat=True)) == ["20432"]


def test_a_number_that_is_there_twice_stops_all_of_it(company: Company, customer: Customer, user: User) -> None:
    with pytest.raises(InvoiceNumberTaken):
        take_over_ledger(company.id, [TakenOver(entry_of(customer))] * 2, user=user)
    assert not Invoice.objects.exists()


def test_a_customer_of_another_company_is_not_there(company: Company, user: User) -> None:
    other = make_company("Ankarets Krog HB")
    with acting_for(other.id):
        theirs = make_customer(other)
    with pytest.raises(Customer.DoesNotExist):
        take_over_ledger(company.id, [TakenOver(entry_of(theirs))], user=user)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"due_date": date(2026, 9, 14)}, DueDateBeforeInvoice),
        ({"deduction": DeductionKind.ROT, "share": None}, CustomerShareUnknown),
    ],
)
def test_what_an_invoice_may_not_say_stops_all_of_it(
    company: Company, customer: Customer, user: User, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    taken = [TakenOver(entry_of(customer)), TakenOver(entry_of(customer, "20432", **changes))]
    with pytest.raises(refusal):
        take_over_ledger(company.id, taken, user=user)
    assert not Invoice.objects.exists()


def test_a_thousand_take_as_many_queries_as_one(
    company: Company, customer: Customer, user: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    taken = [TakenOver(entry_of(customer, str(number)), PAID) for number in range(200)]
    with django_assert_max_num_queries(20):
        take_over_ledger(company.id, taken, user=user)
    assert Payment.objects.count() == 400

"""One number is one invoice; it adds up to the öre, and stays as it was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from punktlig.core.deduction import CustomerShareOutsideInvoice, CustomerShareUnknown
from punktlig.core.eligibility import DueDateBeforeInvoice
from punktlig.core.invoice import DeductionKind
from punktlig.core.invoice_totals import InvoiceHasNoLines, PrepaidExceedsInvoice
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind, DebtorKindContradicted, IdentityNumberUnreadable
from punktlig.receivables.actions.customers import (
    Address,
    CustomerEntry,
    change_customer,
    create_customer,
    mend_address,
    mend_kind,
)
from punktlig.receivables.actions.invoices import change_invoice, enter_invoice, mend_share
from punktlig.receivables.records.invoice_entry import InvoiceEntry, LineEntry
from punktlig.receivables.records.ledger_refusals import (
    ChangeLeavesLessThanPaid,
    CustomerNameMissing,
    CustomerNumberTaken,
    InvoiceIsAsItsFile,
    InvoiceIsAtTheAgency,
    InvoiceNumberTaken,
)
from punktlig.receivables.records.models import Company, Customer, HistoryLine, Invoice, InvoiceLine
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_customer, make_invoice, pay

if TYPE_CHECKING:
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(company: Company) -> InvoiceEntry:
    return InvoiceEntry(
        number="20431",
        customer_id=make_customer(company).id,
        issue_date=date(2026, 10, 10),
        due_date=date(2026, 11, 9),
        lines=(
            LineEntry(text="Arbete", quantity=Decimal(24), unit="tim", unit_price=Money(52_000)),
            LineEntry(text="Bok", quantity=Decimal("1.5"), unit_price=Money(333), tax_percent=Decimal(6)),
        ),
        payment_reference="2043 17",
    )


def test_an_entry_becomes_an_invoice_with_its_totals(company: Company, user: User, entry: InvoiceEntry) -> None:
    invoice = enter_invoice(company.id, entry, user=user, at=NOW)
    # 12 480.00 at 25 % and 5.00 (4.995) at 6 %.
    assert (invoice.tax_ore, invoice.total_ore, invoice.remaining_ore) == (312_030, 1_560_530, 1_560_530)
    assert invoice.payment_reference == "204317"
    assert list(
        InvoiceLine.objects.order_by("position").values_list("amount_ore", "unit_price_ore", "tax_percent")
    ) == [
        (1_248_000, 52_000, Decimal(25)),
        (500, 333, Decimal(6)),
    ]
    line = HistoryLine.objects.get()
    assert (line.code, line.actor, line.invoice_id) == ("invoice_entered", "Maja Lind", invoice.id)


def test_the_same_entry_again_is_the_same_invoice_and_another_is_a_conflict(
    company: Company, user: User, entry: InvoiceEntry
) -> None:
    invoice = enter_invoice(company.id, entry, user=user, at=NOW)
    assert enter_invoice(company.id, entry, user=user, at=NOW) == invoice
    with pytest.raises(InvoiceNumberTaken) as refused:
        enter_invoice(company.id, replace(entry, due_date=date(2026, 11, 20)), user=user, at=NOW)
    assert refused.value.differences == ("due_date",)
    assert (Invoice.objects.count(), InvoiceLine.objects.count(), HistoryLine.objects.count()) == (1, 2, 1)


def test_entries_that_cannot_be_are_refused(company: Company, user: User, entry: InvoiceEntry) -> None:
    for changed, refusal in (
        (replace(entry, lines=()), InvoiceHasNoLines),
        (replace(entry, due_date=date(2026, 10, 9)), DueDateBeforeInvoice),
        (replace(entry, prepaid=Money(2_000_000)), PrepaidExceedsInvoice),
        (replace(entry, deduction=DeductionKind.ROT), CustomerShareUnknown),
        (replace(entry, deduction=DeductionKind.ROT, share=Money(0)), CustomerShareOutsideInvoice),
        (replace(entry, deduction=DeductionKind.ROT, share=Money(1_560_531)), CustomerShareOutsideInvoice),
    ):
        with pytest.raises(refusal):
            enter_invoice(company.id, changed, user=user, at=NOW)
    assert not Invoice.objects.exists()


def test_the_customer_owes_its_share(company: Company, user: User, entry: InvoiceEntry) -> None:
    invoice = enter_invoice(
        company.id, replace(entry, deduction=DeductionKind.ROT, share=Money(1_000_000)), user=user, at=NOW
    )
    assert (invoice.deduction, invoice.payable_ore, invoice.remaining_ore) == ("rot", 1_560_530, 1_000_000)
    mended = mend_share(company.id, invoice.id, Money(900_000), is_confirmed=True, user=user, at=NOW)
    assert (mended.remaining_ore, mended.share_is_confirmed) == (900_000, True)
    again = mend_share(company.id, invoice.id, Money(800_000), is_confirmed=False, user=user, at=NOW)
    assert (again.remaining_ore, again.share_is_confirmed) == (800_000, False)
    with pytest.raises(CustomerShareOutsideInvoice):
        mend_share(company.id, invoice.id, Money(1_560_531), is_confirmed=True, user=user, at=NOW)


def test_an_invoice_is_changed_until_it_is_sent(company: Company, user: User, entry: InvoiceEntry) -> None:
    invoice = enter_invoice(company.id, entry, user=user, at=NOW)
    pay(invoice, 500)
    changed = replace(entry, number="20432", lines=(LineEntry(text="Arbete", unit_price=Money(1_000)),))
    invoice = change_invoice(company.id, invoice.id, changed, user=user, at=NOW)
    invoice.refresh_from_db()
    assert (invoice.number, invoice.total_ore, invoice.remaining_ore) == ("20432", 1_250, 750)
    assert InvoiceLine.objects.get().text == "Arbete"
    assert HistoryLine.objects.get(code="invoice_changed").facts["changed"][0] == "number"
    with pytest.raises(ChangeLeavesLessThanPaid):
        change_invoice(
            company.id,
            invoice.id,
            replace(changed, lines=(LineEntry(text="Arbete", unit_price=Money(100)),)),
            user=user,
            at=NOW,
        )
    Invoice.objects.filter(id=invoice.id).update(agency_state="received")
    with pytest.raises(InvoiceIsAtTheAgency):
        change_invoice(company.id, invoice.id, changed, user=user, at=NOW)
    with pytest.raises(InvoiceIsAtTheAgency):
        mend_share(company.id, invoice.id, Money(100), is_confirmed=True, user=user, at=NOW)


def test_a_change_takes_no_other_invoices_number_and_leaves_files_alone(
    company: Company, user: User, entry: InvoiceEntry
) -> None:
    make_invoice(company, number="20500")
    read = make_invoice(company, source_sha256="a" * 64)
    invoice = enter_invoice(company.id, entry, user=user, at=NOW)
    with pytest.raises(InvoiceNumberTaken):
        change_invoice(company.id, invoice.id, replace(entry, number="20500"), user=user, at=NOW)
    with pytest.raises(InvoiceIsAsItsFile):
        change_invoice(company.id, read.id, entry, user=user, at=NOW)


def test_customers_get_the_next_free_number_and_keep_their_own(company: Company) -> None:
    first = create_customer(company.id, CustomerEntry(name=" Anna  Ek "), today=TODAY)
    assert (first.number, first.name, first.country) == ("1001", "Anna Ek", "SE")
    make_customer(company, number="2040", name="Bo")
    make_customer(company, number="K-99999")
    assert create_customer(company.id, CustomerEntry(name="Eva"), today=TODAY).number == "2041"
    with pytest.raises(CustomerNumberTaken):
        create_customer(company.id, CustomerEntry(name="Ida", number="2040"), today=TODAY)
    with pytest.raises(CustomerNameMissing):
        create_customer(company.id, CustomerEntry(name=" "), today=TODAY)
    other = make_company("Annan AB")
    with acting_for(other.id):
        assert create_customer(other.id, CustomerEntry(name="Eva"), today=TODAY).number == "1001"


def test_what_cannot_be_true_of_a_customer_is_refused(company: Company, user: User) -> None:
    with pytest.raises(IdentityNumberUnreadable):
        create_customer(company.id, CustomerEntry(name="Eva", identity_number="19800101-2385"), today=TODAY)
    with pytest.raises(DebtorKindContradicted):
        create_customer(
            company.id,
            CustomerEntry(name="Åkeri AB", identity_number="559944-3172", kind=DebtorKind.CONSUMER),
            today=TODAY,
        )
    customer = make_customer(company, kind="", identity_number="559944-3172")
    with pytest.raises(DebtorKindContradicted):
        mend_kind(company.id, customer.id, DebtorKind.CONSUMER, user=user, today=TODAY, at=NOW)


def test_a_change_is_told_on_unpaid_invoices_without_the_values(company: Company, user: User) -> None:
    customer = make_customer(company, identity_is_protected=True)
    unpaid, paid = make_invoice(company, customer), make_invoice(company, customer)
    pay(paid, paid.remaining_ore)
    mend_address(
        company.id, customer.id, Address(street="Ny gata 1\n", postcode="11122", town="Ort"), user=user, at=NOW
    )
    customer.refresh_from_db()
    assert (customer.street, customer.postcode, customer.town, customer.country) == ("Ny gata 1", "11122", "Ort", "SE")
    line = HistoryLine.objects.get()
    assert (line.invoice_id, line.code, line.facts) == (unpaid.id, "address_mended", {"changed": ["address"]})
    mend_kind(company.id, customer.id, DebtorKind.TRADER, user=user, today=TODAY, at=NOW)
    entry = CustomerEntry(
        name=customer.name, kind=DebtorKind.TRADER, email="ny@example.com", language="en",
        address=Address(street="Ny gata 1", postcode="11122", town="Ort"), identity_is_protected=True,
    )  # fmt: skip
    change_customer(company.id, customer.id, entry, user=user, today=TODAY, at=NOW)
    change_customer(company.id, customer.id, entry, user=user, today=TODAY, at=NOW)
    assert HistoryLine.objects.get(code="customer_changed").facts == {"changed": ["email", "language"]}
    assert HistoryLine.objects.filter(code="kind_mended").count() == 1


@pytest.mark.parametrize(("state", "is_there"), [("sending", True), ("reminder_sent", True), ("refused", False)])
def test_a_change_after_the_sending_says_that_the_agency_has_what_was_sent(
    company: Company, user: User, state: str, *, is_there: bool
) -> None:
    invoice = make_invoice(company, agency_state=state, sent_at=NOW)
    mend_kind(company.id, invoice.customer_id, DebtorKind.TRADER, user=user, today=TODAY, at=NOW)
    assert HistoryLine.objects.get().facts == {"changed": ["kind"]} | ({"sent": True} if is_there else {})


def test_another_companys_customer_is_not_there(company: Company, user: User) -> None:
    other = make_company("Annan AB")
    with acting_for(other.id):
        theirs = make_customer(other)
    with pytest.raises(Customer.DoesNotExist):
        mend_address(company.id, theirs.id, Address(), user=user, at=NOW)

"""Money is booked once, adds up whoever books at the same time, and is told the agency when it has the invoice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimCommand, sha256_of
from punktlig.receivables.actions.credit_notes import record_credit_note
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import book_payments_through, record_payment
from punktlig.receivables.records.ledger_refusals import (
    CreditExceedsInvoice,
    CreditNoteAmountUnclear,
    CreditNoteNumberTaken,
    PaymentExceedsRemaining,
    PaymentIsAhead,
    PaymentIsNotPositive,
    PaymentJustRecorded,
    PaymentsThroughIsAhead,
)
from punktlig.receivables.records.models import (
    Command,
    Company,
    CreditNote,
    Handover,
    HistoryLine,
    Invoice,
    Payment,
)
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    shown_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db


def pay(invoice: Invoice, kronor: str, user: User, **options: object) -> Payment:
    facts: dict[str, object] = {"user": user, "today": TODAY, "at": NOW, "day": TODAY, "form_token": uuid4()}
    return record_payment(invoice.company_id, invoice.id, amount=Money.parse(kronor), **facts | options)  # type: ignore[arg-type]


def test_a_payment_lowers_what_remains_and_stands_in_the_history(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000)
    payment = pay(invoice, "200,00", user, note="  Bankgiro \n 12 ")
    invoice.refresh_from_db()
    assert (invoice.paid_ore, invoice.remaining_ore) == (20_000, 100_000)
    assert (payment.note, payment.recorded_by, payment.recorded_at) == ("Bankgiro 12", user, NOW)
    line = HistoryLine.objects.get()
    assert (line.code, line.actor, line.at) == ("payment_recorded", "Maja Lind", NOW)
    assert line.facts == {"amount": "200.00", "day": "2026-11-25", "payment": str(payment.id), "told": False}
    assert not Command.objects.exists()


def test_a_form_sent_twice_is_one_payment(company: Company, user: User) -> None:
    invoice = make_invoice(company)
    token = uuid4()
    first = pay(invoice, "200.00", user, form_token=token)
    assert pay(invoice, "200.00", user, form_token=token) == first
    assert Payment.objects.count() == 1


def test_the_same_payment_within_a_minute_is_asked_about(company: Company, user: User) -> None:
    invoice = make_invoice(company)
    pay(invoice, "200.00", user)
    with pytest.raises(PaymentJustRecorded):
        pay(invoice, "200.00", user, at=NOW + timedelta(seconds=59))
    pay(invoice, "200.00", user, at=NOW + timedelta(seconds=59), is_another=True)
    pay(invoice, "200.00", user, at=NOW + timedelta(minutes=3))
    pay(invoice, "200.00", user, day=TODAY - timedelta(days=1), at=NOW + timedelta(minutes=3))
    assert Payment.objects.count() == 4


@pytest.mark.parametrize(
    ("kronor", "day", "refusal"),
    [
        ("0", TODAY, PaymentIsNotPositive),
        ("-1", TODAY, PaymentIsNotPositive),
        ("10", TODAY + timedelta(days=1), PaymentIsAhead),
        ("1200.01", TODAY, PaymentExceedsRemaining),
    ],
)
def test_what_cannot_be_a_payment_is_refused(
    company: Company, user: User, kronor: str, day: date, refusal: type[Exception]
) -> None:
    invoice = make_invoice(company, payable_ore=120_000)
    with pytest.raises(refusal):
        pay(invoice, kronor, user, day=day)
    assert not Payment.objects.exists()


def test_more_than_remains_may_be_booked_when_a_person_says_so(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000)
    pay(invoice, "1284.52", user, may_exceed=True)
    invoice.refresh_from_db()
    assert invoice.remaining_ore == -8_452


def test_the_share_is_what_is_owed(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000, deduction="rot", share_ore=90_000, remaining_ore=90_000)
    with pytest.raises(PaymentExceedsRemaining):
        pay(invoice, "900.01", user)
    pay(invoice, "900", user)
    invoice.refresh_from_db()
    assert invoice.remaining_ore == 0


def test_another_companys_invoice_is_not_there(company: Company, user: User) -> None:
    other = make_company("Annan AB")
    with acting_for(other.id):
        theirs = make_invoice(other)
    with pytest.raises(Invoice.DoesNotExist):
        record_payment(company.id, theirs.id, TODAY, Money(100), user=user, today=TODAY, at=NOW)


def test_a_payment_on_a_sent_invoice_is_told_with_its_exact_bytes(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    hand_over_invoices(
        company.id, [invoice.id], shown=shown_for(company.id, [invoice.id]), user=user, today=TODAY, at=NOW
    )
    payment = pay(invoice, "200.00", user, note="Swish")
    command = Command.objects.get()
    body = bytes(command.body)
    assert command.sha256 == sha256_of(body)
    told = ClaimCommand.model_validate_json(body)
    assert (told.command_id, told.company_id, told.handover_id) == (payment.id, company.id, Handover.objects.get().id)
    assert (told.kind, told.day, told.amount, told.reference) == ("payment", TODAY, Money(20_000), "Swish")
    assert (command.state, command.next_try_at, command.amount_ore) == ("requested", NOW, 20_000)
    assert ProcrastinateJob.objects.filter(task_name="send_commands").count() == 1
    assert HistoryLine.objects.get(code="payment_recorded").facts["told"] is True


@pytest.mark.parametrize("state", ["", "refused", "paid", "closed"])
def test_nothing_is_told_of_an_invoice_that_the_agency_does_not_have(company: Company, user: User, state: str) -> None:
    invoice = make_invoice(company, agency_state=state)
    pay(invoice, "200.00", user)
    assert not Command.objects.exists()


def test_a_credit_note_is_booked_once_by_its_number(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000)

    def credit(number: str, kronor: str, day: date = TODAY) -> CreditNote:
        return record_credit_note(
            company.id, invoice.id, number, day, Money.parse(kronor), user=user, today=TODAY, at=NOW
        )

    note = credit("K-1", "200")
    assert credit(" K-1 ", "200") == note
    invoice.refresh_from_db()
    assert (invoice.credited_ore, invoice.remaining_ore) == (20_000, 100_000)
    with pytest.raises(CreditNoteNumberTaken):
        credit("K-1", "300")
    with pytest.raises(CreditExceedsInvoice):
        credit("K-2", "1000.01")
    with pytest.raises(CreditNoteAmountUnclear):
        credit("K-2", "0")
    with pytest.raises(PaymentIsAhead):
        credit("K-2", "10", TODAY + timedelta(days=1))
    pay(invoice, "1000", user)
    credit("K-3", "1000")  # a paid invoice is credited: the customer gets money back
    invoice.refresh_from_db()
    assert invoice.remaining_ore == -100_000


def test_payments_are_booked_through_a_day_that_has_come(company: Company) -> None:
    with pytest.raises(PaymentsThroughIsAhead):
        book_payments_through(company.id, TODAY + timedelta(days=1), today=TODAY, at=NOW)
    book_payments_through(company.id, TODAY, today=TODAY, at=NOW)
    company.refresh_from_db()
    assert (company.payments_through, company.payments_read_at) == (TODAY, NOW)


def test_the_database_holds_the_sum(company: Company) -> None:
    invoice = make_invoice(company)
    with pytest.raises(IntegrityError, match="invoice_remaining"), transaction.atomic():
        Invoice.objects.filter(id=invoice.id).update(paid_ore=1)


def at_once(work: Callable[[int], object], count: int) -> list[object]:
    barrier = Barrier(count)

    def run(number: int) -> object:
        try:
            barrier.wait(timeout=20)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_payments_at_the_same_time_all_count_and_a_double_click_counts_once() -> None:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        invoice = make_invoice(company, payable_ore=120_000)
    token = uuid4()

    def book(number: int) -> UUID:
        # Two clicks on one form, and three other payments.
        with acting_for(company.id):
            if number < 2:
                return pay(invoice, "100.00", user, form_token=token).id
            return pay(invoice, f"{number}.50", user).id

    made = at_once(book, 5)
    assert made[0] == made[1]
    with acting_for(company.id):
        invoice.refresh_from_db()
        assert Payment.objects.count() == 4
        assert invoice.paid_ore == 10_000 + 250 + 350 + 450
        assert invoice.remaining_ore == 120_000 - invoice.paid_ore


@pytest.mark.django_db(transaction=True)
def test_two_who_book_the_last_of_it_at_the_same_time_do_not_both_get_it() -> None:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        invoice = make_invoice(company, payable_ore=120_000)

    def book(number: int) -> str:
        with acting_for(company.id):
            try:
                pay(invoice, "1200.00", user, day=TODAY - timedelta(days=number))
            except PaymentExceedsRemaining:
                return "refused"
            return "booked"

    assert sorted(map(str, at_once(book, 2))) == ["booked", "refused"]

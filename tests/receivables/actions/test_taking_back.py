"""A payment booked by mistake is taken back once: it stays, counts no more, and is told to nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimSubmission
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment, take_back_payment
from punktlig.receivables.records.invoice_queries import Tab, tab_figures
from punktlig.receivables.records.ledger_refusals import PaymentIsTakenBack, PaymentIsWithAgency
from punktlig.receivables.records.models import Command, Company, Handover, HistoryLine, Invoice, Payment
from punktlig.receivables.records.overview_queries import agency_year, days_to_payment
from punktlig.receivables.records.sending_facts import prepare
from punktlig.receivables.records.sending_refusals import PreviewIsOutdated
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    pay,
    shown_for,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def taken_back(payment: Payment, user: User, at: datetime = LATER) -> Payment:
    return take_back_payment(payment.company_id, payment.invoice_id, payment.id, user=user, today=TODAY, at=at)


def handed_over(invoice: Invoice, user: User, shown: str = "") -> Handover:
    company_id = invoice.company_id
    shown = shown or shown_for(company_id, [invoice.id])
    assert hand_over_invoices(company_id, [invoice.id], shown=shown, user=user, today=TODAY, at=NOW).sent
    return Handover.objects.get(invoice=invoice)


def told_with(handover: Handover) -> list[UUID]:
    return [one.id for one in ClaimSubmission.model_validate_json(bytes(handover.body)).payments]


def test_a_payment_taken_back_stays_with_who_and_when_and_is_owed_again(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000)
    kept, wrong = pay(invoice, 20_000), pay(invoice, 50_000)
    taken_back(wrong, user)
    invoice.refresh_from_db()
    assert (invoice.paid_ore, invoice.remaining_ore) == (20_000, 100_000)
    wrong.refresh_from_db()
    assert (wrong.amount_ore, wrong.taken_back_at, wrong.taken_back_by) == (50_000, LATER, user)
    kept.refresh_from_db()
    assert (kept.taken_back_at, kept.taken_back_by) == (None, None)
    line = HistoryLine.objects.get()
    assert (line.code, line.actor, line.at) == ("payment_taken_back", "Maja Lind", LATER)
    assert line.facts == {"amount": "500.00", "day": "2026-11-15", "payment": str(wrong.id)}


def test_a_second_time_changes_nothing(company: Company, user: User) -> None:
    invoice = make_invoice(company, payable_ore=120_000)
    wrong = pay(invoice, 50_000)
    taken_back(wrong, user)
    again = taken_back(wrong, user, at=LATER + timedelta(minutes=1))
    invoice.refresh_from_db()
    assert (again.taken_back_at, invoice.paid_ore, HistoryLine.objects.count()) == (LATER, 0, 1)


def test_only_the_invoices_own_payment_is_taken_back(company: Company, user: User) -> None:
    payment = pay(make_invoice(company), 20_000)
    with pytest.raises(Payment.DoesNotExist):
        take_back_payment(company.id, make_invoice(company).id, payment.id, user=user, today=TODAY, at=LATER)
    with pytest.raises(Invoice.DoesNotExist):
        take_back_payment(company.id, uuid4(), payment.id, user=user, today=TODAY, at=LATER)


def test_what_counts_payments_counts_only_what_stands(company: Company, user: User) -> None:
    # Paid through a mistake; and paid, when the later of its payments is a mistake.
    by_mistake, paid = make_invoice(company, payable_ore=120_000), make_invoice(company, payable_ore=120_000)
    wrong = pay(by_mistake, 120_000)
    pay(paid, 120_000, TODAY - timedelta(days=20))
    twice = pay(paid, 120_000, TODAY - timedelta(days=1))

    def figures(tab: Tab) -> tuple[int, int]:
        (found,) = (one for one in tab_figures(company.id, today=TODAY) if one.tab is tab)
        return found.count, found.sum_ore

    assert (figures(Tab.UNPAID), figures(Tab.PAID)) == ((0, 0), (2, 360_000))
    taken_back(wrong, user)
    taken_back(twice, user)
    assert (figures(Tab.UNPAID), figures(Tab.PAID)) == ((1, 120_000), (1, 120_000))
    (month,) = days_to_payment(company.id, TODAY)
    assert paid.issue_date is not None
    assert (month.days, month.count) == ((TODAY - timedelta(days=20) - paid.issue_date).days, 1)


def test_the_year_at_the_agency_counts_to_the_last_payment_that_stands(company: Company, user: User) -> None:
    invoice = make_invoice(company, sent_at=NOW - timedelta(days=30))
    pay(invoice, 120_000, TODAY - timedelta(days=20))
    wrong = pay(invoice, 10_000, TODAY - timedelta(days=1))
    taken_back(wrong, user)
    Invoice.objects.filter(id=invoice.id).update(agency_state="paid")
    assert agency_year(company.id, TODAY).median_days == 10


def test_the_invoice_is_judged_and_handed_over_without_it(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company, payable_ore=120_000)
    kept, wrong = pay(invoice, 20_000), pay(invoice, 100_000)
    (before,) = prepare(company.id, [invoice.id], today=TODAY)
    assert [one.code for one in before.refusals] == ["nothing_left_to_pay"]
    taken_back(wrong, user)
    (after,) = prepare(company.id, [invoice.id], today=TODAY)
    assert (after.refusals, [one.id for one in after.booked]) == ((), [kept.id])
    assert after.version != before.version
    assert told_with(handed_over(invoice, user)) == [kept.id]


def test_a_preview_shown_before_is_outdated(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    wrong = pay(invoice, 20_000)
    shown = shown_for(company.id, [invoice.id])
    taken_back(wrong, user)
    with pytest.raises(PreviewIsOutdated):
        handed_over(invoice, user, shown)


def test_what_went_along_with_the_handover_is_not_taken_back(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    along = pay(invoice, 20_000)
    handed_over(invoice, user)
    for state in ("sending", "received", "reminder_sent", "needs_action", "paid", "closed"):
        Invoice.objects.filter(id=invoice.id).update(agency_state=state)
        with pytest.raises(PaymentIsWithAgency):
            taken_back(along, user)
    invoice.refresh_from_db()
    assert (invoice.paid_ore, Command.objects.count()) == (20_000, 0)


def test_what_was_booked_when_the_agency_was_done_is_known_here_alone(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    handed_over(invoice, user)
    Invoice.objects.filter(id=invoice.id).update(agency_state="closed")
    untold = record_payment(company.id, invoice.id, TODAY, Money(10_000), user=user, today=TODAY, at=NOW)
    assert not Command.objects.exists()
    taken_back(untold, user)
    invoice.refresh_from_db()
    assert invoice.paid_ore == 0


def test_a_payment_of_a_refused_sending_is_taken_back_and_does_not_go_along_anew(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    wrong = pay(invoice, 20_000)
    first = handed_over(invoice, user)
    Handover.objects.filter(id=first.id).update(state="refused")
    Invoice.objects.filter(id=invoice.id).update(agency_state="refused")
    taken_back(wrong, user)
    shown = shown_for(company.id, [invoice.id])
    hand_over_invoices(company.id, [invoice.id], shown=shown, user=user, today=TODAY, at=LATER)
    assert told_with(Handover.objects.exclude(id=first.id).get(invoice=invoice)) == []


def test_the_same_payment_may_be_booked_right_again_at_once(company: Company, user: User) -> None:
    invoice = make_invoice(company)
    token = uuid4()

    def book(form_token: UUID) -> Payment:
        return record_payment(
            company.id, invoice.id, TODAY, Money(20_000), form_token=form_token, user=user, today=TODAY, at=NOW
        )

    wrong = book(token)
    taken_back(wrong, user)
    with pytest.raises(PaymentIsTakenBack):
        book(token)
    assert book(uuid4()).id != wrong.id
    invoice.refresh_from_db()
    assert invoice.paid_ore == 20_000


@pytest.mark.parametrize("change", [{"amount_ore": 1}, {"day": TODAY}, {"note": "another"}])
def test_the_database_lets_nothing_else_of_a_payment_be_changed(
    company: Company, user: User, change: dict[str, object]
) -> None:
    payment = pay(make_invoice(company), 20_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(**change)
    # By somebody here only when it is taken back; by nobody here when the agency's own people have done it.
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(taken_back_by=user)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(id=payment.id).delete()
    taken_back(payment, user)
    for at, by in ((None, None), (LATER + timedelta(days=1), user)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(id=payment.id).update(taken_back_at=at, taken_back_by=by)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_back_at_the_same_time_take_it_back_once() -> None:
    company = make_company()
    user = make_user(company)
    with acting_for(company.id):
        invoice = make_invoice(company, payable_ore=120_000)
        payment = pay(invoice, 50_000)

    together = Barrier(3)

    def work(number: int) -> None:
        try:
            together.wait(timeout=20)
            with acting_for(company.id):
                taken_back(payment, user, LATER + timedelta(seconds=number))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    with acting_for(company.id):
        invoice.refresh_from_db()
        assert (invoice.paid_ore, HistoryLine.objects.count()) == (0, 1)

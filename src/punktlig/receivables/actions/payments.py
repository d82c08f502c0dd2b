"""Payments booked by hand or taken back, and through which day the company says that its payments are booked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.core.money import ZERO, Money
from punktlig.receivables.records.command_writing import add_commands, add_reversal
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.handover import Command
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.invoice import STANDS, Payment
from punktlig.receivables.records.invoice_money import add_payments, lock_invoice, take_back
from punktlig.receivables.records.ledger_refusals import (
    PaymentExceedsRemaining,
    PaymentIsAhead,
    PaymentIsNotPositive,
    PaymentIsTakenBack,
    PaymentIsWithAgency,
    PaymentJustRecorded,
    PaymentsThroughIsAhead,
)
from punktlig.receivables.records.reversals import tell
from punktlig.receivables.records.told_money import WayBack, ways_back

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

# Two people, or one with two tabs, who book the same line of a bank statement.
_SAME_PAYMENT = timedelta(minutes=1)


@transaction.atomic
def record_payment(
    company_id: UUID,
    invoice_id: UUID,
    day: date,
    amount: Money,
    *,
    note: str = "",
    form_token: UUID | None = None,
    may_exceed: bool = False,
    is_another: bool = False,
    user: User,
    today: date,
    at: datetime,
) -> Payment:
    """Book a payment on an invoice, and tell the agency when it has the invoice, so that no letter follows.

    A form sent twice, known by its token, returns the payment it made, as long as that stands. `may_exceed` says that
    more than the remainder was paid, as when the customer has paid the fee and interest too; `is_another` that two
    payments look the same.

    Raises:
        Invoice.DoesNotExist, PaymentIsNotPositive, PaymentIsAhead, PaymentIsTakenBack, PaymentExceedsRemaining or
        PaymentJustRecorded.
    """
    if amount <= ZERO:
        raise PaymentIsNotPositive(amount)
    if day > today:
        raise PaymentIsAhead(day, today)
    invoice = lock_invoice(company_id, invoice_id)
    known = Payment.objects.filter(company_id=company_id, invoice=invoice)
    if form_token is not None and (made := known.filter(form_token=form_token).first()):
        if made.taken_back_at is not None:
            raise PaymentIsTakenBack(made.day, Money(made.amount_ore))
        return made
    just_now = known.filter(STANDS, day=day, amount_ore=amount.ore, by_agency=False, recorded_at__gt=at - _SAME_PAYMENT)
    if not is_another and just_now.exists():
        raise PaymentJustRecorded(day, amount)
    remaining = Money(invoice.remaining_ore)
    if amount > remaining and not may_exceed:
        raise PaymentExceedsRemaining(amount, remaining)
    payment = Payment(
        id=uuid4(),
        company_id=company_id,
        invoice=invoice,
        day=day,
        amount_ore=amount.ore,
        note=" ".join(note.split()),
        form_token=form_token,
        recorded_at=at,
        recorded_by=user,
    )
    add_payments(company_id, [payment])
    commands = add_commands(company_id, [payment], at=at)
    HistoryLine.objects.create(
        company_id=company_id,
        invoice=invoice,
        at=at,
        actor=user.get_full_name(),
        code="payment_recorded",
        facts={"amount": str(amount), "day": day.isoformat(), "payment": str(payment.id), "told": bool(commands)},
    )
    if commands:
        app.configure_task("send_commands").defer()
    return payment


@transaction.atomic
def take_back_payment(
    company_id: UUID, invoice_id: UUID, payment_id: UUID, *, user: User, today: date, at: datetime
) -> Payment:
    """Take back a payment that was booked by mistake, so that it counts no more. A second time changes nothing.

    One that a command told the agency of is taken back there too: the agency is asked, and the payment counts here
    until it has answered, so that both always say the same. Then the payment returned still stands.

    Raises:
        Invoice.DoesNotExist, Payment.DoesNotExist or PaymentIsWithAgency.
    """
    # Who hands the invoice over holds this lock too: the payment has gone along with it, or never will.
    invoice = lock_invoice(company_id, invoice_id)
    payment = Payment.objects.get(company_id=company_id, invoice=invoice, id=payment_id)
    if payment.taken_back_at is not None:
        return payment
    match ways_back(invoice, [payment])[payment.id]:
        case WayBack.BY_AGENCY:
            raise PaymentIsWithAgency(payment.day, Money(payment.amount_ore))
        case WayBack.HERE:
            take_back(payment, by=user, at=at)
            tell(payment, "payment_taken_back", by=user, at=at)
        case WayBack.TOLD:
            told = Command.objects.select_related("handover").defer("body").get(company_id=company_id, id=payment.id)
            add_reversal(payment, told.handover, by=user, today=today, at=at)
            tell(payment, "payment_reversal_asked", by=user, at=at)
            app.configure_task("send_commands").defer()
        case WayBack.ASKED:
            pass
    return payment


@transaction.atomic
def book_payments_through(company_id: UUID, day: date, *, today: date, at: datetime) -> Company:
    """Keep through which day the company's payments are booked. An earlier day than before is a correction.

    Raises:
        PaymentsThroughIsAhead.
    """
    if day > today:
        raise PaymentsThroughIsAhead(day, today)
    company = Company.objects.select_for_update().get(id=company_id)
    company.payments_through, company.payments_read_at = day, at
    company.save(update_fields=["payments_through", "payments_read_at"])
    return company

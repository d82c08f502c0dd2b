"""Two take back the same payment in the same moment, both at the desk or one by command: it is taken back once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.agency.actions.commands import Stored, receive_command
from punktlig.agency.actions.payment_corrections import PaymentDoesNotCount, take_back_wrong_payment
from punktlig.agency.records.models import ReceivedCommand
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import body_of
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import WEDNESDAY, accept, fresh, kinds, ledger, morning, pay
from tests.agency.samples import command, make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.agency.records.models import Claim, Creditor

pytestmark = pytest.mark.django_db(transaction=True)


def at_desk(creditor: Creditor, claim: Claim, payment: ReceivedCommand) -> str:
    at = morning(WEDNESDAY, 14)
    try:
        with acting_for(creditor.id):
            take_back_wrong_payment(
                creditor.id, claim.id, payment.id, note="fel faktura", actor="Ali Omar", today=WEDNESDAY, at=at
            )
    except Refusal as refusal:
        return refusal.code
    return "done"


def by_creditor(creditor: Creditor, claim: Claim, payment: ReceivedCommand) -> str:
    message = command(
        creditor.company_id, claim.handover_id, "200.00", kind="reversal", day=WEDNESDAY, reverses=payment.id
    )
    sent, at = body_of(message), morning(WEDNESDAY, 14)
    with acting_for(creditor.id):
        told = receive_command(creditor.id, message, sent.body, sent.sha256, today=WEDNESDAY, at=at)
    assert isinstance(told, Stored)
    return told.command.code or "done"


@pytest.mark.parametrize("other", [at_desk, by_creditor])
def test_of_two_at_once_one_takes_it_back(other: Callable[[Creditor, Claim, ReceivedCommand], str]) -> None:
    creditor = make_creditor()
    claim = accept(creditor)
    never = ledger(creditor.id)
    pay(creditor, claim, "200.00", day=WEDNESDAY)
    with acting_for(creditor.id):
        payment = ReceivedCommand.objects.get()
    start = Barrier(2)

    def told(act: Callable[[Creditor, Claim, ReceivedCommand], str]) -> str:
        try:
            start.wait()
            return act(creditor, claim, payment)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(told, (at_desk, other)))
    late = {PaymentDoesNotCount.code, "payment_not_counted"}
    assert answers[0] == "done"
    assert answers[1] in late
    assert kinds(claim).count("payment_reversed") == 1
    assert ledger(creditor.id) == never
    assert fresh(claim).status == "received"

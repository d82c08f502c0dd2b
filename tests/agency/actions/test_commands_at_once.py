"""A payment and the claim it is on come in the same moment: whichever is first, the claim knows of the payment."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.agency.actions.claims import Received, accept_claims
from punktlig.agency.actions.commands import receive_command
from punktlig.agency.records.models import Claim, ReceivedCommand
from punktlig.exchange.messages import body_of
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import WEDNESDAY, morning
from tests.agency.samples import command, make_creditor, submission

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)

_WAITING = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.mark.parametrize("first", ["the claim", "the payment"])
def test_a_claim_and_a_payment_on_it_at_once_find_each_other(first: str) -> None:
    creditor, at = make_creditor(), morning(WEDNESDAY)
    claimed = submission(creditor.company_id)
    paid = command(creditor.company_id, claimed.handover_id, "1200.00", day=WEDNESDAY)

    def accept() -> None:
        sent = body_of(claimed)
        accept_claims(creditor.id, [Received(claimed, sent.body, sent.sha256)], today=WEDNESDAY, at=at)

    def pay() -> None:
        sent = body_of(paid)
        receive_command(creditor.id, paid, sent.body, sent.sha256, today=WEDNESDAY, at=at)

    def by_another(act: Callable[[], None]) -> None:
        try:
            with acting_for(creditor.id):
                act()
        finally:
            connection.close()

    acts = (accept, pay) if first == "the claim" else (pay, accept)
    with ThreadPoolExecutor(1) as beside:
        with acting_for(creditor.id):
            acts[0]()
            other = beside.submit(by_another, acts[1])
            _wait_until_it_waits(other)
        other.result(30)
    with acting_for(creditor.id):
        assert ReceivedCommand.objects.get().state == "confirmed"
        assert Claim.objects.get().status == "paid"


def _wait_until_it_waits(other: Future[None]) -> None:
    """Return when the other one waits for what we hold, or has not waited for anything and is done."""
    until = time.monotonic() + 30
    while not other.done():
        assert time.monotonic() < until
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)

"""A letter comes back in the moment in which its correction leaves, is made, or is overtaken: one of them is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.agency.actions.closing import refuse_letter, withdraw
from punktlig.agency.actions.payment_corrections import take_back_wrong_payment
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.letter_stopping import standing_charges
from punktlig.agency.records.models import Claim, Letter
from punktlig.core.claim_balance import claim_balance
from punktlig.core.refusal import Refusal
from punktlig.tenancy.context import acting_for
from tests.agency.corrections import letters_of, payments_of, play_round, take_back, totals
from tests.agency.rounds import FRIDAY, THURSDAY, WEDNESDAY, accept, deliver, fresh, morning, pay
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db(transaction=True)

# Noting the return has the least to do, so it begins so many seconds after the other: each is first at times.
LATER = (0, 0.003, 0.01, 0.03, 0.1)
NOON = morning(FRIDAY, 12)


def send_back(claim: Claim, folder: Path) -> None:  # noqa: ARG001 - as the others are called
    with acting_for(claim.creditor_id):
        refuse_letter(claim.creditor_id, claim.id, reason="okänd", actor="Ali Omar", today=FRIDAY, at=NOON)


def leave(claim: Claim, folder: Path) -> None:  # noqa: ARG001
    deliver(folder, NOON)


def make(claim: Claim, folder: Path) -> None:  # noqa: ARG001
    run_daily_round(today=FRIDAY, at=NOON)


def be_paid(claim: Claim, folder: Path) -> None:  # noqa: ARG001
    pay(claim.creditor, claim, "1400.00", day=FRIDAY, at=NOON)


def take_another_back(claim: Claim, folder: Path) -> None:  # noqa: ARG001
    (payment,) = payments_of(claim)
    with acting_for(claim.creditor_id):
        take_back_wrong_payment(
            claim.creditor_id, claim.id, payment, note="fel faktura", actor="Maja Lind", today=FRIDAY, at=NOON
        )


def be_withdrawn(claim: Claim, folder: Path) -> None:  # noqa: ARG001
    with acting_for(claim.creditor_id):
        withdraw(claim.creditor_id, claim.id, actor="Maja Lind", today=FRIDAY, at=NOON)


def at_once(claim: Claim, folder: Path, other: Callable[[Claim, Path], None], *, later: float) -> None:
    """Do both in the same moment; a refusal is an answer, anything else is raised here."""
    start = Barrier(2)

    def do(verb: Callable[[Claim, Path], None]) -> None:
        try:
            start.wait()
            if verb is send_back:
                sleep(later)
            verb(claim, folder)
        except Refusal:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(do, (send_back, other)))


def agrees(creditor: Creditor, claim: Claim) -> None:
    """Hold the claim to one letter in force, one charge that stands, and a journal that its balance agrees with."""
    with acting_for(creditor.id):
        known = Claim.objects.get(id=claim.id)
        in_force = list(Letter.objects.filter(claim=claim, replaced_at__isnull=True))
        charges = standing_charges(creditor, [claim.id])
        balance = claim_balance(balance_facts(creditor, [known])[claim.id], FRIDAY)
    assert len(in_force) <= 1
    assert len(charges) <= 1
    held = totals(claim)
    assert held.get("principal_owed", 0) == balance.principal_left.ore
    assert held.get("fees_owed", 0) == balance.fees.ore
    if known.status in ("paid", "closed") or known.needs_person:
        assert not [each for each in in_force if each.left_at is None and each.stopped_at is None]
    if known.status in ("paid", "closed"):
        assert balance.total.ore == 0


@pytest.mark.parametrize("is_made", [False, True], ids=["planned", "made"])
@pytest.mark.parametrize("other", [leave, make, be_paid, take_another_back, be_withdrawn])
def test_the_letter_comes_back_while_something_else_happens_to_its_correction(
    tmp_path: Path, other: Callable[[Claim, Path], None], is_made: bool
) -> None:
    creditor = make_creditor()
    for later in LATER:
        claim = accept(creditor)
        pay(creditor, claim, "200.00", day=WEDNESDAY)
        pay(creditor, claim, "100.00", day=WEDNESDAY)
        play_round(THURSDAY, tmp_path)
        take_back(claim, THURSDAY, payment=payments_of(claim)[0])
        if is_made:
            run_daily_round(today=FRIDAY, at=morning(FRIDAY))
        at_once(claim, tmp_path, other, later=later)
        agrees(creditor, claim)
        left = sum(letter.left_at is not None for letter in letters_of(claim))
        # Whatever runs afterwards, no letter follows one that came back.
        returned = fresh(claim).needs_person == "letter_refused"
        run_daily_round(today=FRIDAY, at=morning(FRIDAY, 13))
        deliver(tmp_path, morning(FRIDAY, 14))
        agrees(creditor, claim)
        if returned or fresh(claim).status in ("paid", "closed"):
            assert sum(letter.left_at is not None for letter in letters_of(claim)) == left
        if not returned:
            assert fresh(claim).status in ("paid", "closed", "reminder_sent")

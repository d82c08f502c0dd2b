"""Two administrators in the same moment: one rate is entered, and one answer counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from punktlig.agency.actions.added_rates import RateIsAnswered, RateWaits, approve_rate, withdraw_rate
from punktlig.agency.records.models import AddedRate
from punktlig.core.refusal import Refusal
from tests.agency.rates import NEW_YEARS_EVE, administrator, enter
from tests.agency.rounds import morning

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of it in the same moment, each with a connection of its own; return what each was told."""
    start = Barrier(len(acts))

    def told(act: Callable[[], object]) -> str:
        try:
            start.wait()
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(told, acts))


def test_of_two_who_enter_at_once_one_is_told_that_a_rate_waits() -> None:
    ada, bo = administrator("Ada Lind"), administrator("Bo Sund")
    assert at_once(lambda: enter(ada, "2.50"), lambda: enter(bo, "3.00")) == ["done", RateWaits.code]
    assert AddedRate.objects.count() == 1


def test_of_an_approval_and_a_withdrawal_at_once_one_counts() -> None:
    ada, bo, eva = administrator("Ada Lind"), administrator("Bo Sund"), administrator("Eva Holm")
    entered, moment = enter(ada), morning(NEW_YEARS_EVE)
    assert at_once(
        lambda: approve_rate(entered.id, by=bo, today=NEW_YEARS_EVE, at=moment),
        lambda: approve_rate(entered.id, by=eva, today=NEW_YEARS_EVE, at=moment),
        lambda: withdraw_rate(entered.id, by=ada, at=moment),
    ) == ["done", RateIsAnswered.code, RateIsAnswered.code]
    kept = AddedRate.objects.get()
    assert (kept.approved_at is None) != (kept.withdrawn_at is None)

"""Print batches that several people have in hand at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions import print_batches
from punktlig.agency.actions.print_batches import NoSuchBatch, fetch_batch, give_back_batch, hand_over_batch
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.models import Creditor, PrintBatch
from tests.agency.rounds import THURSDAY, accept, deliveries, morning
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from uuid import UUID

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditors() -> list[Creditor]:
    """Two creditors, each with a reminder that waits for the printer."""
    found = [make_creditor(), make_creditor()]
    for creditor in found:
        accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    return found


def fetched() -> UUID:
    batch = fetch_batch(by="Maja Lind", today=THURSDAY, at=morning(THURSDAY, 10))
    assert batch is not None
    return batch


def states(creditors: list[Creditor]) -> list[str]:
    return [delivery.state for creditor in creditors for delivery in deliveries(creditor)]


def after_the_first(monkeypatch: pytest.MonkeyPatch, name: str, then: Callable[[], object]) -> None:
    """Let something happen when the named step has been taken for the first of the creditors."""
    step = getattr(print_batches, name)

    def taken(*args: Any, **rest: Any) -> Any:
        monkeypatch.setattr(print_batches, name, step)
        came_of_it = step(*args, **rest)
        then()
        return came_of_it

    monkeypatch.setattr(print_batches, name, taken)


@pytest.mark.parametrize(
    ("says", "contradicts", "state"),
    [(hand_over_batch, give_back_batch, "accepted"), (give_back_batch, hand_over_batch, "queued")],
    ids=["taken", "given back"],
)
def test_what_one_person_says_of_a_batch_another_cannot_contradict_for_the_rest_of_it(
    creditors: list[Creditor],
    monkeypatch: pytest.MonkeyPatch,
    says: Callable[..., None],
    contradicts: Callable[..., None],
    state: str,
) -> None:
    batch, at = fetched(), morning(THURSDAY, 11)

    def somebody_else() -> None:
        with pytest.raises(NoSuchBatch):
            contradicts(batch, by="Ola Berg", today=THURSDAY, at=at)

    after_the_first(monkeypatch, "settle_answers", somebody_else)
    says(batch, by="Maja Lind", today=THURSDAY, at=at)
    assert states(creditors) == [state] * 2


@pytest.mark.parametrize("says", [hand_over_batch, give_back_batch], ids=["taken", "given back"])
def test_what_was_said_before_a_crash_can_be_said_again_and_not_the_opposite(
    creditors: list[Creditor], monkeypatch: pytest.MonkeyPatch, says: Callable[..., None]
) -> None:
    batch, at = fetched(), morning(THURSDAY, 11)

    def crash() -> None:
        raise KeyboardInterrupt

    after_the_first(monkeypatch, "settle_answers", crash)
    with pytest.raises(KeyboardInterrupt):
        says(batch, by="Maja Lind", today=THURSDAY, at=at)
    opposite = give_back_batch if says is hand_over_batch else hand_over_batch
    with pytest.raises(NoSuchBatch):
        opposite(batch, by="Ola Berg", today=THURSDAY, at=at)
    says(batch, by="Ola Berg", today=THURSDAY, at=at)
    assert states(creditors) == ["accepted" if says is hand_over_batch else "queued"] * 2
    assert PrintBatch.objects.get().handed_over_at == at


def test_a_batch_that_is_being_filled_cannot_be_answered_for(
    creditors: list[Creditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_else() -> None:
        for says in (hand_over_batch, give_back_batch):
            with pytest.raises(NoSuchBatch):
                says(PrintBatch.objects.get().id, by="Ola Berg", today=THURSDAY, at=morning(THURSDAY, 10, 5))

    after_the_first(monkeypatch, "_store_drawn", somebody_else)
    hand_over_batch(fetched(), by="Maja Lind", today=THURSDAY, at=morning(THURSDAY, 11))
    assert states(creditors) == ["accepted"] * 2


def test_nothing_more_comes_into_a_batch_that_was_answered_for_while_its_filler_slept(
    creditors: list[Creditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_else() -> None:
        hand_over_batch(PrintBatch.objects.get().id, by="Ola Berg", today=THURSDAY, at=morning(THURSDAY, 10, 20))

    after_the_first(monkeypatch, "_store_drawn", somebody_else)
    fetched()
    assert sorted(states(creditors)) == ["accepted", "queued"]
    # The other letter lies in no batch and is fetched with the next.
    batch = fetch_batch(by="Maja Lind", today=THURSDAY, at=morning(THURSDAY, 11))
    assert batch is not None
    hand_over_batch(batch, by="Maja Lind", today=THURSDAY, at=morning(THURSDAY, 12))
    assert states(creditors) == ["accepted"] * 2

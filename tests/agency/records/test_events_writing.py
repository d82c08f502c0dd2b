"""Events are numbered without a gap, carry the whole summary, and come with their place in the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import IntegrityError

from punktlig.agency.records.events_writing import NewEvent, write_events
from punktlig.agency.records.feed_reading import events_of_claim
from punktlig.agency.records.models import Claim, ClaimEvent, FeedEntry
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent
from punktlig.tenancy.context import acting_for
from tests.agency.samples import NOW, TODAY, make_creditor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Iterator[Creditor]:
    creditor = make_creditor()
    with acting_for(creditor.id):
        yield creditor


def _claim(creditor: Creditor, number: str = "10000001") -> Claim:
    return Claim.objects.create(
        creditor=creditor,
        number=number,
        handover_id=uuid4(),
        invoice_id=uuid4(),
        submission=b"{}",
        sha256="0" * 64,
        received_at=NOW,
        received_day=TODAY,
        invoice_number="F-1",
        invoice_date=TODAY,
        debtor_name="Anna Ek",
        debtor_kind="consumer",
        debtor_country="SE",
        language="sv",
        payable_ore=120_000,
        principal_ore=120_000,
        status=ClaimStatus.RECEIVED,
    )


def _event(claim: Claim, kind: EventKind = EventKind.CLAIM_RECEIVED, **facts: str) -> NewEvent:
    return NewEvent(
        claim=claim, kind=kind, actor="Ekviken Ombud", balance=Money(120_000), balance_day=TODAY, facts=facts
    )


@pytest.mark.parametrize("count", [1, 90], ids=["few", "many"])
def test_every_claim_gets_its_event_with_the_next_number(creditor: Creditor, count: int) -> None:
    claims = [_claim(creditor, f"{10_000_000 + number}") for number in range(count)]
    for claim in claims:
        claim.status = ClaimStatus.REMINDER_ISSUED
        claim.next_event = NextEvent.REMINDER_LEAVES
        claim.next_event_day = TODAY + timedelta(days=1)
    ids = write_events(creditor, [_event(claim, amount="60.00") for claim in claims], at=NOW)
    assert len(set(ids)) == count
    assert {claim.sequence for claim in Claim.objects.all()} == {1}
    assert {claim.status for claim in Claim.objects.all()} == {"reminder_issued"}
    event = ClaimEvent.objects.get(id=ids[-1])
    assert event.claim_id == claims[-1].id
    assert (event.sequence, event.kind, event.facts) == (1, "claim_received", {"amount": "60.00"})
    assert event.summary == {
        "sequence": 1,
        "status": "reminder_issued",
        "balance": "1200.00",
        "balance_day": "2026-11-25",
        "next_event": "reminder_leaves",
        "next_event_day": "2026-11-26",
    }
    assert set(FeedEntry.objects.values_list("id", "creditor_id", "platform_id", "position")) == {
        (event_id, creditor.id, creditor.platform_id, None) for event_id in ids
    }


def test_two_events_of_a_claim_in_one_call_follow_each_other_in_number_and_in_the_order_of_ids(
    creditor: Creditor,
) -> None:
    claim = _claim(creditor)
    write_events(creditor, [_event(claim)], at=NOW)
    ids = write_events(
        creditor, [_event(claim, EventKind.PAYMENT_CONFIRMED), _event(claim, EventKind.CLAIM_PAID)], at=NOW
    )
    assert ids == sorted(ids)
    assert list(ClaimEvent.objects.filter(id__in=ids).order_by("sequence").values_list("sequence", "kind")) == [
        (2, "payment_confirmed"),
        (3, "claim_paid"),
    ]
    claim.refresh_from_db()
    assert claim.sequence == 3


def test_ids_of_a_thousand_events_of_one_moment_keep_their_order(creditor: Creditor) -> None:
    claim = _claim(creditor)
    ids = write_events(creditor, [_event(claim) for _ in range(1000)], at=NOW)
    assert ids == sorted(ids)
    assert {event_id.version for event_id in ids} == {7}


@pytest.mark.parametrize("name", ["Maja\x1bLind", "Maja\x0bLind", "Maja\x7fLind", "Maja\x00Lind"])
def test_a_name_that_no_message_carries_does_not_stop_the_feed(creditor: Creditor, name: str) -> None:
    claim = _claim(creditor)
    write_events(creditor, [replace(_event(claim), actor=name)], at=NOW)
    (told,) = events_of_claim(creditor.id, claim.id)
    assert told.actor == "Maja Lind"


def test_a_claim_of_another_creditor_is_never_written_for(creditor: Creditor) -> None:
    claim = _claim(creditor)
    other = make_creditor()
    with pytest.raises((AssertionError, IntegrityError)), acting_for(other.id):
        write_events(other, [_event(claim)], at=NOW)

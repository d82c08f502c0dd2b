"""Events that cannot be applied to their company wait in their order, and the feed goes on for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from punktlig.exchange.messages import ClaimEvent, ClaimStatus, NextEvent
from punktlig.receivables.actions import events as verbs
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.jobs.apply_events_set_aside import apply_events_set_aside
from punktlig.receivables.jobs.read_feed import read_feed
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.models import (
    Company,
    EventSetAside,
    FeedCursor,
    Handover,
    HistoryLine,
    Invoice,
)
from punktlig.tenancy.context import acting_for, acting_for_everyone
from tests.receivables.fake_agency import FakeAgency, event, summary
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
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


class Sent:
    """A company with an invoice that has become a claim, and what the agency tells of it."""

    def __init__(self, agency: FakeAgency) -> None:
        self.agency, self.company, self.sequence = agency, make_company(), 0
        user = make_user(self.company)
        with acting_for(self.company.id):
            make_activation(self.company, user)
            self.invoice = make_invoice(self.company)
            shown = shown_for(self.company.id, [self.invoice.id])
            hand_over_invoices(self.company.id, [self.invoice.id], shown=shown, user=user, today=TODAY, at=NOW)
        send_handovers()
        with acting_for(self.company.id):
            self.claim = agency.claims[Handover.objects.get().id]

    def told(self, kind: str, status: str = ClaimStatus.RECEIVED, **changes: Any) -> ClaimEvent:
        """The next event of the claim, told in the feed."""
        self.sequence += 1
        told = event(self.claim, self.company.id, kind, summary(self.sequence, status, **changes))
        self.agency.events = [*self.agency.events, told]
        return told

    def heard(self) -> list[str]:
        """The kinds of the events that have been applied, in the order of the claim."""
        with acting_for(self.company.id):
            return list(HistoryLine.objects.exclude(sequence=None).order_by("sequence").values_list("code", flat=True))

    def waiting(self) -> list[UUID]:
        with acting_for(self.company.id):
            return list(EventSetAside.objects.order_by("at", "sequence", "id").values_list("id", flat=True))

    def waits_since(self) -> datetime | None:
        return Company.objects.get(id=self.company.id).events_wait_since

    def state(self) -> str:
        with acting_for(self.company.id):
            return Invoice.objects.get(id=self.invoice.id).agency_state


@pytest.fixture
def bad(clock: Clock, agency: FakeAgency) -> Sent:
    assert clock.at == NOW
    return Sent(agency)


@pytest.fixture
def good(bad: Sent) -> Sent:
    return Sent(bad.agency)


def broken(patched: pytest.MonkeyPatch, fails: Callable[[UUID, Sequence[ClaimEvent]], bool]) -> list[list[UUID]]:
    """Let applying fail where it is said to; return what was applied in each transaction that did not."""
    real, applied = verbs.apply_events, []

    def apply(company_id: UUID, events: Sequence[ClaimEvent], *, at: datetime) -> int:
        count = real(company_id, events, at=at)
        if fails(company_id, events):
            raise ZeroDivisionError
        applied.append([one.id for one in events])
        return count

    patched.setattr(verbs, "apply_events", apply)
    return applied


def cursor() -> str:
    return FeedCursor.objects.get().cursor


def test_the_feed_goes_on_and_what_waits_is_applied_in_its_order(
    bad: Sent, good: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bad.told("claim_received")
    good.told("claim_received")
    with monkeypatch.context() as patched:
        broken(patched, lambda company_id, _: company_id == bad.company.id)
        read_feed()
        told_by_then = cursor()
        assert (bad.heard(), good.heard()) == ([], ["claim_received"])
        assert (bad.waiting(), bad.waits_since(), good.waits_since()) == ([first.id], NOW, None)
        later = bad.told("reminder_issued", ClaimStatus.REMINDER_ISSUED)
        good.told("reminder_issued", ClaimStatus.REMINDER_ISSUED)
        read_feed()
        assert cursor() != told_by_then
        apply_events_set_aside()
    assert good.heard() == ["claim_received", "reminder_issued"]
    assert (bad.heard(), bad.waiting()) == ([], [first.id, later.id])
    applied = broken(monkeypatch, lambda *_: False)
    # Mended meanwhile: what comes now still waits behind what came before.
    last = bad.told("reminder_sent", ClaimStatus.REMINDER_SENT)
    read_feed()
    assert (applied, bad.waiting()) == ([], [first.id, later.id, last.id])
    apply_events_set_aside()
    assert applied == [[first.id, later.id, last.id]]
    assert bad.heard() == ["claim_received", "reminder_issued", "reminder_sent"]
    assert (bad.waiting(), bad.waits_since(), bad.state()) == ([], None, "reminder_sent")
    with acting_for_everyone():
        lines = HistoryLine.objects.filter(by_agency=True, company_id=bad.company.id)
        assert lines.count() == 3


def test_what_stands_before_the_fault_is_applied_and_what_stands_after_it_waits(
    bad: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [bad.told("claim_received"), bad.told("person_needed"), bad.told("person_answered")]
    with monkeypatch.context() as patched:
        broken(patched, lambda _, events: told[1].id in {one.id for one in events})
        read_feed()
        assert bad.heard() == []
        apply_events_set_aside()
        assert bad.heard() == ["claim_received"]
        assert bad.waiting() == [told[1].id, told[2].id]
        assert bad.waits_since() == NOW
    apply_events_set_aside()
    assert bad.heard() == ["claim_received", "person_needed", "person_answered"]


def test_the_log_has_one_traceback_when_they_are_set_aside_and_one_line_for_each_time_they_are_tried_again(
    bad: Sent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad.told("claim_received")
    bad.told("person_needed")
    broken(monkeypatch, lambda *_: True)
    read_feed()
    (first,) = caplog.records
    assert first.exc_info is not None
    for _ in range(2):
        caplog.clear()
        apply_events_set_aside()
        (again,) = caplog.records
        assert (again.levelname, again.exc_info) == ("ERROR", None)
        assert str(bad.company.id) in again.getMessage()
        assert "ZeroDivisionError, in apply_events_set_aside, events.py:" in again.getMessage()
        assert "\n" not in again.getMessage()
    assert len(bad.waiting()) == 2


def test_a_database_that_does_not_answer_is_no_company_s_own_fault(bad: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    bad.told("claim_received")
    with monkeypatch.context() as patched:
        broken(patched, lambda *_: True)
        read_feed()

    def gone(*_: object, **__: object) -> int:
        raise OperationalError

    monkeypatch.setattr(verbs, "apply_events", gone)
    with pytest.raises(OperationalError):
        apply_events_set_aside()


def test_an_event_that_was_applied_before_it_was_set_aside_counts_once(
    bad: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bad.told("claim_received")
    with acting_for(bad.company.id):
        verbs.apply_events(bad.company.id, [told], at=NOW)
    with monkeypatch.context() as patched:
        broken(patched, lambda *_: True)
        read_feed()
    apply_events_set_aside()
    assert (bad.heard(), bad.waiting()) == (["claim_received"], [])
    with acting_for(bad.company.id):
        assert HistoryLine.objects.filter(by_agency=True).count() == 1


def test_told_twice_while_it_waits_an_event_waits_once(bad: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    told = bad.told("claim_received")
    with monkeypatch.context() as patched:
        broken(patched, lambda *_: True)
        read_feed()
    for own in verbs.of_companies([told]):
        assert own.must_wait
        verbs.take_events(own, at=NOW)
    assert bad.waiting() == [told.id]


def test_a_number_that_no_column_holds_holds_up_nobody(bad: Sent, good: Sent) -> None:
    bad.sequence = 2**40
    bad.told("claim_received", next_event=NextEvent.REMINDER_IS_ISSUED)
    good.told("claim_received")
    read_feed()
    assert (bad.heard(), good.heard()) == ([], ["claim_received"])
    apply_events_set_aside()
    assert len(bad.waiting()) == 1


def test_killed_while_events_are_applied_again_applies_none_twice(bad: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    bad.told("claim_received")
    with monkeypatch.context() as patched:
        broken(patched, lambda *_: True)
        read_feed()
    real = verbs.apply_events

    def killed(company_id: UUID, events: Sequence[ClaimEvent], *, at: datetime) -> int:
        real(company_id, events, at=at)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(verbs, "apply_events", killed)
        with pytest.raises(KeyboardInterrupt):
            apply_events_set_aside()
    assert (bad.heard(), len(bad.waiting())) == ([], 1)
    apply_events_set_aside()
    assert (bad.heard(), bad.waiting()) == (["claim_received"], [])


def test_what_can_be_neither_applied_nor_set_aside_is_read_again(
    bad: Sent, good: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad.told("claim_received")
    good.told("claim_received")
    with monkeypatch.context() as patched:
        broken(patched, lambda company_id, _: company_id == bad.company.id)

        def unkept(*_: object) -> None:
            raise ValueError

        patched.setattr(verbs, "_set_aside", unkept)
        read_feed()
    assert not FeedCursor.objects.exclude(cursor="").exists()
    assert good.heard() == ["claim_received"]
    read_feed()
    assert bad.heard() == ["claim_received"]
    assert cursor()

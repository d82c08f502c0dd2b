"""The feed is woken by the transaction that writes an event: once, and only when nobody is on the way already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig.agency.jobs.publish_feed import publish_feeds
from punktlig.agency.records.events_writing import write_events
from punktlig.agency.records.feed_nudging import nudge_feed
from punktlig.agency.records.models import FeedEntry
from punktlig.tenancy.context import acting_for
from tests.agency.records.test_events_writing import _claim, _event
from tests.agency.samples import NOW, make_creditor

if TYPE_CHECKING:
    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def creditor() -> Creditor:
    # What another test has left in the queue is not emptied with the rest.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return make_creditor()


def nudges() -> int:
    return ProcrastinateJob.objects.filter(task_name="publish_feed", queueing_lock=None).count()


def take_the_nudge() -> None:
    """Do what a worker does when it takes the waiting job."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")


def test_many_events_of_one_transaction_nudge_once(creditor: Creditor) -> None:
    with acting_for(creditor.id):
        for number in range(3):
            claim = _claim(creditor, f"1000000{number}")
            write_events(creditor, [_event(claim), _event(claim)], at=NOW)
            take_the_nudge()
    assert nudges() == 1
    assert publish_feeds() == 6


def test_each_transaction_nudges_unless_a_nudge_waits(creditor: Creditor) -> None:
    for number in range(3):
        with acting_for(creditor.id):
            write_events(creditor, [_event(_claim(creditor, f"1000000{number}"))], at=NOW)
    assert nudges() == 1
    take_the_nudge()
    with acting_for(creditor.id):
        write_events(creditor, [_event(_claim(creditor, "10000009"))], at=NOW)
    assert nudges() == 2


def test_what_is_undone_nudges_nobody_and_is_forgotten(creditor: Creditor) -> None:
    with acting_for(creditor.id):
        write_events(creditor, [_event(_claim(creditor))], at=NOW)
        transaction.set_rollback(True)
    assert (nudges(), FeedEntry.objects.count()) == (0, 0)
    with acting_for(creditor.id):
        with transaction.atomic():
            nudge_feed()
            transaction.set_rollback(True)
        write_events(creditor, [_event(_claim(creditor))], at=NOW)
    assert nudges() == 1


def test_without_events_nobody_is_woken(creditor: Creditor) -> None:
    with acting_for(creditor.id):
        assert write_events(creditor, [], at=NOW) == []
    assert nudges() == 0

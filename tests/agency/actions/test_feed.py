"""The feed has no gaps, whatever commits when; webhooks cover it and follow the published schedule."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection

from punktlig.agency.actions import feed, keys
from punktlig.agency.actions.claims import Received, accept_claims
from punktlig.agency.actions.feed import Answer
from punktlig.agency.records.models import Claim, ClaimEvent, FeedEntry, Platform, WebhookDelivery
from punktlig.agency.records.webhook_layout import MOST_OPEN
from punktlig.exchange.messages import EventKind, EventPage, Notice, body_of
from punktlig.tenancy.context import acting_for
from tests.agency.samples import NOW, TODAY, make_creditor, make_platform, submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db


def _hand_over(creditor: Creditor, count: int = 1) -> None:
    messages = [submission(creditor.company_id) for _ in range(count)]
    received = [Received(message, body_of(message).body, body_of(message).sha256) for message in messages]
    with acting_for(creditor.id):
        accept_claims(creditor.id, received, today=TODAY, at=NOW)


def _read(platform: Platform, cursor: str = "", limit: int = 1000) -> EventPage:
    platform.refresh_from_db()
    return EventPage.model_validate_json(feed.page_after(platform, cursor, limit))


def test_the_feed_says_each_event_as_the_contract_writes_it_with_what_is_empty() -> None:
    creditor = make_creditor(make_platform())
    _hand_over(creditor, 2)
    with acting_for(creditor.id):
        claim = Claim.objects.order_by("id")[0]
        told = 'Åsa "Rut" Ek\\\n'
        ClaimEvent.objects.create(
            creditor=creditor, claim=claim, sequence=7, kind="claim_closed", at=NOW + timedelta(milliseconds=900),
            actor=told, facts={"reason": told}, summary={
                "sequence": 7, "status": "closed", "balance": None, "balance_day": "2026-11-25",
            },
        )  # fmt: skip
        event = ClaimEvent.objects.get(sequence=7)
        FeedEntry.objects.create(id=event.id, platform=creditor.platform, creditor_id=creditor.id, written_at=NOW)
    feed.publish(creditor.platform_id, at=NOW)
    platform = creditor.platform
    platform.refresh_from_db()
    page = feed.page_after(platform, "", 1000)
    read = EventPage.model_validate_json(page)
    assert json.loads(page) == json.loads(read.model_dump_json())
    (closed,) = (one for one in read.events if one.kind == "claim_closed")
    assert (closed.actor, closed.facts, closed.summary.balance) == (told, {"reason": told}, None)
    assert (closed.claim_number, closed.at) == (claim.number, NOW)


def test_events_of_all_creditors_of_a_platform_come_in_one_numbered_feed() -> None:
    platform = make_platform()
    one, two, other = make_creditor(platform), make_creditor(platform), make_creditor(make_platform("En annan"))
    for creditor in (one, two, other, one):
        _hand_over(creditor)
    assert feed.platforms_with_news() == sorted([platform.id, other.platform_id])
    assert _read(platform).events == ()
    assert feed.publish(platform.id, at=NOW) == 3
    assert feed.publish(platform.id, at=NOW) == 0
    page = _read(platform)
    assert not page.more
    assert {event.company_id for event in page.events} == {one.company_id, two.company_id}
    assert {event.kind for event in page.events} == {EventKind.CLAIM_RECEIVED}
    assert set(FeedEntry.objects.filter(platform=platform).values_list("position", flat=True)) == {1, 2, 3}
    assert feed.platforms_with_news() == [other.platform_id]


def test_pages_follow_each_other_without_a_gap_or_a_repetition() -> None:
    platform = make_platform()
    _hand_over(make_creditor(platform), 25)
    feed.publish(platform.id, at=NOW)
    cursor, seen, pages = "", [], 0
    while True:
        page = _read(platform, cursor, 10)
        seen += [event.id for event in page.events]
        cursor, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert pages == 3
    assert len(seen) == len(set(seen)) == 25
    assert _read(platform, cursor).events == ()
    assert _read(platform, cursor).cursor == cursor
    _hand_over(make_creditor(platform))
    feed.publish(platform.id, at=NOW)
    assert len(_read(platform, cursor).events) == 1


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "abc-1", "{own}-", "{own}-99", "{own}-1e3", "{own}--1", "{own}-²"])
def test_a_cursor_that_was_not_given_out_is_refused(cursor: str) -> None:
    platform = make_platform()
    _hand_over(make_creditor(platform))
    feed.publish(platform.id, at=NOW)
    with pytest.raises(feed.CursorUnknown):
        _read(platform, cursor.format(own=platform.id.hex[:12]))


def test_another_platforms_cursor_is_refused() -> None:
    one, two = make_platform(), make_platform("B")
    _hand_over(make_creditor(one))
    feed.publish(one.id, at=NOW)
    with pytest.raises(feed.CursorUnknown):
        _read(two, _read(one).cursor)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_comes_after_what_was_read_and_is_never_skipped() -> None:
    platform = make_platform()
    slow, quick = make_creditor(platform), make_creditor(platform)
    written, go_on = threading.Event(), threading.Event()

    def hand_over_slowly() -> None:
        message = submission(slow.company_id)
        sent = body_of(message)
        try:
            with acting_for(slow.id):
                accept_claims(slow.id, [Received(message, sent.body, sent.sha256)], today=TODAY, at=NOW)
                written.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hand_over_slowly)
    thread.start()
    assert written.wait(10)
    _hand_over(quick)  # began later, commits earlier
    assert feed.publish(platform.id, at=NOW) == 1
    first = _read(platform)
    assert [event.company_id for event in first.events] == [quick.company_id]
    go_on.set()
    thread.join()
    assert feed.publish(platform.id, at=NOW) == 1
    second = _read(platform, first.cursor)
    assert [event.company_id for event in second.events] == [slow.company_id]


@pytest.mark.django_db(transaction=True)
def test_publishers_and_writers_at_once_leave_no_gap_and_no_double() -> None:
    platform = make_platform()
    creditors = [make_creditor(platform) for _ in range(3)]
    stop = threading.Event()
    problems: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - told by the test
            problems.append(problem)
        finally:
            connection.close()

    def publish() -> None:
        while not stop.is_set():
            feed.publish(platform.id, at=NOW)

    def hand_over_often(creditor: Creditor) -> None:
        for _ in range(8):
            _hand_over(creditor)

    writers = [threading.Thread(target=run, args=(partial(hand_over_often, creditor),)) for creditor in creditors]
    publishers = [threading.Thread(target=run, args=(publish,)) for _ in range(3)]
    for thread in (*writers, *publishers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in publishers:
        thread.join()
    feed.publish(platform.id, at=NOW)
    assert problems == []
    assert list(FeedEntry.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 25))
    assert len(_read(platform).events) == 24


# ---- Webhooks -----------------------------------------------------------------------------------------------------


@pytest.fixture
def platform() -> Platform:
    made = make_platform()
    keys.set_webhooks(made.id, "https://example.com/hooks", at=NOW)
    return made


def _publish(platform: Platform, count: int = 1) -> None:
    _hand_over(make_creditor(platform), count)
    feed.publish(platform.id, at=NOW)


def test_every_event_is_in_exactly_one_webhook(platform: Platform) -> None:
    _publish(platform, 3)
    _publish(platform, 2)
    feed.publish(platform.id, at=NOW)
    stretches = WebhookDelivery.objects.order_by("first_position").values_list("first_position", "last_position")
    assert list(stretches) == [(1, 3), (4, 5)]


def test_a_webhook_holds_at_most_a_thousand_events(platform: Platform) -> None:
    creditor = make_creditor(platform)
    _hand_over(creditor, 700)
    _hand_over(creditor, 700)
    feed.publish(platform.id, at=NOW)
    stretches = WebhookDelivery.objects.order_by("first_position").values_list("first_position", "last_position")
    assert list(stretches) == [(1, 1000), (1001, 1400)]


def test_without_an_address_there_are_no_webhooks_and_later_they_begin_at_the_beginning() -> None:
    platform = make_platform()
    _publish(platform, 2)
    assert WebhookDelivery.objects.count() == 0
    keys.set_webhooks(platform.id, "https://example.com/hooks", at=NOW)
    # At once, and not with the next event.
    assert WebhookDelivery.objects.get().last_position == 2


def test_while_a_receiver_is_down_few_webhooks_are_open_and_the_rest_gathers(platform: Platform) -> None:
    for _ in range(MOST_OPEN + 5):
        _publish(platform)
    assert WebhookDelivery.objects.count() == MOST_OPEN
    at = NOW
    for _ in range(MOST_OPEN):
        (due,) = feed.lease_webhooks(at=at)
        feed.settle_webhook(due.id, Answer.FAILED, problem="status 503", at=at)
    assert feed.lease_webhooks(at=at) == []
    at += timedelta(hours=3)
    (due,) = feed.lease_webhooks(at=at)
    feed.settle_webhook(due.id, Answer.DELIVERED, at=at)
    # What had failed is due at once, and what had gathered comes in one.
    sizes = []
    while leased := feed.lease_webhooks(at=at):
        sizes.append(len(Notice.model_validate_json(leased[0].body).events))
        feed.settle_webhook(leased[0].id, Answer.DELIVERED, at=at)
    assert sizes == [1] * (MOST_OPEN - 1) + [5]
    stretches = WebhookDelivery.objects.order_by("first_position").values_list("first_position", "last_position")
    assert [first for first, _ in stretches][1:] == [last + 1 for _, last in stretches][:-1]


def test_a_webhook_that_is_given_up_makes_room_for_what_gathered(platform: Platform) -> None:
    for _ in range(MOST_OPEN + 1):
        _publish(platform)
    first = WebhookDelivery.objects.order_by("first_position")[0]
    WebhookDelivery.objects.filter(id=first.id).update(attempts=9)
    feed.settle_webhook(first.id, Answer.FAILED, problem="status 503", at=NOW)
    assert WebhookDelivery.objects.count() == MOST_OPEN + 1


def test_a_webhook_is_a_notice_with_the_events_themselves(platform: Platform) -> None:
    _publish(platform, 2)
    (due,) = feed.lease_webhooks(at=NOW)
    platform.refresh_from_db()
    assert (due.url, due.secrets) == ("https://example.com/hooks", (platform.webhook_secret,))
    notice = Notice.model_validate_json(due.body)
    assert notice.events == _read(platform).events
    assert json.loads(due.body)["type"] == "claims.events"
    second = keys.replace_webhook_secret(platform.id)
    (again,) = feed.lease_webhooks(at=NOW + timedelta(minutes=2))
    assert again.id == due.id
    assert again.secrets == (second, platform.webhook_secret)


def test_a_leased_webhook_is_left_alone_and_then_one_at_a_time_for_a_platform(platform: Platform) -> None:
    _publish(platform)
    _publish(platform)
    (first,) = feed.lease_webhooks(at=NOW)
    assert feed.lease_webhooks(at=NOW) == []
    feed.settle_webhook(first.id, Answer.DELIVERED, at=NOW)
    (second,) = feed.lease_webhooks(at=NOW)
    assert second.id != first.id
    # The worker was killed: a minute later another takes it.
    (again,) = feed.lease_webhooks(at=NOW + timedelta(seconds=61))
    assert again.id == second.id


def test_failures_follow_the_published_schedule_until_it_is_given_up(platform: Platform) -> None:
    _publish(platform)
    at, waits = NOW, []
    for _ in range(10):
        (due,) = feed.lease_webhooks(at=at)
        feed.settle_webhook(due.id, Answer.FAILED, problem="status 500", at=at)
        webhook = WebhookDelivery.objects.get()
        if webhook.next_try_at is None:
            break
        waits.append(webhook.next_try_at - at)
        assert feed.lease_webhooks(at=webhook.next_try_at - timedelta(seconds=1)) == []
        at = webhook.next_try_at
    assert tuple(waits) == feed.RETRY_SCHEDULE[1:]
    assert sum(waits, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert (webhook.attempts, webhook.delivered_at, webhook.last_problem) == (10, None, "status 500")
    assert feed.lease_webhooks(at=at + timedelta(days=30)) == []
    assert len(_read(platform).events) == 1


def test_gone_ends_the_webhooks_until_the_address_is_set_again(platform: Platform) -> None:
    _publish(platform)
    _publish(platform)
    (due,) = feed.lease_webhooks(at=NOW)
    feed.settle_webhook(due.id, Answer.GONE, problem="status 410", at=NOW)
    _publish(platform)
    assert feed.lease_webhooks(at=NOW + timedelta(days=9)) == []
    keys.set_webhooks(platform.id, "https://example.com/new", at=NOW)
    feed.publish(platform.id, at=NOW)
    (after,) = feed.lease_webhooks(at=NOW)
    assert (after.url, len(Notice.model_validate_json(after.body).events)) == ("https://example.com/new", 1)


def test_an_answer_that_comes_after_another_workers_success_changes_nothing(platform: Platform) -> None:
    _publish(platform)
    (due,) = feed.lease_webhooks(at=NOW)
    feed.settle_webhook(due.id, Answer.DELIVERED, at=NOW)
    feed.settle_webhook(due.id, Answer.FAILED, problem="too late", at=NOW)
    webhook = WebhookDelivery.objects.get()
    assert (webhook.delivered_at, webhook.attempts, webhook.last_problem) == (NOW, 1, "")


def test_a_platform_that_hangs_holds_up_nobody_else(platform: Platform) -> None:
    other = make_platform("B")
    keys.set_webhooks(other.id, "https://example.org/hooks", at=NOW)
    for each in (platform, other, platform):
        _publish(each)
    assert {due.url for due in feed.lease_webhooks(at=NOW)} == {
        "https://example.com/hooks",
        "https://example.org/hooks",
    }


def test_an_unknown_platform_is_an_error() -> None:
    with pytest.raises(Platform.DoesNotExist):
        feed.publish(uuid4(), at=NOW)

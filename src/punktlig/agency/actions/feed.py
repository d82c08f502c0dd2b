"""Each platform's feed of events: numbered without gaps, listed from a cursor, sent as webhooks.

An event takes its place in the feed with its own transaction, without a number. Numbers taken there would not be an
order: a transaction that began earlier may commit later, and a reader would have passed it. So one publisher at a time
numbers what has been committed; whoever has read up to a number has seen everything that will ever be before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from pydantic_core import to_json

from punktlig.agency.records.event import FeedEntry, WebhookDelivery
from punktlig.agency.records.feed_reading import events_between
from punktlig.agency.records.platform import Platform
from punktlig.agency.records.webhook_layout import MOST_EVENTS_AT_ONCE, lay_out_webhooks
from punktlig.exchange.messages import Notice

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

RETRY_SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after the attempt before each attempt is made; published in docs/api.md, from Standard Webhooks 1.0."""

# Longer than the time-out of an attempt and everything around it.
_LEASE = timedelta(seconds=60)
_MOST_NUMBERED_AT_ONCE = 10_000

_NUMBER = """
UPDATE agency_feed_entry AS entry SET position = new.position
FROM (
    SELECT id, %s + row_number() OVER (ORDER BY written_at, id) AS position
    FROM (
        SELECT id, written_at FROM agency_feed_entry
        WHERE platform_id = %s AND position IS NULL ORDER BY written_at, id LIMIT %s
    ) AS waiting
) AS new
WHERE entry.id = new.id
"""


class CursorUnknown(Exception):
    """The cursor was not given out by this platform's feed."""


def platforms_with_news() -> list[UUID]:
    """Return the platforms that have events without a number."""
    waiting = FeedEntry.objects.filter(platform_id=OuterRef("id"), position__isnull=True)
    return list(Platform.objects.filter(Exists(waiting)).order_by("id").values_list("id", flat=True))


def publish(platform_id: UUID, *, at: datetime) -> int:
    """Number the committed events of the platform's feed, at most 10,000, and return how many there were.

    Those not yet covered by a webhook are laid out in webhooks, when the platform wants them.
    """
    with transaction.atomic():
        # The lock makes publishers of one feed follow each other. It also holds the number to go on from; writers of
        # events only share the row's key and do not wait.
        platform = Platform.objects.select_for_update(no_key=True).get(id=platform_id)
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [platform.feed_position, platform_id, _MOST_NUMBERED_AT_ONCE])
            numbered: int = cursor.rowcount
        if numbered:
            platform.feed_position += numbered
            platform.save(update_fields=["feed_position"])
        lay_out_webhooks(platform, at=at)
        return numbered


def page_after(platform: Platform, cursor: str, limit: int) -> bytes:
    """Return the events after the cursor, oldest first, as an `EventPage` in JSON; an empty cursor is the beginning.

    Raises:
        CursorUnknown: it is no cursor of this feed.
    """
    position = _position(platform, cursor)
    last = min(position + min(limit, MOST_EVENTS_AT_ONCE), platform.feed_position)
    events = events_between(platform.id, position + 1, last) if last > position else "[]"
    rest = {"cursor": _cursor(platform, last), "more": last < platform.feed_position}
    return _with_events(rest, events)


def _with_events(message: dict[str, object], events: str) -> bytes:
    """Return the message in JSON with the events, which are JSON already."""
    return to_json(message)[:-1] + b',"events":' + events.encode() + b"}"


def _cursor(platform: Platform, position: int) -> str:
    # It names the platform, so that another platform's cursor is refused and not read as a place in this feed.
    return f"{platform.id.hex[:12]}-{position}"


def _position(platform: Platform, cursor: str) -> int:
    if not cursor:
        return 0
    name, _, digits = cursor.partition("-")
    if name != platform.id.hex[:12] or not digits.isascii() or not digits.isdigit() or len(digits) > 18:  # noqa: PLR2004
        raise CursorUnknown
    position = int(digits)
    if position > platform.feed_position:
        raise CursorUnknown
    return position


# ---- Webhooks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWebhook:
    """An attempt to make: what to send, where, and the secrets that sign it, newest first."""

    id: UUID
    url: str
    secrets: tuple[str, ...]
    body: bytes


class Answer(Enum):
    """What came of an attempt: 2xx, 410 Gone, or anything else."""

    DELIVERED = "delivered"
    GONE = "gone"
    FAILED = "failed"


def lease_webhooks(*, at: datetime, most: int = 16) -> list[DueWebhook]:
    """Return webhooks that are due, at most one for each platform, and hold them for a minute.

    One at a time for a platform: a receiver that hangs holds up nobody else, and one that works gets them in order.
    """
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(platform_id=OuterRef("id"), next_try_at__lte=at)
        held = WebhookDelivery.objects.filter(
            platform_id=OuterRef("id"), next_try_at__isnull=False, leased_until__gt=at
        )
        platforms = list(
            Platform.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(Exists(due), ~Exists(held), webhooks_ended_at=None)
            .exclude(webhook_url="")[:most]
        )
        leased = [
            (platform, webhook)
            for platform in platforms
            for webhook in WebhookDelivery.objects.filter(platform=platform, next_try_at__lte=at)
            .filter(Q(leased_until=None) | Q(leased_until__lte=at))
            .order_by("next_try_at", "first_position")[:1]
        ]
        WebhookDelivery.objects.filter(id__in=[webhook.id for _, webhook in leased]).update(leased_until=at + _LEASE)
    return [_due(platform, webhook, at) for platform, webhook in leased]


def _due(platform: Platform, webhook: WebhookDelivery, at: datetime) -> DueWebhook:
    events = events_between(platform.id, webhook.first_position, webhook.last_position)
    return DueWebhook(
        id=webhook.id,
        url=platform.webhook_url,
        secrets=tuple(filter(None, (platform.webhook_secret, platform.previous_webhook_secret))),
        body=_with_events(Notice(timestamp=at, events=()).model_dump(exclude={"events"}), events),
    )


def settle_webhook(webhook_id: UUID, answer: Answer, *, problem: str = "", at: datetime) -> None:
    """Write down what came of an attempt and when the next is made, if any.

    After the tenth failure it is given up; its events can still be listed. 410 ends the platform's webhooks until
    somebody sets their address again. When one gets through, those that had failed are due at once.
    """
    with transaction.atomic():
        # The platform before its webhooks, as everybody locks them.
        platform = Platform.objects.select_for_update(no_key=True).get(webhooks=webhook_id)
        webhook = WebhookDelivery.objects.select_for_update().get(id=webhook_id)
        if webhook.delivered_at is not None:
            return  # a second worker, after the lease had run out
        webhook.attempts += 1
        webhook.leased_until = None
        webhook.last_problem = problem[:300]
        webhook.next_try_at = None
        if answer is Answer.DELIVERED:
            webhook.delivered_at = at
        elif webhook.attempts < len(RETRY_SCHEDULE) and answer is Answer.FAILED:
            webhook.next_try_at = at + RETRY_SCHEDULE[webhook.attempts]
        webhook.save()
        if answer is Answer.GONE:
            platform.webhooks_ended_at = at
            platform.save(update_fields=["webhooks_ended_at"])
            WebhookDelivery.objects.filter(platform=platform, next_try_at__isnull=False).update(
                next_try_at=None, leased_until=None, last_problem=problem[:300]
            )
        if answer is Answer.DELIVERED:
            WebhookDelivery.objects.filter(platform=platform, next_try_at__gt=at).update(next_try_at=at)
        lay_out_webhooks(platform, at=at)

"""Which stretches of a platform's feed become webhooks, and when.

Webhooks cover the feed from its beginning, each event in exactly one. Only a few are open at a time: while a receiver
is down its events gather, and are laid out as the open webhooks are delivered or given up. So a receiver that is down
for a week costs no more tries than one that is down for an hour, and gets what waited in stretches of a thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from punktlig.agency.records.event import WebhookDelivery

if TYPE_CHECKING:
    from datetime import datetime

    from punktlig.agency.records.platform import Platform

MOST_EVENTS_AT_ONCE = 1000
MOST_OPEN = 10


def lay_out_webhooks(platform: Platform, *, at: datetime) -> None:
    """Lay out what the platform's webhooks do not cover yet, as far as they may be open.

    The caller holds the platform's row lock, and the row is as it is stored.
    """
    if not platform.webhook_url or platform.webhooks_ended_at is not None:
        return
    webhooks = WebhookDelivery.objects.filter(platform=platform)
    room = MOST_OPEN - webhooks.filter(next_try_at__isnull=False).count()
    if room <= 0:
        return
    covered = webhooks.aggregate(last=Max("last_position"))["last"] or 0
    firsts = range(covered + 1, platform.feed_position + 1, MOST_EVENTS_AT_ONCE)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            platform=platform,
            first_position=first,
            last_position=min(first + MOST_EVENTS_AT_ONCE - 1, platform.feed_position),
            created_at=at,
            next_try_at=at,
        )
        for first in firsts[:room]
    )

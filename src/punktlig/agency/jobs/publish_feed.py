"""Number the events of the feeds, and wake whoever sends them on."""

from __future__ import annotations

from procrastinate.contrib.django import app

from punktlig import clock
from punktlig.agency.actions.feed import platforms_with_news, publish


def publish_feeds() -> int:
    """Number everything that has been committed, for every platform, and return how many events it was."""
    published = 0
    for platform_id in platforms_with_news():
        while numbered := publish(platform_id, at=clock.now()):
            published += numbered
    if published:
        app.configure_task("send_webhooks").defer()
    return published

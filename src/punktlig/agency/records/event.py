"""What has happened to claims, and the platforms' feeds of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.platform import Platform
from punktlig.agency.records.rows import HeldRow


class ClaimEvent(HeldRow):
    """An event of a claim, in the order of `sequence`. `summary` is the claim's whole summary after it.

    Events are added, never changed. Kinds are `exchange.messages.EventKind`.
    """

    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="events", db_constraint=False, db_index=False
    )
    sequence = models.IntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    summary = models.JSONField()

    class Meta:
        db_table = "agency_claim_event"
        constraints = (models.UniqueConstraint(fields=["creditor", "claim", "sequence"], name="event_sequence"),)


class FeedEntry(models.Model):
    """An event's place in its platform's feed. It names the event and holds nothing of its content.

    An entry is written with its event, without a position. A publisher, one at a time for a platform, then numbers the
    committed ones: positions have no gaps, and a reader of a position has seen everything before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="the event's id")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="feed", db_index=False)
    creditor_id = models.UUIDField()
    written_at = models.DateTimeField()
    position = models.BigIntegerField(null=True)

    class Meta:
        db_table = "agency_feed_entry"
        constraints = (
            # Without the entries that have none yet, so that each is written into the index once.
            models.UniqueConstraint(
                fields=["platform", "position"], name="feed_position", condition=Q(position__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=["platform", "written_at"], name="feed_to_number", condition=Q(position__isnull=True)),
        )

    def __str__(self) -> str:
        return str(self.id)


class WebhookDelivery(models.Model):
    """A webhook to a platform: a stretch of its feed, tried on the published schedule until it is answered 2xx.

    Its `id` is the webhook-id, the same at every attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="webhooks", db_index=False)
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    created_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, help_text="empty when delivered or given up")
    leased_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "agency_webhook_delivery"
        constraints = (models.UniqueConstraint(fields=["platform", "first_position"], name="webhook_stretch"),)
        indexes = (
            models.Index(fields=["next_try_at"], name="webhook_to_send", condition=Q(next_try_at__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.id)

"""Platforms: the invoicing programs that speak to the agency's API, and their API keys."""

from __future__ import annotations

import uuid

from django.db import models


class Platform(models.Model):
    """An invoicing program. `webhook_secret` (and the previous one while it is being replaced) sign its webhooks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    webhook_url = models.CharField(max_length=500, blank=True)
    webhook_secret = models.CharField(max_length=100, blank=True)
    previous_webhook_secret = models.CharField(max_length=100, blank=True)
    webhooks_ended_at = models.DateTimeField(null=True, help_text="when the address answered 410 Gone")
    issuer = models.CharField(max_length=300, blank=True, help_text="address its log-ins come from")
    is_active = models.BooleanField(default=True)
    feed_position = models.BigIntegerField(default=0, help_text="the position of the newest entry of its feed")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "agency_platform"

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A platform's key: the part before the point is looked up, the secret part is stored as its SHA-256.

    The secret has 256 random bits, so a slow hash would protect nothing and cost every call.
    """

    id = models.CharField(primary_key=True, max_length=24)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="api_keys")
    secret_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "agency_api_key"

    def __str__(self) -> str:
        return self.id

"""Platforms and their API keys: make, tell once, recognise, take back; where their webhooks go and what signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from django.db import connection, transaction

from punktlig.agency.records.platform import ApiKey, Platform
from punktlig.agency.records.webhook_layout import lay_out_webhooks

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

_PLATFORM = [field.attname for field in Platform._meta.concrete_fields]  # noqa: SLF001 - Django's documented model API
# Asked at every call, so it is written once and not built each time.
_OF_LIVE_KEY = f"""
SELECT api_key.secret_sha256, {", ".join(f"platform.{name}" for name in _PLATFORM)}
FROM agency_api_key AS api_key JOIN agency_platform AS platform ON platform.id = api_key.platform_id
WHERE api_key.id = %s AND api_key.revoked_at IS NULL AND platform.is_active
"""  # noqa: S608 - names of our own columns

_SECRET_BYTES = 32
_LONGEST_KEY = 200


def make_platform(name: str, *, issuer: str = "") -> Platform:
    """Return a new platform, without a key and without webhooks."""
    return Platform.objects.create(name=name, issuer=issuer)


def issue_api_key(platform_id: UUID, *, name: str = "") -> str:
    """Return a new key of the platform, `<id>.<secret>`. It cannot be shown again: only its hash is kept."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(_SECRET_BYTES)
    ApiKey.objects.create(id=key_id, platform_id=platform_id, secret_sha256=_hash(secret), name=name)
    return f"{key_id}.{secret}"


def revoke_api_key(key_id: str, *, at: datetime) -> None:
    """Let the key open nothing from now on. Raises ApiKey.DoesNotExist."""
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().get(id=key_id)
        if key.revoked_at is None:
            key.revoked_at = at
            key.save(update_fields=["revoked_at"])


def authenticate(text: str) -> Platform | None:
    """Return the active platform whose key this is, or None."""
    key_id, point, secret = text.partition(".")
    if not point or len(text) > _LONGEST_KEY or "\x00" in text:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_OF_LIVE_KEY, [key_id])
        found = cursor.fetchone()
    # Compared in the same time whether or not the key exists, and however much of the secret is right.
    stored, *platform = found or (_hash(""),)
    right = hmac.compare_digest(stored, _hash(secret))
    return Platform.from_db(connection.alias, _PLATFORM, platform) if platform and right else None


def set_webhooks(platform_id: UUID, url: str, *, at: datetime) -> str:
    """Send the platform's webhooks to the address from now on and return the secret that signs them.

    An empty address stops them. The secret is made the first time and stays when only the address changes. An address
    that was switched off because it answered 410 is switched on again. Events that no webhook has covered yet are laid
    out at once.
    """
    with transaction.atomic():
        platform = Platform.objects.select_for_update(no_key=True).get(id=platform_id)
        platform.webhook_url = url
        platform.webhook_secret = platform.webhook_secret or new_webhook_secret()
        platform.webhooks_ended_at = None
        platform.save(update_fields=["webhook_url", "webhook_secret", "webhooks_ended_at"])
        lay_out_webhooks(platform, at=at)
        return platform.webhook_secret


def replace_webhook_secret(platform_id: UUID) -> str:
    """Return a new secret. Webhooks are signed with the new and the old until `forget_old_webhook_secret`."""
    with transaction.atomic():
        platform = Platform.objects.select_for_update(no_key=True).get(id=platform_id)
        platform.previous_webhook_secret = platform.webhook_secret
        platform.webhook_secret = new_webhook_secret()
        platform.save(update_fields=["previous_webhook_secret", "webhook_secret"])
        return platform.webhook_secret


def forget_old_webhook_secret(platform_id: UUID) -> None:
    """Sign with the newest secret alone."""
    Platform.objects.filter(id=platform_id).update(previous_webhook_secret="")


def new_webhook_secret() -> str:
    """Return a secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

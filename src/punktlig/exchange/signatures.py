"""Webhooks are signed as Standard Webhooks says (standardwebhooks.com): HMAC-SHA256 over id, moment and body.

The moment is the real one on both sides, also when a demo's clock is set: a signature is about the wire, not about the
books. A verifier takes several secrets, so that one can be replaced without a gap.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"


class NotVerified(Exception):
    """The webhook is not signed by anybody whose secret is known, or its moment is more than 5 minutes off."""


def sign(secrets: Iterable[str], message_id: str, body: bytes) -> dict[str, str]:
    """Return the headers for one attempt at sending the body; each attempt is signed anew under the same id.

    With two secrets the header carries two signatures, and a receiver that knows either is content.
    """
    # The library overwrites the zone, so anything but UTC would give a signature for another moment.
    moment = datetime.now(UTC)
    signatures = [Webhook(secret).sign(message_id, moment, body.decode()) for secret in secrets]
    if not signatures:
        raise ValueError("a webhook cannot be signed without a secret")
    return {ID: message_id, TIMESTAMP: str(int(moment.timestamp())), SIGNATURE: " ".join(signatures)}


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes) -> str:
    """Return the webhook's id when one of the secrets signed it.

    Raises:
        NotVerified: in every other case, also when no secret is known at all.
    """
    wanted = {name: value for name, value in headers.items() if name.lower() in (ID, TIMESTAMP, SIGNATURE)}
    for secret in secrets:
        try:
            # What is signed is read by the caller, strictly; here only the signature is looked at.
            Webhook(secret).verify(body, wanted, json_parse=False)
        except (WebhookVerificationError, EmptyWebhookSecretError, ValueError):
            # ValueError: a malformed header, no base64, or a body that is no text (UnicodeDecodeError).
            continue
        return next(value for name, value in wanted.items() if name.lower() == ID)
    raise NotVerified

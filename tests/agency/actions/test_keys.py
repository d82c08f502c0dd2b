"""Whoever holds a platform's key is that platform, until it is revoked."""

from __future__ import annotations

import base64

import pytest

from punktlig.agency.actions import keys
from punktlig.agency.records.models import ApiKey, Platform
from tests.agency.samples import NOW

pytestmark = pytest.mark.django_db


def test_a_key_opens_until_it_is_revoked() -> None:
    platform = keys.make_platform("Kundreskontran")
    key = keys.issue_api_key(platform.id, name="office")
    assert keys.authenticate(key) == platform
    keys.revoke_api_key(key.split(".")[0], at=NOW)
    assert keys.authenticate(key) is None
    keys.revoke_api_key(key.split(".")[0], at=NOW.replace(year=2027))
    assert ApiKey.objects.get().revoked_at == NOW


def test_two_keys_of_a_platform_live_side_by_side() -> None:
    platform = keys.make_platform("Kundreskontran")
    old, new = keys.issue_api_key(platform.id), keys.issue_api_key(platform.id)
    keys.revoke_api_key(old.split(".")[0], at=NOW)
    assert keys.authenticate(old) is None
    assert keys.authenticate(new) == platform


def test_only_the_hash_of_the_secret_is_kept() -> None:
    key = keys.issue_api_key(keys.make_platform("Kundreskontran").id)
    stored = ApiKey.objects.values().get()
    assert key.split(".")[1] not in str(stored)
    assert len(stored["secret_sha256"]) == 64


def test_wrong_keys_open_nothing() -> None:
    key = keys.issue_api_key(keys.make_platform("Kundreskontran").id)
    key_id, secret = key.split(".")
    other = keys.issue_api_key(keys.make_platform("En annan").id)
    for wrong in (
        "",
        ".",
        key_id,
        f"{key_id}.",
        f".{secret}",
        f"{key_id}.{secret[:-1]}",
        f"{key_id}.{secret}x",
        f"{key_id}.{other.split('.')[1]}",
        f"{key_id}\x00.{secret}",
        key.upper(),
        "é." + secret,
        "x" * 10_000 + ".y",
    ):
        assert keys.authenticate(wrong) is None, wrong


def test_a_platform_that_was_switched_off_has_no_keys() -> None:
    platform = keys.make_platform("Kundreskontran")
    key = keys.issue_api_key(platform.id)
    Platform.objects.filter(id=platform.id).update(is_active=False)
    assert keys.authenticate(key) is None


def test_a_webhook_secret_is_replaced_with_the_old_one_still_signing() -> None:
    platform = keys.make_platform("Kundreskontran")
    first = keys.set_webhooks(platform.id, "https://example.com/hooks", at=NOW)
    assert keys.set_webhooks(platform.id, "https://example.com/other", at=NOW) == first
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    second = keys.replace_webhook_secret(platform.id)
    platform.refresh_from_db()
    assert (platform.webhook_secret, platform.previous_webhook_secret) == (second, first)
    keys.forget_old_webhook_secret(platform.id)
    platform.refresh_from_db()
    assert (platform.webhook_secret, platform.previous_webhook_secret) == (second, "")

"""Webhooks are believed only when one of the known secrets signed these very bytes just now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from punktlig.exchange.signatures import NotVerified, sign, verify

OLD, NEW = "whsec_b2xkLXNlY3JldC1vbGQtc2VjcmV0", "whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0"
BODY = '{"namn":"Åsa"}'.encode()


def test_what_is_signed_verifies_and_tells_its_id() -> None:
    assert verify([NEW], sign([NEW], "msg_1", BODY), BODY) == "msg_1"


def test_either_of_two_secrets_will_do_on_both_sides() -> None:
    assert verify([OLD, NEW], sign([NEW], "msg_1", BODY), BODY) == "msg_1"
    assert verify([OLD], sign([NEW, OLD], "msg_1", BODY), BODY) == "msg_1"


def test_headers_may_be_written_in_any_case() -> None:
    headers = {name.title(): value for name, value in sign([NEW], "msg_1", BODY).items()}
    assert verify([NEW], headers, BODY) == "msg_1"


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,***"},
        {"webhook-signature": "v1,åäö"},
        {"webhook-signature": ""},
        {"webhook-signature": "v2,abc"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
    ],
)
def test_a_changed_header_does_not_verify(changed: dict[str, str]) -> None:
    with pytest.raises(NotVerified):
        verify([NEW], sign([NEW], "msg_1", BODY) | changed, BODY)


@pytest.mark.parametrize("body", [b"", b"{}", BODY + b" ", b"\xff\xfe"])
def test_another_body_does_not_verify(body: bytes) -> None:
    with pytest.raises(NotVerified):
        verify([NEW], sign([NEW], "msg_1", BODY), body)


@pytest.mark.parametrize("secrets", [[], [""], [OLD], ["whsec_"], ["not base64 åäö"]])
def test_without_the_right_secret_nothing_verifies(secrets: list[str]) -> None:
    with pytest.raises(NotVerified):
        verify(secrets, sign([NEW], "msg_1", BODY), BODY)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_moment_too_far_off_does_not_verify(minutes: int) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(NEW).sign("msg_1", moment, BODY.decode()),
    }
    with pytest.raises(NotVerified):
        verify([NEW], headers, BODY)


def test_missing_headers_do_not_verify() -> None:
    with pytest.raises(NotVerified):
        verify([NEW], {}, BODY)


def test_signing_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        sign([], "msg_1", BODY)

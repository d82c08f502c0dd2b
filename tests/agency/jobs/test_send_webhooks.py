"""Webhooks against a real receiver: signed, retried, ended, and never to a network that is not public."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from punktlig import clock
from punktlig.agency.actions import feed, keys
from punktlig.agency.actions.claims import Received, accept_claims
from punktlig.agency.jobs.publish_feed import publish_feeds
from punktlig.agency.jobs.send_webhooks import send_due_webhooks
from punktlig.agency.jobs.webhook_address import AddressNotAllowed, destination
from punktlig.agency.records.models import Platform, WebhookDelivery
from punktlig.exchange.messages import ClaimSubmission, EventPage, Notice, body_of
from punktlig.exchange.signatures import NotVerified, verify
from punktlig.tenancy.context import acting_for
from tests.agency.samples import NOW, TODAY, make_creditor, make_platform, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it gets and answers what the test says."""

    statuses: ClassVar[list[int]] = []
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    drips: ClassVar[bool] = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        status = self.statuses.pop(0) if self.statuses else 204
        if self.drips:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(50):
                self.wfile.write(b"x-more: 1\r\n")
                self.wfile.flush()
                time.sleep(0.1)
            return
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def _receiving() -> Iterator[str]:
    Receiver.statuses, Receiver.got, Receiver.drips = [], [], False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/hooks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver(settings: Any) -> Iterator[str]:
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"localhost"})
    with _receiving() as url:
        yield url


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The clock, which a test may move."""
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def platform(receiver: str, moment: list[Any]) -> Platform:
    assert moment == [NOW]
    made = make_platform()
    keys.set_webhooks(made.id, receiver, at=NOW)
    made.refresh_from_db()
    return made


def _happen(platform: Platform, count: int = 1) -> None:
    creditor = make_creditor(platform)
    messages = [body_of(submission(creditor.company_id)) for _ in range(count)]
    received = [Received(ClaimSubmission.model_validate_json(sent.body), sent.body, sent.sha256) for sent in messages]
    with acting_for(creditor.id):
        accept_claims(creditor.id, received, today=TODAY, at=NOW)
    publish_feeds()


def test_events_arrive_signed_and_once(platform: Platform) -> None:
    _happen(platform, 3)
    assert send_due_webhooks() == 1
    assert send_due_webhooks() == 0
    ((headers, body),) = Receiver.got
    webhook = WebhookDelivery.objects.get()
    assert verify([platform.webhook_secret], headers, body) == str(webhook.id)
    with pytest.raises(NotVerified):
        verify([keys.new_webhook_secret()], headers, body)
    with pytest.raises(NotVerified):
        verify([platform.webhook_secret], headers, body + b" ")
    assert len(Notice.model_validate_json(body).events) == 3
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"].startswith("localhost:")
    assert (webhook.attempts, webhook.delivered_at, webhook.next_try_at) == (1, NOW, None)


def test_the_same_webhook_comes_again_after_a_failure(platform: Platform, moment: list[Any]) -> None:
    Receiver.statuses = [500, 302, 204]
    _happen(platform)
    assert send_due_webhooks() == 1
    assert WebhookDelivery.objects.get().last_problem == "status 500"
    assert send_due_webhooks() == 0
    moment[0] += timedelta(seconds=5)
    assert send_due_webhooks() == 1
    # A redirect is a failure and is not followed.
    assert WebhookDelivery.objects.get().last_problem == "status 302"
    moment[0] += timedelta(minutes=5)
    assert send_due_webhooks() == 1
    assert WebhookDelivery.objects.get().delivered_at == moment[0]
    assert len({headers["webhook-id"] for headers, _ in Receiver.got}) == 1
    assert len(Receiver.got) == 3
    events = [Notice.model_validate_json(body).events for _, body in Receiver.got]
    assert events[0] == events[1] == events[2]


def test_both_secrets_sign_while_one_is_replaced(platform: Platform) -> None:
    old = platform.webhook_secret
    new = keys.replace_webhook_secret(platform.id)
    _happen(platform)
    send_due_webhooks()
    ((headers, body),) = Receiver.got
    assert verify([old], headers, body) == verify([new], headers, body)


def test_gone_ends_the_webhooks(platform: Platform) -> None:
    Receiver.statuses = [410]
    _happen(platform)
    send_due_webhooks()
    platform.refresh_from_db()
    assert platform.webhooks_ended_at == NOW
    _happen(platform)
    assert send_due_webhooks() == 0


def test_a_receiver_that_drips_is_left(platform: Platform) -> None:
    Receiver.drips = True
    _happen(platform)
    started = time.monotonic()
    assert send_due_webhooks(patience_seconds=0.6) == 1
    assert time.monotonic() - started < 3
    assert WebhookDelivery.objects.get().last_problem == "no answer in time"


def test_a_receiver_that_is_not_there_is_tried_again(platform: Platform) -> None:
    keys.set_webhooks(platform.id, "http://localhost:1/hooks", at=NOW)
    _happen(platform)
    assert send_due_webhooks() == 1
    webhook = WebhookDelivery.objects.get()
    assert "ConnectError" in webhook.last_problem
    assert webhook.next_try_at == NOW + timedelta(seconds=5)


def test_a_neighbour_of_the_agency_is_never_called(platform: Platform, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset()
    _happen(platform)
    assert send_due_webhooks() == 1
    assert Receiver.got == []
    assert WebhookDelivery.objects.get().last_problem.startswith("address not allowed")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://10.0.0.8/",
        "http://172.16.3.4/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[fec0::1]/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "https://user:secret@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http:///nothing",
        "//example.com/",
        "not an address",
        "http://no-such-host.invalid/",
    ],
)
def test_addresses_that_are_not_public_are_not_allowed(url: str, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(AddressNotAllowed):
        destination(url)


def test_a_name_that_resolves_to_both_a_public_and_a_private_number_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEMO = False
    numbers = ["93.184.216.34", "127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (number, 443)) for number in numbers])
    with pytest.raises(AddressNotAllowed):
        destination("https://example.com/hooks")
    numbers.pop()
    to = destination("https://example.com/hooks?a=1")
    assert (to.url, to.host_header, to.server_name) == (
        "https://93.184.216.34/hooks?a=1",
        "example.com",
        "example.com",
    )


def test_publishing_tells_how_much_there_was(platform: Platform) -> None:
    _happen(platform, 2)
    assert publish_feeds() == 0
    platform.refresh_from_db()
    assert EventPage.model_validate_json(feed.page_after(platform, "", 10)).more is False

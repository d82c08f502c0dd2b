"""Send the webhooks that are due: signed, each platform's one at a time, several platforms side by side."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from punktlig import clock
from punktlig.agency.actions.feed import Answer, DueWebhook, lease_webhooks, settle_webhook
from punktlig.agency.jobs.webhook_address import AddressNotAllowed, destination
from punktlig.exchange.certificates import trusted_certificates
from punktlig.exchange.signatures import sign

if TYPE_CHECKING:
    from concurrent.futures import Future

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20.0
# An answer that drips byte by byte passes every time-out between two bytes; this is the end of it.
_PATIENCE_SECONDS = 30.0
_SIDE_BY_SIDE = 16
# A bound for one run of the job; the next begins where it ended.
_MOST_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt; `problem` says what was wrong."""

    answer: Answer
    problem: str = ""


def send_due_webhooks(*, timeout_seconds: float = TIMEOUT_SECONDS, patience_seconds: float = _PATIENCE_SECONDS) -> int:
    """Send everything that is due and return how many attempts were made."""
    attempts = 0
    for _ in range(_MOST_ROUNDS):
        due = lease_webhooks(at=clock.now(), most=_SIDE_BY_SIDE)
        if not due:
            break
        for webhook, tried in zip(due, _send_all(due, timeout_seconds, patience_seconds), strict=True):
            settle_webhook(webhook.id, tried.answer, problem=tried.problem, at=clock.now())
        attempts += len(due)
    return attempts


def _send_all(due: list[DueWebhook], timeout_seconds: float, patience_seconds: float) -> list[Tried]:
    trusted = trusted_certificates()
    clients = [
        httpx.Client(timeout=timeout_seconds, follow_redirects=False, verify=trusted, trust_env=False) for _ in due
    ]
    pool = ThreadPoolExecutor(max_workers=len(due), thread_name_prefix="webhook")
    try:
        running = [pool.submit(send, client, webhook) for client, webhook in zip(clients, due, strict=True)]
        latest = time.monotonic() + patience_seconds
        return [_result(future, latest) for future in running]
    finally:
        for client in clients:
            client.close()  # ends the reading of whoever is still dripping
        pool.shutdown(wait=False)


def _result(future: Future[Tried], latest: float) -> Tried:
    try:
        return future.result(timeout=max(0.0, latest - time.monotonic()))
    except TimeoutError:
        return Tried(Answer.FAILED, "no answer in time")
    except Exception as error:
        log.exception("a webhook could not be sent")
        return Tried(Answer.FAILED, type(error).__name__)


def send(client: httpx.Client, webhook: DueWebhook) -> Tried:
    """Make one attempt. Only 2xx is success, and the answer's body is not read."""
    try:
        to = destination(webhook.url)
    except AddressNotAllowed as no:
        return Tried(Answer.FAILED, f"address not allowed: {no}")
    headers = sign(webhook.secrets, str(webhook.id), webhook.body)
    try:
        with client.stream(
            "POST",
            to.url,
            content=webhook.body,
            headers={**headers, "Host": to.host_header, "Content-Type": "application/json", "User-Agent": "punktlig"},
            extensions={"sni_hostname": to.server_name},
        ) as response:
            status = response.status_code
    except httpx.TimeoutException:
        return Tried(Answer.FAILED, "no answer in time")
    except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: closed while it was still dripping
        return Tried(Answer.FAILED, f"{type(error).__name__}: {error}")
    if response.is_success:
        return Tried(Answer.DELIVERED)
    return Tried(Answer.GONE if status == httpx.codes.GONE else Answer.FAILED, f"status {status}")

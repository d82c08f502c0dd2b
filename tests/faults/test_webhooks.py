"""The agency's webhooks come twice, late, out of order and forged: every event counts once, and the newest is shown."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import httpx

from tests.journeys.door import Fault

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company, Invoice
    from tests.journeys.door import Passed
    from tests.journeys.pages import Visitor

HOOK = "/hooks/agency"


def _history(system: BothSites, invoice: Invoice) -> list[str]:
    rows = system.rows(
        "receivables",
        "SELECT code FROM receivables_history_line WHERE invoice_id = %s AND by_agency ORDER BY at, code",
        invoice.id,
    )
    return [code for (code,) in rows]


def _kinds(notice: Passed) -> list[str]:
    return [event["kind"] for event in json.loads(notice.body)["events"]]


def _replay(system: BothSites, notice: Passed, body: bytes | None = None) -> int:
    headers = {name: value for name, value in notice.headers.items() if name.lower().startswith("webhook-")}
    return httpx.post(
        system.url("receivables", HOOK), content=notice.body if body is None else body, headers=headers, trust_env=False
    ).status_code


def test_a_webhook_comes_twice(system: BothSites, company: Company, sales: Visitor) -> None:
    invoice = company.invoice()
    before = len(system.hook_door.seen(HOOK))
    company.send(sales, invoice)
    company.claim_of(invoice)
    (notice,) = system.hook_door.seen(HOOK)[before:]
    assert _kinds(notice) == ["claim_received"]
    assert _history(system, invoice) == ["claim_received"]

    assert [_replay(system, notice) for _ in range(3)] == [204, 204, 204]
    assert _history(system, invoice) == ["claim_received"]

    # Also when the invoice has gone on since: an old notice does not take it back.
    system.round(date(2026, 11, 26))
    told = _history(system, invoice)
    assert _replay(system, notice) == httpx.codes.NO_CONTENT
    assert _history(system, invoice) == told
    assert company.states() == {invoice.number: "reminder_sent"}


def test_a_webhook_is_overtaken_by_a_later_one(system: BothSites, company: Company, sales: Visitor) -> None:
    invoice = company.invoice(kronor=1200)
    before = len(system.hook_door.seen(HOOK))
    # Only webhooks tell: the feed cannot be read meanwhile.
    system.api_door.meets(Fault("/api/v1/events", status=503, lasts=True))
    system.hook_door.meets(Fault(HOOK, status=503))
    company.send(sales, invoice)
    system.wait_until(company.claims, "the claim is there")
    system.do("agency", "publish_feed")
    system.wait_until(lambda: len(system.hook_door.seen(HOOK)) > before, "the first webhook has failed")
    company.pay(invoice, kronor=200)
    system.wait_until(lambda: "payment_confirmed" in _history(system, invoice), "the later webhook has come")
    late = [one for one in system.hook_door.seen(HOOK)[before:] if one.status == httpx.codes.NO_CONTENT]
    # The first may have come again since: it is due as soon as one gets through.
    assert [_kinds(one) for one in late] in ([["payment_confirmed"]], [["payment_confirmed"], ["claim_received"]])
    shown = system.value("receivables", "SELECT claim_sequence FROM receivables_invoice WHERE id = %s", invoice.id)
    assert shown == 2
    assert company.states() == {invoice.number: "reminder_planned"}

    # At once, or after five seconds, the first is sent again.
    system.wait_until(lambda: "claim_received" in _history(system, invoice), "the first webhook has come again")
    assert sorted(_history(system, invoice)) == ["claim_received", "payment_confirmed"]
    assert system.value("receivables", "SELECT claim_sequence FROM receivables_invoice WHERE id = %s", invoice.id) == 2


def test_a_webhook_that_nobody_we_know_has_signed_is_not_heard(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice()
    before = len(system.hook_door.seen(HOOK))
    company.send(sales, invoice)
    company.claim_of(invoice)
    (notice,) = system.hook_door.seen(HOOK)[before:]
    told = _history(system, invoice)
    paid = notice.body.replace(b'"claim_received"', b'"claim_paid"').replace(b'"status":"received"', b'"status":"paid"')
    assert paid != notice.body
    assert _replay(system, notice, paid) == httpx.codes.UNAUTHORIZED
    assert _replay(system, notice, b"") == httpx.codes.UNAUTHORIZED
    unsigned = httpx.post(system.url("receivables", HOOK), content=notice.body, trust_env=False)
    assert unsigned.status_code == httpx.codes.UNAUTHORIZED
    assert _history(system, invoice) == told
    assert company.states() == {invoice.number: "reminder_planned"}


def test_the_receivables_site_is_away_while_webhooks_come(system: BothSites, company: Company, sales: Visitor) -> None:
    invoice = company.invoice()
    company.send(sales, invoice)
    company.claim_of(invoice)
    system.processes.kill("receivables-web")
    system.at(date(2026, 11, 26))
    system.do("agency", "daily_round")
    system.wait_until(
        lambda: system.value("agency", "SELECT count(*) FROM agency_webhook_delivery WHERE last_problem <> ''"),
        "a webhook has not been taken",
    )
    system.start_what_has_ended()
    system.wait_until_quiet()
    assert company.states() == {invoice.number: "reminder_sent"}
    assert _history(system, invoice) == ["claim_received", "reminder_issued", "reminder_sent"]

"""The agency's webhooks: believed when signed, applied once, and answered so that nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from punktlig.exchange.messages import ClaimEvent, ClaimStatus, Notice
from punktlig.exchange.signatures import sign
from punktlig.receivables.actions import events as verbs
from punktlig.receivables.hooks import agency as hook
from punktlig.receivables.jobs.apply_events_set_aside import apply_events_set_aside
from punktlig.receivables.records.models import Handover, HistoryLine, Invoice
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import FakeAgency, event, summary
from tests.receivables.sending_samples import NOW, make_company, make_invoice, make_user

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.test import Client
    from pytest_django import Settings

    from punktlig.receivables.records.models import Company

pytestmark = pytest.mark.django_db

OLD, NEW = "whsec_b2xkLXNlY3JldC1vbGQtc2VjcmV0", "whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0"


@pytest.fixture(autouse=True)
def _secrets(settings: Settings) -> None:
    settings.AGENCY_WEBHOOK_SECRET = f"{NEW}, {OLD}"


@pytest.fixture
def company() -> Company:
    return make_company()


def event_of(company: Company, sequence: int = 1, *, stranger: bool = False) -> ClaimEvent:
    with acting_for(company.id):
        invoice = make_invoice(company, agency_state="sending", sent_at=NOW)
        handover = Handover.objects.create(
            company=company, invoice=invoice, body=b"{}", sha256="ab" * 32, created_at=NOW,
            created_by=make_user(company), next_try_at=NOW,
        )  # fmt: skip
    with FakeAgency() as agency:
        claim = agency.has_claim_elsewhere(invoice.id, handover.sha256)
    told = summary(sequence, ClaimStatus.REMINDER_SENT)
    return event(claim, uuid4() if stranger else company.id, "reminder_sent", told)


def notice(*events: ClaimEvent) -> bytes:
    return Notice(timestamp=NOW, events=events).model_dump_json().encode()


def post(client: Client, body: bytes, *, secret: str = NEW, **headers: str) -> int:
    signed = sign([secret], "msg_1", body) | headers
    answer = client.post(reverse("agency_hook"), body, content_type="application/json", headers=signed)
    return answer.status_code


def state(company: Company, invoice_id: UUID) -> tuple[str, int]:
    with acting_for(company.id):
        lines = HistoryLine.objects.filter(invoice_id=invoice_id).count()
        return Invoice.objects.get(id=invoice_id).agency_state, lines


def test_the_address_is_the_one_the_agency_is_told() -> None:
    assert reverse("agency_hook") == "/hooks/agency"


def test_a_fault_with_one_company_stops_the_events_of_none_of_the_others(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_company("Annans AB")
    ours, theirs = event_of(company), event_of(other)
    with monkeypatch.context() as patched:
        real = verbs.apply_events

        def apply(company_id: UUID, events: Sequence[ClaimEvent], *, at: datetime) -> int:
            if company_id == company.id:
                raise ZeroDivisionError
            return real(company_id, events, at=at)

        patched.setattr(verbs, "apply_events", apply)
        assert post(client, notice(ours, theirs)) == 204, "it is kept, so it need not be sent again"
        assert state(company, ours.invoice_id) == ("sending", 0)
        assert state(other, theirs.invoice_id) == ("reminder_sent", 1)

        def unkept(*_: object) -> None:
            raise ValueError

        patched.setattr(verbs, "_set_aside", unkept)
        more = event_of(other)
        assert post(client, notice(ours, more)) == 500, "it is to be sent again"
        assert state(other, more.invoice_id) == ("reminder_sent", 1)
    apply_events_set_aside()
    assert state(company, ours.invoice_id) == ("reminder_sent", 1)


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_a_signed_notice_is_applied_to_every_company_in_it(client: Client, company: Company, secret: str) -> None:
    other = make_company("Annans AB")
    ours, theirs = event_of(company), event_of(other)
    assert post(client, notice(ours, theirs), secret=secret) == 204
    assert state(company, ours.invoice_id) == state(other, theirs.invoice_id) == ("reminder_sent", 1)


def test_the_same_notice_twice_is_applied_once(client: Client, company: Company) -> None:
    told = event_of(company)
    assert [post(client, notice(told)), post(client, notice(told))] == [204, 204]
    assert state(company, told.invoice_id) == ("reminder_sent", 1)


def test_events_of_unknown_companies_are_answered_well_and_left_out(client: Client, company: Company) -> None:
    stranger, ours = event_of(company, stranger=True), event_of(company)
    assert post(client, notice(stranger, ours)) == 204
    assert state(company, stranger.invoice_id) == ("sending", 0)
    assert state(company, ours.invoice_id) == ("reminder_sent", 1)


def test_what_nobody_we_know_has_signed_is_not_believed(client: Client, company: Company, settings: Settings) -> None:
    told = event_of(company)
    assert post(client, notice(told), secret="whsec_c29tZWJvZHkgZWxzZSBhbHRvZ2V0aGVy") == 401  # noqa: S106 - made up
    assert post(client, notice(told), **{"webhook-id": "msg_2"}) == 401
    settings.AGENCY_WEBHOOK_SECRET = ""
    assert post(client, notice(told)) == 401
    assert state(company, told.invoice_id) == ("sending", 0)


def test_a_newer_agencys_notice_is_read_for_what_is_known_of_it(client: Client, company: Company) -> None:
    told = event_of(company)
    body = json.loads(notice(told))
    body["region"] = "north"
    body["events"][0] |= {"kind": "respite_granted", "reason": {"code": 7}}
    body["events"][0]["summary"] |= {"next_event": "respite_ends", "instalments": [1, 2]}
    assert post(client, json.dumps(body).encode()) == 204
    assert state(company, told.invoice_id) == ("reminder_sent", 1)


def test_a_notice_of_a_type_that_is_not_known_is_passed_over(client: Client) -> None:
    assert post(client, b'{"type":"payouts.events","timestamp":"2026-11-25T10:00:00Z","payouts":[]}') == 204


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"type":"claims.events","timestamp":"2026-11-25T10:00:00Z"}'])
def test_what_is_signed_and_no_notice_is_refused(client: Client, body: bytes) -> None:
    assert post(client, body) == 400


def test_a_body_that_is_too_long_is_refused_unread(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "MOST_BYTES", 10)
    assert post(client, b"x" * 11) == 413


def test_a_body_of_unknown_length_is_refused_unread(client: Client) -> None:
    assert post(client, b"") == 411


def test_only_posting_is_understood(client: Client) -> None:
    assert client.get("/hooks/agency").status_code == 405


def test_nothing_of_the_content_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert post(client, b'{"type":"claims.events","timestamp":"2026-11-25T10:00:00Z","events":["Anna Ek"]}') == 400
    assert "events.0" in caplog.text
    assert "Anna" not in caplog.text

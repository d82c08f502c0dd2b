"""An invoice that the agency refused is mended and sent under another id, and its page tells of both sendings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig import clock
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimStatus, ClaimSubmission
from punktlig.receivables.actions.customers import Address, mend_address
from punktlig.receivables.actions.events import apply_events
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.jobs.send_commands import send_commands
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.models import Command, Handover, Payment
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import FakeAgency, event, summary
from tests.receivables.sending_samples import NOW, TODAY, make_invoice, shown_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from pytest_django import Settings

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agency(settings: Settings) -> Iterator[FakeAgency]:
    with FakeAgency() as agency:
        settings.AGENCY_URL, settings.AGENCY_API_KEY = agency.url, agency.api_key
        yield agency


class Minutes:
    """The clock of this story: every step is a minute after the one before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def pass_by(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def sent(sales: Browser, invoice_id: UUID, at: datetime) -> Handover:
    with acting_for(sales.company.id):
        shown = shown_for(sales.company.id, [invoice_id])
        hand_over_invoices(sales.company.id, [invoice_id], shown=shown, user=sales.user, today=TODAY, at=at)
        return Handover.objects.latest("created_at")


def paid(sales: Browser, invoice_id: UUID, ore: int, at: datetime) -> Payment:
    with acting_for(sales.company.id):
        return record_payment(sales.company.id, invoice_id, TODAY, Money(ore), user=sales.user, today=TODAY, at=at)


def told_along(handover: Handover) -> set[UUID]:
    return {one.id for one in ClaimSubmission.model_validate_json(bytes(handover.body)).payments}


def page_of(sales: Browser, invoice_id: UUID) -> str:
    page: Any = sales.get(f"invoices/{invoice_id}/")
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode().replace("\u00a0", " "))


def test_a_refused_invoice_is_mended_and_sent_anew_and_both_sendings_are_told(
    sales: Browser, agency: FakeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = Minutes(monkeypatch)
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
    agency.will_refuse(invoice.id, "address_incomplete", name="Anna Ek", missing="town")
    first = sent(sales, invoice.id, NOW)
    before = paid(sales, invoice.id, 10_000, minutes.pass_by())
    # The agency keeps what it is told of a claim that it does not have yet, and then refuses the claim.
    send_commands()
    minutes.pass_by()
    send_handovers()
    page = page_of(sales, invoice.id)
    assert "Ombudet tog inte emot fakturan." in page
    assert "Rätta och skicka igen" in page
    minutes.pass_by()
    # A payment that is booked now waits for nobody: it goes along.
    between = paid(sales, invoice.id, 20_000, minutes.now)
    with acting_for(sales.company.id):
        assert Command.objects.get().id == before.id
        mend_address(
            sales.company.id, invoice.customer_id, Address(street="Björkvägen 7", postcode="123 46", town="Sjöberga"),
            user=sales.user, at=minutes.pass_by(),
        )  # fmt: skip

    second = sent(sales, invoice.id, minutes.pass_by())
    assert second.id != first.id
    assert told_along(first) == set()
    assert told_along(second) == {before.id, between.id}
    minutes.pass_by()
    send_handovers()
    claim = agency.by_invoice[invoice.id]
    assert (claim.handover_id, claim.sha256) == (second.id, second.sha256)
    after = paid(sales, invoice.id, 30_000, minutes.pass_by())
    send_commands()
    with acting_for(sales.company.id):
        assert Command.objects.get(id=after.id).handover_id == second.id
        told = event(claim, sales.company.id, "claim_received", summary(2, ClaimStatus.RECEIVED))
        apply_events(sales.company.id, [told.model_copy(update={"at": minutes.pass_by()})], at=minutes.now)

    # Asked for ever: the old id stays refused, and nothing of it goes out again.
    requests = len(agency.requests)
    send_handovers()
    send_commands()
    assert len(agency.requests) == requests
    assert agency.claim(bytes(first.body))[0] == 422

    page = page_of(sales, invoice.id)
    history = page[page.index('id="historik"') :]
    lines = [
        "Ombudet tog emot fakturan som ärende",
        "Betalning 300,00 kr den 25 november registrerades. Ombudet får veta det.",
        "Skickad till ombudet.",
        "Adressen rättades.",
        "Betalning 200,00 kr den 25 november registrerades.",
        "Ombudet tog inte emot fakturan. I adressen till Anna Ek saknas ort.",
        "Betalning 100,00 kr den 25 november registrerades. Ombudet får veta det.",
        "Skickad till ombudet.",
    ]
    place = 0
    for line in lines:
        place = history.index(line, place) + len(line)
    assert history.count("Skickad till ombudet.") == 2
    assert "Rätta och skicka igen" not in page
    # Those that went along are counted; the one that was told after waits for its event.
    rows = re.findall(
        r'<td class="fold-under">(inräknad|inte inräknad|rapporterad)</td><td class="num[^>]*>([^<]*)', page
    )
    assert sorted(rows) == [("inräknad", "100,00"), ("inräknad", "200,00"), ("rapporterad", "300,00")]

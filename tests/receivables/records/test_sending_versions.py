"""By what a confirmation knows that nothing has changed since its preview."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punktlig.receivables.records.models import Company, Invoice, InvoiceLine, Payment
from punktlig.receivables.records.sending_versions import shown_hash, versions_of
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    credit,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    pay,
)

if TYPE_CHECKING:
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db


def test_the_hash_changes_with_every_fact_and_with_the_day(company: Company) -> None:
    activation = make_activation(company, make_user(company))
    invoice, other = make_invoice(company), make_invoice(company)

    def shown(today: date = TODAY) -> str:
        return shown_hash(versions_of(company.id, [invoice.id, other.id]).values(), today=today)

    seen = [shown()]
    assert shown() == seen[0]
    assert shown_hash(versions_of(company.id, [other.id, invoice.id]).values(), today=TODAY) == seen[0]
    pay(invoice, 100)
    seen.append(shown())
    credit(invoice, 100)
    seen.append(shown())
    InvoiceLine.objects.filter(invoice=invoice).update(text="Byte av stuprör")
    seen.append(shown())
    invoice.customer.street = "Björkvägen 8"
    invoice.customer.save()
    seen.append(shown())
    activation.invoices_warn_of_interest = True
    activation.save()
    seen.append(shown())
    activation.charges_consumers_abroad = True
    activation.save()
    seen.append(shown())
    activation.debt_text_in_english = "joinery work"
    activation.save()
    seen.append(shown())
    company.name = "Lillsjöns Bygg AB"
    company.save()
    seen.append(shown())
    seen.append(shown(TODAY + timedelta(days=1)))
    Invoice.objects.filter(id=other.id).update(agency_state="sending")
    seen.append(shown())
    assert len(set(seen)) == len(seen)


def test_what_is_taken_away_is_a_change(company: Company, user: User) -> None:
    invoice = make_invoice(company)
    payment = pay(invoice, 100)
    before = versions_of(company.id, [invoice.id])
    # The payment's row alone, though the invoice's is written too when it is taken back.
    Payment.objects.filter(id=payment.id).update(taken_back_at=NOW, taken_back_by=user)
    after_payment = versions_of(company.id, [invoice.id])
    InvoiceLine.objects.filter(invoice=invoice).delete()
    assert len({one[invoice.id] for one in (before, after_payment, versions_of(company.id, [invoice.id]))}) == 3


def test_other_invoices_payments_known_and_locks_change_nothing(company: Company) -> None:
    invoice, other = make_invoice(company), make_invoice(company)
    before = versions_of(company.id, [invoice.id])
    pay(other, 100)
    Company.objects.filter(id=company.id).update(payments_through=TODAY)
    list(Invoice.objects.select_for_update(of=("self",)).filter(id=invoice.id))
    assert versions_of(company.id, [invoice.id]) == before


def test_what_the_agency_tells_of_an_invoice_that_is_there_already_outdates_no_preview(company: Company) -> None:
    sent, refused, going = (make_invoice(company).id for _ in range(3))
    unsent = versions_of(company.id, [sent, refused, going])
    Invoice.objects.filter(id__in=[sent, refused]).update(agency_state="sending")
    before = versions_of(company.id, [sent, refused, going])
    assert (before[sent] != unsent[sent], before[going] == unsent[going]) == (True, True)
    Invoice.objects.filter(id=sent).update(agency_state="reminder_planned", claim_number="12345678")
    assert versions_of(company.id, [sent, refused, going]) == before
    # One that comes back may go again, and then its preview is another.
    Invoice.objects.filter(id=refused).update(agency_state="refused")
    assert versions_of(company.id, [refused])[refused] not in (before[refused], unsent[refused])


def test_any_number_takes_one_query_and_strangers_are_left_out(company: Company) -> None:
    stranger = make_company("Annans AB")
    with acting_for(stranger.id):
        foreign = make_invoice(stranger).id
    ids = [make_invoice(company).id for _ in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = versions_of(company.id, [*ids, foreign])
    assert len(queries) == 1
    assert (set(found), len(set(found.values()))) == (set(ids), 5)

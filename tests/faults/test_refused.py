"""The agency says no: only then is it a no. The invoice says why, and may be mended and sent anew under another id."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company
    from tests.journeys.pages import Visitor

# A consumer's debt lives for three years from the invoice's day, thirty before it was due: until 26 November. Sent on
# the day before, it comes to the agency on the day after.
_OVERDUE = 1096 - 1 - 30


def test_what_has_lapsed_on_the_way_is_refused_and_goes_again_when_it_is_mended(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    invoice = company.invoice(name="Sixten Rask", kind="consumer", overdue=_OVERDUE)
    system.processes.kill("agency-web")
    company.send(sales, invoice)
    system.wait_until(
        lambda: system.value(
            "receivables", "SELECT last_problem FROM receivables_handover WHERE invoice_id = %s", invoice.id
        ),
        "the agency has not answered",
    )
    system.at(date(2026, 11, 27))
    system.start_what_has_ended()
    system.wait_until_quiet()
    assert company.states() == {invoice.number: "refused"}
    assert company.claims() == {}
    page = sales.get(company.path(f"invoices/{invoice.id}/")).text
    assert "Ombudet tog inte emot fakturan." in page
    assert f"reminders/new/?invoice={invoice.id}" in page

    # It was bought for his business after all, and such a debt lives for ten years.
    company.is_a_trader(invoice)
    company.send(sales, invoice)
    assert company.claim_of(invoice)
    handovers = system.rows(
        "receivables", "SELECT state FROM receivables_handover WHERE invoice_id = %s ORDER BY created_at", invoice.id
    )
    assert handovers == [("refused",), ("acknowledged",)]
    # The old refusal is the answer to the old id for ever, however often it is asked.
    refused = system.value("agency", "SELECT count(*) FROM agency_refused_handover WHERE invoice_id = %s", invoice.id)
    assert refused == 1

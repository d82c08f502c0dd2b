"""By what a confirmation knows that nothing has changed since its preview: the versions of the rows it was made from.

The server gives a row a new place (`ctid`) and transaction (`xmin`) whenever it is written, so no column can be
forgotten here and nothing has to be composed to be compared. A row that was written without a change counts as changed:
then the preview is shown again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from punktlig.receivables.records.activation import LIVE_STATES
from punktlig.receivables.records.invoice import MAY_BE_SENT
from punktlig.tenancy.plain_reading import run_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

# Of the company and its activation only what counts: their rows are also written when payments are booked, and whenever
# the activation is on its way to the agency. A reference rate that has been heard of is never changed. An invoice that
# is with the agency cannot go, whatever its row says: it is written with each event, which must not outdate a preview.
_VERSIONS = """
SELECT invoice.id, CASE WHEN invoice.agency_state = ANY(%s) THEN md5(concat_ws(' ',
    company.name, company.organisation_number, company.vat_number,
    (
        SELECT concat_ws(' ', id, debt_text, reminder_fee_agreed_since, due_date_agreed_since,
            invoices_warn_of_interest, trader_charge)
        FROM receivables_activation WHERE company_id = %s AND state = ANY(%s)
    ),
    (SELECT count(*) FROM receivables_heard_rate),
    invoice.xmin, invoice.ctid, customer.xmin, customer.ctid,
    (
        SELECT string_agg(concat_ws(' ', line.xmin, line.ctid), ' ' ORDER BY line.id)
        FROM receivables_invoice_line AS line WHERE line.company_id = %s AND line.invoice_id = invoice.id
    ),
    (
        SELECT string_agg(concat_ws(' ', payment.xmin, payment.ctid), ' ' ORDER BY payment.id)
        FROM receivables_payment AS payment WHERE payment.company_id = %s AND payment.invoice_id = invoice.id
    ),
    (
        SELECT string_agg(concat_ws(' ', note.xmin, note.ctid), ' ' ORDER BY note.id)
        FROM receivables_credit_note AS note WHERE note.company_id = %s AND note.invoice_id = invoice.id
    )
)) ELSE 'sent' END
FROM receivables_invoice AS invoice
JOIN receivables_company AS company ON company.id = invoice.company_id
JOIN receivables_customer AS customer ON customer.company_id = %s AND customer.id = invoice.customer_id
WHERE invoice.company_id = %s AND invoice.id = ANY(%s)
"""


def versions_of(company_id: UUID, invoice_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return, for each of the company's invoices among these, the version of all that it would be sent with.

    For a preview, read them before the facts: what changes in between is then shown, and told as changed. For what is
    sent, read them after the facts: what is still the version that was shown was read as it was shown.
    """
    live = [state.value for state in LIVE_STATES]
    (found,) = run_together((_VERSIONS, [list(MAY_BE_SENT), company_id, live, *[company_id] * 5, list(invoice_ids)]))
    return dict(found.rows)


def shown_hash(versions: Iterable[str], *, today: date) -> str:
    """Return the hash by which a confirmation says what its preview showed: these versions, on this day.

    The day itself, not only the planned one: reminders of a Friday and a Saturday are issued alike, but what was not
    overdue on the one may be on the other, and then what the preview said would stay would go. The order does not
    count.
    """
    parts = [today.isoformat(), *sorted(versions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

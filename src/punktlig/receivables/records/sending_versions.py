"""By what a confirmation knows that nothing has changed since its preview: the versions of the rows it was made from.

See `sending_rows`. A row that was written without a change counts as changed: then the preview is shown again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from punktlig.receivables.records.sending_rows import (
    shared_of,
    shared_statements,
    version_statements,
    versions_in,
)
from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID


def versions_of(company_id: UUID, invoice_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return, for each of the company's invoices among these, the version of all that it would be sent with.

    It is that of `sending_facts.Prepared`, read without what is judged.
    """
    ids = as_array(dict.fromkeys(invoice_ids))
    company, activation, rates, *found = run_together(
        *shared_statements(company_id), *version_statements(company_id, ids)
    )
    return versions_in(shared_of(company, activation, rates), *found)


def shown_hash(versions: Iterable[str], *, today: date) -> str:
    """Return the hash by which a confirmation says what its preview showed: these versions, on this day.

    The day itself, not only the planned one: reminders of a Friday and a Saturday are issued alike, but what was not
    overdue on the one may be on the other, and then what the preview said would stay would go. The order does not
    count.
    """
    parts = [today.isoformat(), *sorted(versions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

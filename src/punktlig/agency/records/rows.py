"""What every row of a creditor has in common."""

from __future__ import annotations

from django.db import models

from punktlig.agency.records.creditor import Creditor
from punktlig.tenancy.rows import TenantRow


class CreditorRow(TenantRow):
    """A row of one creditor."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class HeldRow(CreditorRow):
    """A row that belongs to another row of its creditor, such as an event to its claim.

    What holds it there includes the creditor, who therefore exists: a key of its own would look that up once more for
    every row.
    """

    creditor = models.ForeignKey(
        Creditor, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True

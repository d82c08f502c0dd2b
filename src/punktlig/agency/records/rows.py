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

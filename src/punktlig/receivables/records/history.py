"""What has happened to an invoice, line by line. Lines are added, never changed."""

from __future__ import annotations

from django.db import models

from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.rows import HeldRow


class HistoryLine(HeldRow):
    """One line: when, who, and what as a code with facts; the words are made when it is shown.

    A line that tells of the agency's event has the event's id, so that an event is told once.
    """

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="history", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    by_agency = models.BooleanField(default=False)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "receivables_history_line"
        indexes = (models.Index(fields=["company", "invoice", "at"], name="history_of_invoice"),)

"""What has happened to an invoice, line by line. Lines are added, never changed."""

from __future__ import annotations

from django.db import models

from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.rows import HeldRow


class HistoryLine(HeldRow):
    """One line: when, who, and what as a code with facts; the words are made when it is shown.

    An event of the agency is kept as a line that has the event's own id, once and for ever: its kind is the code, which
    may be one that only a newer program knows, and its claim's number is among the facts. Such a line alone has a
    `sequence`, the event's number among those of its claim, and `as_told`, its JSON as it was read.
    """

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="history", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    by_agency = models.BooleanField(default=False)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    sequence = models.IntegerField(null=True, blank=True)
    as_told = models.TextField(blank=True, db_default="")
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "receivables_history_line"
        indexes = (models.Index(fields=["company", "invoice", "at"], name="history_of_invoice"),)

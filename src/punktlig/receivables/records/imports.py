"""Files read into the ledger: a run of many, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from punktlig.receivables.records.rows import CompanyRow

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class ImportRun(CompanyRow):
    """Files given at one time. `finished_at` is empty while they are being read."""

    started_at = models.DateTimeField()
    started_by: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    file_count = models.IntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "receivables_import_run"


class FileOutcome(models.TextChoices):
    """What became of a file: waiting, a new invoice, the same as before, or not taken with the reason."""

    WAITING = "waiting"
    CREATED = "created"
    CREDITED = "credited"
    SAME = "same"
    CONFLICT = "conflict"
    REFUSED = "refused"


class ImportedFile(CompanyRow):
    """One file of a run. The bytes are kept until it has been read; the invoice then keeps its own.

    `is_last` puts it off until the others have been read: a credit note whose invoice may come in the same run.
    `facts` has the refusal in each language, and what differs from the invoice with the same number.
    """

    run: models.ForeignKey[ImportRun, ImportRun] = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="files", db_constraint=False, db_index=False
    )
    position = models.IntegerField()
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True, blank=True)
    is_last = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=FileOutcome.choices, default=FileOutcome.WAITING)
    invoice_id = models.UUIDField(null=True, blank=True)
    invoice_number = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        db_table = "receivables_imported_file"
        constraints = (models.UniqueConstraint(fields=["company", "run", "position"], name="file_position"),)
        indexes = (
            models.Index(
                fields=["company", "run", "is_last", "position"], name="file_to_read", condition=Q(outcome="waiting")
            ),
        )

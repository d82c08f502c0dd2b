"""Many invoices handed over by one confirmation: worked off in chunks, with progress and a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count

from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.rows import CompanyRow, HeldRow

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class RunState(models.TextChoices):
    """First everything is compared with what was confirmed, then it is judged again and sent.

    Outdated: something had changed since the preview, so nothing was sent and the preview is to be shown again.
    """

    CHECKING = "checking"
    SENDING = "sending"
    DONE = "done"
    OUTDATED = "outdated"


class SendingRun(CompanyRow):
    """One confirmation. `shown` is the hash of its preview, `day` the day it was shown."""

    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKING)
    shown = models.CharField(max_length=64)
    day = models.DateField()
    total = models.IntegerField()
    started_at = models.DateTimeField()
    started_by: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "receivables_sending_run"
        indexes = (
            models.Index(
                fields=["company", "started_at"],
                name="run_to_continue",
                condition=models.Q(state__in=["checking", "sending"]),
            ),
        )


class RunInvoiceState(models.TextChoices):
    """Ready to go, and what became of it. Waiting is only of runs that an earlier version began; they are outdated."""

    WAITING = "waiting"
    READY = "ready"
    SENT = "sent"
    REFUSED = "refused"


class SendingRunInvoice(HeldRow):
    """One chosen invoice of a run. `digest` is its version when the run was started, see `sending_versions`."""

    run: models.ForeignKey[SendingRun, SendingRun] = models.ForeignKey(
        SendingRun, on_delete=models.CASCADE, related_name="chosen", db_constraint=False, db_index=False
    )
    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    position = models.IntegerField()
    state = models.CharField(max_length=10, choices=RunInvoiceState.choices, default=RunInvoiceState.WAITING)
    digest = models.CharField(max_length=64, blank=True)
    refusal_code = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "receivables_sending_run_invoice"
        constraints = (models.UniqueConstraint(fields=["company", "run", "invoice"], name="invoice_once_a_run"),)
        indexes = (models.Index(fields=["company", "run", "state", "position"], name="run_in_order"),)


@dataclass(frozen=True)
class Progress:
    """How far a run has come, in invoices. Each is counted once: `total = ready + sent + refused`."""

    total: int
    ready: int
    sent: int
    refused: int

    @property
    def finished(self) -> int:
        """How many are on their way or cannot go."""
        return self.sent + self.refused


def progress_of(run: SendingRun) -> Progress:
    """Return how far the run has come."""
    rows = SendingRunInvoice.objects.filter(company_id=run.company_id, run=run)
    counts = dict(rows.values_list("state").annotate(Count("id")))
    return Progress(
        total=run.total,
        ready=counts.get(RunInvoiceState.READY, 0),
        sent=counts.get(RunInvoiceState.SENT, 0),
        refused=counts.get(RunInvoiceState.REFUSED, 0),
    )


def reasons_of(run: SendingRun) -> dict[str, int]:
    """Return how many of the run could not go, by the code of the first reason, the most frequent first."""
    refused = SendingRunInvoice.objects.filter(company_id=run.company_id, run=run, state=RunInvoiceState.REFUSED)
    return dict(refused.values_list("refusal_code").annotate(count=Count("id")).order_by("-count", "refusal_code"))

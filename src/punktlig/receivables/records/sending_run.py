"""Many invoices handed over by one confirmation: worked off in parts, with progress and a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Sum
from django.db.models.functions import Coalesce

from punktlig.receivables.records.rows import CompanyRow, HeldRow

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class RunState(models.TextChoices):
    """A run is made only of what is still as its preview showed it; then all of it is judged again and sent.

    Outdated: something had changed since the preview, so nothing was sent and the preview is to be shown again.
    """

    SENDING = "sending"
    DONE = "done"
    OUTDATED = "outdated"


class SendingRun(CompanyRow):
    """One confirmation. `shown` is the hash of its preview, `day` the day it was shown."""

    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.SENDING)
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
                fields=["company", "started_at"], name="run_to_go_on", condition=models.Q(state=RunState.SENDING)
            ),
        )


class SendingRunPart(HeldRow):
    """Some of a run's invoices, which are handed over in one transaction by whoever takes the part first.

    `chosen` are their ids, each with its version when the run was started and whether the preview found it free to go,
    see `sending_versions`. `sent` is how many
    went, and `refused` are the ids of the others, each with the code of why. A row for each part and not for each
    invoice: that would cost the server as much as the handover itself.
    """

    run: models.ForeignKey[SendingRun, SendingRun] = models.ForeignKey(
        SendingRun, on_delete=models.CASCADE, related_name="parts", db_constraint=False, db_index=False
    )
    number = models.IntegerField()
    chosen = models.JSONField()
    worked_off_at = models.DateTimeField(null=True, blank=True)
    sent = models.IntegerField(default=0)
    refused = models.JSONField(default=list)

    class Meta:
        db_table = "receivables_sending_run_part"
        constraints = (models.UniqueConstraint(fields=["company", "run", "number"], name="part_of_run"),)


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
    parts = SendingRunPart.objects.filter(company_id=run.company_id, run=run)
    counts = parts.aggregate(sent=Coalesce(Sum("sent"), 0), refused=Coalesce(Sum(_length_of("refused")), 0))
    sent, refused = counts["sent"], counts["refused"]
    return Progress(total=run.total, ready=run.total - sent - refused, sent=sent, refused=refused)


def _length_of(column: str) -> models.Func:
    return models.Func(models.F(column), function="jsonb_array_length", output_field=models.IntegerField())


def stayed_in(run: SendingRun) -> list[tuple[UUID, str]]:
    """Return the invoices of the run that could not go, in the order they were chosen, each with the code of why."""
    parts = SendingRunPart.objects.filter(company_id=run.company_id, run=run).order_by("number")
    return [(UUID(one), code) for refused in parts.values_list("refused", flat=True) for one, code in refused]


def reasons_of(run: SendingRun) -> dict[str, int]:
    """Return how many of the run could not go, by the code of the first reason, the most frequent first."""
    counts = Counter(code for _, code in stayed_in(run))
    return dict(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0])))

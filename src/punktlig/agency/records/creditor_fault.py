"""What goes wrong for one creditor in the work of the jobs, from the first failure until it succeeds again."""

from __future__ import annotations

from django.db import models

from punktlig.agency.records.rows import CreditorRow


class Work(models.TextChoices):
    """What a job does for a creditor; each may fail by itself."""

    GO_ON_WITH_RATES = "go_on_with_rates"
    ISSUE_REMINDERS = "issue_reminders"
    RENEW_LETTERS = "renew_letters"
    ASK_CREDITOR = "ask_creditor"
    TAKE_LETTERS = "take_letters"
    STORE_ANSWERS = "store_answers"


class CreditorFault(CreditorRow):
    """A job's work that fails for this creditor: `since` the first time, `last_at` the latest.

    `problem` is the name of the error and nothing of what it says, which may be about people. The row is removed when
    the work succeeds or there is none of it left.
    """

    work = models.CharField(max_length=20, choices=Work.choices)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    problem = models.CharField(max_length=100)

    class Meta:
        db_table = "agency_creditor_fault"
        constraints = (models.UniqueConstraint(fields=["creditor", "work"], name="one_fault_a_work"),)

    def __str__(self) -> str:
        return f"{self.work}: {self.problem}"

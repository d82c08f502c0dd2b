"""Reference rates that the agency has told and the program itself does not know yet."""

from __future__ import annotations

from django.db import models

from punktlig.core.statutes.reference_rates import ReferenceRate


class HeardRate(models.Model):
    """A half-year's reference rate as the agency told it first. Of no company; only added to, never changed."""

    valid_from = models.DateField(primary_key=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    source = models.CharField(max_length=1000)
    heard_at = models.DateTimeField()

    class Meta:
        db_table = "receivables_heard_rate"

    def __str__(self) -> str:
        return f"{self.valid_from} {self.percent}"

    @property
    def row(self) -> ReferenceRate:
        """The rate as the rules know it."""
        return ReferenceRate(self.valid_from, self.percent, self.source)

"""Reference rates that the agency's administrators have added between releases, each with its source and two people."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from punktlig.core.statutes.reference_rates import ReferenceRate

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class AddedRate(models.Model):
    """A half-year's reference rate: entered by one person, then approved by another or taken back.

    Of no creditor. The application may add a row and answer it once; the database holds both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    valid_from = models.DateField()
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    source = models.CharField(max_length=500)
    entered_by: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    approved_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField(null=True)
    withdrawn_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agency_added_rate"
        constraints = (
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(withdrawn_at__isnull=True), name="one_rate_a_half_year"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__day=1, valid_from__month__in=[1, 7]), name="rate_of_a_half_year"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="rate_has_a_source"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="rate_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="rate_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(withdrawn_at__isnull=True), name="rate_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")), name="rate_seen_by_two"
            ),
        )

    def __str__(self) -> str:
        return f"{self.valid_from} {self.percent}"

    @property
    def row(self) -> ReferenceRate:
        """The rate as the rules know it."""
        return ReferenceRate(self.valid_from, self.percent, self.source)

    @property
    def waits(self) -> bool:
        """Whether nobody has answered yet."""
        return self.approved_at is None and self.withdrawn_at is None

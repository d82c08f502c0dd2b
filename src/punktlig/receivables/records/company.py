"""The creditor company, which is the tenant, and its members."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from punktlig.tenancy.rows import Membership

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.models import User


class Role(models.TextChoices):
    """What a member may do: owner and sales activate and send, a reader looks."""

    OWNER = "owner"
    SALES = "sales"
    READER = "reader"

    @property
    def may_send(self) -> bool:
        """Whether the role may activate reminder handling, send, register and change."""
        return self in (Role.OWNER, Role.SALES)


class Company(models.Model):
    """A creditor. `payments_through` is the day through which its payments are booked, as far as it has told.

    `events_wait_since` is set while some of what the agency has told is set aside, since it could not be applied.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    organisation_number = models.CharField(max_length=20)
    vat_number = models.CharField(max_length=20, blank=True)
    approved_for_f_tax = models.BooleanField(default=True)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    bankgiro = models.CharField(max_length=20, blank=True)
    plusgiro = models.CharField(max_length=20, blank=True)
    iban = models.CharField(max_length=40, blank=True)
    payments_through = models.DateField(null=True, blank=True)
    payments_read_at = models.DateTimeField(null=True, blank=True)
    events_wait_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "receivables_company"

    def __str__(self) -> str:
        return self.name


class Member(Membership):
    """A person's role in a company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        db_table = "receivables_member"
        constraints = (models.UniqueConstraint(fields=["company", "user"], name="one_role_a_company"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"

    @classmethod
    def role_of(cls, user: User, tenant: UUID) -> str | None:
        """Return the person's role in the company, or None."""
        return cls.objects.filter(user=user, company_id=tenant).values_list("role", flat=True).first()

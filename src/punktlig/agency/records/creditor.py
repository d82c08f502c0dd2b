"""Creditors, which are the tenants, and the people who work for them or at the agency."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from punktlig.agency.records.platform import Platform
from punktlig.tenancy.rows import Membership

if TYPE_CHECKING:
    from uuid import UUID

    from punktlig.tenancy.models import User


class Creditor(models.Model):
    """A company whose claims the agency looks after, as its platform activated it.

    `activation` is the activation message as received. `company_id` is the platform's id for the company.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="creditors")
    company_id = models.UUIDField()
    name = models.CharField(max_length=200)
    organisation_number = models.CharField(max_length=20)
    contact_name = models.CharField(max_length=200)
    contact_email = models.CharField(max_length=254)
    contact_telephone = models.CharField(max_length=40, blank=True)
    account_kind = models.CharField(max_length=10)
    account_number = models.CharField(max_length=40)
    terms_version = models.CharField(max_length=20)
    activation = models.JSONField()
    activation_sha256 = models.CharField(max_length=64)
    activated_at = models.DateTimeField()
    # Letters by e-mail are a choice of the agreement; the address is the debtor's own on the invoice.
    sends_by_email = models.BooleanField(default=False)

    class Meta:
        db_table = "agency_creditor"
        constraints = (models.UniqueConstraint(fields=["platform", "company_id"], name="creditor_of_platform"),)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Who somebody is here. A creditor's people belong to creditors; the agency's own belong to none."""

    CREDITOR_ADMIN = "creditor_admin"
    CREDITOR_READER = "creditor_reader"
    CASE_HANDLER = "case_handler"
    AGENCY_ADMIN = "agency_admin"

    @property
    def is_agency(self) -> bool:
        """Whether the role sees every creditor, by way of the desk."""
        return self in (Role.CASE_HANDLER, Role.AGENCY_ADMIN)


class Member(Membership):
    """A person's role for a creditor, or at the agency (no creditor)."""

    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, null=True, blank=True, related_name="members")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        db_table = "agency_member"
        constraints = (
            models.UniqueConstraint(fields=["creditor", "user"], name="one_role_a_creditor"),
            models.UniqueConstraint(fields=["user"], name="one_role_at_the_agency", condition=Q(creditor__isnull=True)),
            models.CheckConstraint(
                condition=Q(creditor__isnull=True, role__in=["case_handler", "agency_admin"])
                | Q(creditor__isnull=False, role__in=["creditor_admin", "creditor_reader"]),
                name="role_fits_its_place",
            ),
        )

    @classmethod
    def role_of(cls, user: User, tenant: UUID) -> str | None:
        """Return the role in which the person may see this creditor: its own people, then the agency's."""
        roles = cls.objects.filter(Q(creditor_id=tenant) | Q(creditor__isnull=True), user=user)
        own: str | None = roles.order_by("creditor_id").values_list("role", flat=True).first()
        if own is None or not Creditor.objects.filter(id=tenant).exists():
            return None
        return own

"""Reminder handling switched on for a company: what was asked, what was accepted, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from punktlig.receivables.records.rows import CompanyRow
from punktlig.receivables.records.sending import Outgoing

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class TermsVersion(models.Model):
    """A version of the terms, the same for all companies.

    The texts lie in templates named by the version. `sha256` is of the Swedish one followed by the English one: what
    somebody has accepted never changes, so a change is a new version.
    """

    version = models.CharField(primary_key=True, max_length=20)
    valid_from = models.DateField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "receivables_terms_version"

    def __str__(self) -> str:
        return self.version


class TraderCharge(models.TextChoices):
    """What is added to claims on business customers and public bodies."""

    NOTHING = "nothing"
    REMINDER_FEE = "reminder_fee"
    COMPENSATION = "late_payment_compensation"


class ActivationState(models.TextChoices):
    """Activating until the agency has answered."""

    ACTIVATING = "activating"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


LIVE_STATES = (ActivationState.ACTIVATING, ActivationState.ACTIVE)
# What the agency has not answered yet: an activation, or changed facts of one that is active.
TO_SEND = Q(state="activating") | Q(state="active", facts_changed_at__isnull=False)


class Activation(Outgoing, CompanyRow):
    """One acceptance of one version of the terms, with the answers given; at most one of a company is live.

    The exact bytes to the agency and the state of sending them are in the `Outgoing` columns. `letterhead` is who the
    agency is as its letters say it (`core.agency.Agency`), from its answer; empty before that. When the company's facts
    have changed since, the bytes are new ones: `facts_changed_at` until the agency has answered, then `facts_told_at`.
    """

    state = models.CharField(max_length=12, choices=ActivationState.choices, default=ActivationState.ACTIVATING)
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField()
    contact_telephone = models.CharField(max_length=40, blank=True)
    account_kind = models.CharField(max_length=10)
    account_number = models.CharField(max_length=40)
    debt_text = models.CharField(max_length=200, blank=True)
    debt_text_in_english = models.CharField(max_length=200, blank=True, default="", db_default="")
    reminder_fee_agreed_since = models.DateField(null=True, blank=True)
    due_date_agreed_since = models.DateField(null=True, blank=True)
    invoices_warn_of_interest = models.BooleanField(default=False)
    trader_charge = models.CharField(max_length=30, choices=TraderCharge.choices, default=TraderCharge.NOTHING)
    charges_consumers_abroad = models.BooleanField(default=False, db_default=False)
    terms: models.ForeignKey[TermsVersion, TermsVersion] = models.ForeignKey(
        TermsVersion, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField()
    accepted_by: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agency_name = models.CharField(max_length=200, blank=True)
    portal_url = models.CharField(max_length=300, blank=True)
    letterhead = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    facts_changed_at = models.DateTimeField(null=True, blank=True)
    facts_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "receivables_activation"
        constraints = (
            models.UniqueConstraint(
                fields=["company"], name="one_live_activation", condition=Q(state__in=["activating", "active"])
            ),
        )
        indexes = (models.Index(fields=["company", "next_try_at"], name="activation_to_send", condition=TO_SEND),)

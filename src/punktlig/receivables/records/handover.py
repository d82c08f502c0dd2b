"""Invoices handed over to the agency, and commands on the claims they became."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.rows import CompanyRow, HeldRow
from punktlig.receivables.records.sending import Outgoing

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class HandoverState(models.TextChoices):
    """Queued until the agency has answered: with a claim, with a refusal, or with another claim's number."""

    QUEUED = "queued"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    CONFLICT = "conflict"


# What the agency has not answered yet.
TO_ANSWER = Q(state=HandoverState.QUEUED)


class Handover(Outgoing, HeldRow):
    """One handing over of one invoice. Its `id` is the handover id and never expires.

    At most one of an invoice is not refused: that is what makes two clicks one claim.
    """

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="handovers", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=12, choices=HandoverState.choices, default=HandoverState.QUEUED)
    created_at = models.DateTimeField()
    created_by: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    claim_id = models.UUIDField(null=True, blank=True)
    claim_number = models.CharField(max_length=20, blank=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_facts = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "receivables_handover"
        constraints = (
            models.UniqueConstraint(
                fields=["company", "invoice"], name="one_handover_an_invoice", condition=~Q(state="refused")
            ),
        )
        indexes = (
            models.Index(fields=["company", "next_try_at"], name="handover_to_send", condition=Q(state="queued")),
            # None unless the agency is silent. Asked for whenever the feed is read, also while a million are queued.
            models.Index(fields=["company"], name="handover_unheard", condition=Q(state="queued", unheard__gt=0)),
            # Few or none. Every event asks for those of its invoice, and would look through all handovers for them.
            models.Index(fields=["company", "invoice"], name="handover_in_conflict", condition=Q(state="conflict")),
            # For searches. The answer that brings the number changes the state too, and so is written into every index.
            models.Index(fields=["company", "claim_number"], name="handover_by_claim", condition=~Q(claim_number="")),
        )


class CommandState(models.TextChoices):
    """Requested here, confirmed or refused by the agency's event."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


# What the agency does not have yet.
TO_DELIVER = Q(state=CommandState.REQUESTED, delivered_at__isnull=True)


class Command(Outgoing, CompanyRow):
    """A payment or credit note registered on a sent invoice, told to the agency. Its `id` is the command's id.

    `delivered_at` is when the agency had it; only an event confirms that it was carried out. Of the kind `reversal` it
    takes back the payment that `reverses` names, which `asked_by` asked for: once, unless the agency says no.
    """

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="commands", db_constraint=False, db_index=False
    )
    handover: models.ForeignKey[Handover, Handover] = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="commands", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12)
    amount_ore = models.BigIntegerField()
    day = models.DateField()
    state = models.CharField(max_length=12, choices=CommandState.choices, default=CommandState.REQUESTED)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    reverses = models.UUIDField(null=True, blank=True)
    asked_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "receivables_command"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False, asked_by__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True, asked_by__isnull=True)),
                name="reversal_names_its_payment",
            ),
            # By the code and not by the state: every answer changes the state, and an index that has it would be
            # written with each.
            models.CheckConstraint(
                condition=Q(reverses__isnull=True)
                | (Q(state="refused") & ~Q(refusal_code=""))
                | (~Q(state="refused") & Q(refusal_code="")),
                name="refused_reversal_has_a_code",
            ),
            models.UniqueConstraint(
                fields=["company", "reverses"],
                name="one_reversal_a_payment",
                condition=Q(reverses__isnull=False, refusal_code=""),
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "next_try_at"], name="command_to_send", condition=Q(delivered_at__isnull=True)
            ),
            models.Index(fields=["company", "invoice"], name="command_of_invoice"),
            # Few or none: the overview asks for those that the agency has refused.
            models.Index(
                fields=["company", "invoice"], name="command_is_reversal", condition=Q(reverses__isnull=False)
            ),
        )

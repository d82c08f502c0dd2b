"""Letters, and how they leave."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from punktlig.agency.records.claim import Claim, ClaimStep
from punktlig.agency.records.rows import CreditorRow, HeldRow
from punktlig.core.money import Money

if TYPE_CHECKING:
    from datetime import datetime


class Letter(HeldRow):
    """A letter as content and template version; the PDF is made when somebody looks, and is the same bytes each time.

    A letter that could not leave in time is made anew as the next `edition` of the same step; the older one is
    replaced. So is one that has left, when what it says is no longer so. `handed_at` is when it was first given to a
    gateway, with everything known by then counted in it, and `left_at` when the gateway had accepted it. `pdf_sha256`
    and `pages` are filled when it is first rendered for delivery.
    """

    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="letters", db_constraint=False, db_index=False
    )
    step: models.ForeignKey[ClaimStep, ClaimStep] = models.ForeignKey(
        ClaimStep, on_delete=models.PROTECT, related_name="letters", db_constraint=False, db_index=False
    )
    edition = models.IntegerField(default=1)
    day = models.DateField()
    last_day_to_pay = models.DateField()
    total_ore = models.BigIntegerField()
    interest_ore = models.BigIntegerField()
    charge_ore = models.BigIntegerField()
    commands_counted = models.IntegerField(default=0, help_text="payments and credit notes that came as commands")
    template = models.CharField(max_length=20)
    content = models.TextField(help_text="core.letter.content.LetterContent as JSON")
    content_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.SmallIntegerField(null=True)
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agency_letter"
        constraints = (models.UniqueConstraint(fields=["creditor", "step", "edition"], name="letter_edition"),)
        indexes = (
            models.Index(fields=["creditor", "claim"], name="letter_of_claim"),
            models.Index(
                fields=["creditor", "day", "id"],
                name="letter_that_waits",
                condition=Q(handed_at__isnull=True, stopped_at__isnull=True, replaced_at__isnull=True),
            ),
        )

    @property
    def total(self) -> Money:
        """What it asks for."""
        return Money(self.total_ore)

    @property
    def is_leaving(self) -> bool:
        """Whether a gateway has it and nobody knows yet whether it leaves."""
        return self.handed_at is not None and self.left_at is None and self.stopped_at is None


class DeliveryState(models.TextChoices):
    """Queued until the gateway has accepted or refused it, or it was stopped before it left."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    STOPPED = "stopped"


class Delivery(HeldRow):
    """One letter by one way. `evidence` is what the gateway answered; `recipient` the address it went to."""

    letter: models.ForeignKey[Letter, Letter] = models.ForeignKey(
        Letter, on_delete=models.PROTECT, related_name="deliveries", db_constraint=False, db_index=False
    )
    gateway = models.CharField(max_length=10, choices=[("print", "print"), ("email", "email")])
    recipient = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    batch_id = models.UUIDField(null=True, help_text="the print batch it lies in")
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "agency_delivery"
        constraints = (models.UniqueConstraint(fields=["creditor", "letter", "gateway"], name="each_way_once"),)
        indexes = (
            models.Index(fields=["creditor", "next_try_at"], name="delivery_to_do", condition=Q(state="queued")),
            # The desk lists those of every creditor, by when they are tried or were answered.
            models.Index(fields=["next_try_at", "id"], name="delivery_by_turn", condition=Q(state="queued")),
            models.Index(
                fields=["state", "-answered_at", "id"],
                name="delivery_by_answer",
                condition=Q(answered_at__isnull=False),
            ),
        )


class PrintBatch(models.Model):
    """Letters gathered for the printer: a zip of PDFs with an index, the same bytes whenever it is made.

    It lies outside the tenants, as a printer gets one batch for all creditors; its letters are found by their
    deliveries. It is written to the printer's folder by the job, or fetched by a person at the desk (`fetched_by`), who
    then says when it was handed over. `evidence` is what there is to show for it, `sha256` the hash of the zip.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField()
    letter_count = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True)
    fetched_by = models.CharField(max_length=200, blank=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "agency_print_batch"
        indexes = (
            models.Index(fields=["created_at"], name="batch_to_hand_over", condition=Q(handed_over_at__isnull=True)),
        )

    def __str__(self) -> str:
        return str(self.id)

    def is_leased(self, at: datetime) -> bool:
        """Tell whether somebody has it in hand at the moment: the worker who writes it, or who fetches it."""
        return self.leased_until is not None and self.leased_until > at


class CaughtMail(CreditorRow):
    """An e-mail that was caught instead of sent, in the demo; shown at the desk."""

    delivery: models.ForeignKey[Delivery, Delivery] = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="mails", db_constraint=False, db_index=False
    )
    caught_at = models.DateTimeField()
    recipient = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    message = models.BinaryField()

    class Meta:
        db_table = "agency_caught_mail"

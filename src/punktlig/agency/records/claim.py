"""Claims: one per invoice of a creditor, for ever; what was refused; the steps taken; the commands received."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.rows import CreditorRow, HeldRow
from punktlig.agency.records.search_keys import open_search_key, search_key
from punktlig.exchange.messages import ClaimStatus


class Claim(CreditorRow):
    """A claim. `submission` is the message it was made from, its exact bytes, with their hash.

    `principal_ore` is what the debtor owes of the invoice (its own share), before payments. `sequence` is the number of
    its latest event. `status`, `next_event` and `next_event_day` are its summary; the balance is computed when asked.
    `reminder_day` is the day the daily round issues the reminder. `email` is where a letter may go by e-mail.
    """

    number = models.CharField(max_length=12)
    handover_id = models.UUIDField()
    invoice_id = models.UUIDField()
    submission = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_day = models.DateField()

    invoice_number = models.CharField(max_length=60)
    invoice_date = models.DateField()
    due_date = models.DateField(null=True)
    debtor_name = models.CharField(max_length=200)
    debtor_kind = models.CharField(max_length=10)
    debtor_country = models.CharField(max_length=2)
    language = models.CharField(max_length=2)
    identity_is_protected = models.BooleanField(default=False)
    payable_ore = models.BigIntegerField()
    principal_ore = models.BigIntegerField()
    invoice_number_key = search_key("invoice_number")
    debtor_key = open_search_key("debtor_name", hidden_when="identity_is_protected")

    status = models.CharField(max_length=20, choices=[(status.value, status.value) for status in ClaimStatus])
    sequence = models.IntegerField(default=0)
    reminder_day = models.DateField(null=True)
    last_day_to_pay = models.DateField(null=True)
    next_event = models.CharField(max_length=40, blank=True)
    next_event_day = models.DateField(null=True)
    needs_person = models.CharField(max_length=60, blank=True, help_text="why, as a code; empty when nothing is asked")
    needs_person_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # The summary of its newest event as JSON has it, when that was written with this object, whose row is locked since.
    newest_summary: dict[str, object] | None = None

    class Meta:
        db_table = "agency_claim"
        constraints = (
            models.UniqueConstraint(fields=["creditor", "invoice_id"], name="one_claim_an_invoice"),
            models.UniqueConstraint(fields=["creditor", "handover_id"], name="one_claim_a_handover"),
            models.UniqueConstraint(fields=["creditor", "number"], name="claim_number_of_creditor"),
            models.CheckConstraint(condition=Q(principal_ore__gt=0), name="principal_is_positive"),
        )
        indexes = (
            models.Index(
                fields=["creditor", "reminder_day", "id"], name="claim_to_remind", condition=Q(status="received")
            ),
            models.Index(
                fields=["creditor", "last_day_to_pay", "id"],
                name="claim_to_decide",
                condition=Q(status="reminder_sent", next_event="last_day_to_pay"),
            ),
            models.Index(fields=["creditor", "received_at", "id"], name="claim_by_arrival"),
            # With the sum, so that a creditor's counts and sums are read from the index alone.
            models.Index(
                fields=["creditor", "status", "received_at", "id"], include=["principal_ore"], name="claim_by_state"
            ),
            models.Index(
                fields=["creditor", "next_event_day"],
                name="claim_for_creditor",
                condition=Q(next_event="creditor_decides"),
            ),
            models.Index(fields=["creditor", "invoice_number_key"], name="claim_by_invoice_number"),
            models.Index(fields=["creditor", "debtor_key"], name="claim_by_debtor"),
            models.Index(fields=["received_at", "id"], name="claim_by_arrival_of_all"),
            models.Index(
                fields=["creditor", "needs_person_since"], name="claim_for_person", condition=~Q(needs_person="")
            ),
        )

    def __str__(self) -> str:
        return self.number


class ClaimNumber(models.Model):
    """Which creditor a claim number belongs to: needed before the tenant is known, when somebody gives a number."""

    number = models.CharField(primary_key=True, max_length=12)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+", db_index=False)
    claim_id = models.UUIDField()

    class Meta:
        db_table = "agency_claim_number"

    def __str__(self) -> str:
        return self.number


class RefusedHandover(CreditorRow):
    """A handover that was refused; the same answer is given for ever. Its `id` is the handover id."""

    invoice_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    submission = models.BinaryField()
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    refused_at = models.DateTimeField()

    class Meta:
        db_table = "agency_refused_handover"


class Step(models.TextChoices):
    """The steps a claim can take, each at most once."""

    REMINDER = "reminder"


class ClaimStep(HeldRow):
    """A step taken: this row is written first, so that a step is taken once whatever crashes or runs twice."""

    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="steps", db_constraint=False, db_index=False
    )
    step = models.CharField(max_length=20, choices=Step.choices)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "agency_claim_step"
        constraints = (models.UniqueConstraint(fields=["creditor", "claim", "step"], name="each_step_once"),)


class ReceivedCommand(CreditorRow):
    """A command on a claim. Its `id` is the command id; `state` is requested until it has been carried out.

    A command may come before its claim; it then waits by its handover id, and the claim finds it. `place` is its number
    among the claim's confirmed commands, from 1, given under the claim's lock: the order in which they were counted,
    whatever the moments at which they came.

    A reversal names in `reverses` the payment that it takes back, which has `reversed_at` from then on. Both keep their
    places, so that a letter made before is known to be out of date.
    """

    handover_id = models.UUIDField()
    claim: models.ForeignKey[Claim | None, Claim | None] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, related_name="commands", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12)
    day = models.DateField()
    amount_ore = models.BigIntegerField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="requested")
    code = models.CharField(max_length=60, blank=True)
    place = models.IntegerField(null=True)
    reverses = models.UUIDField(null=True)
    reversed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "agency_received_command"
        constraints = (
            models.UniqueConstraint(fields=["creditor", "claim", "place"], name="command_place"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(place__isnull=False), name="confirmed_has_place"
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="reversal_names_its_payment",
            ),
            models.UniqueConstraint(
                fields=["creditor", "claim", "reverses"], name="reversed_once", condition=Q(state="confirmed")
            ),
        )
        indexes = (models.Index(fields=["creditor", "handover_id"], name="command_of_handover"),)

    @property
    def counts(self) -> bool:
        """Whether it is money or credit that lowers the claim."""
        return self.reverses is None and self.reversed_at is None and self.amount_ore > 0

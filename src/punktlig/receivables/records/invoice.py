"""Invoices with their lines, and what was paid or credited. Amounts are whole öre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from punktlig.core.invoice import DeductionKind
from punktlig.receivables.records.agency_address import is_web_page
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.rows import CompanyRow, HeldRow, search_key

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class AgencyState(models.TextChoices):
    """Where the invoice stands with the agency; empty before it has been sent."""

    NOT_SENT = ""
    SENDING = "sending"
    RECEIVED = "received"
    REMINDER_PLANNED = "reminder_planned"
    REMINDER_SENT = "reminder_sent"
    PAID = "paid"
    CLOSED = "closed"
    REFUSED = "refused"
    NEEDS_ACTION = "needs_action"

    @property
    def may_be_sent(self) -> bool:
        """Whether the choice to send is there: never sent, or refused by the agency and mended since."""
        return self in (AgencyState.NOT_SENT, AgencyState.REFUSED)

    @property
    def is_live(self) -> bool:
        """Whether the agency works with it: sent, and neither refused nor done."""
        return not self.may_be_sent and self not in (AgencyState.PAID, AgencyState.CLOSED)


STATES_THAT_MAY_BE_SENT = tuple(state.value for state in AgencyState if state.may_be_sent)
"""`AgencyState.may_be_sent` of a plain row, whose state is text."""


class AgencyStage(models.TextChoices):
    """What the state means for the lists: the part of it that seldom changes.

    Every index that a column of a row that changes is in, also as a condition, makes the database write the row into
    all of its indexes anew. So they have the stage and not the state, which goes on with every event of the claim.
    """

    HERE = "here"
    REFUSED = "refused"
    LIVE = "live"
    DONE = "done"


MAY_BE_SENT = Q(agency_stage__in=[AgencyStage.HERE.value, AgencyStage.REFUSED.value])
"""`AgencyState.may_be_sent` as a condition, in the very words that the index has."""

LIVE_AT_AGENCY = Q(agency_stage=AgencyStage.LIVE.value)
"""`AgencyState.is_live` as a condition, in the very words that the index has."""


class Invoice(CompanyRow):
    """An invoice in SEK (others are kept but never sent).

    `payable_ore` is what the document asks for after prepayments. `share_ore` is the customer's own share of a ROT, RUT
    or green invoice. `paid_ore` and `credited_ore` are the sums of the payments and credit notes registered here, and
    `remaining_ore` what is left; actions keep them, the database checks them. What the agency says is in the `agency_`,
    `claim_` and `next_` columns: the summary with the highest per-claim `claim_sequence`.
    """

    customer: models.ForeignKey[Customer, Customer] = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="invoices", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, default="SEK")
    issue_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    total_ore = models.BigIntegerField()
    tax_ore = models.BigIntegerField(null=True, blank=True)
    prepaid_ore = models.BigIntegerField(default=0)
    payable_ore = models.BigIntegerField()
    deduction = models.CharField(max_length=5, blank=True, choices=[(kind.value, kind.value) for kind in DeductionKind])
    share_ore = models.BigIntegerField(null=True, blank=True)
    share_is_confirmed = models.BooleanField(default=False)
    payment_reference = models.CharField(max_length=30, blank=True)
    buyer_reference = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    source_format = models.CharField(max_length=10, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    source_bytes = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    paid_ore = models.BigIntegerField(default=0)
    credited_ore = models.BigIntegerField(default=0)
    remaining_ore = models.BigIntegerField()

    agency_state = models.CharField(max_length=20, blank=True, default="", choices=AgencyState.choices)
    sent_at = models.DateTimeField(null=True, blank=True)
    claim_number = models.CharField(max_length=20, blank=True)
    claim_url = models.CharField(max_length=300, blank=True)
    claim_sequence = models.IntegerField(default=0)
    claim_balance_ore = models.BigIntegerField(null=True, blank=True)
    claim_balance_day = models.DateField(null=True, blank=True)
    next_event = models.CharField(max_length=40, blank=True)
    next_event_day = models.DateField(null=True, blank=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_facts = models.JSONField(default=dict, blank=True)

    number_key = search_key("number")
    agency_stage = models.GeneratedField(
        expression=Case(
            When(agency_state=AgencyState.NOT_SENT.value, then=Value(AgencyStage.HERE.value)),
            When(agency_state=AgencyState.REFUSED.value, then=Value(AgencyStage.REFUSED.value)),
            When(
                agency_state__in=[AgencyState.PAID.value, AgencyState.CLOSED.value], then=Value(AgencyStage.DONE.value)
            ),
            default=Value(AgencyStage.LIVE.value),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )

    class Meta:
        db_table = "receivables_invoice"
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number"),
            models.CheckConstraint(
                condition=Q(
                    remaining_ore=Coalesce(F("share_ore"), F("payable_ore")) - F("paid_ore") - F("credited_ore")
                ),
                name="invoice_remaining",
            ),
        )
        indexes = (
            models.Index(fields=["company", "issue_date", "id"], name="invoice_by_date", include=["payable_ore"]),
            models.Index(
                fields=["company", "issue_date", "id"], name="invoice_paid", condition=Q(remaining_ore__lte=0)
            ),
            models.Index(fields=["company", "issue_date"], name="invoice_foreign", condition=~Q(currency="SEK")),
            models.Index(fields=["company", "number_key", "id"], name="invoice_by_number"),
            models.Index(fields=["company", "customer"], name="invoice_by_customer"),
            models.Index(fields=["company", "payment_reference"], name="invoice_by_reference"),
            models.Index(fields=["company", "due_date", "id"], name="invoice_unpaid", condition=Q(remaining_ore__gt=0)),
            models.Index(
                fields=["company", "sent_at", "id"], name="invoice_at_agency", condition=~Q(agency_stage="here")
            ),
            models.Index(fields=["company", "due_date", "id"], name="invoice_live_by_due", condition=LIVE_AT_AGENCY),
            models.Index(
                fields=["company", "due_date", "id"],
                name="invoice_to_send",
                condition=Q(remaining_ore__gt=0) & MAY_BE_SENT,
            ),
            models.Index(fields=["company", "payable_ore", "id"], name="invoice_by_amount"),
            models.Index(
                fields=["company", "remaining_ore", "id"], name="invoice_by_left", condition=Q(remaining_ore__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def owed_ore(self) -> int:
        """What the customer owes before payments and credit notes: its share, or the whole."""
        return self.payable_ore if self.share_ore is None else self.share_ore

    @property
    def state(self) -> AgencyState:
        """Where the invoice stands with the agency."""
        return AgencyState(self.agency_state)

    @property
    def claim_page(self) -> str:
        """The claim's page at the agency, or nothing: what was kept before addresses were looked at may be any text."""
        return self.claim_url if is_web_page(self.claim_url) else ""


class InvoiceLine(HeldRow):
    """One line; `amount_ore` is without VAT."""

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.IntegerField()
    text = models.CharField(max_length=1000)
    quantity = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    unit_price_ore = models.BigIntegerField(null=True, blank=True)
    amount_ore = models.BigIntegerField(null=True, blank=True)
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "receivables_invoice_line"
        constraints = (models.UniqueConstraint(fields=["company", "invoice", "position"], name="line_position"),)


STANDS = Q(taken_back_at__isnull=True)
"""A payment that has not been taken back, in the very words that the index has: only those are money on the invoice."""


class Payment(HeldRow):
    """Money booked on an invoice. `by_agency` is set when the agency has told of it.

    `form_token` is of the form it was recorded with: a form that is sent twice is one payment. A payment booked by
    mistake stays, and is taken back once: from then on it is part of no sum and told to nobody. `taken_back_by` is
    nobody here when the agency's own people have taken it back there. The database lets nothing else of the row be
    changed.
    """

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="payments", db_constraint=False, db_index=False
    )
    day = models.DateField()
    amount_ore = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    by_agency = models.BooleanField(default=False)
    form_token = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "receivables_payment"
        constraints = (
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=False) | Q(taken_back_by__isnull=True),
                name="payment_is_taken_back_once_by_one",
            ),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="payment_is_positive"),
            models.UniqueConstraint(fields=["company", "form_token"], name="one_payment_a_form"),
        )
        indexes = (
            models.Index(fields=["company", "invoice", "day"], name="payment_of_invoice"),
            models.Index(fields=["company", "day"], name="payment_by_day", include=["amount_ore"], condition=STANDS),
        )


class CreditNote(HeldRow):
    """A credit note on an invoice; it lowers what is owed."""

    invoice: models.ForeignKey[Invoice, Invoice] = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="credit_notes", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=60)
    day = models.DateField()
    amount_ore = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "receivables_credit_note"
        constraints = (
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="credit_note_is_positive"),
            models.UniqueConstraint(fields=["company", "number"], name="credit_note_number"),
        )
        indexes = (models.Index(fields=["company", "invoice"], name="credit_note_of_invoice"),)

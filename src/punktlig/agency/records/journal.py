"""The double-entry journal of each creditor. Entries are added, never changed, and every entry's postings sum to zero.

A positive posting is a debit. All postings of an entry are added in one statement, after the entry, and the database
checks that statement as a whole: the sums, and that every posting is of an entry of its claim. A foreign key would look
up each posting by itself, and entries are never removed.
"""

from __future__ import annotations

from django.db import models

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.rows import HeldRow


class Account(models.TextChoices):
    """The accounts. Owed accounts are debited when something is owed and credited when it is paid or falls away."""

    PRINCIPAL_OWED = "principal_owed"
    INTEREST_OWED = "interest_owed"
    FEES_OWED = "fees_owed"
    CLIENT_FUNDS = "client_funds"
    DUE_TO_CREDITOR = "due_to_creditor"
    PAID_TO_CREDITOR = "paid_to_creditor"
    CREDITED_BY_CREDITOR = "credited_by_creditor"
    FEE_INCOME = "fee_income"
    WAIVED = "waived"
    UNALLOCATED = "unallocated"
    REFUNDS = "refunds"


class EntryKind(models.TextChoices):
    """Why an entry was made."""

    CLAIM_RECEIVED = "claim_received"
    REMINDER_FEE = "reminder_fee"
    COMPENSATION = "late_payment_compensation"
    FEE_REVERSED = "fee_reversed"
    PAYMENT_TO_CREDITOR = "payment_to_creditor"
    CREDIT_NOTE = "credit_note"
    INTEREST_FIXED = "interest_fixed"
    WAIVER = "waiver"
    CLAIM_CLOSED = "claim_closed"


CHARGES = (EntryKind.REMINDER_FEE, EntryKind.COMPENSATION)


class JournalEntry(HeldRow):
    """Why money moved, on which day it counts; `corrects` names the entry that this one takes back."""

    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=30, choices=EntryKind.choices)
    day = models.DateField()
    booked_at = models.DateTimeField()
    source_id = models.UUIDField(null=True, help_text="the payment, command or letter it comes from")
    corrects: models.ForeignKey[JournalEntry | None, JournalEntry | None] = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "agency_journal_entry"
        indexes = (models.Index(fields=["creditor", "claim", "day"], name="entry_of_claim"),)
        constraints = (
            models.UniqueConstraint(fields=["creditor", "kind", "source_id"], name="one_entry_a_source"),
            models.UniqueConstraint(
                fields=["creditor", "corrects"], name="corrected_once", condition=models.Q(corrects__isnull=False)
            ),
        )


class Posting(HeldRow):
    """One side of an entry, in öre; debit positive."""

    entry: models.ForeignKey[JournalEntry, JournalEntry] = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    account = models.CharField(max_length=24, choices=Account.choices)
    amount_ore = models.BigIntegerField()

    class Meta:
        db_table = "agency_posting"
        # Of an entry too: its postings are of its claim.
        indexes = (models.Index(fields=["creditor", "claim", "entry"], name="posting_of_claim"),)

"""Where a debtor turned out to live, told after the handover: added, never changed, and the newest counts."""

from __future__ import annotations

from django.db import models

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.rows import HeldRow
from punktlig.exchange.messages import Address


class DebtorAddress(HeldRow):
    """A postal address that somebody gave for a claim whose letter could not reach the debtor.

    The message that the claim was made from stays as it is. `sequence` is the number of the claim's event that told of
    the address, so that of two the later is known.
    """

    claim: models.ForeignKey[Claim, Claim] = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="addresses", db_constraint=False, db_index=False
    )
    sequence = models.IntegerField()
    lines = models.JSONField(default=list)
    postcode = models.CharField(max_length=500, blank=True)
    town = models.CharField(max_length=500)
    country = models.CharField(max_length=2)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "agency_debtor_address"
        constraints = (models.UniqueConstraint(fields=["creditor", "claim", "sequence"], name="address_sequence"),)

    def as_told(self) -> Address:
        """Return it as a handover would have told it."""
        return Address(lines=tuple(self.lines), postcode=self.postcode, town=self.town, country=self.country)

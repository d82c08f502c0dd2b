"""A customer of the company: who is invoiced, and where a letter reaches them."""

from __future__ import annotations

from django.db import models

from punktlig.core.invoice import InvoiceParty, PostalAddress
from punktlig.core.parties import DebtorKind
from punktlig.receivables.records.rows import CompanyRow, search_key


class Customer(CompanyRow):
    """A customer. `kind` is empty until the identity number or a person tells it."""

    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, blank=True, choices=[(kind.value, kind.value) for kind in DebtorKind])
    identity_number = models.CharField(max_length=30, blank=True)
    vat_number = models.CharField(max_length=30, blank=True)
    street = models.CharField(max_length=300, blank=True, help_text="lines parted by line feeds")
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="SE")
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="sv", choices=[("sv", "Svenska"), ("en", "English")])
    identity_is_protected = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    name_key = search_key("name")

    class Meta:
        db_table = "receivables_customer"
        constraints = (models.UniqueConstraint(fields=["company", "number"], name="customer_number"),)
        indexes = (
            # With all that a search for a name looks at, so that it reads the index alone.
            models.Index(
                fields=["company", "name_key", "id"], name="customer_by_name", include=["identity_is_protected"]
            ),
            models.Index(fields=["company", "identity_number"], name="customer_by_identity"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def debtor_kind(self) -> DebtorKind | None:
        """The kind a person or import has stated, or None."""
        return DebtorKind(self.kind) if self.kind else None

    def party(self) -> InvoiceParty:
        """Return the customer as the rules see the buyer of an invoice."""
        return party_of(
            name=self.name,
            identity_number=self.identity_number,
            vat_number=self.vat_number,
            email=self.email,
            telephone=self.telephone,
            street=self.street,
            postcode=self.postcode,
            town=self.town,
            country=self.country,
        )


def party_of(
    *,
    name: str,
    identity_number: str,
    vat_number: str,
    email: str,
    telephone: str,
    street: str,
    postcode: str,
    town: str,
    country: str,
) -> InvoiceParty:
    """Return the buyer that these columns of a customer's row are, read as a record or as a plain row."""
    return InvoiceParty(
        name=name,
        identity_number=identity_number,
        vat_number=vat_number,
        email=email,
        telephone=telephone,
        address=PostalAddress(lines=lines_in(street), postcode=postcode, town=town, country=country),
    )


def lines_in(street: str) -> tuple[str, ...]:
    """Return the lines of a customer's street that say something."""
    return tuple([line.strip() for line in street.splitlines() if line.strip()])

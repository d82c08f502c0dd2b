"""What every row of a company has in common, and the column that Swedish order and search use."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, GeneratedField, Q, Value
from django.db.models.functions import Lower

from punktlig.receivables.records.company import Company
from punktlig.tenancy.rows import TenantRow


class CompanyRow(TenantRow):
    """A row of one company."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class HeldRow(CompanyRow):
    """A row that belongs to another row of its company, such as a line to its invoice.

    What holds it there includes the company, which therefore exists: a key of its own would look that up once more
    for every row.
    """

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True


def search_key(field: str) -> GeneratedField:
    """Return a stored column with the field in lower case, in Swedish order of letters.

    Under row-level security an expression index is not used, but a comparison of a stored column is. In UTF-8 the
    letters å, ä and ö sort as ä, å, ö; the three signs after z make it the Swedish order.
    """
    return GeneratedField(
        expression=Func(Lower(F(field)), Value("åäö"), Value("{|}"), function="translate"),
        output_field=models.TextField(),
        db_persist=True,
    )


def key_of(text: str) -> str:
    """Return the text as the stored search column holds it, for comparisons by prefix."""
    return text.strip().lower().translate(str.maketrans("åäö", "{|}"))


def begins_with(column: str, key: str) -> Q:
    """Return the condition that a stored search column begins with the key, as the range that its index serves."""
    return Q(**{f"{column}__gte": key, f"{column}__lt": f"{key}\U0010ffff"})

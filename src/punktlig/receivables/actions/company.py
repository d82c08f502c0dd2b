"""The company's own facts, which stand on what is handed over."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.receivables.records.company import Company

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class CompanyFacts:
    """What may be changed. The organisation number is not among them: another number is another company."""

    name: str
    vat_number: str
    street: str
    postcode: str
    town: str
    email: str
    telephone: str
    bankgiro: str
    plusgiro: str
    iban: str


@transaction.atomic
def change_company(company_id: UUID, facts: CompanyFacts) -> Company:
    """Change the company's facts; what has been handed over keeps what it said."""
    company = Company.objects.select_for_update(no_key=True).get(id=company_id)
    for field in fields(facts):
        setattr(company, field.name, getattr(facts, field.name))
    company.save()
    return company

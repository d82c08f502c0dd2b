"""The company's own facts, which stand on what is handed over."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.receivables.records.activation_message import tell_changed_facts
from punktlig.receivables.records.company import Company

if TYPE_CHECKING:
    from datetime import datetime
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
def change_company(company_id: UUID, facts: CompanyFacts, *, at: datetime) -> Company:
    """Change the company's facts, and let the agency be told when it knows the company by them.

    What has been handed over keeps what it said.
    """
    company = Company.objects.select_for_update(no_key=True).get(id=company_id)
    before = Company.objects.get(id=company_id)
    for field in fields(facts):
        setattr(company, field.name, getattr(facts, field.name))
    company.save()
    if tell_changed_facts(company, before, at=at):
        app.configure_task("send_activations").defer()
    return company

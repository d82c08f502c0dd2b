"""The facts of a handover are the same whether its message is judged or only its stored bytes are read."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from punktlig.agency.records.claim_facts import facts_of, stored_facts
from punktlig.agency.records.debtor_addresses import at_newest
from punktlig.agency.records.models import Creditor, DebtorAddress
from punktlig.core.interest import PartPayment
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimSubmission
from tests.agency.rounds import THURSDAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ID = "00000000-0000-4000-8000-000000000001"
CREDITOR = Creditor(name="Lillsjöns Snickeri AB", organisation_number="556999-0020")
LATER = (PartPayment(THURSDAY, Money(100_00)),)
# Every field, and none as it is when it is left out.
FULL: dict[str, Any] = {
    "handover_id": ID,
    "company_id": ID,
    "invoice_id": ID,
    "invoice": {
        "number": "F-1",
        "issue_date": "2026-08-01",
        "due_date": "2026-08-31",
        "currency": "EUR",
        "payable": "1200.50",
        "total": "1300.50",
        "prepaid": "100.00",
        "tax": "260.10",
        "lines": [
            {
                "text": "Målning",
                "quantity": "-2.500",
                "unit": "HUR",
                "amount": "-1040.40",
                "period_start": "2026-07-01",
                "period_end": "2026-07-31",
            },
            {"text": "Färg"},
        ],
        "deduction": "rot",
        "customer_share": "840.35",
        "customer_share_confirmed": True,
    },
    "debtor": {
        "name": "Anna Ek",
        "kind": "trader",
        "identity_number": "19640823-3234",
        "vat_number": "SE640823323401",
        "address": {"lines": ["c/o Åberg", "Björkvägen 7"], "postcode": "123 46", "town": "Lillsjön", "country": "NO"},
        "email": "anna@example.com",
        "language": "en",
        "identity_is_protected": True,
    },
    "terms": {
        "start": "after-demand",
        "demand_sent": "2026-08-02",
        "warned_of_interest": True,
        "reminder_fee_agreed_since": "2024-01-01",
        "claims_compensation": True,
        "charges_consumers_abroad": True,
    },
    "payments": [
        {"id": ID, "kind": "payment", "day": "2026-09-01", "amount": "10.00"},
        {"id": ID, "kind": "credit_note", "day": "2026-09-02", "amount": "0.01"},
    ],
    "debt_text": "målning av hus",
}


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the message as it is, and with each of its fields left out, empty or unsaid, where that is a message."""
    yield "all", FULL
    for path in paths(FULL, ()):
        for name, value in (("without", ...), ("null", None), ("empty", ""), ("none of", [])):
            changed = copy.deepcopy(FULL)
            holder: Any = changed
            for key in path[:-1]:
                holder = holder[key]
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
            try:
                ClaimSubmission.model_validate_json(json.dumps(changed))
            except ValidationError:
                continue
            yield f"{name} {'.'.join(map(str, path))}", changed


def paths(part: Any, before: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    named = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in named:
        yield (*before, key)
        yield from paths(value, (*before, key))


BODIES = dict(bodies())


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("later", [(), LATER])
def test_stored_bytes_say_the_same_as_the_message(name: str, later: Sequence[PartPayment]) -> None:
    body = json.dumps(BODIES[name], ensure_ascii=False).encode()
    message = ClaimSubmission.model_validate_json(body)
    stored = stored_facts(body, CREDITOR, THURSDAY, later=later)
    assert stored.reminder == facts_of(message, CREDITOR, THURSDAY, later)
    assert (stored.debt_text, stored.language) == (message.debt_text, message.debtor.language)
    assert stored.email == message.debtor.email


def test_the_newest_address_counts_and_goes_by_post() -> None:
    body = json.dumps(FULL).encode()
    given = [
        DebtorAddress(
            creditor_id=UUID(ID), lines=[f"Strandvägen {number}"], postcode="111 22", town="Åre", country="SE"
        )
        for number in (1, 2)
    ]
    message = at_newest(ClaimSubmission.model_validate_json(body), given)
    stored = stored_facts(body, CREDITOR, THURSDAY, addresses=given)
    assert stored.reminder == facts_of(message, CREDITOR, THURSDAY)
    assert stored.reminder.invoice.buyer.address.lines == ("Strandvägen 2",)
    assert stored.email == ""


def test_every_field_of_the_message_is_tried() -> None:
    def unset(part: BaseModel) -> set[str]:
        found = {name for name in type(part).model_fields if name not in part.model_fields_set}
        for name in part.model_fields_set:
            value = getattr(part, name)
            first = value[0] if isinstance(value, tuple) and value else value
            if isinstance(first, BaseModel):
                found |= unset(first)
        return found

    assert unset(ClaimSubmission.model_validate_json(json.dumps(FULL))) == set()
    assert len(BODIES) > len(list(paths(FULL, ()))) / 2

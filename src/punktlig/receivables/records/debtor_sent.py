"""What the agency knows of a customer: as the invoice was sent, whatever has been changed here since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from punktlig.exchange.messages import ClaimSubmission
from punktlig.receivables.records.handover import HandoverState
from punktlig.receivables.records.handover_message import submitted_debtor

if TYPE_CHECKING:
    from punktlig.exchange.messages import SubmittedDebtor
    from punktlig.receivables.records.customer import Customer
    from punktlig.receivables.records.handover import Handover

# The names that the history uses for what a person may change of a customer, and the contract's own.
_PARTS = ("name", "kind", "identity_number", "vat_number", "address", "email", "language", "identity_is_protected")


@dataclass(frozen=True)
class DebtorSent:
    """The debtor as the agency has it, and the names of what is different here now."""

    debtor: SubmittedDebtor
    changed: tuple[str, ...]


def debtor_sent(handover: Handover, customer: Customer) -> DebtorSent | None:
    """Return what the agency has or will have from this handover.

    None when it has refused it or has its claim from other bytes, or when these are not such as are sent today.
    """
    if handover.state not in (HandoverState.QUEUED, HandoverState.ACKNOWLEDGED):
        return None
    try:
        sent = ClaimSubmission.model_validate_json(bytes(handover.body)).debtor
    except ValidationError:
        return None
    try:
        now = submitted_debtor(
            customer.party(),
            customer.debtor_kind,
            language="en" if customer.language == "en" else "sv",
            identity_is_protected=customer.identity_is_protected,
        )
    except ValidationError:
        # Of all that a customer may have here, only a country can be such as no message carries.
        return DebtorSent(sent, ("address",))
    return DebtorSent(sent, tuple(part for part in _PARTS if getattr(now, part) != getattr(sent, part)))

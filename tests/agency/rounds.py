"""Claims on their way through the daily round: accepted, reminded and paid as the two sites do it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Sum

from punktlig.agency.actions.claims import Accepted, Received, accept_claims
from punktlig.agency.actions.commands import receive_command
from punktlig.agency.gateways.email_gateway import CaughtEmail, Sender
from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs.deliver_letters import Ways, deliver_letters
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.models import Claim, ClaimEvent, Creditor, Delivery, Letter, Posting
from punktlig.exchange.messages import body_of
from punktlig.tenancy.context import acting_for
from tests.agency.samples import command, submission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any
    from uuid import UUID

    from punktlig.agency.records.handing_over import DrawnLetter


STOCKHOLM = ZoneInfo("Europe/Stockholm")

# Wednesday; received on it, a claim is due the day after.
WEDNESDAY = date(2026, 11, 25)
THURSDAY = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)


def morning(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), STOCKHOLM).astimezone(UTC)


def accept(creditor: Creditor, day: date = WEDNESDAY, **changes: Any) -> Claim:
    """Accept one invoice, 1 200 kr due on 26 October, and return its claim."""
    message = submission(creditor.company_id, **changes)
    sent = body_of(message)
    with acting_for(creditor.id):
        (outcome,) = accept_claims(creditor.id, [Received(message, sent.body, sent.sha256)], today=day, at=morning(day))
    assert isinstance(outcome, Accepted), outcome
    return outcome.claim


def accept_many(creditor: Creditor, count: int, day: date = WEDNESDAY) -> None:
    received = []
    for _ in range(count):
        message = submission(creditor.company_id)
        sent = body_of(message)
        received.append(Received(message, sent.body, sent.sha256))
    with acting_for(creditor.id):
        accept_claims(creditor.id, received, today=day, at=morning(day))


def pay(
    creditor: Creditor, claim: Claim, amount: str, *, day: date, at: datetime | None = None, **changes: Any
) -> None:
    """Tell the agency that the creditor got money, as the API does."""
    message = command(creditor.company_id, claim.handover_id, amount, day=day, **changes)
    sent = body_of(message)
    at = at or morning(day)
    with acting_for(creditor.id):
        receive_command(creditor.id, message, sent.body, sent.sha256, today=at.astimezone(STOCKHOLM).date(), at=at)


def deliver(folder: Path | None, at: datetime, **changes: Any) -> int:
    ways = Ways(
        email=changes.get("email") or CaughtEmail(Sender("Ekviken Ombud AB", "hej@ekviken.example")),
        print_folder=PrintFolder(folder, "Ekviken Ombud AB, Box 120, 831 22 Östersund") if folder else None,
    )
    return deliver_letters(clock=lambda: at, ways=ways)


def by_email(creditor: Creditor) -> None:
    Creditor.objects.filter(id=creditor.id).update(sends_by_email=True)


class Answers:
    """An e-mail gateway that answers as it is told, and remembers what it was given."""

    def __init__(self, *verdicts: Verdict, code: str = "told_so") -> None:
        self.verdicts = list(verdicts)
        self.code = code
        self.given: list[DrawnLetter] = []

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:  # noqa: ARG002
        letters = list(letters)
        self.given += letters
        return [
            Answer(delivery_id=letter.due.delivery_id, verdict=self.verdicts.pop(0), code=self.code)
            for letter in letters
        ]


def fresh(claim: Claim) -> Claim:
    with acting_for(claim.creditor_id):
        return Claim.objects.get(id=claim.id)


def kinds(claim: Claim) -> list[str]:
    """Return what has happened to the claim, in order."""
    with acting_for(claim.creditor_id):
        return list(ClaimEvent.objects.filter(claim=claim).order_by("sequence").values_list("kind", flat=True))


def ledger(creditor_id: UUID) -> dict[str, int]:
    """Return the sum of every account that is not nothing, in öre."""
    with acting_for(creditor_id):
        sums = Posting.objects.values("account").annotate(total=Sum("amount_ore")).values_list("account", "total")
        return {account: total for account, total in sums if total}


def letters(creditor: Creditor) -> list[Letter]:
    with acting_for(creditor.id):
        return list(Letter.objects.order_by("edition"))


def deliveries(creditor: Creditor) -> list[Delivery]:
    with acting_for(creditor.id):
        return list(Delivery.objects.order_by("gateway"))


def statuses(creditor: Creditor) -> list[str]:
    with acting_for(creditor.id):
        return list(Claim.objects.order_by("id").values_list("status", flat=True))

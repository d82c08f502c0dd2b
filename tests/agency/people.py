"""Two creditors with their people, the agency's own, and claims on the way, for tests of pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

from punktlig.agency.actions.claims import Accepted, Received, accept_claims
from punktlig.agency.actions.commands import receive_command
from punktlig.agency.actions.print_batches import fetch_batch, hand_over_batch
from punktlig.agency.actions.reminders import issue_reminders
from punktlig.agency.records.models import Claim, Member
from punktlig.exchange.messages import body_of
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User
from tests.agency.samples import command, submission

if TYPE_CHECKING:
    from punktlig.agency.records.models import Creditor

ROLES = ("creditor_admin", "creditor_reader", "case_handler", "agency_admin", "nobody")


@dataclass(frozen=True)
class Sent:
    """A claim as it was handed over."""

    claim: Claim
    creditor: Creditor

    @property
    def url(self) -> str:
        return f"/c/{self.creditor.id}/claims/{self.claim.id}/"


def moment(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def person(role: str, creditor: Creditor | None = None) -> User:
    """A person with the role: a creditor's for the creditor, the agency's own for none, `nobody` without any."""
    user = User.objects.create_user(f"{role}@example.com", None, name=role.replace("_", " ").title())
    if role != "nobody":
        of_agency = role in ("case_handler", "agency_admin")
        Member.objects.create(user=user, creditor=None if of_agency else creditor, role=role)
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(creditor: Creditor, day: date, **changes: Any) -> Sent:
    """Hand an invoice over on the day, due 30 days before it unless told."""
    message = submission(creditor.company_id, **{"due_date": day - timedelta(days=30)} | changes)
    body = body_of(message)
    with acting_for(creditor.id):
        (outcome,) = accept_claims(
            creditor.id, [Received(message, body.body, body.sha256)], today=day, at=moment(day, 8)
        )
        assert isinstance(outcome, Accepted), outcome
        return Sent(outcome.claim, creditor)


def refuse(creditor: Creditor, day: date, **changes: Any) -> None:
    """Hand an invoice over that is refused."""
    message = submission(creditor.company_id, **changes)
    body = body_of(message)
    with acting_for(creditor.id):
        accept_claims(creditor.id, [Received(message, body.body, body.sha256)], today=day, at=moment(day, 8))


def remind(creditor: Creditor, day: date) -> None:
    """Run the round of the creditor."""
    with acting_for(creditor.id):
        issue_reminders(creditor.id, today=day, at=moment(day, 6))


def print_letters(day: date) -> None:
    """Fetch the letters that wait and hand them to the printer."""
    batch = fetch_batch(by="Ali Berg", today=day, at=moment(day, 10))
    assert batch is not None
    hand_over_batch(batch, by="Ali Berg", today=day, at=moment(day, 15))


def pay(sent: Sent, amount: str, day: date) -> None:
    """Register a payment to the creditor."""
    message = command(sent.creditor.company_id, sent.claim.handover_id, amount, day=day)
    body = body_of(message)
    with acting_for(sent.creditor.id):
        receive_command(sent.creditor.id, message, body.body, body.sha256, today=day, at=moment(day, 16))


def again(sent: Sent) -> Claim:
    """Return the claim as it is stored now."""
    with acting_for(sent.creditor.id):
        return Claim.objects.get(id=sent.claim.id)

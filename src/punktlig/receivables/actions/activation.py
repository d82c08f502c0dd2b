"""Switching reminder handling on: what a company answered and accepted, told to the agency."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.exchange import messages
from punktlig.exchange.outcomes import Acknowledged
from punktlig.receivables.records.activation import TO_SEND, Activation, ActivationState, TermsVersion, TraderCharge
from punktlig.receivables.records.activation_message import message_of
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.sending import fitting, fitting_address, put_off, take_due
from punktlig.receivables.records.sending_facts import live_activation
from punktlig.receivables.records.sending_refusals import TermsHaveChanged

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.exchange.outcomes import ActivationOutcome
    from punktlig.tenancy.models import User


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the wizard asks. Days are since when the company's terms say so; None when they do not.

    The fee may be asked of consumers, and of traders by `trader_charge`; of consumers abroad neither fee nor interest
    unless `charges_consumers_abroad`. Texts are as the fields of the wizard have checked them.
    """

    contact_name: str
    contact_email: str
    account_kind: Literal["bankgiro", "plusgiro", "iban"]
    account_number: str
    contact_telephone: str = ""
    debt_text: str = ""
    debt_text_in_english: str = ""
    reminder_fee_agreed_since: date | None = None
    due_date_agreed_since: date | None = None
    invoices_warn_of_interest: bool = False
    trader_charge: TraderCharge = TraderCharge.NOTHING
    charges_consumers_abroad: bool = False


@transaction.atomic
def activate_reminders(
    company_id: UUID, answers: Answers, *, terms_version: str, user: User, today: date, at: datetime
) -> Activation:
    """Keep the answers and the acceptance of the terms, with the exact bytes for the agency, and wake the job.

    An earlier activation ends. The same answers to the same terms again, as by a double click, return the one there is.

    Raises:
        TermsHaveChanged: the version that was read is no longer the newest.
    """
    # Two clicks at once wait for each other here.
    company = Company.objects.select_for_update(no_key=True).get(id=company_id)
    terms = TermsVersion.objects.filter(valid_from__lte=today).order_by("-valid_from", "-version").first()
    if terms is None or terms.version != terms_version:
        raise TermsHaveChanged(terms_version, terms.version if terms else "")
    earlier = live_activation(company_id)
    if earlier is not None:
        if earlier.terms_id == terms_version and answers_of(earlier) == answers:
            return earlier
        earlier.state, earlier.ended_at, earlier.leased_until = ActivationState.ENDED, at, None
        earlier.save(update_fields=["state", "ended_at", "leased_until"])
    activation = Activation(
        company=company,
        **{field.name: getattr(answers, field.name) for field in fields(answers)},
        terms=terms,
        accepted_at=at,
        accepted_by=user,
        next_try_at=at,
    )
    sent = messages.body_of(message_of(activation, company))
    activation.body, activation.sha256 = sent.body, sent.sha256
    activation.save(force_insert=True)
    app.configure_task("send_activations").defer()
    return activation


def answers_of(activation: Activation) -> Answers:
    """Return the answers as they were given, for the wizard to show them again."""
    given = {field.name: getattr(activation, field.name) for field in fields(Answers)}
    return Answers(**given | {"trader_charge": TraderCharge(activation.trader_charge)})


@transaction.atomic
def take_activations(company_id: UUID, *, at: datetime) -> list[Activation]:
    """Return the company's activation when it is due, leased to the caller; it is sent after this has committed."""
    return take_due(Activation.objects.filter(TO_SEND, company_id=company_id), most=1, at=at)


@transaction.atomic
def settle_activation(
    company_id: UUID, activation_id: UUID, outcome: ActivationOutcome, *, sent: str, at: datetime, next_try_at: datetime
) -> None:
    """Write down what the agency answered to the bytes whose SHA-256 is `sent`.

    One that has ended meanwhile stays ended. Where facts were changed meanwhile, these are sent next.
    """
    activation = Activation.objects.select_for_update().filter(TO_SEND, company_id=company_id, id=activation_id).first()
    if activation is None:
        return
    if activation.sha256 != sent and not isinstance(outcome, Acknowledged):
        next_try_at = at
    if not isinstance(outcome, Acknowledged):
        put_off(Activation, company_id, [(activation.id, next_try_at, outcome)])
        return
    told = outcome.answer
    is_newest = activation.sha256 == sent
    if activation.state == ActivationState.ACTIVATING and not is_newest:
        activation.facts_changed_at = at
    elif is_newest and activation.facts_changed_at is not None:
        activation.facts_changed_at, activation.facts_told_at = None, at
    activation.state, activation.leased_until, activation.last_problem = ActivationState.ACTIVE, None, ""
    activation.agency_name = fitting(Activation, "agency_name", told.agency_name)
    activation.portal_url = fitting_address(Activation, "portal_url", told.portal_url)
    activation.letterhead = told.letterhead.model_dump(mode="json") if told.letterhead else {}
    activation.save()
